"""Finding by words: BM25 over the lexical index."""

from __future__ import annotations

from qa.models.dates import Dates
from qa.models.replies import Hit, Question
from qa.protocols import Shelf
from qa.text.terms import content_words
from qa.text.tongues import language_asked

MOST_TERMS = 24
"""Distinct words of a question that are looked up, rarest first: a longer question has said what it is about."""


class LexicalRetriever:
    """A `Retriever` over the lexical index; scores are BM25."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def find(self, question: Question, *, limit: int) -> list[Hit]:
        terms = sorted(content_words(question.text), key=self._shelf.rarity, reverse=True)[:MOST_TERMS]
        between = Dates.of(question)
        language = language_asked(question.text)
        return self._shelf.matching(terms, limit=limit, between=between, language=language)
