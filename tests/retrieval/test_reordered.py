"""Passages are put in the order of their best sentences, where an archive speaks several languages."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from qa.models.archive import Article
from qa.models.replies import Question
from qa.retrieval.lexical import LexicalRetriever
from qa.retrieval.multilingual import AlignedRanker
from qa.retrieval.reordered import ReorderedRetriever
from qa.store.document_store import CatalogueStore
from tests.fakes import article
from tests.retrieval.test_multilingual import Bilingual, in_both, spanish

Stock = Callable[[Sequence[Article]], None]
PREGUNTA = Question("¿Cuándo se cerró el puerto?")
ARTICLES = [
    # More of the question's words as they are written; what is asked for stands in the other language.
    spanish("mercado", "El puerto del mercado. El puerto de la sierra."),
    spanish("lonja", "El puerto tiene una lonja."),
    article("harbour", "The harbour was closed on Monday. El puerto is what sailors say."),
]


@pytest.fixture
def both(store: CatalogueStore, stock: Stock) -> CatalogueStore:
    return in_both(store, stock, ARTICLES)


def reordered(store: CatalogueStore, **depth: int) -> ReorderedRetriever:
    aligned = AlignedRanker(Bilingual(), store.idf)
    return ReorderedRetriever(LexicalRetriever(store), aligned, store.multilingual, **depth)


def found(retriever: ReorderedRetriever | LexicalRetriever, limit: int = 3) -> list[str]:
    return [hit.passage.source.article_id for hit in retriever.find(PREGUNTA, limit=limit)]


def test_what_answers_in_the_other_language_comes_before_what_repeats_a_word(both: CatalogueStore) -> None:
    as_found = found(LexicalRetriever(both))
    assert as_found[0] != "harbour"
    assert found(reordered(both))[0] == "harbour"
    assert sorted(found(reordered(both))) == sorted(as_found), "nothing is lost, nothing invented"


def test_an_archive_of_one_language_keeps_its_order(store: CatalogueStore, stock: Stock) -> None:
    stock(ARTICLES)
    assert reordered(store).find(PREGUNTA, limit=3) == LexicalRetriever(store).find(PREGUNTA, limit=3)


def test_what_lies_deeper_stays_behind(both: CatalogueStore) -> None:
    hits = reordered(both, depth=2).find(PREGUNTA, limit=3)
    assert hits[2].passage == LexicalRetriever(both).find(PREGUNTA, limit=3)[2].passage
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)
    assert len(found(reordered(both, depth=2), limit=1)) == 1
