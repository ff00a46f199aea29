"""Finding by words: BM25 over the lexical index."""

from __future__ import annotations

from qa.models.dates import Dates
from qa.models.replies import Hit, Question
from qa.protocols import DocumentStore
from qa.text.language import language_asked
from qa.text.terms import content_words

MOST_TERMS = 24
"""Distinct words of a question that are looked up, rarest first: a longer question has said what it is about."""


class LexicalRetriever:
    """A `Retriever` over the lexical index; scores are BM25."""

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    def find(self, question: Question, *, limit: int) -> list[Hit]:
        terms = sorted(content_words(question.text), key=self._store.idf, reverse=True)[:MOST_TERMS]
        between = Dates.of(question)
        language = language_asked(question.text)
        return self._store.matching(terms, limit=limit, between=between, language=language)
