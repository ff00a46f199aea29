"""The sums of late interaction by hand, and the ranking of sentences."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from qa.models.archive import Article, Passage, Source, Span
from qa.models.replies import Hit, Question
from qa.protocols import TokenVectors
from qa.retrieval import late_interaction
from qa.retrieval.late_interaction import RerankedRetriever, SentenceRanker, sentence_scores, token_weights
from qa.retrieval.lexical import LexicalRetriever
from qa.store.document_store import CatalogueStore
from tests.fakes import FakeEncoder, article

Stock = Callable[[Sequence[Article]], None]


def tokens(rows: list[list[float]], spans: list[tuple[int, int]]) -> TokenVectors:
    return TokenVectors(np.array(rows, dtype=np.float32), tuple(spans))


def test_the_weighted_mean_of_best_matches() -> None:
    passage = Passage(Source("a", "A", ""), 100, 110, "ab cd. ef.", (Span(100, 106), Span(107, 110)))
    assert passage.heading == "A. "
    question = tokens([[1, 0], [0, 1]], [(0, 2), (3, 5)])
    read = tokens([[0.8, 0.6], [1, 0], [0.6, 0.8], [0, 1]], [(0, 1), (3, 5), (6, 8), (10, 12)])
    weights = np.array([3, 1], dtype=np.float32)
    whole = np.array([0.6, 0.8], dtype=np.float32)
    first, second = sentence_scores(question, weights, whole, Hit(passage, 1.0), read)
    assert first.late == pytest.approx((3 * 1.0 + 1 * 0.8) / 4)
    assert second.late == pytest.approx((3 * 0.8 + 1 * 1.0) / 4), "the heading's words count for every sentence"
    mean = np.array([0.8, 0.4])
    assert first.cosine == pytest.approx(float(whole @ mean / np.linalg.norm(mean)))
    assert second.cosine == pytest.approx(0.8), "the heading is no part of the sentence as a whole"
    assert (first.text, second.text) == ("ab cd.", "ef.")


def test_a_sentence_beyond_what_the_encoder_reads_scores_nothing() -> None:
    passage = Passage(Source("a", "A", ""), 0, 10, "ab cd. ef.", (Span(0, 6), Span(7, 10)))
    one = tokens([[1, 0]], [(3, 5)])
    first, beyond = sentence_scores(one, np.ones(1, dtype=np.float32), one.vectors[0], Hit(passage, 1.0), one)
    assert first.late == pytest.approx(1)
    assert (beyond.late, beyond.cosine) == (0, 0)


def test_rare_words_weigh_more_than_grammar_and_signs() -> None:
    text = "Who pays the mayor’s heron?"
    asked = FakeEncoder().encode_tokens([text])[0]
    idf = {"heron": 5.0, "mayor": 2.0, "pays": 3.0}
    weights = token_weights(text, asked, lambda word: idf.get(word, 0.5))
    named = {text[a:b]: float(weight) for (a, b), weight in zip(asked.spans, weights, strict=True)}
    assert named["heron"] == pytest.approx(5, abs=1e-4)
    assert named["mayor"] == pytest.approx(2, abs=1e-4)
    assert named["s"] == pytest.approx(2, abs=1e-4)  # of the same word
    assert named["Who"] == named["the"] == pytest.approx(0.15, abs=1e-4)
    assert 0 < named["?"] < 1e-4


def test_weights_are_never_all_nothing() -> None:
    asked = FakeEncoder().encode_tokens(["?!"])[0]
    assert token_weights("?!", asked, lambda word: 0.0).sum() > 0


def test_the_sentence_with_the_questions_words_is_first(store: CatalogueStore, stock: Stock) -> None:
    stock([article("a", "The river rose. The mayor opened the bridge. Cocoa fell."), article("b", "Cocoa fell again.")])
    question = Question("Did the mayor open a bridge?")
    ranked = SentenceRanker(store, FakeEncoder()).rank(question, LexicalRetriever(store).find(question, limit=5))
    assert ranked[0].text == "The mayor opened the bridge."
    assert [hit.late for hit in ranked] == sorted((hit.late for hit in ranked), reverse=True)
    assert all(hit.text == store.article(hit.source.article_id).body[hit.span.start : hit.span.end] for hit in ranked)


@pytest.mark.parametrize("text", ["", "🙂", "  "])
def test_a_question_without_tokens(store: CatalogueStore, stock: Stock, text: str) -> None:
    stock([article("a", "The river rose.")])
    hits = LexicalRetriever(store).find(Question("river"), limit=5)
    SentenceRanker(store, FakeEncoder()).rank(Question(text), hits)
    assert SentenceRanker(store, FakeEncoder()).rank(Question("river"), []) == []


def test_only_the_first_few_are_compared(store: CatalogueStore, stock: Stock) -> None:
    stock([article(f"a{i}", f"The river rose by {i}.") for i in range(6)])
    question = Question("river")
    hits = LexicalRetriever(store).find(question, limit=6)
    ranked = SentenceRanker(store, FakeEncoder(), depth=2).rank(question, hits)
    assert {hit.source.article_id for hit in ranked} == {hit.passage.source.article_id for hit in hits[:2]}


def test_what_is_remembered_changes_nothing(
    store: CatalogueStore, stock: Stock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(late_interaction, "CACHED", 3)
    stock([article(f"a{i}", f"The river rose by {i}.") for i in range(8)])
    ranker, question = SentenceRanker(store, FakeEncoder()), Question("river 3")
    hits = LexicalRetriever(store).find(question, limit=8)
    assert ranker.rank(question, hits) == ranker.rank(question, hits)


def test_reranking_lifts_the_best_sentence_and_keeps_the_rest_below() -> None:
    spans = (Span(0, 28),)
    texts = {
        "wrong": "Nothing of it is said there.",
        "right": "The mayor opened the bridge.",
        "tail": "Cocoa fell by a few pennies.",
    }
    passages = {name: Passage(Source(name, name, ""), 0, 28, text, spans) for name, text in texts.items()}

    class Inner:
        def find(self, question: Question, *, limit: int) -> list[Hit]:
            return [Hit(passages["wrong"], 2.0), Hit(passages["right"], 1.0), Hit(passages["tail"], 0.9)]

    class AnyShelf:
        def idf(self, term: str) -> float:
            return 1.0

    ranker = SentenceRanker(AnyShelf(), FakeEncoder(), depth=2)  # type: ignore[arg-type]
    found = RerankedRetriever(Inner(), ranker, depth=2).find(Question("mayor opened bridge"), limit=3)
    assert [hit.passage.source.article_id for hit in found] == ["right", "wrong", "tail"]
    assert found[0].score > found[1].score > found[2].score
