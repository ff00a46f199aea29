"""The words of the house: frozen values that flow one way, from article to reply."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

HEADLINE_MARK = "headline"


class Status(StrEnum):
    """Whether readers may see an article."""

    LIVE = "live"
    WITHHELD = "withheld"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open stretch of characters, `start` included, `end` not."""

    start: int
    end: int

    def within(self, other: Span) -> bool:
        return other.start <= self.start and self.end <= other.end

    def shifted(self, by: int) -> Span:
        return Span(self.start + by, self.end + by)


@dataclass(frozen=True, slots=True)
class Source:
    """What a reader needs to find and to judge an article; it travels inside every passage."""

    article_id: str
    title: str
    outlet: str
    url: str | None = None
    published: date | None = None
    language: str = "en"
    kind: str = "article"
    status: Status = Status.LIVE
    summarises: str | None = None

    @property
    def credit(self) -> str:
        """Who said it and when, as printed before a quote.

        A summary is never credited to the publication it summarises.
        """
        if self.kind == "summary" and self.summarises:
            return f"Summary of a report in {self.summarises}"
        return f"{self.outlet or 'Unnamed source'}, {long_date(self.published)}"

    @property
    def heading(self) -> str:
        """Headline and date, as they go before the article's words where a machine reads them."""
        return f"{self.title}. {long_date(self.published)}. " if self.published else f"{self.title}. "


@dataclass(frozen=True, slots=True)
class Article:
    """One archived piece. `body` is final clean text: every offset counts its characters.

    `extra` keeps, as JSON values, what the file said and the other fields have no room for.
    """

    source: Source
    body: str
    event_date: str | None = None
    derived_from: str | None = None
    note: str | None = None
    extra: Mapping[str, object] = field(default_factory=dict)

    @property
    def article_id(self) -> str:
        return self.source.article_id

    @property
    def headline_only(self) -> bool:
        """The archive holds no more than the headline; it then is the body too."""
        return self.body == self.source.title

    @property
    def digest(self) -> str:
        """SHA-256 over everything stored of the article: equal digests mean nothing changed."""
        source = self.source
        record = [
            source.article_id, source.title, source.outlet, source.url, source.language, source.kind,
            source.status, source.summarises, source.published and source.published.isoformat(),
            self.body, self.event_date, self.derived_from, self.note, dict(self.extra),
        ]  # fmt: skip
        text = json.dumps(record, ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of whole sentences: `article.body[start:end] == text`.

    `sentences` are spans in the article's body, in order, inside [start, end).
    """

    source: Source
    start: int
    end: int
    text: str
    sentences: tuple[Span, ...] = ()

    @property
    def passage_id(self) -> str:
        return f"{self.source.article_id}:{self.start}-{self.end}"

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)

    @property
    def heading(self) -> str:
        """What is encoded before the text, and shown nowhere; empty where the text is the headline itself."""
        return "" if self.text == self.source.title else self.source.heading

    def slice(self, span: Span) -> str:
        """The text of a span of the body that lies inside this passage."""
        return self.text[span.start - self.start : span.end - self.start]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked. Dates bound the publication date, both inclusive; None is open."""

    text: str
    published_from: date | None = None
    published_until: date | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found. A higher score is better; scores compare only inside one list, best first."""

    passage: Passage
    score: float


@dataclass(frozen=True, slots=True)
class SentenceHit:
    """One sentence of a passage that was found, and how well its words meet the question's.

    `late` is the late-interaction score and `cosine` that of the sentence as a whole; both at most 1,
    higher is better, comparable across questions.
    """

    found: Hit
    span: Span
    late: float
    cosine: float

    @property
    def passage(self) -> Passage:
        return self.found.passage

    @property
    def source(self) -> Source:
        return self.passage.source

    @property
    def text(self) -> str:
        return self.passage.slice(self.span)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence that may answer. `support` is the calibrated probability that it does, 0 to 1.

    `answer` is the stretch of the body that answers a who, when, where or how-many question, if any.
    """

    hit: SentenceHit
    support: float
    answer: Span | None = None

    @property
    def source(self) -> Source:
        return self.hit.source

    @property
    def span(self) -> Span:
        return self.hit.span

    @property
    def text(self) -> str:
        return self.hit.text


@dataclass(frozen=True, slots=True)
class Quote:
    """Verbatim words of an article: `article.body[start:end] == text`.

    `number` is the printed `[n]`, from 1, without gaps. `marked` is the stretch of the body that
    answers, inside [start, end).
    """

    number: int
    source: Source
    start: int
    end: int
    text: str
    marked: Span | None = None

    @property
    def is_headline(self) -> bool:
        return self.text == self.source.title

    @property
    def credit(self) -> str:
        return f"{self.source.credit} ({HEADLINE_MARK})" if self.is_headline else self.source.credit


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of an answer and the quotes it rests on, at least one."""

    text: str
    quotes: tuple[Quote, ...]

    @property
    def lead(self) -> str:
        return self.quotes[0].credit


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the archive holds: how many articles, and the publication dates of the first and last."""

    articles: int
    first: date | None = None
    last: date | None = None

    @property
    def text(self) -> str:
        noun = "article" if self.articles == 1 else "articles"
        if self.first is None or self.last is None:
            return f"{self.articles:,} {noun}"
        return f"{self.articles:,} {noun}, {long_date(self.first)} to {long_date(self.last)}"


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply made of verbatim quotes: at least one statement. `as_of` is the newest date it rests on."""

    question: Question
    statements: tuple[Statement, ...]
    understood_as: str | None = None

    @property
    def quotes(self) -> tuple[Quote, ...]:
        return tuple(quote for statement in self.statements for quote in statement.quotes)

    @property
    def as_of(self) -> date | None:
        return max((q.source.published for q in self.quotes if q.source.published), default=None)


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """The reply where the archive does not hold the answer; a reply, not an error."""

    question: Question
    reason: str
    nearest: tuple[Source, ...]
    coverage: Coverage
    understood_as: str | None = None


Reply = Answer | NoAnswer


@dataclass(frozen=True, slots=True)
class Failure:
    """An article that could not be read; `line` counts from 1, None where the whole file is meant."""

    path: str
    line: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """An article as read, with where it stood and what was noticed about it.

    `id_is_derived` says that the file named no id and one was made from its name.
    """

    article: Article
    path: str
    line: int | None = None
    id_is_derived: bool = False
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class IngestReport:
    """How a run over files ended: counts of articles, failures and notices, seconds taken."""

    added: int
    updated: int
    unchanged: int
    failed: tuple[Failure, ...]
    passages: int
    seconds: float
    notices: tuple[Failure, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that a check of the shelf found wrong."""

    article_id: str | None
    what: str


def long_date(day: date | None) -> str:
    """A date as a reader sees it: 17 March 2005, or "undated"."""
    return f"{day.day} {day:%B} {day.year}" if day else "undated"
