"""Opposites, ranks and quantities: rose isn't fell, most isn't all, the first isn't the last."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache

from qa.answering.checking import markers
from qa.answering.checking.antonyms import FAMILIES, PHRASES
from qa.answering.checking.denial import denials
from qa.answering.checking.finding import Finding
from qa.answering.checking.stemming import stem_in
from qa.answering.checking.witness import Witness
from qa.answering.checking.wording import Wording
from qa.answering.checking.words import Word

_LINES = """
adopt approve pass accept back support endorse confirm uphold agree ratify welcome aprobar adoptar aceptar apoyar respaldar confirmar ratificar acordar | reject refuse oppose veto dismiss block decline overturn annul criticise criticize rechazar denegar vetar desestimar anular criticar oponer
rise raise increase grow climb gain jump expand soar rose grew higher lift hike up subir subió subieron sube aumentar aumentó crecer creció incrementar subida aumento | fall drop decline decrease shrink slip plunge tumble fell lower cut slash trim down reduce reduction bajar bajó bajaron caer cayó cayeron cae descender descendió disminuir disminuyó reducir redujo redujeron bajada caída descenso
double treble triple doblar duplicar | halve
win won victory ganar victoria | lose lost defeat loss perder derrota
open reopen begin start launch abrir reabrir comenzar empezar iniciar | close end finish shut conclude complete cerrar terminar acabar finalizar concluir
allow permit authorise authorize let legalise permitir autorizar permiso permission | ban forbid prohibit bar outlaw prevent prohibir impedir vetar
buy bought purchase acquire comprar adquirir | sell sold sale vender venta
import | export
importar importación | exportar exportación
before prior earlier antes | after later following subsequently después tras
more most greater más | less fewer least menos
minimum least floor mínimo | maximum most ceiling cap máximo
longest | shortest
largest biggest greatest | smallest least
highest | lowest
first primero primera primer | last final latest último última
shortest minimum least | longest maximum
accept acceptance accepted | reject refuse rejection
include including incluir | exclude excluding except excluir excepto salvo
favour favor support | against oppose
comienzo principio | final
beginning outset early | end late
strict tight tough stringent stricter estricto | loose lax lenient relaxed looser laxer laxo
north northern norte | south southern sur
east eastern | west western
este oriental | oeste occidental
morning | evening afternoon night
mañana | tarde noche
inside within dentro | outside fuera
public público | private secret privado secreto
possible | impossible
legal lawful | illegal unlawful
legal | ilegal
cheap | expensive costly dear
barato | caro costoso
strengthen reinforce tighten extend widen expand reforzar ampliar extender | weaken loosen relax soften limit narrow shorten debilitar suavizar limitar acortar
confirm admit acknowledge confirmar admitir reconocer | deny negar desmentir
join enter arrive | leave quit depart exit
keep retain store preserve conserve guardar conservar retener | delete erase destroy discard borrar eliminar destruir
help assist | hinder hamper
profit surplus beneficio superávit | loss deficit pérdida déficit
majority most | minority
mayoría | minoría
success succeed successful | failure fail unsuccessful
separate unrelated different distinct independent distinto diferente | same identical related linked connected joint mismo relacionado vinculado
criticise attack condemn criticar condenar | praise welcome applaud elogiar aplaudir
innocent inocente | guilty culpable
build construct | demolish destroy
appoint hire | dismiss sack fire
free release | jail imprison arrest
important major significant | unimportant minor insignificant
costly | cheap
judicial | police
judicial | policial
criminal | civil
national | regional local
sender | recipient
oldest older | newest newer youngest younger
together jointly | separately alone
directly | indirectly
officially | unofficially
domestic | foreign
precautionary | final
temporary provisional provisional | permanent definitive definitivo
voluntary voluntario | compulsory mandatory obligatory obligatorio
strong | weak
safe | dangerous
rich | poor
long | short
early | late
old | new
large big | small little
high | low
major | minor
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
"""

_WHOLE, _MOST, _ONLY = (markers.any_of(form) for form in (markers.WHOLE, markers.MOST, markers.ONLY))
_PART = markers.any_of(markers.PART)
_NOT_ONLY = markers.any_of(r"not (?:only|just)|no s[oó]lo|at (?:the )?most")
_BUT = markers.any_of(r"except\w*|all but|but (?:one|for)|apart from|other than|menos(?! de)|salvo|excepto")
_UTMOST = markers.any_of(markers.UTMOST)


@cache
def _opposites() -> dict[str, list[tuple[int, int]]]:
    """By a word's stem: the line and the side of it that it stands on."""
    sides: dict[str, list[tuple[int, int]]] = {}
    for number, line in enumerate(filter(None, (_LINES + FAMILIES).splitlines())):
        for side, words in enumerate(line.split("|")):
            for word in words.split():
                for language in ("en", "es"):
                    sides.setdefault(f"{language}:{stem_in(word, language)}", []).append((number, side))
    return sides


def _sides(word: Word, language: str) -> frozenset[tuple[int, int]]:
    return frozenset(_opposites().get(f"{language}:{stem_in(word.text, language)}", ()))


def opposites(sentence: Wording, witnesses: Sequence[Witness]) -> Iterator[Finding]:
    """Words of which the sources have the opposite, and not the word itself."""
    theirs = [
        (word, _sides(word, one.said.language))
        for one in witnesses
        for word in one.said.words
        if not _WHEN.match(one.said.lower, word.start)
    ]
    here = {side for _, sides in theirs for side in sides}
    denied = {
        word for one in (sentence, *(one.said for one in witnesses)) for found in denials(one) for word in found.denied
    }
    known = frozenset().union(*(one.said.keys for one in witnesses))
    for word in sentence.words:
        if (
            _beside_number(word, sentence)
            or _WHEN.match(sentence.lower, word.start)
            or not known.isdisjoint({word.folded, stem_in(word.text, sentence.language)})
        ):
            continue
        if (turned := _turned(word, known)) is not None:
            yield Finding(f"The sources say “{turned}”, not “{word.text}”.")
            return
        for line, side in _sides(word, sentence.language):
            against = next(
                (
                    other
                    for other, sides in theirs
                    if (line, 1 - side) in sides and (other in denied) == (word in denied)
                ),
                None,
            )
            if against and (line, side) not in here:
                yield Finding(f"The sources say “{against.text}”, not “{word.text}”.")
                return


_WHEN = re.compile(r"(?<=year-)end|ends? of (?:the )?(?:day|week|month|year|decade|century)|(?<=day )before(?=[,.]|$)")


_BOUNDS = frozenset(
    "more less least most fewer minimum maximum más menos mínimo máximo".split()  # noqa: SIM905
)


def _beside_number(word: Word, sentence: Wording) -> bool:
    """Whether a word tells how exact a number is, which is looked at elsewhere."""
    if word.folded not in _BOUNDS:
        return False
    return any(
        0 <= one.span.start - word.end <= 9
        or (0 <= word.start - one.span.end <= 14 and "," not in sentence.text[one.span.end : word.start])
        for one in sentence.amounts
    )


_PREFIXES = ("in", "un", "im", "il", "ir", "dis", "non", "des")


def _turned(word: Word, known: frozenset[str]) -> str | None:
    """What the sources have instead of a word: the same with a prefix that turns it round, or without."""
    folded = word.folded
    if len(folded) < 5:
        return None
    forms = [prefix + folded for prefix in _PREFIXES]
    forms += [folded.removeprefix(prefix) for prefix in _PREFIXES if folded.startswith(prefix) and len(folded) > 7]
    return next((form for form in forms if form in known), None)


_FOR = markers.any_of(
    r"(?:vot\w+|ballots?|were|was|came out|spoke) (?:\w+ )?(?:for|in favou?r(?: of)?|a favor(?: de)?)(?= the| it| this| a|$)|in favou?r of|a favor de"
)
_AGAINST = markers.any_of(r"against|oppos\w+|en contra|se opus\w+")
_OVER = markers.any_of(
    r"(?:was|is|were|are|been) over(?! \d)|(?:had|has|have) (?:finished|ended)|(?:was|is|were|been) (?:finished|ended|closed|complete)|ha terminado|había terminado|terminó"
)
_GOING_ON = markers.any_of(
    r"(?:going|goes|went) on|continu\w+|ongoing|under way|not (?:yet )?(?:over|finished|ended)|sigue\w*|seguía|no ha(?:bía)? terminado"
)


_TURNS = (
    (_FOR, _AGAINST),
    (_OVER, _GOING_ON),
    *((markers.any_of(one), markers.any_of(other)) for one, other in PHRASES),
)


def _sides_taken(sentence: Wording, said: str) -> Iterator[Finding]:
    """For and against, over and going on, and other turns of phrase of opposite meaning."""
    here, there = _turns(sentence.lower), _turns(said)
    for (line, side), words in here.items():
        other = (line, 1 - side)
        if other in there and (line, side) not in there and other not in here:
            yield Finding(f"The sources say “{there[other]}”, not “{words}”.")
            return


@lru_cache(maxsize=2_000)
def _turns(lower: str) -> Mapping[tuple[int, int], str]:
    """The turns of phrase in a text by their line and side."""
    return {
        (line, side): found.group()
        for line, pair in enumerate(_TURNS)
        for side, pattern in enumerate(pair)
        if (found := pattern.search(lower))
    }


def quantities(sentence: Wording, witnesses: Sequence[Witness]) -> Iterator[Finding]:
    """All, most and only where the sources don't say so, and parts told as the whole."""
    said = _NOT_ONLY.sub("", " \n ".join(one.said.lower for one in witnesses))
    own = _NOT_ONLY.sub("", sentence.lower)
    for pattern in (_WHOLE, _MOST, _ONLY):
        found = pattern.search(own)
        if found and not pattern.search(said) and not _as_much(found.group(), said):
            yield Finding(f"The sources don't say “{found.group()}”.")
            return
    if _WHOLE.search(own) and (but := _BUT.search(said)) and not _BUT.search(own):
        yield Finding(f"The sources make an exception: “{but.group()}”.")
        return
    left_out = _PART.search(said)
    if left_out and not _PART.search(sentence.lower) and not _MOST.search(sentence.lower):
        whole = _follows(witnesses, sentence)
        if whole:
            yield Finding(f"The sources say “{left_out.group()}” of it.")
            return
    yield from _sides_taken(sentence, said)
    yield from _ranks(sentence, said)


def _as_much(word: str, said: str) -> bool:
    """Whether other words of the sources come to the same: every country, and both of them."""
    same = {
        "each": r"both|either|respective|per|every|all|a|cada", "all": r"every|each|whole|entire|total|both|in total|only|todo", "whole": r"all|entire|total|throughout|across",
        "entire": r"all|whole|throughout|across", "alone": r"only|itself|own|single", "just": r"only|more than|over|about|no more",
        "only": r"alone|just|sole\w*|not|none|no|but|except\w*|menos(?! de)|salvo|excepto|únic\w+|s[oó]lo", "sole": r"only|alone|one|single", "always": r"never|every|all",
        "every": r"each|all|per|any", "mainly": r"most|chief|above all", "most": r"majority|largely|more than half", "merely": r"only|just|not",
        "todos": r"cada|todo|total", "todas": r"cada|toda|total", "toda": r"entera|todas", "todo": r"entero|todos", "cada": r"todos|todas|por",
        "solo": r"no|únic\w+|sino|menos(?! de)|salvo|excepto|except\w*", "sólo": r"no|únic\w+|sino|menos(?! de)|salvo|excepto|except\w*",
    }.get(word)  # fmt: skip
    return bool(same and markers.any_of(same).search(said))


def _follows(witnesses: Sequence[Witness], sentence: Wording) -> bool:
    """Whether the sentence names what the sources say a part of."""
    for one in witnesses:
        for mark in one.said.marks(_PART):
            behind = one.said.behind(mark, most=1)
            if behind and sentence.has(behind[0]) and not any(amount for amount in sentence.amounts):
                return True
    return False


_SPANISH_ONLY = frozenset({"mayor", "mejor", "peor"})
_ADVERBS = frozenset({"first", "last", "final", "best", "worst", "longest", "mejor", "peor", "mayor"})
_DETERMINED = re.compile(r"(?:the|its|his|her|their|a|an|s|el|la|su|al|los|las|un|una)(?: very)?\s$")
"""Before a word that is a rank, and no adverb."""


def _ranks(sentence: Wording, said: str) -> Iterator[Finding]:
    for match in _UTMOST.finditer(sentence.lower):
        word = match.group()
        if word in _SPANISH_ONLY and sentence.language != "es":
            continue
        if word in _ADVERBS and not _DETERMINED.search(sentence.lower, 0, match.start()):
            continue
        line = next((set(rank.split()) for rank in markers.RANKS if word in rank.split()), {word})
        if not line & set(markers.any_of(r"\w+").findall(said)):
            yield Finding(f"The sources don't say “{word}”.")
            return
