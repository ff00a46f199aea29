"""Names, ordinals and words of the trade as the other language has them: London is Londres, to seize is incautar.

A question in one language is held against reports in another; what it says must stand in them is sought in both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache

from qa.text.event_names import fold_text
from qa.text.language import language_of
from qa.text.places import names_of, places_in
from qa.text.terms import STOP_WORDS, fold, stems, words

REMEMBERED = 256
"""Passages whose names are kept: several sentences of each are weighed for one question."""

_NAMES = """
second | segundo | segunda
third | tercer | tercero | tercera
fourth | cuarto | cuarta
fifth | quinto | quinta
Council | Consejo
Parliament | Parlamento
European Union | EU | Unión Europea | UE
European Commission | Comisión Europea
European Parliament | Parlamento Europeo | Eurocámara
Council of Europe | Consejo de Europa
Court of Justice | ECJ | CJEU | Tribunal de Justicia | TJUE
European Court of Human Rights | ECHR | Tribunal Europeo de Derechos Humanos | TEDH | Tribunal de Estrasburgo
United Nations | Naciones Unidas | ONU
United States | USA | Estados Unidos | EE.UU | EEUU
United Kingdom | UK | Reino Unido
Supreme Court | Tribunal Supremo | Supremo
Constitutional Court | Tribunal Constitucional | Constitucional
National Court | National High Court | Audiencia Nacional
Provincial Court | Audiencia Provincial
Court of Instruction | Investigating Court | Juzgado de Instrucción
Investigating Judge | Examining Magistrate | Juez de Instrucción | Jueza de Instrucción | Juez Instructor
Prosecution Service | Prosecutor's Office | Public Prosecutor | Fiscalía | Ministerio Fiscal
Attorney General | Fiscal General | Fiscalía General
Penal Code | Criminal Code | Código Penal
Ombudsman | Ombudsperson | Defensor del Pueblo | Defensora del Pueblo
Civil Guard | Guardia Civil
National Police | Policía Nacional
Federal Police | Policía Federal
Judicial Police | Policía Judicial
Postal Police | Policía Postal
Local Police | Municipal Police | Policía Local | Policía Municipal
Interior Ministry | Ministry of the Interior | Home Office | Ministerio del Interior
Interior Minister | Minister of the Interior | Home Secretary | Ministro del Interior | Ministra del Interior
Justice Ministry | Ministry of Justice | Ministerio de Justicia
Justice Minister | Minister of Justice | Ministro de Justicia | Ministra de Justicia
Foreign Ministry | Foreign Office | Ministerio de Exteriores | Ministerio de Asuntos Exteriores
Prime Minister | Primer Ministro | Primera Ministra | Presidente del Gobierno | Presidenta del Gobierno
Data Protection Agency | Agencia de Protección de Datos | AEPD
Official Gazette | Boletín Oficial | BOE
Congress | Congreso
Senate | Senado
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
"""Each line is one thing: what it is called in English and in Spanish."""

_TRADE = """
arrest* detain* detention* | deten* detuv* arrest*
search* raid raids raided | registr* redada redadas allan*
seiz* confisc* impound* | incaut* confisc* decomis*
charg* indict* | imput* procesad*
convict* | conden*
sentenc* | conden* pena penas
judgment* judgement* ruling* verdict* | sentencia sentencias fallo fallos veredicto*
acquit* | absuel* absolv*
trial trials | juicio juicios
court courts | tribunal tribunales juzgado juzgados
judge judges magistrate* | juez jueces jueza juezas magistrad*
prosecut* | fiscal fiscales fiscalia
lawyer* attorney* solicitor* barrister* | abogad* letrad*
complain* denounc* | denunc* queja quejas querell*
annul* invalid* quash* overturn* void* | anul* invalid*
appeal* | recurso recursos recurr* apel*
warrant* | orden ordenes mandamiento*
bail | fianza fianzas
prison* jail* | carcel carceles prision prisiones
fine fined fines | multa multas multad*
releas* freed | liberad* exarcel* excarcel*
evidence proof | prueba pruebas indicio indicios
alleg* | presunt* supuest*
inquir* investigat* probe probes | investig* pesquis*
watch* monitor* surveil* | vigil* seguimiento*
intercept* wiretap* | escuchas intercept*
distribut* circulat* | difund* difus* distribu* circul*
retain* retention store stored storing keep keeps kept | conserv* reten* retuv* almacen* guardar guardad*
officer officers | agente agentes policias
resign* | dimit* dimis*
spokes* | portavo*
lawmaker* mp mps deput* | diputad* parlamentari*
mep meps | eurodiputad*
bill bills draft | proyecto proyectos anteproyecto*
rise rises rose increas* grew grow grows | aument* crec* increment*
fall falls fell decreas* declin* | disminu* descend* baj*
largest biggest | mayor
hotline* helpline* | linea lineas
resident residents neighbour* neighbor* | vecin*
minor minors child children | menor menores
buyer* customer* | comprador* client*
home homes house houses | domicilio* vivienda*
network networks ring rings | red redes trama tramas
member* | miembro* integrante*
leader* chief head heads | jefe jefes jefa cabecilla* lider* responsable*
"""
"""Words that say the same in reports on police, courts and laws: a meaning a line, English before Spanish, a star for
any ending. They are those that an encoder of single words places far apart: of registro and raid the cosine is .3, of
país and country .98."""


def renderings(folded: str) -> tuple[str, ...]:
    """Folded words, and what else they are called, in the same form; they alone where nothing else is known."""
    return _by_name().get(folded, (folded,))


def other_words(text: str) -> frozenset[str]:
    """The folded words of what else the names in a text are called, without those that carry grammar."""
    groups = {group for group, _ in _named(_topical(text))}
    return frozenset(word for group in groups for name in _groups()[group] for word in _topical(name))


@lru_cache(maxsize=REMEMBERED)
def counterparts(text: str) -> frozenset[str]:
    """Stems of what the names and countries in a text are also called: of Spain those of España."""
    countries = {name for _, code in places_in(text) for name in names_of(code)}
    return frozenset[str]().union(*map(_stems, other_words(text)), *map(_stems, countries))


def meanings(topical: Sequence[str], language: str) -> list[frozenset[int]]:
    """What is known to be meant by each of these words of `en` or `es`, folded and without those that carry grammar.

    Two words with a meaning in common go for each other. Each word of a name has that of the whole name.
    """
    found = [_meanings_of(word, language) for word in topical]
    for group, where in _named(topical):
        for at in where:
            found[at] |= {group}
    return found


def meant_by(text: str) -> frozenset[int]:
    """What is known to be meant by the words of a text."""
    return frozenset[int]().union(*meanings(_topical(text), language_of(text)))


def _named(topical: Sequence[str]) -> Iterator[tuple[int, range]]:
    """The names that stand among words: the number of each one's group, and its place."""
    for at, word in enumerate(topical):
        for name, group in _openings().get(word, ()):
            if tuple(topical[at : at + len(name)]) == name:
                yield group, range(at, at + len(name))


def _topical(text: str) -> list[str]:
    return [folded for word in words(text) if (folded := fold(word)) not in STOP_WORDS]


@lru_cache(maxsize=50_000)
def _meanings_of(word: str, language: str) -> frozenset[int]:
    """Numbers of the meanings of a word of the trade; they go on where those of the names end."""
    own = enumerate(_trade().get(language, ()), start=len(_groups()))
    return frozenset(number for number, pattern in own if pattern.fullmatch(word))


@cache
def _trade() -> dict[str, tuple[re.Pattern[str], ...]]:
    """By language: what the words of each meaning look like."""
    sides = zip(*(line.split("|") for line in _TRADE.strip().splitlines()), strict=True)
    return {
        language: tuple(re.compile("|".join(one.split()).replace("*", r"\w*")) for one in side)
        for language, side in zip(("en", "es"), sides, strict=True)
    }


@cache
def _stems(name: str) -> frozenset[str]:
    return stems(name)


@cache
def _groups() -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(name.strip() for name in line.split("|")) for line in _NAMES.strip().splitlines())


@cache
def _openings() -> dict[str, list[tuple[tuple[str, ...], int]]]:
    """By its first word: each name, and the number of its group."""
    found: dict[str, list[tuple[tuple[str, ...], int]]] = {}
    for number, group in enumerate(_groups()):
        for name in filter(None, (tuple(_topical(name)) for name in group)):
            found.setdefault(name[0], []).append((name, number))
    return found


@cache
def _by_name() -> dict[str, tuple[str, ...]]:
    groups = [tuple(map(fold_text, group)) for group in _groups()]
    return {name: group for group in groups for name in group}
