"""Countries by what their people and things are called, in English and Spanish: "Spanish", "española", "Spaniards"."""

from __future__ import annotations

from functools import cache

from qa.language.terms import fold

_LINES = """
ES spanish spaniard spaniards | español española españoles españolas hispano
FR french frenchman frenchmen | francés francesa franceses francesas
IT italian italians | italiano italiana italianos italianas
DE german germans | alemán alemana alemanes alemanas
GB british briton britons | británico británica británicos británicas
PT portuguese | portugués portuguesa portugueses portuguesas
NL dutch dutchman | holandés holandesa holandeses holandesas neerlandés neerlandesa
BE belgian belgians | belga belgas
SE swedish swede swedes | sueco sueca suecos suecas
NO norwegian norwegians | noruego noruega noruegos noruegas
DK danish dane danes | danés danesa daneses danesas
FI finnish finn finns | finlandés finlandesa finlandeses
IE irish irishman | irlandés irlandesa irlandeses
AT austrian austrians | austriaco austriaca austríaco austríaca austriacos
CH swiss | suizo suiza suizos suizas
PL polish pole poles | polaco polaca polacos polacas
CZ czech czechs | checo checa checos checas
HU hungarian hungarians | húngaro húngara húngaros
GR greek greeks | griego griega griegos griegas
TR turkish turk turks | turco turca turcos turcas
RU russian russians | ruso rusa rusos rusas
UA ukrainian ukrainians | ucraniano ucraniana ucranianos
RO romanian romanians | rumano rumana rumanos
BG bulgarian bulgarians | búlgaro búlgara búlgaros
US american americans | estadounidense estadounidenses norteamericano norteamericana
CA canadian canadians | canadiense canadienses
MX mexican mexicans | mexicano mexicana mexicanos mexicanas
BR brazilian brazilians | brasileño brasileña brasileños brasileñas
AR argentine argentines argentinian argentinians | argentino argentina argentinos argentinas
CL chilean chileans | chileno chilena chilenos chilenas
UY uruguayan uruguayans | uruguayo uruguaya uruguayos
PY paraguayan paraguayans | paraguayo paraguaya
PE peruvian peruvians | peruano peruana peruanos
CO colombian colombians | colombiano colombiana colombianos
VE venezuelan venezuelans | venezolano venezolana venezolanos
EC ecuadorian ecuadorean ecuadorians | ecuatoriano ecuatoriana
PA panamanian panamanians | panameño panameña panameños
CR costa-rican | costarricense costarricenses
DO dominican dominicans | dominicano dominicana
CU cuban cubans | cubano cubana cubanos
JP japanese | japonés japonesa japoneses
CN chinese | chino china chinos chinas
IN indian indians | indio india indios
KR korean koreans | coreano coreana
AU australian australians | australiano australiana australianos
NZ zealander zealanders | neozelandés
IL israeli israelis | israelí israelíes
EG egyptian egyptians | egipcio egipcia
MA moroccan moroccans | marroquí marroquíes
IR iranian iranians | iraní iraníes
IQ iraqi iraqis | iraquí iraquíes
SA saudi saudis | saudí saudíes
ZA south-african | sudafricano sudafricana
PH filipino philippine filipinos | filipino filipina
ID indonesian indonesians | indonesio indonesia
TH thai thais | tailandés tailandesa
PK pakistani pakistanis | paquistaní
MY malaysian malaysians | malasio malasia
"""


@cache
def _codes() -> dict[tuple[str, str], str]:
    codes = {}
    for line in filter(None, _LINES.splitlines()):
        code, rest = line.split(" ", 1)
        for language, words in zip(("en", "es"), rest.split("|"), strict=True):
            codes.update({(language, fold(word)): code for word in words.split()})
    return codes


def people_of(folded: str, language: str) -> str | None:
    """The code of the country whose people or things a word calls by its name."""
    return _codes().get((language, folded))
