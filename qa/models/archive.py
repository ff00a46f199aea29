"""What the archive holds: articles, their sources, what they were read from, and the pieces that they are cut into."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Self


@dataclass(frozen=True, slots=True)
class Coded:
    """A subject, place, person or organisation as the source names it; `code` is in the source's own scheme."""

    name: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Rights:
    """Who owns a piece; at most `quote_limit` words of it may be shown in one place, 0 forbids any, None any number."""

    holder: str = ""
    notice: str = ""
    terms: str = ""
    quote_limit: int | None = None


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the source says of an article beside its words; empty where it says nothing."""

    slugline: str = ""
    byline: str = ""
    section: str = ""  # the desk or part of the paper
    keywords: tuple[str, ...] = ()
    subjects: tuple[Coded, ...] = ()
    places: tuple[Coded, ...] = ()
    people: tuple[Coded, ...] = ()
    organisations: tuple[Coded, ...] = ()
    rights: Rights = Rights()
    urgency: int | None = None  # from 1, most urgent, to 9
    version: str = ""  # the source's own name for this version
    revised: datetime | None = None  # its moment, in UTC
    supersedes: str = ""  # the id of the item that this one replaces
    editor_note: str = ""  # for the staff alone

    def precedes(self, other: Self) -> bool:
        """Whether this is certainly an older version than the other, by their numbers or else by their moments."""
        if self.version.isdecimal() and other.version.isdecimal() and self.version != other.version:
            return int(self.version) < int(other.version)
        return bool(self.revised and other.revised and self.revised < other.revised)


class Status(StrEnum):
    """Whether readers may see an article, and whether they are told of an error in it."""

    LIVE = "live"
    CORRECTED = "corrected"
    WITHHELD = "withheld"  # not public; readers don't learn that it exists
    EMBARGOED = "embargoed"  # withheld until a moment
    WITHDRAWN = "withdrawn"  # taken back; readers learn that, and why

    @property
    def readable(self) -> bool:
        return self in (Status.LIVE, Status.CORRECTED)


@dataclass(frozen=True, slots=True)
class Correction:
    """What readers are told before they are shown the words of an article that has an error."""

    text: str
    day: date | None = None
    printed_in: str = ""  # the id of the article that says so; empty: the file of the one corrected, or the staff


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """That an article was taken back; `reason` is public, and may be empty."""

    reason: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open stretch of characters, `start` included, `end` not."""

    start: int
    end: int

    def within(self, other: Self) -> bool:
        return other.start <= self.start and self.end <= other.end

    def overlaps(self, other: Self) -> bool:
        return self.start < other.end and other.start < self.end

    def shifted(self, by: int) -> Self:
        return type(self)(self.start + by, self.end + by)


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
    corrections: tuple[Correction, ...] = ()
    version: int = field(default=1, compare=False)  # counts the texts of it that the archive has held
    quote_limit: int | None = None  # as that of its rights

    @property
    def correction(self) -> Correction | None:
        """All corrections as one, under the date of the latest; None where there are none."""
        if not self.corrections:
            return None
        latest = max((correction.day for correction in self.corrections if correction.day), default=None)
        printed_in = {correction.printed_in for correction in self.corrections}
        text, said_by = " ".join(correction.text for correction in self.corrections), printed_in.pop()
        return Correction(text, latest, "" if printed_in else said_by)

    @property
    def credit(self) -> str:
        """Who said it and when, as printed before a quote; a summary is never credited to what it summarises."""
        credit = f"{self.outlet or 'Unnamed source'}, {long_date(self.published)}"
        if self.kind == "summary" and self.summarises:
            credit = f"Summary of a report in {self.summarises}"
        return f"{credit}, version {self.version}" if self.version > 1 else credit

    @property
    def heading(self) -> str:
        """Headline and date, as they go before the article's words where a machine reads them."""
        return f"{self.title}. {long_date(self.published)}. " if self.published else f"{self.title}. "


BY_HAND = ""  # the source of articles that no source of `archive.toml` delivered
TEASER = "teaser"  # kind of an article of which the archive holds only the opening


@dataclass(frozen=True, slots=True)
class Article:
    """One archived piece."""

    source: Source
    body: str  # final clean text: every offset counts its characters
    event_date: str | None = None
    derived_from: str | None = None
    note: str | None = None
    extra: Mapping[str, object] = field(default_factory=dict)  # JSON values for which the other fields have no room
    embargo: datetime | None = None  # in UTC
    withdrawal: Withdrawal | None = None
    metadata: Metadata = Metadata()

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
        # When a page was fetched is no part of what it says.
        extra = {key: value for key, value in self.extra.items() if key != "captured"}
        record: list[object] = [
            source.article_id, source.title, source.outlet, source.url, source.language, source.kind,
            source.status, source.summarises, source.published,
            self.body, self.event_date, self.derived_from, self.note, extra,
            *([correction.text, correction.day] for correction in source.corrections),
        ]  # fmt: skip
        # What a file doesn't say is left out, so that digests of old hold.
        if self.embargo:
            record.append(["embargo", self.embargo])
        if self.withdrawal:
            record.append(["withdrawn", self.withdrawal.reason, self.withdrawal.day])
        if self.metadata != Metadata():
            record.append(["metadata", asdict(replace(self.metadata, revised=None)), self.metadata.revised])
        text = json.dumps(record, ensure_ascii=False, sort_keys=True, default=time_text)
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Original:
    """What an article was read from: `sha256` of the file, member or record that is its own, `inside` a container."""

    sha256: str
    inside: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of whole sentences, spans of the article's body in order: `article.body[start:end] == text`."""

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
class Coverage:
    """What the archive holds: how many articles, and the publication dates of the first and last."""

    articles: int
    first: date | None = None
    last: date | None = None


def long_date(day: date | None) -> str:
    """A date as a reader sees it: 17 March 2005, or "undated"."""
    return f"{day.day} {day:%B} {day.year}" if day else "undated"


def moment_text(moment: datetime) -> str:
    """A moment in UTC to the second, such as 2026-12-01T00:00:00Z: in the order of the alphabet, the order of time."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def time_text(time: date | datetime) -> str:
    """A day or a moment as JSON has it."""
    return moment_text(time) if isinstance(time, datetime) else time.isoformat()


def allowed_span(text: str, limit: int, *, around: Span | None = None) -> Span | None:
    """The stretch of at most `limit` whole words of a text that holds as much of `around` as fits; None for none."""
    words = [match.span() for match in re.finditer(r"\S+", text)]
    if limit <= 0 or not words:
        return None
    last = max(limit, sum(start < around.end for start, _ in words)) if around else limit
    chosen = words[max(0, min(last, len(words)) - limit) : last]
    return Span(chosen[0][0], chosen[-1][1])


@dataclass(frozen=True, slots=True)
class ListedArticle:
    """One line of a list. `event_date` is as the article's file has it: a date, a part of one, or words."""

    source: Source
    event_date: str | None = None


@dataclass(frozen=True, slots=True)
class Origins:
    """The outlets and the languages of the archive, each once, in the order of the alphabet; and what it summarises."""

    outlets: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    summarised: tuple[str, ...] = ()  # as `Source.summarises`
