"""Who did it to whom, and which of two numbers, dates or names belongs to what."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from qa.answering.checking.finding import Finding
from qa.answering.checking.names import capitals
from qa.answering.checking.witness import Witness
from qa.answering.checking.wording import Wording
from qa.answering.checking.words import Word
from qa.domain.archive import Span

_PASSIVE = re.compile(r"(?<!\w)\w+(?:ed|en|wn|ne|un|de|ld|nt|pt|ght|ad[oa]s?|id[oa]s?)\b(?:\s[\w-]+){0,6}?\s(?:by|por)\s")
"""A participle with "by" behind it."""
MARGIN = 1.25
"""How much better two things have to fit each other's places before they are taken to be exchanged. Of the faithful
sentences for development none reached it, of those with two numbers exchanged nine in ten did."""
REACH = 8
"""Words beside a thing that tell what belongs to it."""


@dataclass(frozen=True, slots=True)
class Thing:
    """A number, a date or a name of a text; `label` is the same for the same thing in both."""

    label: str
    span: Span


def order(sentence: Wording, witnesses: Sequence[Witness]) -> Iterator[Finding]:
    """Two things that have changed places."""
    for one in witnesses:
        if reason := _turned(sentence, one.said):
            yield Finding(reason)
            return
    for one in witnesses:
        for first, second in _exchanged(sentence, one):
            yield Finding(f"“{_text(sentence, first)}” and “{_text(sentence, second)}” have changed places.")
            return


def _text(wording: Wording, thing: Thing) -> str:
    return wording.text[thing.span.start : thing.span.end]


def _exchanged(sentence: Wording, witness: Witness) -> Iterator[tuple[Thing, Thing]]:
    for own, theirs in zip(_things(sentence), _things(witness.said), strict=True):
        places = {thing.label: thing for thing in theirs}
        both = [thing for thing in own if thing.label in places]
        for first, second in combinations(both, 2):
            if first.label == second.label:
                continue
            here = (_beside(sentence, first, second), _beside(sentence, second, first))
            there = tuple(
                _beside(witness.said, places[a.label], places[b.label]) for a, b in ((first, second), (second, first))
            )
            straight = _fit(here[0], there[0]) + _fit(here[1], there[1])
            crossed = _fit(here[0], there[1]) + _fit(here[1], there[0])
            if crossed > MARGIN * straight and crossed > 0.25:
                yield first, second


def _things(wording: Wording) -> tuple[list[Thing], list[Thing], list[Thing]]:
    numbers = [Thing(f"{one.value:g}{one.unit}", one.span) for one in wording.amounts if one.value is not None]
    dates = [Thing(wording.lower[span.start : span.end], span) for span in wording.dates]
    return _once(numbers), _once(dates), _once(_names(wording))


def _once(things: list[Thing]) -> list[Thing]:
    """Those that a text names only once: of the others one can't tell which place is meant."""
    labels = [thing.label for thing in things]
    return [thing for thing in things if labels.count(thing.label) == 1]


def _names(wording: Wording) -> list[Thing]:
    """Names by their last word; a country by its code."""
    found: list[Thing] = []
    for word in capitals(wording):
        code = next((key for key in word.keys if key.startswith("@")), None)
        if found and wording.text[found[-1].span.end : word.start] in _LINKS and not code:
            found.pop()
        found.append(Thing(code or word.folded, Span(word.start, word.end)))
    return found


_LINKS = (" ", " of ", " of the ", " de ", " del ", " de la ", " de los ", "-")


def _beside(wording: Wording, thing: Thing, other: Thing) -> Mapping[str, float]:
    """How near each word stands to a thing, compared with how near it stands to the other."""
    near: dict[str, float] = {}
    for word in wording.content:
        if word.start < thing.span.end and thing.span.start < word.end:
            continue
        mine, others = _distance(wording, word, thing), _distance(wording, word, other)
        if mine <= REACH and mine < others:
            for key in word.keys:
                near[key] = max(near.get(key, 0.0), 1 / (1 + mine))
    return near


def _distance(wording: Wording, word: Word, thing: Thing) -> int:
    """Words between, more where a comma or the like stands between, too."""
    first, last = (word.end, thing.span.start) if word.end <= thing.span.start else (thing.span.end, word.start)
    between = wording.text[first:last] if first <= last else ""
    return len(between.split()) + 3 * len(re.findall(r"[,;:()—]", between))


def _fit(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    return sum(min(weight, other[key]) for key, weight in one.items() if key in other)


def _turned(sentence: Wording, source: Wording) -> str | None:
    """Whether two names stand around the same verb the other way round, the passive reckoned with."""
    for first, verb, second, turned in _relations(sentence):
        for a, own, b, other in _relations(source):
            if not verb.meets(own):
                continue
            same = (first, second) == (a, b)
            crossed = (first, second) == (b, a)
            if (same and turned != other) or (crossed and turned == other):
                return f"The sources have it the other way round: “{verb.text}”."
    return None


def _relations(wording: Wording) -> list[tuple[str, Word, str, bool]]:
    """Two names in a row, the words between them, and whether they are in the passive."""
    named = _names(wording)
    found = []
    for one, other in zip(named, named[1:], strict=False):
        between = wording.lower[one.span.end : other.span.start]
        if len(between) > 80 or ";" in between or one.label == other.label:
            continue
        passive = bool(_PASSIVE.search(wording.lower[one.span.end : other.span.end]))
        for word in wording.content:
            if one.span.end <= word.start and word.end <= other.span.start and not word.is_capital and _is_verbal(word):
                found.append((one.label, word, other.label, passive))
    return found


def _is_verbal(word: Word) -> bool:
    """Whether a word looks like a verb told as done."""
    return bool(re.search(r"(?:ed|s|ó|ado|ido|aron|ieron)$", word.text)) or word.folded in _VERBS


_VERBS = frozenset(
    "beat won lost told gave sold bought led met held took made sent struck put paid sued hit left drew wrote fought brought".split()
)
