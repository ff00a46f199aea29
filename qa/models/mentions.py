"""What an article says in numbers and dates: stretches of its body, and what they mean."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from qa.models.archive import Span


class Precision(StrEnum):
    """How exact a date is."""

    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"
    SPAN = "span"


class DateKind(StrEnum):
    """Whether a date can be read by itself or only from the day it was written."""

    ABSOLUTE = "absolute"
    RELATIVE = "relative"


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date expression: characters `start` to `end` of the body.

    `value` is as in TIMEX3: 2005-03-16, 2004-12, 2005-Q1, 2005-H1, 2005, and for a span 2005-03-10/2005-03-16,
    2004-09/2004-11 or 1986/1987, as exact as its words; None where nothing says what a relative expression is relative
    to. `flaw` says, in words, what is impossible about it.
    """

    start: int
    end: int
    value: str | None
    precision: Precision
    kind: DateKind
    flaw: str | None = None


def dates_within(dates: Sequence[DateMention], span: Span) -> Sequence[DateMention]:
    """The dates that lie in a span of the body, of all of them in order and none overlapping another."""
    first = bisect_left(dates, span.start, key=lambda date: date.start)
    return dates[first : bisect_right(dates, span.end, lo=first, key=lambda date: date.end)]


class FigureKind(StrEnum):
    """What became of the things that a figure counts. A person arrested isn't one charged, nor one convicted."""

    ARRESTED = "arrested"
    DETAINED = "detained"
    EXPECTED = "expected"
    IMPLICATED = "implicated"
    INVESTIGATED = "under investigation"
    REPORTED = "reported to the authorities"
    WARRANTED = "warrants"
    REMANDED = "in custody before trial"
    CHARGED = "charged"
    TRIED = "on trial"
    CONVICTED = "convicted"
    ACQUITTED = "acquitted"
    RELEASED = "released"
    SEARCHED = "searched"
    FOUND = "found"
    SEIZED = "seized"
    DISTRIBUTED = "distributed"
    VOTED = "voted"
    ATTENDED = "attended"
    KILLED = "killed"
    INJURED = "injured"
    MISSING = "missing"
    DISPLACED = "displaced"
    RESCUED = "rescued"


OF_PERSONS = frozenset(FigureKind) - {
    *(FigureKind.SEARCHED, FigureKind.FOUND, FigureKind.SEIZED, FigureKind.DISTRIBUTED),
    *(FigureKind.VOTED, FigureKind.ATTENDED),
}
"""What becomes of persons only."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number and what it counts: characters `span` of a text, or of a body where `sentence` gives its sentence's.

    `low` and `high` are equal for a plain number; one is None where the text gives only the other bound, both where it
    gives no value ("hundreds"). `counted` are the words it counts, by one name for each kind of thing; `places` the
    ISO 3166 codes of the countries it is said of; `worldwide`: of all countries concerned. `kind` is what became of
    the things counted. `speaker` is who says so where it isn't the report itself. `as_of` is as in TIMEX3: a date of
    the sentence, else the day of publication. `event` is the name of the operation or the like that it belongs to,
    folded. `period` is the length of time it was counted over, as printed. `additional`: on top of what was said
    before ("another 23"). Each is empty where the text doesn't say.
    """

    span: Span
    low: float | None
    high: float | None
    approximate: bool
    counted: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    sentence: Span = field(default=Span(0, 0))
    kind: FigureKind | None = None
    worldwide: bool = False
    speaker: str | None = None
    as_of: str | None = None
    event: str | None = None
    period: str | None = None
    additional: bool = False
