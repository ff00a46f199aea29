"""Opposites, ranks and quantities: rose isn't fell, most isn't all, the first isn't the last."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from qa.answering.checking import markers
from qa.answering.checking.antonyms import PHRASES, oppose, sides_of, turned_forms
from qa.answering.checking.converses import told_from_other_side
from qa.answering.checking.denial import denials
from qa.answering.checking.finding import Finding
from qa.answering.checking.stemming import stem_in
from qa.answering.checking.witness import Witness
from qa.answering.checking.wording import Wording
from qa.answering.checking.words import Word
from qa.domain.archive import Span

_WHOLE, _MOST, _ONLY = (markers.any_of(form) for form in (markers.WHOLE, markers.MOST, markers.ONLY))
_NOT_ONLY = markers.any_of(r"not (?:only|just)|no s[oó]lo|at (?:the )?most")
_BUT = markers.any_of(r"except\w*|all but|but (?:one|for)|apart from|other than|menos(?! de)|salvo|excepto")
_UTMOST = markers.any_of(markers.UTMOST)


def opposites(sentence: Wording, witnesses: Sequence[Witness]) -> Iterator[Finding]:
    """Words of which the sources have the opposite, and not the word itself."""
    theirs = [
        (word, one.said) for one in witnesses for word in one.said.words if not _WHEN.match(one.said.lower, word.start)
    ]
    here = {side for word, said in theirs for side in sides_of(word, said.language)}
    denied = _denied(sentence).union(*(_denied(one.said) for one in witnesses))
    known = frozenset().union(*(one.said.keys for one in witnesses))
    refusals = sentence.marks(_REFUSING)
    turned_round = told_from_other_side(sentence, witnesses)
    for word in sentence.words:
        if (
            word in turned_round
            or any(mark.start <= word.start < mark.end for mark in refusals)
            or _beside_number(word, sentence)
            or _WHEN.match(sentence.lower, word.start)
            or _PHRASAL.search(sentence.lower, 0, word.end)
            or not known.isdisjoint({word.folded, stem_in(word.text, sentence.language)})
        ):
            continue
        own, turned = sides_of(word, sentence.language) - here, turned_forms(word)
        for other, said in theirs:
            opposed = oppose(own, sides_of(other, said.language)) or (
                said.language == sentence.language and not turned.isdisjoint(other.keys)
            )
            if opposed and (other in denied) == (word in denied) and _of_one(word, sentence, other, said):
                yield Finding(f"The sources say “{other.text}”, not “{word.text}”.")
                return
    yield from _levelled(sentence, witnesses)


_REFUSING = markers.any_of(markers.DENYING_THAT)
_DEGREES = frozenset("more less fewer most least up down más menos".split())  # noqa: SIM905
_SHARES = frozenset(["pct", "per", "cent", "percent", "points", "ciento", "puntos"])


def _of_one(word: Word, sentence: Wording, other: Word, said: Wording) -> bool:
    """Whether words for a degree are said of the same: "more open" says nothing of "less protection"."""
    if word.folded not in _DEGREES or other.folded not in _DEGREES or sentence.language != said.language:
        return True
    near, theirs = (text.around(Span(own.start, own.end), most=2) for own, text in ((word, sentence), (other, said)))
    return any(one.meets(another) for one in near for another in theirs if one.folded not in _SHARES)


def _levelled(sentence: Wording, witnesses: Sequence[Witness]) -> Iterator[Finding]:
    """A word told twice where the sources have it once and its opposite of the other: one accepted, one rejected."""
    counts = [Counter(side for word in text.words for side in sides_of(word, text.language))
              for text in (sentence, *(one.said for one in witnesses))]  # fmt: skip
    here, there = counts[0], sum(counts[1:], Counter[tuple[int, int]]())
    for (line, side), times in here.items():
        other = (line, 1 - side)
        if times > there[line, side] > 0 and there[other] > here[other] == 0 and times > 1:
            yield Finding("The sources tell one thing of one and the opposite of another.")
            return


def _denied(wording: Wording) -> frozenset[Word]:
    return frozenset(word for found in denials(wording) for word in found.denied)


_PHRASAL = re.compile(
    r"(?<!\w)(?:g[ai]v\w+|set\w*|ma[dk]\w+|put\w*|t[ao]ke?\w*|br[io]\w+|end\w*|sum\w*|shut\w*|hand\w*)\s(?:up|down)$"
)
"""Verbs with "up" or "down" that no degree is told by."""
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
