"""What the staff say of an article after it was taken in: corrections, withdrawals, embargoes, and who said it."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from qa.models.archive import Article, Status


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
