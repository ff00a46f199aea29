"""One behaviour for every `Retriever`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import pytest

from qa.models.archive import Article, Status
from qa.models.replies import Question
from qa.protocols import Retriever, Vectors
from qa.retrieval.ranking import DenseRetriever
from qa.store.document_store import CatalogueStore
from tests.fakes import FakeEncoder, article, indexed

Stock = Callable[[Sequence[Article]], None]
ARTICLES = [
    article("bridge", "The mayor opened the new bridge on Monday.", published=date(1987, 2, 26)),
    article("river", "The river rose by three metres. Nobody was hurt.", published=date(1990, 1, 1)),
    article("undated", "The mayor of the town spoke about a river."),
    article("hidden", "The mayor opened the new bridge on Monday.", status=Status.WITHHELD),
    article("blank", ""),
    *(article(f"n{i}", f"Prices of cocoa fell by {i} pence.", published=date(2000, 1, 1 + i)) for i in range(20)),
]


def found(retriever: Retriever, text: str, *, limit: int = 10, **dates: date) -> list[str]:
    hits = retriever.find(Question(text, **dates), limit=limit)
    assert len(hits) <= limit
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True), "the best come first"
    ids = [hit.passage.source.article_id for hit in hits]
    assert len(ids) == len(set(ids)), "each passage once"
    return ids


@pytest.mark.parametrize("text", ["mayor", "", "🙂", "?!", "the of and"])
def test_an_empty_archive(retriever: Retriever, text: str) -> None:
    assert found(retriever, text) == []


def test_the_best_comes_first(retriever: Retriever, stock: Stock) -> None:
    stock(ARTICLES)
    assert found(retriever, "Who opened the new bridge?")[0] == "bridge"
    assert found(retriever, "By how many metres did the river rise?")[0] == "river"
    assert found(retriever, "mayor of the town", limit=1) == ["undated"]


def test_no_more_than_asked(retriever: Retriever, stock: Stock) -> None:
    stock(ARTICLES)
    for limit in (1, 3, 12):
        assert len(found(retriever, "prices of cocoa", limit=limit)) == limit


def test_a_longer_list_begins_with_the_shorter(retriever: Retriever, stock: Stock) -> None:
    stock(ARTICLES)
    long = found(retriever, "Did the mayor speak about cocoa?", limit=20)
    assert long[:3] == found(retriever, "Did the mayor speak about cocoa?", limit=3)


def test_dates_are_respected(retriever: Retriever, stock: Stock) -> None:
    stock(ARTICLES)
    text = "mayor river bridge cocoa"
    assert set(found(retriever, text, published_from=date(1987, 2, 26), published_until=date(1990, 1, 1))) == {
        "bridge",
        "river",
    }
    assert found(retriever, text, published_until=date(1987, 2, 26)) == ["bridge"]
    assert found(retriever, text, published_from=date(2000, 1, 20)) == ["n19"]
    assert found(retriever, text, published_from=date(2011, 1, 1)) == []


def test_withheld_and_blank_articles_are_never_found(retriever: Retriever, stock: Stock) -> None:
    stock(ARTICLES)
    assert not {"hidden", "blank"} & set(found(retriever, "The mayor opened the new bridge on Monday", limit=50))


@pytest.mark.parametrize(
    "text", ["", "🙂🙂", "\x00", '"NEAR(', "mayor " * 17_000, "<script>alert(1)</script>", "ñ" * 900]
)
def test_odd_questions_do_no_harm(retriever: Retriever, stock: Stock, text: str) -> None:
    stock(ARTICLES)
    found(retriever, text)


def test_asking_twice_gives_the_same(retriever: Retriever, stock: Stock) -> None:
    stock(ARTICLES)
    question = Question("Did the mayor speak about cocoa?")
    assert retriever.find(question, limit=20) == retriever.find(question, limit=20)


def test_by_vectors_what_answers_comes_before_what_is_only_on_the_topic(store: CatalogueStore) -> None:
    class Asked(FakeEncoder):
        def encode_for_answer(self, text: str) -> Vectors:
            return self.encode_question("Title of answer. River rose three metres.")

    store.put(indexed([article("topic", "Any river news."), article("answer", "River rose three metres.")]))
    assert found(DenseRetriever(store, Asked()), "Is there any river news today?") == ["answer", "topic"]
    assert found(DenseRetriever(store, FakeEncoder()), "Is there any river news today?") == ["topic", "answer"]
