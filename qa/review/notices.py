"""What the staff do to articles: corrections, withdrawals, embargoes and restorations, each in the audit log too."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime

from qa.errors import InputError, NotFound, Withdrawn
from qa.i18n.locale import N_
from qa.i18n.messages import Message
from qa.loaders.publication_status import MAX_NOTICE
from qa.models.archive import Article, Source, Status, moment_text
from qa.models.journal import AuditedAct, Fixed, Review, State
from qa.models.notices import Notice, NoticeKind
from qa.store.journal.opening import Journal
from qa.store.notices import NoticeStore

_PUBLIC = (NoticeKind.CORRECTION, NoticeKind.WITHDRAWAL)
LONGEST_ID = 500


class ArticleActions:
    """Acts on articles. Each act counts at once in every process, a page that is being served too."""

    def __init__(
        self, book: NoticeStore, journal: Journal, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._book = book
        self._journal = journal
        self._now = now

    def act(
        self,
        article_id: str,
        kind: NoticeKind,
        text: str,
        *,
        by: str,
        until: datetime | None = None,
        review_on: date | None = None,
    ) -> Notice:
        """Writes a notice; as it was written. Raises NotFound, InputError, StoreError."""
        if kind is NoticeKind.ERASURE:
            raise InputError("Text is erased from the disk by `qa withdraw ID --erase`, where the archive runs.")
        if kind in _PUBLIC and not text:
            raise InputError(Message("Readers are told why: write it down."))
        if len(text) > MAX_NOTICE:
            raise InputError(
                Message(
                    "The text has {number} characters; shorten it to {most} or fewer.",
                    number=len(text),
                    most=MAX_NOTICE,
                )
            )
        now = self._now()
        if review_on and review_on <= now.date():
            raise InputError(Message("The review date is over already. Give a day that is still to come."))
        bears = now.date() if kind in _PUBLIC else None
        article_id = article_id[:LONGEST_ID]
        try:
            notice = self._book.add(Notice(article_id, kind, text, by, now, bears, until, review_on))
        except NotFound:
            unknown = N_("The archive holds no article {id}. `qa list` shows what it holds.")
            raise NotFound(Message(unknown, id=repr(article_id))) from None
        self._journal.audit.add(act_of(notice))
        return notice

    def due(self) -> list[Notice]:
        """Orders that were to be looked at again by now."""
        return self._book.due(self._now().date())

    def newest(self, *, limit: int) -> list[Notice]:
        """The last notices, the newest first."""
        return [entry.notice for entry in self._book.history()[::-1][:limit]]


def act_of(notice: Notice) -> AuditedAct:
    """What the audit log says of a notice: of its text the digest, as a correction may repeat what is to be erased."""
    after: dict[str, object] = {"text_sha256": hashlib.sha256(notice.text.encode()).hexdigest()}
    if notice.until:
        after["until"] = moment_text(notice.until)
    if notice.review_on:
        after["review_on"] = notice.review_on.isoformat()
    return AuditedAct(notice.by, notice.kind.value, notice.article_id, notice.at, {}, after)


MOST_ARTICLES = 1_000
"""Articles that are listed: those that a notice was last written on."""

_TAKEN_BACK = (NoticeKind.WITHDRAWAL, NoticeKind.ERASURE)


def corrections(
    decided: Iterable[Review],
    notices: Iterable[Notice],
    article: Callable[[str], Article],
    *,
    link: Callable[[str], str],
    sources: Iterable[Source] = (),
) -> list[Fixed]:
    """Everything that stands corrected, newest first, the undated last. `link` gives an article's address.

    `notices` come in the order they were written; `sources` are the articles as they stand, for what came with their
    files. Raises StoreError.

    Only texts that are public: neither the question of a withheld answer nor the headline of a withdrawn article, and
    nothing of an article that readers may not know of, or that was restored.
    """
    notices = list(notices)
    fixed = [*_answers(decided), *_articles(notices, article, link), *_from_files(sources, notices, article, link)]
    return sorted(fixed, key=lambda correction: correction.at or _UNDATED, reverse=True)


def _from_files(
    sources: Iterable[Source], notices: Iterable[Notice], article: Callable[[str], Article], link: Callable[[str], str]
) -> Iterator[Fixed]:
    """What the articles' own files say: nothing that a notice says, too."""
    written = {(notice.article_id, notice.text) for notice in notices}
    taken_back = {notice.article_id for notice in notices if notice.kind in _TAKEN_BACK}
    for source in sources:
        if source.status.readable:
            for correction in source.corrections:
                if (source.article_id, correction.text) not in written:
                    at, address = _midnight(correction.day), link(source.article_id)
                    yield Fixed(at, source.title, N_("Article corrected"), correction.text, address)
        elif source.status is Status.WITHDRAWN and source.article_id not in taken_back:
            try:
                article(source.article_id)
            except Withdrawn as withdrawn:
                yield Fixed(
                    _midnight(withdrawn.day), N_("An article was withdrawn"), N_("Article withdrawn"), withdrawn.reason
                )
            except NotFound:
                continue


_UNDATED = datetime.min.replace(tzinfo=UTC)


def _midnight(day: date | None) -> datetime | None:
    return datetime(day.year, day.month, day.day, tzinfo=UTC) if day else None


def _answers(decided: Iterable[Review]) -> Iterator[Fixed]:
    for review in decided:
        if review.at is None:
            continue
        if review.state is State.EDITED:
            yield Fixed(review.at, review.question, N_("Answer put right"), review.reason, f"/answer/{review.standing}")
        elif review.state is State.WITHHELD:
            yield Fixed(review.at, N_("An answer was withheld"), N_("Answer withheld"), review.reason)


def _articles(
    notices: Iterable[Notice], article: Callable[[str], Article], link: Callable[[str], str]
) -> Iterator[Fixed]:
    by_article: dict[str, list[Notice]] = {}
    for notice in notices:
        by_article[notice.article_id] = [*by_article.pop(notice.article_id, ()), notice]
    for article_id, notices_of in list(by_article.items())[-MOST_ARTICLES:]:
        try:
            current = article(article_id)
        except Withdrawn as withdrawn:
            back = [notice for notice in notices_of if notice.kind in _TAKEN_BACK]
            if back:
                # Its page has the reason too, but its id may hold words of the headline: no link.
                yield Fixed(back[-1].at, N_("An article was withdrawn"), N_("Article withdrawn"), withdrawn.reason)
        except NotFound:
            continue
        else:
            for notice in notices_of:
                if notice.kind is NoticeKind.CORRECTION:
                    yield Fixed(notice.at, current.source.title, N_("Article corrected"), notice.text, link(article_id))
