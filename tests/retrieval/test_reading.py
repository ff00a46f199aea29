"""The sentences of passages that are worth reading, in windows; labels left out, likeliest answer first."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from qa.ingestion.ingest import passage_window
from qa.models.archive import Article, Passage, Source, Span
from qa.models.replies import Hit, Question, SentenceHit
from qa.protocols import Vectors, Window
from qa.retrieval import ranking
from qa.retrieval.ranking import MOST_SENTENCES, PassageReader, beside_one_another, reranked, runs
from qa.text.sentences import sentence_spans
from tests.fakes import DIMENSION, FakeEncoder, FakeReader


def passage(body: str, title: str = "A title", start: int = 0, name: str = "a") -> Passage:
    spans = tuple(span.shifted(start) for span in sentence_spans(body))
    return Passage(Source(name, title, "Post"), start, start + len(body), body, spans)


def sentence_vectors(passages: Sequence[Passage]) -> list[Vectors]:
    return [
        vectors.sentences
        for vectors in FakeEncoder().encode_passages([passage_window(passage) for passage in passages])
    ]


def rank(question: str, *passages: Passage, for_all: bool = False) -> list[SentenceHit]:
    reader = PassageReader(FakeReader(), FakeEncoder(), sentence_vectors)
    return reader.rank(Question(question), [Hit(passage, 1.0) for passage in passages], for_all=for_all)


LONG = " ".join(f"Ship number {number} left the harbour." for number in range(11))


def test_a_sentence_is_read_with_its_neighbours_and_what_touches_together() -> None:
    assert [list(run) for run in runs([0, 5], 11)] == [[0, 1], [4, 5, 6]]
    assert [list(run) for run in runs([4, 2, 9], 10)] == [[1, 2, 3, 4, 5], [8, 9]]
    assert [list(run) for run in runs([0], 1)] == [[0]]
    assert list(runs([], 5)) == []
    long = [list(run) for run in runs(range(11), 11)]
    assert [number for run in long for number in run] == list(range(11))
    assert {len(run) for run in long} == {3, 4}
    assert max(map(len, long)) <= MOST_SENTENCES


def test_a_window_is_a_slice_of_its_passage() -> None:
    read = passage(LONG, start=40)
    start, window = read.sentences[2].start, Window.of(read, range(2, 5))
    assert window.heading == "A title. "
    assert len(window.sentences) == 3
    for span in window.sentences:
        assert window.text[span.start : span.end] == read.slice(span.shifted(start))
    assert read.slice(window.sentences[0].shifted(start)) == "Ship number 2 left the harbour."


def test_the_sentence_with_the_words_of_the_question_comes_first_with_its_span_in_the_body() -> None:
    body = "The harbour is old. The new pier cost 31 million crowns. Ferries use it."
    hits = rank("How many crowns did the pier cost?", passage(body))
    assert hits[0].text == "The new pier cost 31 million crowns."
    assert hits[0].answer == hits[0].span == Span(body.index("The new"), body.index(" Ferries"))
    assert [hit.margin for hit in hits] == sorted((hit.margin for hit in hits), reverse=True)


def test_headings_and_datelines_are_no_statements_but_a_headline_alone_is_all_there_is() -> None:
    body = "Pier opens at last\n\nThe new pier was opened on Monday.\n\nPhoto of the pier"
    assert [hit.text for hit in rank("pier", passage(body))] == ["The new pier was opened on Monday."]
    alone = Article(Source("b", "Pier opens at last", "Post"), "Pier opens at last")
    headline = Passage(alone.source, 0, len(alone.body), alone.body, (Span(0, len(alone.body)),))
    assert [hit.text for hit in rank("pier", headline)] == [alone.body]


def test_only_what_is_near_the_question_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranking, "FEWEST_READ", 1)
    far = passage(
        "Rain fell on the hills. Cows were counted. Milk is dear. Snow is due. The pier cost 31 million crowns."
    )
    texts = {hit.text for hit in rank("What did the pier cost?", far)}
    assert texts == {"Snow is due.", "The pier cost 31 million crowns."}
    assert rank("pier") == []


def test_of_what_may_have_a_member_of_a_set_each_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranking, "FEWEST_READ_FOR_ALL", 1)
    monkeypatch.setattr(ranking, "READ_OF_EACH", 1)
    monkeypatch.setattr(ranking, "AS_NEAR", 0.0)
    ports = [passage(f"Rain fell on port {number}. Cows were counted.", name=str(number)) for number in range(10)]
    assert {hit.source.article_id for hit in rank("Which ports had rain?", *ports, for_all=True)} == set("0123456789")
    assert len({hit.source.article_id for hit in rank("Which ports had rain?", *ports)}) <= 8


def test_a_passage_whose_vectors_are_damaged_is_read_by_the_cosine_of_the_whole() -> None:
    reader = PassageReader(FakeReader(), FakeEncoder(), lambda passages: [np.zeros((0, 0), np.float32)] * len(passages))
    hits = [Hit(passage("The harbour is old. The new pier cost 31 million crowns."), 1.0, 0.8)]
    assert reader.rank(Question("What did the pier cost?"), hits)[0].text == "The new pier cost 31 million crowns."


def test_sentences_are_looked_for_by_the_vector_that_is_for_answers() -> None:
    class Encoder(FakeEncoder):
        def encode_for_answer(self, text: str) -> Vectors:
            return -self.encode_question(text)

    vectors = [np.array([0.5 * FakeEncoder().encode_question("pier")], np.float32)]
    reader = PassageReader(FakeReader(), Encoder(), lambda _: vectors)
    (hit,) = reader.rank(Question("pier"), [Hit(passage("The pier cost nine."), 1.0)])
    assert hit.cosine == pytest.approx(-0.5)


def test_a_passage_whose_vectors_are_damaged_is_as_near_as_others_are() -> None:
    question = FakeEncoder().encode_for_answer("What did the pier cost?")
    vectors = [np.array([0.5 * question, 0.7 * question], np.float32), np.zeros((0, 0), np.float32)]
    reader = PassageReader(FakeReader(), FakeEncoder(), lambda _: vectors)
    whole, damaged = passage("It rained. The pier cost nine."), passage("The harbour is old.")
    ranked = reader.rank(Question("What did the pier cost?"), [Hit(whole, 1.0, 0.9), Hit(damaged, 1.0, 0.99)])
    cosines = {hit.text: hit.cosine for hit in ranked}
    assert cosines["The harbour is old."] == pytest.approx(0.6)


def test_what_is_about_as_near_as_the_nearest_is_read_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranking, "FEWEST_READ", 1)
    question = FakeEncoder().encode_question("harbour")
    elsewhere = np.eye(DIMENSION, dtype=np.float32)[int(np.argmin(np.abs(question)))]
    elsewhere -= (elsewhere @ question) * question
    elsewhere /= np.linalg.norm(elsewhere)

    def read(*cosines: float) -> set[str]:
        body = " ".join(f"Ship number {number} left." for number in range(len(cosines)))
        vectors = [np.array([c * question + math.sqrt(1 - c * c) * elsewhere for c in cosines], np.float32)]
        reader = PassageReader(FakeReader(), FakeEncoder(), lambda _: vectors)
        hits = reader.rank(Question("harbour"), [Hit(passage(body), 1.0)])
        return {hit.text.split()[2] for hit in hits}

    assert read(0.5, 0.5, 0.5, 0.90, 0.5, 0.5, 0.88, 0.5, 0.5) == {"2", "3", "4", "5", "6", "7"}
    assert read(0.5, 0.5, 0.5, 0.90, 0.5, 0.5, 0.85, 0.5, 0.5) == {"2", "3", "4"}
    monkeypatch.setattr(ranking, "MOST_READ", 1)
    assert read(0.5, 0.5, 0.5, 0.90, 0.5, 0.5, 0.88, 0.5, 0.5) == {"2", "3", "4"}


def test_of_sentences_as_near_as_each_other_the_one_with_the_words_of_the_question_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ranking, "MOST_READ", 1)
    body = "Rain fell on hills. Cows were counted. Milk is dear. Snow is due. The pier cost 31 million crowns."
    alike = [np.ones((5, DIMENSION), np.float32)]
    hits = PassageReader(FakeReader(), FakeEncoder(), lambda _: alike).rank(
        Question("What did the pier cost?"), [Hit(passage(body), 1.0)]
    )
    assert {hit.text for hit in hits} == {"Snow is due.", "The pier cost 31 million crowns."}


def test_a_sentence_hit_has_the_cosine_of_its_own_vector() -> None:
    (vectors,) = sentence_vectors([passage("The harbour is old. The new pier cost 31 million crowns.")])
    question = FakeEncoder().encode_question("What did the pier cost?")
    hits = rank("What did the pier cost?", passage("The harbour is old. The new pier cost 31 million crowns."))
    expected = {
        "The harbour is old.": vectors[0] @ question,
        "The new pier cost 31 million crowns.": vectors[1] @ question,
    }
    assert {hit.text: hit.cosine for hit in hits} == pytest.approx(expected)


def test_the_likeliest_are_read_once_more_beside_one_another_each_report_behind_its_heading() -> None:
    pier, ships = passage("The pier is long. It cost 31 million crowns.", title="Pier"), passage(LONG, title="Ships")
    ships = replace(ships, source=replace(ships.source, article_id="b"))
    found = [(ships, 3), (pier, 1), (pier, 0)]
    hits = [SentenceHit(Hit(read, 1.0), read.sentences[number], 0.0) for read, number in found]
    window = beside_one_another((hit.source.article_id, hit.passage.heading, hit.text) for hit in reversed(hits))
    assert window.text == ("Pier. The pier is long. It cost 31 million crowns.\nShips. Ship number 3 left the harbour.")
    texts = [window.text[span.start : span.end] for span in window.sentences]
    assert texts == ["The pier is long.", "It cost 31 million crowns.", "Ship number 3 left the harbour."]
    read = reranked(FakeReader(), Question("What did the pier cost?"), hits)
    assert [hit.text for hit in read] == [hit.text for hit in hits]
    assert (
        max(read, key=lambda hit: -math.inf if hit.beside is None else hit.beside).text == "It cost 31 million crowns."
    )
