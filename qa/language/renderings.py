"""Names and ordinals as the other language has them: London is Londres, the second fire the segundo incendio.

A question in one language is held against reports in another; what it says must stand in them is sought in both.
"""

from __future__ import annotations

from functools import cache

from qa.language.event_names import fold_text

_GROUPS = """
second | segundo | segunda
third | tercer | tercero | tercera
fourth | cuarto | cuarta
fifth | quinto | quinta
Council | Consejo
Parliament | Parlamento
Congress | Congreso
Senate | Senado
European Commission | Comisión Europea
European Parliament | Parlamento Europeo
Supreme Court | Tribunal Supremo
National Court | Audiencia Nacional
Interior Ministry | Ministerio del Interior
London | Londres
Edinburgh | Edimburgo
Paris | París
Marseille | Marseilles | Marsella
Lyon | Lyons
Bordeaux | Burdeos
Brussels | Bruselas
Antwerp | Amberes
Strasbourg | Estrasburgo
The Hague | La Haya
Geneva | Ginebra
Zurich | Zúrich
Vienna | Viena
Munich | Múnich
Cologne | Colonia
Frankfurt | Fráncfort
Hamburg | Hamburgo
Berlin | Berlín
Rome | Roma
Milan | Milán
Venice | Venecia
Naples | Nápoles
Turin | Turín
Genoa | Génova
Florence | Florencia
Lisbon | Lisboa
Oporto | Porto
Athens | Atenas
Moscow | Moscú
Warsaw | Varsovia
Prague | Praga
Bucharest | Bucarest
Copenhagen | Copenhague
Stockholm | Estocolmo
Dublin | Dublín
New York | Nueva York
Havana | La Habana
Mexico City | Ciudad de México
Tangier | Tánger
Cairo | El Cairo
Jerusalem | Jerusalén
Beijing | Pekín
Tokyo | Tokio
Seville | Sevilla
Saragossa | Zaragoza
Corunna | A Coruña | La Coruña
Cordoba | Córdoba
Catalonia | Cataluña | Catalunya
Andalusia | Andalucía
Basque Country | País Vasco | Euskadi
Navarre | Navarra
Aragon | Aragón
Castile | Castilla
Balearic Islands | Islas Baleares | Baleares
Canary Islands | Islas Canarias | Canarias
Majorca | Mallorca
Minorca | Menorca
Latin America | América Latina | Latinoamérica
Europe | Europa
"""


def renderings(folded: str) -> tuple[str, ...]:
    """Folded words, and what else they are called, in the same form; they alone where nothing else is known."""
    return _by_name().get(folded, (folded,))


@cache
def _by_name() -> dict[str, tuple[str, ...]]:
    groups = [tuple(map(fold_text, line.split("|"))) for line in _GROUPS.strip().splitlines()]
    return {name: group for group in groups for name in group}
