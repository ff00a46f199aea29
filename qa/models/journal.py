"""What is kept of every question: the reply as it was shown, what it rested on, and how it was made."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Self

from qa.models.archive import Article, moment_text
from qa.models.replies import Intent, Reply
from qa.models.support import Usage


class Channel(StrEnum):
    """By which way a question came in."""

    PAGE = "page"
    API = "api"
    EMBED = "embed"
    COMMAND = "command"
    MCP = "mcp"
    STAFF = "staff"  # an answer that the staff wrote


@dataclass(frozen=True, slots=True)
class Cited:
    """The version of an article that a reply rests on: digests of all that readers saw, and of headline and body."""

    article_id: str
    digest: str
    text: str

    @classmethod
    def of(cls, article: Article) -> Self:
        words = hashlib.sha256(f"{article.source.title}\n{article.body}".encode()).hexdigest()
        return cls(article.article_id, article.digest, words)


@dataclass(frozen=True, slots=True)
class Making:
    """How a reply was made: the program's version, the encoder's fingerprint, the language model if one is set."""

    program: str
    encoder: str
    model: str | None = None
    settings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Record:
    """One question and its reply as shown; never derived again."""

    answer_id: str  # can't be guessed: who has it may see the reply
    at: datetime  # in UTC
    channel: Channel
    question: str
    reply: Reply | None  # None once an article that it quoted was erased
    cited: tuple[Cited, ...]
    making: Making
    seconds: float  # that the reply took
    usage: Usage | None = None  # what a language model used for it, if one was asked


class State(StrEnum):
    """How far the review of a question has got."""

    OPEN = "open"
    APPROVED = "approved"  # the answer that was approved is given again
    EDITED = "edited"  # the answer that the staff wrote is given instead
    WITHHELD = "withheld"  # none is given

    @property
    def editorial(self) -> bool:
        """Whether it is an editor's word to the public, which only an editor takes back."""
        return self in (State.EDITED, State.WITHHELD)


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
class Rejected:
    """Words that the staff found not to answer a question: characters `start` to `end` of an article's body."""

    question: str
    article_id: str
    start: int
    end: int
    sentence: str


OFTEN = 3  # times that a question was asked from which a refusal is worth a look: readers want what may be held


@dataclass(frozen=True, slots=True)
class Review:
    """One question, named by its `number`, with everything that was told on it."""

    number: int
    key: str  # what counts as the same question
    question: str
    state: State
    revision: int  # counts the changes: who decides names the one that they saw
    latest: str  # the answer last given
    asks: int
    reports: int  # without thumbs
    first_at: datetime
    last_at: datetime
    standing: str | None = None  # the answer that was approved or written by the staff
    by: str | None = None
    at: datetime | None = None
    note: str = ""
    reason: str = ""  # public: why it was edited or withheld
    changed: tuple[str, ...] = ()  # articles that the decision rests on and that are not as they were: check anew
    dislikes: int = 0  # thumbs down
    refused: bool = False  # the latest is no answer, where one was wanted
    conflicting: bool = False  # sources dispute what the latest answers
    doubtful: bool = False  # readers are told that the latest only may answer
    likelihood: float | None = None  # how likely the first statement of the latest answers


@dataclass(frozen=True, slots=True)
class Decision:
    """What a checker who saw that revision and answer decides; `note` is for the staff, `reason` public."""

    review: int
    revision: int
    answer_id: str
    state: State
    by: str
    at: datetime
    judged: Mapping[int, Judgement] = field(default_factory=dict)  # of statements, which count from 0
    note: str = ""
    reason: str = ""


class ReportKind(StrEnum):
    """What a reader says of an answer: what is wrong with it, or a thumb up or down."""

    WRONG = "wrong"
    NOT_IN_SOURCE = "not_in_source"
    OUT_OF_DATE = "out_of_date"
    NAMES_PERSON = "names_person"
    OTHER = "other"
    HELPFUL = "helpful"
    UNHELPFUL = "unhelpful"


@dataclass(frozen=True, slots=True)
class ReaderReport:
    """A reader's report on an answer; nothing is kept of the reader."""

    answer_id: str
    kind: ReportKind
    text: str
    at: datetime


class Grade(StrEnum):
    """What came of a question, by the verdicts of the staff, else by readers' thumbs."""

    RIGHT = "right"
    WRONG = "wrong"
    REFUSED = "refused"
    UNJUDGED = "no_verdict"


class QuestionKind(StrEnum):
    """What a question asks for: more than a sentence tells, or what its question word says."""

    WIDE = "wide"
    WHO = "who"
    WHEN = "when"
    WHERE = "where"
    HOW_MANY = "how_many"
    WHY = "why"
    HOW = "how"
    WHAT = "what"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class WeeklyAnswer:
    """An answer that a question got in a week, and what was made of it."""

    review: int
    question: str
    week: date  # its Monday
    answered: bool
    reason: str = ""  # of a refusal
    intent: Intent = Intent.FACT
    outlet: str = ""  # of the first quote
    summarises: str = ""  # what its article is a summary of
    outlets: tuple[str, ...] = ()  # those whose report it quotes: of a summary the ones that it summarises
    judgement: Judgement | None = None  # the staff's verdict on the first statement
    upheld: bool | None = None  # whether the staff stand behind it or took it back; None where they didn't decide
    thumbs: int = 0  # those up less those down
    kind: QuestionKind = QuestionKind.OTHER

    @property
    def grade(self) -> Grade:
        """By the verdict on its first statement, else by a decision of the staff, else by thumbs."""
        if not self.answered:
            return Grade.REFUSED
        right = not self.judgement.rejects if self.judgement else self.upheld
        if right is None and self.thumbs:
            right = self.thumbs > 0
        if right is None:
            return Grade.UNJUDGED
        return Grade.RIGHT if right else Grade.WRONG


@dataclass(frozen=True, slots=True)
class DailyUsage:
    """What a language model used on a day."""

    day: date  # in UTC
    answers: int  # that it wrote
    usage: Usage


@dataclass(frozen=True, slots=True)
class Fixed:
    """One line of the public list of corrections: what was put right, and why."""

    at: datetime | None  # None where that is not known
    subject: str
    what: str
    reason: str
    link: str | None = None


class Role(StrEnum):
    """What a user of the staff area may do; each may do what those before it may."""

    READER = "reader"  # sees the queue
    CHECKER = "checker"  # judges and approves
    EDITOR = "editor"  # edits, withholds, and works on articles
    ADMIN = "admin"  # sees the audit log

    def covers(self, other: Self) -> bool:
        return list(Role).index(self) >= list(Role).index(other)


@dataclass(frozen=True, slots=True)
class Account:
    """A user of the staff area, `active` until shut; one with an `identity` at the OpenID provider has no password."""

    name: str
    role: Role
    active: bool
    made_at: datetime
    identity: str | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody signed in, until a moment. `form_key` proves that a form came from a page of this session."""

    account: Account
    form_key: str
    until: datetime


@dataclass(frozen=True, slots=True)
class ApiToken:
    """A program's way in, with the role that its account has; the token itself is shown once and not kept."""

    name: str
    label: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class AuditedAct:
    """Something that a member of the staff did: `subject` is what it was done to, before and after it."""

    by: str
    what: str
    subject: str
    at: datetime
    before: Mapping[str, object] = field(default_factory=dict)
    after: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """An act in the audit log. `chained` is the digest of the entry and of all before it: see `chain`."""

    number: int
    act: AuditedAct
    chained: str


BEGINNING = "0" * 64  # the digest before the first entry


def chain(previous: str, number: int, act: AuditedAct) -> str:
    """SHA-256 over the digest of the entry before and everything in this one."""
    values = [number, act.by, act.what, act.subject, moment_text(act.at), dict(act.before), dict(act.after)]
    text = json.dumps([previous, values], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
