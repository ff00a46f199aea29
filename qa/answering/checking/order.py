"""Which of two numbers or dates belongs to what: the votes for and the votes against, this year's and last year's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from qa.answering.checking.amounts import CURRENCIES
from qa.answering.checking.calendar import days_of, meaning
from qa.answering.checking.converses import told_from_other_side
from qa.answering.checking.finding import Finding
from qa.answering.checking.names import capitals
from qa.answering.checking.witness import Witness
from qa.answering.checking.wording import Wording
from qa.domain.archive import Span

MARGIN = 1.3
"""How much better two things have to fit each other's places before they are taken to be exchanged."""
LEAST = 0.25
"""How well they have to fit them at least."""
REACH = 8
"""Words beside a thing that tell what belongs to it."""
_LEADING = frozenset("from to in of for by with at en de a por para".split())  # noqa: SIM905


@dataclass(frozen=True, slots=True)
class Thing:
    """A number, a date or a word of a name; `label` is the same for the same thing in both."""

    kind: str
    label: str
    span: Span
    place: str = ""
    """The country named right beside a number."""
    counts: bool = True
    """Whether the words right behind a number tell what it counts."""


def order(sentence: Wording, witnesses: Sequence[Witness]) -> Iterator[Finding]:
    """Two things that have changed places."""
    for one in witnesses:
        for first, second in exchanged(sentence, one):
            words = [sentence.text[thing.span.start : thing.span.end] for thing in (first, second)]
            yield Finding(f"“{words[0]}” and “{words[1]}” have changed places.")
            return
        if told_from_other_side(sentence, witnesses):
            return
        for pair in _stand_for_each_other(_names(sentence), _names(one.said)):
            yield Finding(f"“{pair[0].title()}” and “{pair[1].title()}” have changed places.")
            return


ALIKE = 4
"""Words right beside two names that have to be those beside each other's before they are taken to be exchanged."""
Places = dict[str, frozenset[tuple[int, str]]]
"""Names by how they are written, each with the words up to two before and behind it, and how far off these stand."""


def _stand_for_each_other(mine: Places, theirs: Places) -> Iterator[tuple[str, str]]:
    """Two names, all else being nearly word for word the same: more is for `agents` to tell."""
    for first, second in combinations([name for name in mine if name in theirs], 2):
        straight = len(mine[first] & theirs[first]) + len(mine[second] & theirs[second])
        crossed = len(mine[first] & theirs[second]) + len(mine[second] & theirs[first])
        if crossed >= ALIKE and crossed > 2 * straight:
            yield first, second


def _names(wording: Wording) -> Places:
    """The names that stand once, those of several words as one."""
    words, written, runs = wording.words, set(capitals(wording)), list[tuple[int, int]]()
    for at, word in enumerate(words):
        if word in written:
            goes_on = runs and runs[-1][1] == at and wording.text[words[at - 1].end : word.start] in (" ", "-")
            runs[-1:] = [(runs[-1][0], at + 1)] if goes_on else [*runs[-1:], (at, at + 1)]
    folded = [word.folded.removesuffix("'s").removesuffix("’s") for word in words]
    called = [" ".join(folded[start:end]) for start, end in runs]
    return {
        name: frozenset(
            [(step, folded[start - step]) for step in (1, 2) if start >= step]
            + [(-step, folded[end + step - 1]) for step in (1, 2) if end + step <= len(words)]
        )
        for name, (start, end) in zip(called, runs, strict=True)
        if called.count(name) == 1
    }


def exchanged(sentence: Wording, witness: Witness) -> Iterator[tuple[Thing, Thing]]:
    """Pairs of things of one kind that fit each other's places in the source better than their own."""
    published = witness.ground.source.published
    paper = witness.names_of_source
    here, there = (
        [one for one in things(text, published) if one.label not in paper] for text in (sentence, witness.said)
    )
    theirs = {(one.kind, one.label): one for one in there}
    both = [one for one in here if (one.kind, one.label) in theirs]
    for first, second in combinations(both, 2):
        if first.kind != second.kind or first.kind == "name":
            continue  # names move about more freely
        own, other = theirs[first.kind, first.label], theirs[second.kind, second.label]
        mine = [_beside(sentence, *pair, here) for pair in ((first, second), (second, first))]
        places = [_beside(witness.said, *pair, there) for pair in ((own, other), (other, own))]
        places = [_telling(places[0], places[1]), _telling(places[1], places[0])]
        kin = sentence.language != witness.said.language
        if own.place and other.place and first.place == own.place and second.place == other.place:
            continue  # a list in another order: "17 in Poland, 20 in France"
        if _by_preposition(mine, places):
            continue
        straight, crossed = (
            _fit(mine[0], places[at], kin=kin) + _fit(mine[1], places[1 - at], kin=kin) for at in (0, 1)
        )
        if crossed > MARGIN * straight and crossed > LEAST:
            yield first, second


def _by_preposition(mine: Sequence[Mapping[str, float]], places: Sequence[Mapping[str, float]]) -> bool:
    """Whether "from" and "to" stand before the same of two numbers in both texts: that is enough."""
    for first, second in (("<from", "<to"), ("<de", "<a")):
        if all(first in pair[0] and second in pair[1] for pair in (mine, places)):
            return True
        if all(second in pair[0] and first in pair[1] for pair in (mine, places)):
            return True
    return False


def things(wording: Wording, published: date | None) -> list[Thing]:
    """What can be exchanged, each named only once: of the others one can't tell which place is meant."""
    found = [
        Thing("number", f"{one.value:g}{one.unit if one.unit not in CURRENCIES else ''}", one.span, one.place,
              bool(one.counted or one.unit or one.value < 2))
        for one in wording.amounts
        if one.value is not None
    ]  # fmt: skip
    for span in wording.dates:
        days = days_of(meaning(wording, span, published))
        found.append(Thing("date", str(days) if days else wording.lower[span.start : span.end], span))
    for word in capitals(wording):
        code = next((key for key in word.keys if key.startswith("@")), word.folded)
        found.append(Thing("name", code, Span(word.start, word.end)))
    labels = [(thing.kind, thing.label) for thing in found]
    return [thing for thing in found if labels.count((thing.kind, thing.label)) == 1]


def _beside(wording: Wording, thing: Thing, other: Thing, around: Sequence[Thing]) -> Mapping[str, float]:
    """How near everything stands to a thing that stands nearer to it than to the other."""
    near: dict[str, float] = {}
    spans = [one.span for one in around]
    for word in wording.words:
        span = Span(word.start, word.end)
        if any(span.within(one) for one in spans):
            continue
        if word.is_light or thing.kind == "date":
            if word.folded in _LEADING and thing.kind == "number" and wording.text[word.end : thing.span.start] == " ":
                near[f"<{word.folded}"] = 0.5
            continue
        if not (thing.counts and other.counts) and any(0 < word.start - one.span.end < 2 for one in (thing, other)):
            continue  # one of two numbers leaves out what both count
        for key in word.keys:
            _note(near, key, _distance(wording, span, thing), _distance(wording, span, other))
    for one in around:
        if one.kind != thing.kind:
            _note(near, one.label, _away(wording, one, thing), _away(wording, one, other))
    return near


def _away(wording: Wording, one: Thing, thing: Thing) -> int:
    """Words between; a number belongs to the date behind it rather than to the one in front of it."""
    number, day = (one, thing) if one.kind == "number" else (thing, one)
    turned = {one.kind, thing.kind} == {"number", "date"} and day.span.end <= number.span.start
    if turned and _JOINS.search(wording.lower, day.span.end, number.span.start):
        return _distance(wording, one.span, thing) + 6
    return _distance(wording, one.span, thing) + (2 if turned else 0)


_JOINS = re.compile(r"(?<!\w)(?:with|and|against|than|to|y|con|frente)(?!\w)")
"""Between a date and the number behind it where that belongs to something else: "300 in 2002 with 400 in 2003"."""


def _note(near: dict[str, float], key: str, mine: int, others: int) -> None:
    if mine <= REACH and mine < others:
        near[key] = max(near.get(key, 0.0), 1 / (1 + mine))


def _distance(wording: Wording, one: Span, thing: Thing) -> int:
    """Words between, more where a comma or the like stands between, too."""
    first, last = (one.end, thing.span.start) if one.end <= thing.span.start else (thing.span.end, one.start)
    between = wording.text[first:last] if first <= last else ""
    return len(between.split()) + 3 * len(re.findall(r"[,;:()—]", between))


def _telling(one: Mapping[str, float], other: Mapping[str, float]) -> Mapping[str, float]:
    """What tells one place from another."""
    return {key: weight - other.get(key, 0.0) for key, weight in one.items() if weight > other.get(key, 0.0)}


def _fit(one: Mapping[str, float], other: Mapping[str, float], *, kin: bool) -> float:
    """How much two places have in common; kin counts where they are in two languages only, being loose."""
    return sum(
        min(weight, other[key]) for key, weight in one.items() if key in other and (kin or not key.startswith("="))
    )
