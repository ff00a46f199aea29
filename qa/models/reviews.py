"""What the staff make of replies: the review of a question, verdicts on its statements, and readers' reports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class State(StrEnum):
    """How far the review of a question has got."""

    OPEN = "open"
    APPROVED = "approved"  # the answer that was approved is given again
    EDITED = "edited"  # the answer that the staff wrote is given instead
    WITHHELD = "withheld"  # none is given


class Judgement(StrEnum):
    """What a checker finds of one statement beside its source."""

    SUPPORTED = "supported"
    PARTLY = "partly"
    NOT = "not"
    SOURCE_WRONG = "source_wrong"
    NEEDS_CONTEXT = "needs_context"

    @property
    def rejects(self) -> bool:
        """Whether the statement is not to be given in answer to this question again."""
        return self in (Judgement.NOT, Judgement.SOURCE_WRONG)


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict on one statement of an answer; `statement` counts from 0."""

    statement: int
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class Rejected:
    """Words that the staff found not to answer a question: characters `start` to `end` of an article's body."""

    question: str
    article_id: str
    start: int
    end: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Review:
    """One question with everything that was told on it; `number` names it, and `key` what counts as the same question.

    `latest` is the answer last given, `standing` the one that was approved or written by the staff. `doubt`, 0 to 1,
    says how much a look is needed, by the latest answer alone. `revision` counts the changes: who decides names the
    one that they saw. `reason` is public and says why it was edited or withheld. `changed` are the articles that the
    decision rests on and that are not as they were: it needs a new check.
    """

    number: int
    key: str
    question: str
    state: State
    revision: int
    latest: str
    asks: int
    reports: int
    doubt: float
    first_at: datetime
    last_at: datetime
    standing: str | None = None
    by: str | None = None
    at: datetime | None = None
    note: str = ""
    reason: str = ""
    changed: tuple[str, ...] = ()

    @property
    def to_check(self) -> bool:
        """Whether somebody should look at it."""
        return self.state is State.OPEN or bool(self.changed) or self.reports > 0


@dataclass(frozen=True, slots=True)
class Decision:
    """What a checker decides about a question, having seen `revision` and the answer `answer_id`.

    An approval makes that answer the standing one; an edition brings its own. `note` is for the staff, `reason` public.
    """

    review: int
    revision: int
    answer_id: str
    state: State
    by: str
    at: datetime
    judged: tuple[Judged, ...] = ()
    note: str = ""
    reason: str = ""


class ReportKind(StrEnum):
    """What a reader says is wrong."""

    WRONG = "wrong"
    NOT_IN_SOURCE = "not_in_source"
    OUT_OF_DATE = "out_of_date"
    NAMES_PERSON = "names_person"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Report:
    """A reader's report on an answer; nothing is kept of the reader."""

    answer_id: str
    kind: ReportKind
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Fixed:
    """One line of the public list of corrections: what was put right, when and why."""

    at: datetime
    subject: str
    what: str
    reason: str
    link: str | None = None
