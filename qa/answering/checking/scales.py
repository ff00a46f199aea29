"""How many: some aren't many nor most, and what some did isn't told of all of their kind."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from qa.answering.checking import markers
from qa.answering.checking.finding import Finding
from qa.answering.checking.witness import Witness
from qa.answering.checking.wording import Wording
from qa.answering.checking.words import Word
from qa.domain.archive import Span

_SCALES: tuple[tuple[str, str, str], ...] = (
    (r"often|usually|generally|frequently|regularly|normally|a menudo|habitualmente|normalmente|con frecuencia|generalmente",
     r"sometimes|occasional\w*|rarely|seldom|once|in some cases|at times|a veces|en ocasiones|ocasional\w*|raramente|rara vez|pocas veces",
     r"often|usual\w*|general\w*|frequent\w*|regular\w*|normal\w*|common\w*|typical\w*|mostly|largely|menudo|habitual\w*|común|soler|suel\w+"),
)  # fmt: skip
"""More than the sources say: words for much, words for little, and words that let much be said."""
_COMPILED = tuple(tuple(markers.any_of(form) for form in line) for line in _SCALES)
_SOME = markers.any_of(
    r"(?:some|certain|a few|only a few|few|one of the|one of its|algun[oa]s|ciert[oa]s|unos pocos|unas pocas)(?! \d)(?= (?:[a-záéíóúñ]+ ){0,2}[a-záéíóúñ]{4,}s\b| of)"
)
_COUNTED = re.compile(
    r"(?<!\w)(?:some|certain|few|several|many|one|two|three|number|part|half|most|various|any|other|others|group|among|algun[oa]s|ciert[oa]s|vari[oa]s|pocos|pocas"
    r"|un[oa]s?|otr[oa]s|parte|grupo|entre|dos|tres|\d[\d.,]*)(?!\w)"
)
_LIMITED = markers.any_of(
    r"in (?:some|certain|many|a few|most) (?:cases|ways|instances|countries|places|areas|respects)|sometimes|occasionally|at times|in part|partly"
    r"|en (?:algunos|ciertos|muchos) (?:casos|aspectos|lugares)|a veces|en ocasiones|en parte|parcialmente"
)
_LIMIT_KEPT = markers.any_of(
    r"some\w*|certain|occasional\w*|part\w*|may|can|could|might|many|most|few|often|at times|cases|not always"
    r"|algun\w*|ciert[oa]s|much[oa]s|veces|ocasion\w*|parcial\w*|pued\w+|podr\w+"
)
_ADJECTIVES = re.compile(r"(?:[\w-]+\s){1,2}$")
_SUPERLATIVE = re.compile(
    r"(?<!\w)(?:\w{3,}(?<!for)(?<!inter)(?<!requ)(?<!arr)(?<!prot)(?<!sugg)est|best|worst|leading|mayor|mejor|peor)(?!\w)"
)
_NOT_FIRST = re.compile(
    r"(?<!\w)(?:one of|among|some of|second|third|fourth|fifth|sixth|seventh|next|joint|un[oa] de|entre|segund[oa]|tercer[oa]?|cuart[oa])"
    r"[\s-](?:the |its |his |their |los |las |sus )?(?:\w+ ){0,2}$"
)
_GRADES = tuple(
    markers.any_of(form)
    for form in (
        r"one|single|lone|an?|un|una|uno|un sol[oa]|una sola",
        r"few|a handful of|a couple of|poc[oa]s|un par de",
        r"some|certain|part of|a number of|algun[oa]s|ciert[oa]s|parte de",
        r"several|various|vari[oa]s|divers[oa]s",
        r"many|numerous|much of|dozens|hundreds|lots of|scores of|decenas|cientos|much[oa]s|numeros[oa]s",
        r"most|the majority of|nearly all|almost all|la mayoría de|la mayor parte de|casi tod[oa]s",
        r"(?<!almost )(?<!nearly )all|every|each|both|the whole|(?<!casi )tod[oa]s|cada|amb[oa]s",
    )
)
"""Words for how many of a kind, from one to all."""
FEW, MANY = 1, 4
LED = 3
"""Words with a meaning that a limit is said of."""
_ONE = re.compile(r"(?<!\w)(?:one|an?|un|una)\s(?:[\w-]+\s){0,2}$")
_BARE = re.compile(rf"(?:^|[.,;:]\s|(?<!\w)(?:{markers.SAYING}|that|and|but|the|all|que|y|pero|los|las)\s)$")


def scales(sentence: Wording, witnesses: Sequence[Witness]) -> Iterator[Finding]:
    """Words for more than the sources say, and a kind told of where they speak of some of it."""
    said = " \n ".join(one.said.lower for one in witnesses)
    for own, less, enough in _COMPILED:
        found = own.search(sentence.lower)
        little = less.search(said) if found else None
        if found and little and not enough.search(said):
            yield Finding(f"The sources say “{little.group()}”, not “{found.group()}”.")
            return
    yield from _graded(sentence, witnesses)
    yield from _limited(sentence, witnesses)
    yield from _first(sentence, witnesses)
    for one in witnesses:
        for mark in one.said.marks(_SOME):
            behind = one.said.behind(mark, most=1)
            if behind and any(_is_bare(sentence, own.start) for own in sentence.counterparts(behind[0])):
                yield Finding(f"The sources say “{one.ground.text[mark.start : behind[0].end]}”.")
                return
    yield from _plural(sentence, witnesses)


def _graded(sentence: Wording, witnesses: Sequence[Witness]) -> Iterator[Finding]:
    """More of a kind than the sources speak of: most for some, all for many."""
    for grade, mark, kind in _grades(sentence):
        theirs = [own for one in witnesses for own, _, word in _grades(one.said) if word.meets(kind)]
        if theirs and (max(theirs) < grade or grade == FEW < MANY <= min(theirs)):
            yield Finding(f"The sources don't say “{sentence.text[mark.start : kind.end]}”.")
            return


def _grades(wording: Wording) -> Iterator[tuple[int, Span, Word]]:
    for grade, pattern in enumerate(_GRADES):
        for mark in wording.marks(pattern):
            behind = wording.behind(mark, most=1)
            if behind and len(wording.text[mark.end : behind[0].start].split()) < LED:
                yield grade, mark, behind[0]


def _plural(sentence: Wording, witnesses: Sequence[Witness]) -> Iterator[Finding]:
    """Several without a number at the head of a clause, where the sources tell of one: "officials" for "an official"."""
    for word in sentence.content:
        adjectives = _ADJECTIVES.search(sentence.lower, 0, word.start)
        starts = [word.start, *([adjectives.start()] if adjectives else [])]
        if not word.folded.endswith("s") or not any(_is_bare(sentence, start) for start in starts):
            continue
        theirs = [(one.said, own) for one in witnesses for own in one.said.words if own.folded == word.folded[:-1]]
        many = any(one.said.has(word) for one in witnesses if any(own.folded == word.folded for own in one.said.words))
        if theirs and not many and all(_ONE.search(said.lower, 0, own.start) for said, own in theirs):
            yield Finding(f"The sources tell of one, not of “{word.text}”.")
            return


def _limited(sentence: Wording, witnesses: Sequence[Witness]) -> Iterator[Finding]:
    """What the sources tell of some cases only, told without that."""
    if _LIMIT_KEPT.search(sentence.lower):
        return
    for one in witnesses:
        for mark in one.said.marks(_LIMITED):
            behind = one.said.behind(mark, most=LED)
            if len(behind) > 1 and all(sentence.has(word) for word in behind):
                yield Finding(f"The sources say it only “{one.ground.text[mark.start : mark.end]}”.")
                return


def _first(sentence: Wording, witnesses: Sequence[Witness]) -> Iterator[Finding]:
    """The largest, where the sources say one of the largest, or the second largest."""
    for found in _SUPERLATIVE.finditer(sentence.lower):
        if _NOT_FIRST.search(sentence.lower[: found.start()]):
            continue
        theirs = [
            bool(_NOT_FIRST.search(one.said.lower[: match.start()]))
            for one in witnesses
            for match in _SUPERLATIVE.finditer(one.said.lower)
            if match.group() == found.group()
        ]
        if theirs and all(theirs):
            yield Finding(f"The sources don't say that it is the “{found.group()}” of all.")
            return


def _is_bare(sentence: Wording, start: int) -> bool:
    """Whether a noun stands for all of its kind: at the head of its clause and with no word of number."""
    return bool(_BARE.search(sentence.lower[:start])) and not _COUNTED.search(sentence.lower[:start][-30:])
