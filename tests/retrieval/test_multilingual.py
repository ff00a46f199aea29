"""Finding and ranking across languages, with words that stand for each other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pytest

from qa.ingestion.completing import complete
from qa.models.archive import Article
from qa.models.replies import Question
from qa.protocols import Vectors
from qa.retrieval.dense import DenseRetriever
from qa.retrieval.late_interaction import SentenceRanker
from qa.retrieval.multilingual import (
    KNOWN,
    AlignedRanker,
    ForEnglish,
    MultilingualRetriever,
    TonguesRanker,
    word_weights,
)
from qa.store.document_store import CatalogueStore
from tests.fakes import FakeEncoder, article

Stock = Callable[[Sequence[Article]], None]
MEANS = {"puerto": "harbour", "cerró": "closed", "lunes": "monday", "alcalde": "mayor"}


class Bilingual(FakeEncoder):
    """Spanish words have the vectors of the English ones that they stand for."""

    def _whole(self, text: str) -> Vectors:
        words = [word.strip("¿?.,") for word in text.lower().split()]
        return super()._whole(" ".join(MEANS.get(word, word) for word in words))


def spanish(article_id: str, body: str) -> Article:
    one = article(article_id, body, title="Titular")
    return replace(one, source=replace(one.source, language="es"))


ARTICLES = [
    spanish("puerto", "El alcalde habló. El puerto se cerró el lunes."),
    article("heron", "A heron nested. Nobody disturbed it."),
]
ASKED = Question("When was the harbour closed?")
PREGUNTA = Question("¿Cuándo se cerró el puerto?")


def in_both(store: CatalogueStore, stock: Stock, articles: Sequence[Article]) -> CatalogueStore:
    """The store with these articles and their vectors by the second encoder."""
    stock(articles)
    store.multilingual.claim(Bilingual(name="second").fingerprint)
    complete(store.multilingual, Bilingual(name="second"))
    return store


@pytest.fixture
def both(store: CatalogueStore, stock: Stock) -> CatalogueStore:
    return in_both(store, stock, ARTICLES)


def ranker_of(store: CatalogueStore) -> TonguesRanker:
    english = SentenceRanker(store, FakeEncoder())
    return TonguesRanker(english, AlignedRanker(Bilingual(), store.idf), store.multilingual)


def test_nothing_is_found_where_no_such_vectors_are(store: CatalogueStore, stock: Stock) -> None:
    stock(ARTICLES)
    encoder = Bilingual()
    assert MultilingualRetriever(store.multilingual, encoder).find(ASKED, limit=3) == []
    assert encoder.calls == 0


def test_a_passage_is_found_by_a_question_in_another_language(both: CatalogueStore) -> None:
    hits = MultilingualRetriever(both.multilingual, Bilingual()).find(ASKED, limit=1)
    assert [hit.passage.source.article_id for hit in hits] == ["puerto"]


def test_the_encoder_for_english_is_asked_in_english_only_where_there_is_another(
    both: CatalogueStore, stock: Stock
) -> None:
    inner = DenseRetriever(both, FakeEncoder())
    guarded = ForEnglish(inner, both.multilingual)
    assert guarded.find(ASKED, limit=3) == inner.find(ASKED, limit=3)
    assert guarded.find(PREGUNTA, limit=3) == []


def test_it_is_asked_in_all_languages_where_it_is_the_only_one(store: CatalogueStore, stock: Stock) -> None:
    stock(ARTICLES)
    inner = DenseRetriever(store, FakeEncoder())
    assert ForEnglish(inner, store.multilingual).find(PREGUNTA, limit=3) == inner.find(PREGUNTA, limit=3)


@pytest.mark.parametrize(("question", "pair"), [(ASKED, "en-es"), (PREGUNTA, "es-es")])
def test_the_sentence_whose_words_mean_the_same_comes_first(
    both: CatalogueStore, question: Question, pair: str
) -> None:
    hits = MultilingualRetriever(both.multilingual, Bilingual()).find(question, limit=2)
    first = ranker_of(both).rank(question, hits)[0]
    assert (first.text, first.pair) == ("El puerto se cerró el lunes.", pair)
    assert first.late == pytest.approx(1, abs=1e-3)
    assert first.cosine > 0.3


def test_english_about_english_is_ranked_as_without_a_second_encoder(both: CatalogueStore) -> None:
    question = Question("What did the heron do?")
    hits = DenseRetriever(both, FakeEncoder()).find(question, limit=2)
    plain = [hit for hit in hits if hit.passage.source.article_id == "heron"]
    expected = SentenceRanker(both, FakeEncoder()).rank(question, plain)
    ranked = ranker_of(both).rank(question, hits)
    assert [hit for hit in ranked if not hit.pair] == expected
    assert {hit.pair for hit in ranked} == {"", "en-es"}


def test_a_question_without_words_ranks_nothing(both: CatalogueStore) -> None:
    hits = MultilingualRetriever(both.multilingual, Bilingual()).find(ASKED, limit=2)
    assert AlignedRanker(Bilingual(), both.idf).rank(Question("?!"), hits) == []


def test_words_are_encoded_once(both: CatalogueStore) -> None:
    hits = MultilingualRetriever(both.multilingual, Bilingual()).find(ASKED, limit=2)
    encoder = Bilingual()
    ranker = AlignedRanker(encoder, both.idf)
    first = ranker.rank(ASKED, hits)
    calls = encoder.calls
    assert ranker.rank(ASKED, hits) == first
    assert encoder.calls == calls + 1, "only the question itself"


def test_a_word_that_stands_nowhere_weighs_as_the_others_do() -> None:
    idf = {"harbour": 2.0, "closed": 4.0}
    weights = word_weights(["harbour", "closed", "cerró"], lambda word: idf.get(word, 9.0))
    np.testing.assert_allclose(weights, [2.001, 4.001, 3.001], atol=1e-4)
    np.testing.assert_allclose(word_weights(["cerró"], lambda word: 9.0), [1.001], atol=1e-4)


def test_a_name_goes_for_what_the_other_language_calls_it(store: CatalogueStore, stock: Stock) -> None:
    """The encoder knows neither word of it; the sentence that names the office comes before the one that doesn't."""
    in_both(store, stock, [spanish("cargo", "Nadie más habló allí. El Defensor del Pueblo habló.")])
    question = Question("What did the ombudsman say?")
    hits = MultilingualRetriever(store.multilingual, Bilingual()).find(question, limit=1)
    by_text = {hit.text: hit for hit in AlignedRanker(Bilingual(), store.idf).rank(question, hits)}
    named, other = by_text["El Defensor del Pueblo habló."], by_text["Nadie más habló allí."]
    assert named.late == pytest.approx(KNOWN)
    assert other.late < KNOWN
    assert (named.met, other.met) == (1.0, 0.0)
