"""What the staff decided, as it counts when a question is asked again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from qa.answering.refusing import WITHHELD
from qa.domain.archive import Article, Coverage
from qa.domain.journal import Cited, Record
from qa.domain.replies import NoAnswer, Question, Reply
from qa.domain.reviews import Review, State
from qa.errors import NotFound
from qa.review.sameness import CLOSE, closeness, key_of
from qa.storage.journal.records import RecordBook
from qa.storage.journal.reviews import ReviewBook

MOST_OFFERED = 2


class StaffRulings:
    """`Rulings` by the reviews of a journal. An answer that rests on what has changed since counts no more."""

    def __init__(
        self,
        reviews: ReviewBook,
        records: RecordBook,
        *,
        article: Callable[[str], Article],
        coverage: Callable[[], Coverage],
    ) -> None:
        self._reviews = reviews
        self._records = records
        self._article = article
        self._coverage = coverage

    def settled(self, question: Question) -> Reply | None:
        review = self._reviews.of_key(key_of(question))
        if review is None or review.state is State.OPEN or review.at is None:
            return None
        if review.state is State.WITHHELD:
            return NoAnswer(question, WITHHELD, (), self._coverage(), checked_on=review.at.date())
        record = self._records.get(review.standing or "")
        if record is None or record.reply is None or self.outdated(review, record):
            return None
        return replace(record.reply, checked_on=review.at.date())

    def rejected(self, question: Question) -> frozenset[tuple[str, str]]:
        return frozenset((one.article_id, one.sentence) for one in self._reviews.rejected(key_of(question)))

    def outdated(self, review: Review, record: Record) -> bool:
        """Whether the answer that a review stands behind rests on what has changed; if so, that is noted."""
        changed = changed_since(record, article=self._article, coverage=self._coverage)
        if changed:
            self._reviews.changed(review.number, changed)
        return bool(changed)

    def sweep(self) -> int:
        """Notes every decision that rests on what has changed since; how many do."""
        decided = [review for review in self._reviews.decided() if review.standing]
        records = {
            record.answer_id: record for record in self._records.of([review.standing or "" for review in decided])
        }
        return sum(self.outdated(review, records[review.standing]) for review in decided if review.standing in records)

    def close_to(self, question: str) -> list[tuple[str, str]]:
        """Questions close to this one that the staff stand behind an answer to, with its id, the closest first."""
        weighed = [
            (closeness(question, other), other, answer_id)
            for other, answer_id in self._reviews.standing()
            if other.casefold() != question.casefold()
        ]
        close = sorted((one for one in weighed if one[0] >= CLOSE), key=lambda one: -one[0])
        return [(other, answer_id) for _, other, answer_id in close[:MOST_OFFERED]]


ARCHIVE = "archive"
"""Stands for the archive as a whole among what has changed: that it holds no answer may be true no more."""


def changed_since(
    record: Record, *, article: Callable[[str], Article], coverage: Callable[[], Coverage]
) -> Sequence[str]:
    """Ids of the articles that a record rests on and that readers see otherwise now, or not at all."""
    changed = [cited.article_id for cited in record.cited if not _as_it_was(cited, article)]
    if isinstance(record.reply, NoAnswer) and record.reply.coverage != coverage():
        changed.append(ARCHIVE)
    return changed


def _as_it_was(cited: Cited, article: Callable[[str], Article]) -> bool:
    try:
        return Cited.of(article(cited.article_id)) == cited
    except NotFound:
        return False
