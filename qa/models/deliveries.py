"""What comes in: articles as they were read, notices and what they make of articles, and how a run over files ended."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from qa.models.archive import BY_HAND, Article, Original, Status

WITHIN = " > "  # between a container and its member in a path


def place_text(path: str, line: int | None) -> str:
    return path if line is None else f"{path}, line {line}"


@dataclass(frozen=True, slots=True)
class Remark:
    """Something about a file that readers of the report should know; `line` counts from 1, None for the whole file."""

    path: str
    line: int | None
    reason: str

    def __str__(self) -> str:
        return f"{place_text(self.path, self.line)}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Failure(Remark):
    """That an article could not be read."""


class NoticeKind(StrEnum):
    """What a notice does to its article."""

    CORRECTION = "correction"
    WITHDRAWAL = "withdrawal"
    ERASURE = "erasure"  # a withdrawal that takes the text off the disk too
    EMBARGO = "embargo"
    RESTORATION = "restoration"


@dataclass(frozen=True, slots=True)
class Notice:
    """One act of the staff, kept for good; times are in UTC."""

    article_id: str
    kind: NoticeKind
    text: str  # the correction, or why; public of a correction and a withdrawal
    by: str
    at: datetime
    day: date | None = None  # that a correction or a withdrawal bears
    until: datetime | None = None  # when an embargo ends; of a correction, since when its words hold no more
    review_on: date | None = None  # when the staff mean to look at it again
    pending: bool = field(default=False, compare=False)  # an erasure that is still to be carried out


@dataclass(frozen=True, slots=True)
class Standing:
    """How an article stands now, by file and notices; `reason` and `day` are of a withdrawal, `until` is in UTC."""

    status: Status
    reason: str = ""
    day: date | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """An earlier text of an article, with all that its file said then; times are in UTC."""

    number: int
    article: Article
    path: str  # where it was read from
    stored_at: datetime | None  # None where that is not known
    replaced_at: datetime

    @property
    def digest(self) -> str:
        return self.article.digest


@dataclass(frozen=True, slots=True)
class WireNotice:
    """What an item says of another of its source: that it is withdrawn (killed) or corrected; `text` is public."""

    article_id: str
    kind: NoticeKind
    text: str
    path: str
    line: int | None = None
    day: date | None = None
    source: str = BY_HAND


@dataclass(frozen=True, slots=True)
class Delivery:
    """An article as read, with where it stood and what was noticed about it."""

    article: Article
    path: str
    line: int | None = None
    id_is_derived: bool = False  # the file named no id, and one was made from its name
    notices: tuple[str, ...] = ()
    original: Original | None = None
    orders: tuple[WireNotice, ...] = ()  # what it says of others
    language_assumed: bool = False  # neither the file nor the options named a language
    source: str = BY_HAND


@dataclass(frozen=True, slots=True)
class FileRead:
    """That a file of a source was read to its end."""

    source: str
    path: str
    size: int  # bytes
    changed_ns: int
    articles: frozenset[str] = frozenset()  # their ids
    failed: bool = False  # something of it couldn't be read
    scrolls: bool = False  # a feed: what it scrolls past is not gone


Record = Delivery | WireNotice | Failure | Remark  # what reading yields


@dataclass(slots=True)
class IngestReport:
    """How a run over files ended: counts of articles, failures and notices; it grows as the run goes on."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    failed: list[Failure] = field(default_factory=list)
    notices: list[Remark] = field(default_factory=list)
    older: int = 0  # versions of articles that are held in a newer one
    orders: list[WireNotice] = field(default_factory=list)  # what items say of other ones, heard for the first time
    removed: list[str] = field(default_factory=list)  # ids of those taken out because their files are gone
    passages: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that a check of the store found wrong."""

    article_id: str | None
    what: str


@dataclass(frozen=True, slots=True)
class Collision:
    """An item that names an article of another source: by its own id, or by what it says of that article."""

    article_id: str
    source: str  # of the item
    owner: str  # of the article
    notice: str = ""  # the kind of what the item says; empty where it would replace the article
    held_at: str = ""  # the path that the article was read from; empty where it is no longer held

    @property
    def reason(self) -> str:
        """What was left undone, and what to do."""
        source = _named(self.source)
        way = f"name {self.owner!r} in its notices_for" if self.owner else "take it back by `qa withdraw`"
        if self.source == BY_HAND:
            remedy = "`qa ingest --replace` does it all the same"
        elif self.notice:
            remedy = f"if notices of {source} count for it, {way}"
        else:
            remedy = f"give the item another id, or {source} an id_prefix in archive.toml"
            if self.owner == BY_HAND and self.held_at:
                remedy += "; if it is the same article, take the one held out by `qa remove` first"
        undone = f"the {self.notice} is not heeded" if self.notice else "nothing is stored"
        return f"{self.found}; {undone}: {remedy}"

    @property
    def found(self) -> str:
        """Which id belongs to which source."""
        place = f" (read from {self.held_at})" if self.held_at else " (no longer held)"
        return f"the id {self.article_id!r} belongs to an article of {_named(self.owner)}{place}"


def _named(source: str) -> str:
    return f"the source {source!r}" if source else "what was added by hand"
