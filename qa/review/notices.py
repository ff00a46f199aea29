"""What the staff do to articles: corrections, withdrawals, embargoes and restorations, each in the audit log too."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from qa.errors import InputError, NotFound, Withdrawn
from qa.i18n.forms import Message
from qa.i18n.locale import N_
from qa.loaders.fields import MAX_NOTICE
from qa.models.archive import Article, Source, Status, moment_text
from qa.models.deliveries import Notice, NoticeKind
from qa.models.journal import AuditedAct, Fixed, Review, State
from qa.store.journal.opening import Journal
from qa.store.notices import NoticeStore

_PUBLIC = (NoticeKind.CORRECTION, NoticeKind.WITHDRAWAL)
LONGEST_ID = 500


@dataclass(frozen=True)
class ArticleActions:
    """Acts on articles. Each act counts at once in every process, a page that is being served too."""

    book: NoticeStore
    journal: Journal
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    def act(
        self,
        article_id: str,
        kind: NoticeKind,
        text: str,
        *,
        by: str,
        until: datetime | None = None,
        review_on: date | None = None,
    ) -> None:
        """Writes a notice. Raises NotFound, InputError, StoreError."""
        if kind is NoticeKind.ERASURE:
            raise InputError("Text is erased from the disk by `qa withdraw ID --erase`, where the archive runs.")
        if kind in _PUBLIC and not text:
            raise InputError(Message("Readers are told why: write it down."))
        if len(text) > MAX_NOTICE:
            longer = N_("The text has {number} characters; shorten it to {most} or fewer.")
            raise InputError(Message(longer, number=len(text), most=MAX_NOTICE))
        now = self.now()
        if review_on and review_on <= now.date():
            raise InputError(Message("The review date is over already. Give a day that is still to come."))
        bears = now.date() if kind in _PUBLIC else None
        article_id = article_id[:LONGEST_ID]
        try:
            notice = self.book.add(Notice(article_id, kind, text, by, now, bears, until, review_on))
        except NotFound:
            unknown = N_("The archive holds no article {id}. `qa list` shows what it holds.")
            raise NotFound(Message(unknown, id=repr(article_id))) from None
        self.journal.audit.add(act_of(notice))

    def due(self) -> list[Notice]:
        """Orders that were to be looked at again by now."""
        return self.book.due(self.now().date())

    def newest(self, *, limit: int) -> list[Notice]:
        """The last notices, the newest first."""
        return self.book.history()[::-1][:limit]


def act_of(notice: Notice) -> AuditedAct:
    """What the audit log says of a notice: of its text the digest, as a correction may repeat what is to be erased."""
    after: dict[str, object] = {"text_sha256": hashlib.sha256(notice.text.encode()).hexdigest()}
    if notice.until:
        after["until"] = moment_text(notice.until)
    if notice.review_on:
        after["review_on"] = notice.review_on.isoformat()
    return AuditedAct(notice.by, notice.kind.value, notice.article_id, notice.at, {}, after)


def corrections(
    decided: Iterable[Review],
    sources: Iterable[Source],
    noticed: Iterable[str],
    article: Callable[[str], Article],
    *,
    link: Callable[[str], str],
) -> list[Fixed]:
    """Everything that stands corrected, newest first, the undated last. `link` gives an article's address.

    `sources` are the articles as they stand, `noticed` the ids of those that the staff acted on, which may be erased.
    Only texts that are public: neither the question of a withheld answer nor the headline of a withdrawn article, and
    nothing of an article that readers may not know of, or that was restored. Raises StoreError.
    """
    fixed = []
    for review in decided:
        if review.at and review.state is State.EDITED:
            address = f"/answer/{review.standing}"
            fixed.append(Fixed(review.at, review.question, N_("Answer put right"), review.reason, address))
        elif review.at and review.state is State.WITHHELD:
            fixed.append(Fixed(review.at, N_("An answer was withheld"), N_("Answer withheld"), review.reason))
    by_id = {source.article_id: source for source in sources}
    for source in by_id.values():
        for correction in source.corrections if source.status.readable else ():
            day, address = _midnight(correction.day), link(source.article_id)
            fixed.append(Fixed(day, source.title, N_("Article corrected"), correction.text, address))
    withdrawn = (name for name, source in by_id.items() if source.status is Status.WITHDRAWN)
    for name in dict.fromkeys([*(name for name in noticed if name not in by_id), *withdrawn]):
        try:
            article(name)
        except Withdrawn as notice:
            # Its page has the reason too, but its id may hold words of the headline: no link.
            what = (N_("An article was withdrawn"), N_("Article withdrawn"))
            fixed.append(Fixed(_midnight(notice.day), *what, notice.reason))
        except NotFound:
            continue
    return sorted(fixed, key=lambda row: row.at or datetime.min.replace(tzinfo=UTC), reverse=True)


def _midnight(day: date | None) -> datetime | None:
    return datetime(day.year, day.month, day.day, tzinfo=UTC) if day else None
