"""Numbers are those of the sources: worth, unit, exactness, what they count, and where."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from qa.answering.checking import markers
from qa.answering.checking.amounts import Amount
from qa.answering.checking.finding import Finding
from qa.answering.checking.witness import Witness
from qa.answering.checking.wording import Wording
from qa.domain.mentions import FigureKind
from qa.language.figures import is_common
from qa.language.numbers import number_value

_BOTH = markers.any_of(r"both|either|pair|couple|ambos|ambas|twice")
_HALF = markers.any_of(r"half|halv\w+|mitad|medi[oa]")
_ONE = frozenset({"one", "un", "una", "uno", "single"})
_ALIKE = (
    frozenset({FigureKind.ARRESTED, FigureKind.DETAINED}),
    frozenset({FigureKind.CONVICTED, FigureKind.TRIED}),
    frozenset({FigureKind.IMPLICATED, FigureKind.INVESTIGATED}),
)
_TOLD = frozenset(FigureKind) - {
    FigureKind.SEARCHED, FigureKind.VOTED, FigureKind.ATTENDED, FigureKind.REPORTED, FigureKind.WARRANTED,
}  # fmt: skip
"""What becomes of things, not to be exchanged for something else. The others stand too loosely beside numbers."""
_EVERYWHERE = markers.any_of(
    r"worldwide|(?:around|across|in|throughout) the world|other countries|otros países|(?:todo|resto d)el mundo"
    r"|a nivel mundial"
)
"""Words by which a place named beside a number needn't be that of the number."""
_PERSONS = frozenset({"people", "arrest"})


def figures(sentence: Wording, witnesses: Sequence[Witness]) -> Iterator[Finding]:
    """Numbers that no source has, has otherwise, or has of something else."""
    theirs = [amount for one in witnesses for amount in one.said.amounts]
    for amount in sentence.amounts:
        if _says_nothing(amount):
            continue
        vague = amount.value is None and any(one.value is None for one in theirs)
        equal = [one for one in theirs if amount.same_worth(one) and not (vague and one.value is not None)]
        equal = equal or [one for one in theirs if _same_but_for_unit(amount, one, sentence.amounts, theirs)]
        if (
            not equal
            and amount.unit == "%"
            and amount.value == 50
            and any(_HALF.search(one.said.lower) for one in witnesses)
        ):
            continue
        if not equal and amount.value == 2 and any(_BOTH.search(one.said.lower) for one in witnesses):
            continue
        if not equal and _points_back(amount, sentence, witnesses):
            continue
        if not equal:
            if amount.unit != "#" or not _as_word(amount, witnesses):
                yield Finding(f"The number {amount.text} stands in none of its sources.")
            continue
        exact = [one for one in equal if _as_exact(amount, one)]
        if not exact:
            yield Finding(f"The sources give {_printed(equal[0])}, not {_printed(amount)}.")
            continue
        if reason := _of_something_else(amount, exact, everywhere=bool(_EVERYWHERE.search(sentence.lower))):
            yield Finding(reason)


_DEFINITE = re.compile(r"(?<!\w)(?:the|these|those|los|las)\s$")
_RESPECTIVE = markers.any_of(r"respective\w*|respectiv[oa]s|each|between|entre|cada")


def _points_back(amount: Amount, sentence: Wording, witnesses: Sequence[Witness]) -> bool:
    """Whether "the two" are those that the sources name one by one, and count nowhere."""
    if amount.value != 2 or amount.unit or not _DEFINITE.search(sentence.lower, 0, amount.span.start):
        return False
    head = next((word for word in sentence.words if word.start >= amount.span.end), None)
    if head is None or not any(_RESPECTIVE.search(one.said.lower) and one.said.has(head) for one in witnesses):
        return False
    return not any(
        any(0 <= word.start - number.span.end <= 1 for number in one.said.amounts)
        for one in witnesses
        for word in one.said.counterparts(head)
    )


def _same_but_for_unit(amount: Amount, source: Amount, own: Sequence[Amount], theirs: Sequence[Amount]) -> bool:
    """Whether two numbers are one where a text leaves the unit to the number before: "six months, at most 36"."""
    for bare, full, around in ((amount, source, own), (source, amount, theirs)):
        named = {one.unit for one in around if one.span.end < bare.span.start and one.unit}
        if bare.alone and not bare.unit and full.unit in named:
            return bare.value == number_value(full.text)
    return False


def _says_nothing(amount: Amount) -> bool:
    """Whether it is "one" as a pronoun or an article."""
    return (
        amount.text in _ONE and not amount.unit and not (amount.claim and is_common("".join(amount.claim.counted[:1])))
    )


def _as_word(amount: Amount, witnesses: Sequence[Witness]) -> bool:
    return any(amount.text in one.said.lower.split() for one in witnesses)


def _as_exact(amount: Amount, source: Amount) -> bool:
    """Whether the number is given no more and no less exactly than in the source."""
    if amount.value is None or source.value is None:
        return True
    if amount.bound == source.bound:
        return True
    claim = source.claim
    if claim and claim.low != claim.high and claim.low is not None and claim.high is not None:
        return {"more": claim.low, "less": claim.high}.get(amount.bound, amount.value) == amount.value
    return False


def _printed(amount: Amount) -> str:
    words = {"more": "more than ", "less": "up to ", "about": "about "}
    return f"{words.get(amount.bound, '')}{amount.text}"


def _of_something_else(amount: Amount, exact: Sequence[Amount], *, everywhere: bool) -> str | None:
    """Why a number isn't that of the sources though it is worth as much; None where nothing says so."""
    for fits, reason in (
        (_same_thing, f"The number {amount.text} counts something else in its sources."),
        (_same_kind, f"The sources say something else of the {amount.text}."),
        (_same_place, f"The number {amount.text} is said of another place in its sources."),
    ):
        exact = [one for one in exact if fits(amount, one) or (everywhere and fits is _same_place)]
        if not exact:
            return reason
    return None


def _same_thing(amount: Amount, source: Amount) -> bool:
    """Whether both count the same, where the words right behind both tell; persons are told by arrests, too."""
    mine, theirs = (next((word for word in one.counted if is_common(word)), None) for one in (amount, source))
    return mine is None or theirs is None or mine == theirs or {mine, theirs} <= _PERSONS


def _same_kind(amount: Amount, source: Amount) -> bool:
    kinds = {one.claim.kind if one.claim else None for one in (amount, source)}
    if None in kinds or len(kinds) == 1 or not kinds <= _TOLD:
        return True
    return any(kinds <= alike for alike in _ALIKE)


def _same_place(amount: Amount, source: Amount) -> bool:
    if amount.place and source.place:
        return amount.place == source.place
    own, other = amount.claim, source.claim
    if own is None or other is None:
        return True
    if own.places and other.places:
        return bool(set(own.places) & set(other.places))
    return not (own.places and other.worldwide)
