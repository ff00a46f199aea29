"""Finding by meaning: cosine of the question's vector with the passages'."""

from __future__ import annotations

from qa.models.dates import Dates
from qa.models.replies import Hit, Question
from qa.protocols import DocumentStore, Encoder


class DenseRetriever:
    """A `Retriever` over the vector index; scores are cosines."""

    def __init__(self, store: DocumentStore, encoder: Encoder) -> None:
        self._store = store
        self._encoder = encoder

    def find(self, question: Question, *, limit: int) -> list[Hit]:
        vector = self._encoder.encode_question(question.text)
        between = Dates.of(question)
        return self._store.near(vector, limit=limit, between=between)
