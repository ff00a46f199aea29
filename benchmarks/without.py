"""An archive as if one article were not in it."""

from __future__ import annotations

from qa.models.replies import Hit, Question
from qa.protocols import Retriever

SPARE = 5
"""Hits asked for beyond the limit: more than one article has passages."""


class Without:
    """A `Retriever` that finds nothing of one article; None leaves all in.

    It stands before the fusion: an article taken away after it would still shift the others' deviations.
    """

    def __init__(self, inner: Retriever, article_id: str | None = None) -> None:
        self._inner = inner
        self.article_id = article_id

    def find(self, question: Question, *, limit: int) -> list[Hit]:
        hits = self._inner.find(question, limit=limit + SPARE)
        return [hit for hit in hits if hit.passage.source.article_id != self.article_id][:limit]
