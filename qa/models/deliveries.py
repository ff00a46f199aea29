"""What comes in: articles as they were read, notices and what they make of articles, and how a run over files ended."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from qa.models.archive import BY_HAND, Article, Original, Status

WITHIN = " > "  # between a container and its member in a path


def place_text(path: str, line: int | None) -> str:
    return path if line is None else f"{path}, line {line}"


@dataclass(frozen=True, slots=True)
class Failure:
    """An article that could not be read; `line` counts from 1, None where the whole file is meant."""

    path: str
    line: int | None
    reason: str

    def __str__(self) -> str:
        return f"{place_text(self.path, self.line)}: {self.reason}"


class NoticeKind(StrEnum):
    """What a notice does to its article."""

    CORRECTION = "correction"
    WITHDRAWAL = "withdrawal"
    ERASURE = "erasure"  # a withdrawal that takes the text off the disk too
    EMBARGO = "embargo"
    RESTORATION = "restoration"


@dataclass(frozen=True, slots=True)
class Notice:
    """One act of the staff, kept for good.

    `text` is the correction, or why; a correction's and a withdrawal's is public. `at` and `until` are in UTC. `day`
    is the date that a correction or a withdrawal bears; on `review_on` the staff mean to look at it again. An erasure
    that is still to be carried out is `pending`.
    """

    article_id: str
    kind: NoticeKind
    text: str
    by: str
    at: datetime
    day: date | None = None
    until: datetime | None = None
    review_on: date | None = None
    pending: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Standing:
    """How an article stands now, by file and notices; `reason` and `day` are of a withdrawal, `until` is in UTC."""

    status: Status
    reason: str = ""
    day: date | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """An earlier text of an article, with all that its file said then; `path` is where it was read from.

    `stored_at` and `replaced_at`, in UTC, are when the archive took it in, None where that is not known, and when
    another took its place.
    """

    number: int
    article: Article
    path: str
    stored_at: datetime | None
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
    """An article as read, with where it stood and what was noticed about it.

    `id_is_derived` says that the file named no id and one was made from its name. `orders` are what it says of others.
    `language_assumed` says that neither the file nor the options named a language. `source` delivered it.
    """

    article: Article
    path: str
    line: int | None = None
    id_is_derived: bool = False
    notices: tuple[str, ...] = ()
    original: Original | None = None
    orders: tuple[WireNotice, ...] = ()
    language_assumed: bool = False
    source: str = BY_HAND


@dataclass(frozen=True, slots=True)
class Remark:
    """Something about a file or a folder that whoever reads the report should know."""

    path: str
    line: int | None
    text: str


@dataclass(frozen=True, slots=True)
class FileRead:
    """That a file of a source was read to its end, its size in bytes; something of it may have `failed`.

    `articles` are the ids of those in it. What a feed `scrolls` past is not gone.
    """

    source: str
    path: str
    size: int
    changed_ns: int
    articles: frozenset[str] = frozenset()
    failed: bool = False
    scrolls: bool = False


Record = Delivery | WireNotice | Failure | Remark  # what reading yields


@dataclass(slots=True)
class IngestReport:
    """How a run over files ended: counts of articles, failures and notices, seconds taken; it grows as the run goes on.

    `older` were versions of articles that are held in a newer one, `orders` the words of items about other ones that
    were heard for the first time; `removed` are the ids of those taken out because their files are gone.
    """

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    failed: list[Failure] = field(default_factory=list)
    notices: list[Failure] = field(default_factory=list)
    older: int = 0
    orders: list[WireNotice] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    passages: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that a check of the store found wrong."""

    article_id: str | None
    what: str


@dataclass(frozen=True, slots=True)
class Collision:
    """An item that names an article of another source: by its own id, or by what it says of that article.

    `source` is the item's, `owner` the article's; `notice` is the kind of what the item says, empty where it would
    replace the article. `held_at` is the path that the article was read from, empty where it is no longer held.
    """

    article_id: str
    source: str
    owner: str
    notice: str = ""
    held_at: str = ""

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
