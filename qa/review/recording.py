"""Keeping what was answered, as it was shown."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import UTC, datetime

from qa.answering.finished import in_its_words
from qa.errors import NotFound
from qa.models.archive import Article
from qa.models.journal import Channel, Cited, Making, Record, sources_of
from qa.models.replies import Answer, Composer, Reply
from qa.models.support import Verdict
from qa.review.overrides import question_key
from qa.store.journal.records import RecordStore


class Recorder:
    """Keeps replies in the journal. Safe between threads."""

    def __init__(
        self,
        records: RecordStore,
        article: Callable[[str], Article],
        making: Making,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._records = records
        self._article = article
        self._making = making
        self._now = now

    def keep(self, reply: Reply, *, channel: Channel, seconds: float) -> str:
        """Keeps a whole reply, before it is shown; the id of its permanent address. Raises StoreError."""
        record = self.record(in_its_words(reply), channel=channel, seconds=seconds)
        self._records.add(record, key=question_key(reply), doubt=doubt(reply))
        return record.answer_id

    def record(self, reply: Reply, *, channel: Channel, seconds: float) -> Record:
        """A record that isn't kept yet, with the articles as they are now."""
        cited = []
        for source in sources_of(reply):
            try:
                cited.append(Cited.of(self._article(source.article_id)))
            except NotFound:  # taken back since the reply was made: its page will say so
                cited.append(Cited(source.article_id, "", ""))
        return Record(
            secrets.token_urlsafe(16),
            self._now(),
            channel,
            reply.question.text,
            reply,
            tuple(cited),
            self._making,
            seconds,
        )


REFUSED, CONFLICTING, FELL_BACK, PARTLY = 0.7, 0.6, 0.5, 0.5
"""The order is what matters: a refusal may hide an answer that the archive holds, which nobody else will notice; a
conflict may be none; of the rest the least certain sentence counts."""

CORRECTED = 0.3
WRITTEN = 0.2


def doubt(reply: Reply) -> float:
    """From 0, nothing speaks against it, to 1."""
    if not isinstance(reply, Answer):
        return REFUSED
    doubts = [0.0]
    if reply.conflicts:
        doubts.append(CONFLICTING)
    if reply.fallback:
        doubts.append(FELL_BACK)
    if reply.composed_by is Composer.MODEL:
        doubts.append(WRITTEN)
    if any(quote.source.corrections for quote in reply.quotes):
        doubts.append(CORRECTED)
    for statement in reply.statements:
        if statement.support and statement.support.verdict is not Verdict.SUPPORTED:
            doubts.append(PARTLY)
        if statement.likelihood is not None:
            doubts.append(1 - statement.likelihood)
    return max(doubts)
