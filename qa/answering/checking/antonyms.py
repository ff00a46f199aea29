"""Families of words of opposite meaning, English and Spanish, and turns of phrase that are opposites."""

from __future__ import annotations

from collections.abc import Container, Iterable
from functools import cache, lru_cache

from qa.answering.checking.stemming import stem_in
from qa.answering.checking.words import Word

_FAMILIES = """
adopt approve pass accept acceptance back support endorse confirm uphold agree ratify welcome aprobar adoptar aceptar apoyar respaldar confirmar ratificar acordar | reject rejection refuse rehusar oppose veto dismiss block decline overturn annul criticise criticize rechazar denegar vetar desestimar anular criticar oponer
rise raise increase grow climb gain jump expand soar rose grew higher lift hike up subir subió subieron sube aumentar aumentó crecer creció incrementar subida aumento | fall drop decline decrease shrink slip plunge tumble fell lower cut slash trim down reduce reduction bajar bajó bajaron caer cayó cayeron cae descender descendió disminuir disminuyó reducir redujo redujeron bajada caída descenso
double treble triple doblar duplicar | halve
win won victory ganar victoria | lose lost defeat loss perder derrota
open reopen begin start launch abrir reabrir comenzar empezar iniciar | close end finish shut conclude complete cerrar terminar acabar finalizar concluir
allow permit authorise authorize let legalise permitir autorizar permiso permission | ban forbid prohibit bar outlaw prevent prohibir impedir vetar
buy bought purchase acquire comprar adquirir | sell sold sale vender venta
before prior earlier antes | after later following subsequently después tras
more most greater más | less fewer least menos
minimum least floor mínimo | maximum most ceiling cap máximo
largest biggest greatest | smallest least
highest | lowest
first primero primera primer | last final latest último última
shortest minimum least | longest maximum
include including incluir | exclude excluding except excluir excepto salvo
favour favor support | against oppose
comienzo principio | final
beginning outset early | end late
strict tight tough stringent stricter estricto | loose lax lenient relaxed looser laxer laxo
north northern norte | south southern sur
east eastern este oriental | west western oeste occidental
morning | evening afternoon night
mañana | tarde noche
inside within dentro | outside fuera
public público | private secret privado secreto
cheap barato | expensive costly dear caro costoso
strengthen reinforce tighten extend widen expand reforzar ampliar extender | weaken loosen relax soften limit narrow shorten debilitar suavizar limitar acortar
confirm admit acknowledge confirmar admitir reconocer | deny negar desmentir
join enter arrive | leave quit depart exit
keep retain store preserve conserve guardar conservar retener | delete erase destroy discard borrar eliminar destruir
help assist | hinder hamper
profit surplus beneficio superávit | loss deficit pérdida déficit
majority most mayoría | minority minoría
success succeed successful | failure fail unsuccessful
separate unrelated different distinct independent distinto diferente | same identical related linked connected joint mismo relacionado vinculado
criticise attack condemn criticar condenar | praise welcome applaud elogiar aplaudir
innocent inocente | guilty culpable
build construct | demolish destroy
appoint hire | dismiss sack fire
free release | jail imprison arrest
important major significant | unimportant minor insignificant
judicial | police policial
criminal | civil
national | regional local
sender | recipient
oldest older | newest newer youngest younger
together jointly | separately alone
domestic | foreign
precautionary | final
temporary provisional provisional | permanent definitive definitivo
strong | weak
safe | dangerous
rich | poor
long | short
large big | small little
high | low
married | single
alive | dead
male man men hombre | female woman women mujer
father | mother
son | daughter
husband | wife
buyer | seller
supply | demand
add | subtract remove
simultaneous simultaneously | successive successively separately
found create establish foundation creation fundar crear fundación creación constituir | dissolve disband abolish dissolution disolver disolución suprimir abolir supresión disuelto disuelta
punish penalise penalize sanction castigar sancionar penar | reward permit allow legalise premiar recompensar permitir
require oblige compel force mandate obligar exigir | forbid forbad ban prohibit exempt prohibir eximir
share publish disclose reveal report identify expose spread compartir publicar contó revelar identificar difundir divulgar | conceal hide withhold suppress ocultar esconder silenciar callar encubrir
send forward transmit pass enviar remitir transmitir | withhold retain retener
accelerate speed hasten expedite acelerar agilizar | slow delay hamper hinder frenar retrasar ralentizar demorar
end finish terminate close terminar acabar cerrar concluir | extend prolong continue prorrogar prolongar continuar
find discover locate recover hallar encontrar localizar recuperar | lose mislay perder extraviar
seize confiscate impound incautar decomisar | return restore devolver restituir
international worldwide global internacional mundial | local
necessary needed essential necesario imprescindible | forbidden prohibited unnecessary needless prohibido innecesario
civil civilian judicial | military militar
new nuevo | old former antiguo viejo
examine inspect analyse analyze review examinar analizar inspeccionar revisar | delete erase destroy discard ignore borrar eliminar destruir
possession hold posesión tenencia | deletion removal borrado eliminación
spread distribution distribute difundir difusión distribución distribuir | withdrawal withdraw remove removal retirar retirada supresión
isolated scattered aislado disperso | organised organized organizado
challenge contest dispute oppose impugnar recurrir cuestionar | defend uphold defender
attend participate asistir participar acudir | boycott abstain boicotear abstener
intervene intervenir | abstain abstener
convene summon convocar | cancel dismiss reject cancelar rechazar desconvocar
return come regresar volver | leave depart salir marchar
remain stay quedar queda permanecer | leave exit sale salir abandonar
file lodge present submit presentar presentó interponer | withdraw drop retirar retiró
complain protest quejar protestar | thank praise agradecer elogiar
urgent urgently urgencia urgente | leisurely unhurried lento despacio prisa
paid payment pay pago | free gratis gratuito
link connect relate associate vincular relacionar asociar | contrast detach desvincular separar
contact approach | avoid shun
inform advise notify informar avisar notificar | deceive mislead engañar
receive get recibir | refuse rehusar
launch start implement activate activar lanzar iniciar | suspend cancel abolish halt stop suspender cancelar suprimir detener
force effect vigor vigente | lapse lapsed expire expired repeal repealed caducar derogar
sign firmar | terminate cancel revoke rescindir
recommend advise recomendar aconsejar | discourage desaconsejar
protect protection proteger protección | intrusion intrude violate threaten vulnerar intromisión amenazar
demonstrator protester opponent manifestante opositor | supporter partidario
born birth nacer nació | die died death morir murió muerte
lead head direct dirigir encabezar | follow seguir
import importar importación | export exportar exportación
agree accord consent acordar acuerdo | disagree refuse discrepar
trust confidence confianza | distrust mistrust desconfianza
unanimous unanimously unánime | divided split dividido
arrive arrival llegar llegada | leave depart departure salir partida
invite invitar | exclude bar excluir
encourage promote fomentar promover | discourage deter disuadir
improve improvement mejorar mejora | worsen deteriorate empeorar
employ hire contratar | dismiss sack despedir
full complete total lleno completo | empty partial vacío parcial
correct right correcto | wrong incorrect incorrecto erróneo
unchanged steady stable flat estable invariable | higher lower rise fall increase decrease drop climb gain decline up down subir bajar aumentar disminuir caer
require compel oblige mandatory compulsory obligatory obligar obligatorio exigir | encourage recommend advise suggest invite optional voluntary recomendar aconsejar sugerir opcional voluntario
identical idéntico same mismo | different distinct other otro distinto diferente
up upward upwards | down downward downwards
absorb absorber | release emit emitir
promote promoted ascender | relegate relegated relegar
"""
"""A line a pair of families, parted by a bar: words on one side are the opposites of those on the other."""

_PREFIXES = ("in", "un", "im", "il", "ir", "dis", "non", "des")


@cache
def _opposites() -> dict[str, list[tuple[int, int]]]:
    """By a word's stem: the line and the side of it that it stands on."""
    sides: dict[str, list[tuple[int, int]]] = {}
    for number, line in enumerate(filter(None, _FAMILIES.splitlines())):
        for side, words in enumerate(line.split("|")):
            for word in words.split():
                for language in ("en", "es"):
                    sides.setdefault(f"{language}:{stem_in(word, language)}", []).append((number, side))
    return sides


@lru_cache(maxsize=20_000)
def _sides(text: str, language: str) -> frozenset[tuple[int, int]]:
    return frozenset(_opposites().get(f"{language}:{stem_in(text, language)}", ()))


def sides_of(word: Word, language: str) -> frozenset[tuple[int, int]]:
    """The lines that a word stands in, each with the side of it."""
    return _sides(word.text, language)


def turned_forms(word: Word) -> frozenset[str]:
    """A word with each prefix that turns it round, and without the one that it has: decided, undecided."""
    if len(word.folded) < 5:
        return frozenset()
    forms = [key for key in word.keys if key[0] not in "@="]
    bare = (key.removeprefix(one) for key in forms for one in _PREFIXES if key.startswith(one) and len(key) > 6)
    return frozenset((*(prefix + key for key in forms for prefix in _PREFIXES), *bare))


def oppose(sides: Iterable[tuple[int, int]], others: Container[tuple[int, int]]) -> bool:
    """Whether two words stand on the two sides of a line."""
    return any((line, 1 - side) in others for line, side in sides)


_RIGHT = r"gave (?:\w+ )?(?:permission|leave|consent)|permission was given|dio (?:el )?permiso|authori[sz]ed|autoriz\w+"
_SHARE = r"\d(?:[\d.,]*\d)?\s?(?:%|per ?cent|pct|por ciento)"
PHRASES: tuple[tuple[str, str], ...] = (
    (r"simultaneous\w*|at the same time|at once|simultáne\w+|a la vez|al mismo tiempo",
     r"one after (?:another|the other)|in turn|one by one|successively|uno tras otro|una tras otra|sucesivamente"),
    (_RIGHT, r"(?:refused|denied|withheld|negó|denegó) (?:\w+ )?(?:permission|leave|consent|permiso|autorización)"),
    (r"still (?:applies|apply|holds|stands|in force)|remains? in force|sigue (?:vigente|en vigor)",
     r"no longer (?:applies|apply|holds|stands|in force)|ya no (?:rige|está en vigor|se aplica)"),
    (r"pass(?:ed|es)? (?:\w+ ){0,3}on|forward\w*|hand(?:ed|s)? over|transmit\w*", r"h[eo]ld (?:\w+ )?back|withh[eo]ld\w*|kept back"),
    (r"isolated|casos aislados|aislad[oa]s?", r"(?:one|a single|an?) (?:organi[sz]ed )?(?:network|ring|gang)|una (?:sola |misma )?(?:red|banda)"),
    (r"took part|takes? part|attend\w*|particip\w+|asisti\w+|acudi\w+", r"stay(?:ed|s)? away|boycott\w*|absent\w*|se ausent\w+|no acudi\w+"),
    (r"(?:came|entered|comes|enters) into (?:force|effect)|took effect|takes effect|entr(?:ó|aron) en vigor", r"lapsed?|expired?|(?:was|were) repealed|derogad[oa]s?|caduc\w+"),
    (r"not (?:yet )?(?:over|finished|ended|complete)|going on|continu\w+|ongoing|under way|sigue abiert[oa]",
     r"(?:was|is|were|are|been) (?:\w+ )?(?:over|finished|complete)(?! \d)|ha terminado|ya terminó"),
    (r"contra|frente a|against|to combat|to fight", r"en favor de|a favor de|junto a|in favou?r of|alongside"),
    (r"raised the alarm|dio la alarma|dieron la alarma|alert\w+|avis\w+", r"(?:kept|keeps) (?:silent|quiet)|guard(?:ó|aron) silencio|call(?:ó|aron)"),
    (r"dado la razón|dio la razón|found (?:in favou?r of|for)|upheld", r"quit(?:ado|ó) la razón|found against|overturned"),
    (r"poner en marcha|puso en marcha|puesta en marcha|launch\w*|set up", r"suprimi\w+|suspend\w+|disol\w+|dissolv\w+|scrap\w*|suprim\w+"),
    (r"up from", r"down from"),
    (r"first|primer[oa]?s?", r"last|últim[oa]s?"),
    (r"across borders|cross-border|in several countries|transfronteriz\w+", r"in one country|within one country|en un solo país"),
    (r"directly|directamente", r"not in any way|in no way|de ningún modo"),
    (_SHARE + r" (?:more|higher|greater|up|más|superior\w*)", _SHARE + r" (?:fewer|less|lower|down|menos|inferior\w*)"),
    (r"preced\w+|c[ao]mes? before|antecedi\w+|preced\w+", r"c[ao]mes? after|followed (?!by)\w+"),
    (r"neither", r"both"),
    (r"lack(?:s|ed|ing)? an?", r"ha(?:s|d|ve) an?"),
    (r"(?:arrested|detained) (?:no one|nobody)|no arrests|no one (?:was|has been|had been) (?:arrested|detained)",
     r"made (?:\w+ )?arrests|carried out (?:\w+ )?arrests"),
    (r"not directly", r"not in any way|in no way"),
)  # fmt: skip
"""Pairs of turns of phrase of opposite meaning, as regular expressions for text in lower case."""
