"""Answers at their permanent addresses: looked up in the journal and held beside today's archive."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from qa.errors import NotFound
from qa.models.archive import Article
from qa.models.journal import Record, Review
from qa.review.shown import Shown, shown
from qa.store.journal.records import RecordStore
from qa.store.journal.reviews import ReviewStore

ANSWER_ID = re.compile(r"[A-Za-z0-9_-]{22}")
"""What `secrets.token_urlsafe(16)` gives."""


class PermanentAnswers:
    """The answers that are kept, as they may be shown today. Safe between threads."""

    def __init__(self, records: RecordStore, reviews: ReviewStore, article: Callable[[str], Article]) -> None:
        self._records = records
        self._reviews = reviews
        self._article = article

    def get(self, answer_id: str) -> Shown | None:
        """None where it isn't kept. Raises StoreError."""
        record = self._records.get(answer_id)
        return self.show(record) if record else None

    def of(self, answer_ids: Sequence[str]) -> list[Shown]:
        """Those of the answers that are kept, each once, in the order given. Raises StoreError."""
        wanted = list(dict.fromkeys(answer_ids))
        held = {one.answer_id: one for one in self._records.of(wanted)}
        return [self.show(held[name]) for name in wanted if name in held]

    def show(self, record: Record) -> Shown:
        """A record as it may be shown today. Raises StoreError."""
        review = self._review(record.answer_id)
        standing = self._standing(record, review)
        return shown(record, self._article, review=review, standing=standing)

    def _review(self, answer_id: str) -> Review | None:
        try:
            return self._reviews.of_answer(answer_id)
        except NotFound:
            return None

    def _standing(self, record: Record, review: Review | None) -> Record | None:
        if review is None or review.standing is None:
            return None
        return record if review.standing == record.answer_id else self._records.get(review.standing)
