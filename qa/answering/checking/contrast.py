"""Opposites, ranks and quantities: rose isn't fell, most isn't all, the first isn't the last."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from qa.answering.checking import markers
from qa.answering.checking.denial import denials
from qa.answering.checking.finding import Finding
from qa.answering.checking.stemming import stem_in
from qa.answering.checking.witness import Witness
from qa.answering.checking.wording import Wording
from qa.answering.checking.words import Word

_LINES = """
adopt approve pass accept back support endorse confirm uphold agree ratify welcome | reject refuse oppose veto dismiss block decline overturn annul criticise criticize
aprobar adoptar aceptar apoyar respaldar confirmar ratificar acordar | rechazar denegar vetar desestimar anular criticar oponer
rise increase grow climb gain jump expand soar rose grew higher up | fall drop decline decrease shrink slip plunge tumble fell lower down reduce reduction
subir aumentar crecer incrementar subida aumento | bajar caer descender disminuir reducir bajada caída descenso
win won victory | lose lost defeat loss
ganar victoria | perder derrota
open begin start launch | close end finish shut conclude complete
abrir comenzar empezar iniciar | cerrar terminar acabar finalizar concluir
allow permit authorise authorize let legalise | ban forbid prohibit bar outlaw prevent
permitir autorizar | prohibir impedir vetar
buy bought purchase acquire | sell sold sale
comprar adquirir | vender venta
import | export
importar importación | exportar exportación
before prior earlier | after later following subsequently
antes | después tras
more most greater | less fewer least
más | menos
minimum least floor | maximum most ceiling cap
mínimo | máximo
longest | shortest
largest biggest greatest | smallest least
highest | lowest
first | last final latest
primero primera primer | último última
shortest minimum least | longest maximum
accept acceptance accepted | reject refuse rejection
include including | exclude excluding except
incluir | excluir excepto salvo
favour favor support | against oppose
comienzo principio | final
beginning outset early | end late
strict tight tough stringent stricter | loose lax lenient relaxed looser laxer
estricto | laxo
import | export
north northern | south southern
norte | sur
east eastern | west western
este oriental | oeste occidental
morning | evening afternoon night
mañana | tarde noche
inside within | outside
dentro | fuera
public | private secret
público | privado secreto
possible | impossible
legal lawful | illegal unlawful
legal | ilegal
cheap | expensive costly dear
barato | caro costoso
strengthen reinforce tighten extend widen expand | weaken loosen relax soften limit narrow shorten
reforzar ampliar extender | debilitar suavizar limitar acortar
confirm admit acknowledge | deny
confirmar admitir reconocer | negar desmentir
join enter arrive | leave quit depart exit
keep retain store preserve conserve | delete erase destroy discard
guardar conservar retener | borrar eliminar destruir
help assist | hinder hamper
profit surplus | loss deficit
beneficio superávit | pérdida déficit
majority most | minority
mayoría | minoría
success succeed successful | failure fail unsuccessful
separate unrelated different distinct independent | same identical related linked connected joint
distinto diferente | mismo relacionado vinculado
criticise attack condemn | praise welcome applaud
criticar condenar | elogiar aplaudir
innocent | guilty
inocente | culpable
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
temporary provisional | permanent definitive
provisional | definitivo
voluntary | compulsory mandatory obligatory
voluntario | obligatorio
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
male man men | female woman women
hombre | mujer
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
    for number, line in enumerate(filter(None, _LINES.splitlines())):
        for side, words in enumerate(line.split("|")):
            for word in words.split():
                for language in ("en", "es"):
                    sides.setdefault(f"{language}:{stem_in(word, language)}", []).append((number, side))
    return sides


def _sides(word: Word, language: str) -> frozenset[tuple[int, int]]:
    return frozenset(_opposites().get(f"{language}:{stem_in(word.text, language)}", ()))


def opposites(sentence: Wording, witnesses: Sequence[Witness]) -> Iterator[Finding]:
    """Words of which the sources have the opposite, and not the word itself."""
    theirs = [(word, _sides(word, one.said.language)) for one in witnesses for word in one.said.words]
    here = {side for _, sides in theirs for side in sides}
    denied = {word for one in (sentence, *(one.said for one in witnesses)) for found in denials(one) for word in found.denied}
    known = frozenset().union(*(one.said.keys for one in witnesses))
    for word in sentence.words:
        if word in denied or not known.isdisjoint({word.folded, stem_in(word.text, sentence.language)}):
            continue
        if (turned := _turned(word, known)) is not None:
            yield Finding(f"The sources say “{turned}”, not “{word.text}”.")
            return
        for line, side in _sides(word, sentence.language):
            against = next((other for other, sides in theirs if (line, 1 - side) in sides and other not in denied), None)
            if against and (line, side) not in here:
                yield Finding(f"The sources say “{against.text}”, not “{word.text}”.")
                return


_PREFIXES = ("in", "un", "im", "il", "ir", "dis", "non", "des")


def _turned(word: Word, known: frozenset[str]) -> str | None:
    """What the sources have instead of a word: the same with a prefix that turns it round, or without."""
    folded = word.folded
    if len(folded) < 5:
        return None
    forms = [prefix + folded for prefix in _PREFIXES]
    forms += [folded.removeprefix(prefix) for prefix in _PREFIXES if folded.startswith(prefix) and len(folded) > 7]
    return next((form for form in forms if form in known), None)


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
    yield from _ranks(sentence, said)


def _as_much(word: str, said: str) -> bool:
    """Whether other words of the sources come to the same: every country, and both of them."""
    same = {
        "each": r"both|either|respective|per|every|all|a|cada", "all": r"every|each|whole|entire|total|both|in total|only|todo", "whole": r"all|entire|total|throughout|across",
        "entire": r"all|whole|throughout|across", "alone": r"only|itself|own|single", "just": r"only|more than|over|about|no more",
        "only": r"no other|nothing but|alone|just|sole|but not|and not|not|headline only", "sole": r"only|alone|one|single", "always": r"never|every|all",
        "every": r"each|all|per|any", "mainly": r"most|chief|above all", "most": r"majority|largely|more than half", "merely": r"only|just|not",
        "todos": r"cada|todo|total", "todas": r"cada|toda|total", "toda": r"entera|todas", "todo": r"entero|todos", "cada": r"todos|todas|por",
        "solo": r"no|únic\w+|sino", "sólo": r"no|únic\w+|sino", "only": r"alone|just|sole\w*|not|none|no|but|únic\w+|s[oó]lo",
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


_ADVERBS = frozenset({"first", "last", "final", "best", "worst", "longest", "mejor", "peor", "mayor"})
_DETERMINED = re.compile(r"(?:the|its|his|her|their|a|an|s|el|la|su|al|los|las|un|una)(?: very)?\s$")
"""Before a word that is a rank, and no adverb."""


def _ranks(sentence: Wording, said: str) -> Iterator[Finding]:
    for match in _UTMOST.finditer(sentence.lower):
        word = match.group()
        if word in _ADVERBS and not _DETERMINED.search(sentence.lower, 0, match.start()):
            continue
        line = next((set(rank.split()) for rank in markers.RANKS if word in rank.split()), {word})
        if not line & set(markers.any_of(r"\w+").findall(said)):
            yield Finding(f"The sources don't say “{word}”.")
            return
