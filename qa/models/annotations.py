"""What was read out of an article when it was taken in: data beside its words, so that no answer reads it again."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from qa.dates.periods import DateMention
from qa.models.archive import Span


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


# What becomes of persons only.
OF_PERSONS = frozenset(FigureKind) - {
    *(FigureKind.SEARCHED, FigureKind.FOUND, FigureKind.SEIZED, FigureKind.DISTRIBUTED),
    *(FigureKind.VOTED, FigureKind.ATTENDED),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A number and what it counts; what the text doesn't say is empty."""

    span: Span  # characters of the text, or of the body where `sentence` gives its sentence's
    low: float | None  # equal to `high` for a plain number; one is None where the text gives only the other bound,
    high: float | None  # both where it gives no value ("hundreds")
    approximate: bool
    counted: tuple[str, ...] = ()  # the words it counts, by one name for each kind of thing
    places: tuple[str, ...] = ()  # ISO 3166 codes of the countries it is said of
    sentence: Span = field(default=Span(0, 0))
    kind: FigureKind | None = None
    worldwide: bool = False  # of all concerned
    speaker: str | None = None  # who says so, where it isn't the report itself
    as_of: str | None = None  # as in TIMEX3: a date of the sentence, else the day of publication
    event: str | None = None  # the folded name of the operation or the like
    period: str | None = None  # the time it was counted over, as printed
    additional: bool = False  # on top of what was said before ("another 23")


class Stage(StrEnum):
    """A stage of a case. Of several of one day the one that stands later here is the last; values are those of JSON."""

    ARRESTED = "arrested"
    DETAINED = "detained"
    INVESTIGATED = "under_investigation"  # imputado, investigado: not charged
    IN_CUSTODY = "in_custody"  # by a judge, before any trial
    RELEASED = "released"
    CHARGED = "charged"
    ON_TRIAL = "on_trial"
    DISMISSED = "dismissed"
    ACQUITTED = "acquitted"
    CONVICTED = "convicted"
    SENTENCED = "sentenced"
    APPEALED = "appealed"
    UPHELD = "verdict_upheld"
    OVERTURNED = "verdict_overturned"

    @property
    def order(self) -> int:
        """Its place on the way of a case, from 0."""
        return list(Stage).index(self)

    @property
    def level(self) -> int:
        """0 inquiry, 1 charge, 2 trial, 3 outcome: later talk of a lower level doesn't put a case back."""
        return sum(self.order >= first.order for first in (Stage.CHARGED, Stage.ON_TRIAL, Stage.DISMISSED))

    @property
    def is_outcome(self) -> bool:
        return self.level == 3

    @property
    def is_verdict(self) -> bool:
        """Whether a court has judged by then; a case that was dismissed ends without a verdict."""
        return self.is_outcome and self is not Stage.DISMISSED


@dataclass(frozen=True, slots=True)
class StageMention:
    """A stage that an article reports: characters `start` to `end` of the body, in the sentence `sentence`."""

    start: int
    end: int
    sentence: Span
    stage: Stage
    # The date as in TIMEX3, of the sentence where `dated`, else of publication; None where neither says, or the words
    # look back ("the three people convicted").
    value: str | None = None
    dated: bool = False
    contested: bool = False  # one report's word against others


@dataclass(frozen=True, slots=True)
class LegalTerm:
    """A legal word of one language, explained in both."""

    term: str
    language: str
    meaning_en: str
    meaning_es: str
    corresponds: str  # the nearest term of the other language
    not_equal: str  # a term that it is mistaken for
    confused: bool = False  # so often that every reader is told
    is_name: bool = False  # it keeps its form in texts of other languages


@dataclass(frozen=True, slots=True)
class TermMention:
    """A legal word as a text has it: `text[span.start:span.end]` is the word, in whatever form."""

    span: Span
    term: LegalTerm


class About(StrEnum):
    """What a stretch of time bounds."""

    EVENTS = "events"  # what happened in it, whenever it was told
    PUBLISHED = "published"  # what could be read in it
    LATEST = "latest"  # no stretch: the newest there is


@dataclass(frozen=True, slots=True)
class Timeframe:
    """The days from `first` to `last`, both included, None being open; both are None where the newest is asked for."""

    about: About
    first: date | None = None
    last: date | None = None
    present: bool = False  # the question asks what holds now, whatever else it asks about


@dataclass(frozen=True, slots=True)
class NamedEvent:
    """An operation, a case or the like as an article names it; `key` is the same in every language and spelling."""

    key: str
    text: str


@dataclass(frozen=True, slots=True)
class Annotations:
    """Everything that an article's body was read for, in the order of the body; offsets count its characters."""

    version: int  # of the reading: annotations of another one are made anew, not believed
    dates: tuple[DateMention, ...] = ()
    figures: tuple[Figure, ...] = ()
    stages: tuple[StageMention, ...] = ()
    event_date: str | None = None  # as the article's file has it
    derived_from: str | None = None  # likewise
    events: tuple[NamedEvent, ...] = ()  # of headline and body, each once
