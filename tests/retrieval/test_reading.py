"""Passages read in windows: every sentence once, labels left out, likeliest answer first."""

from __future__ import annotations

from qa.models.archive import Article, Passage, Source, Span
from qa.models.replies import Hit, Question
from qa.retrieval.reading import WINDOW_SENTENCES, PassageReader, windows_of
from qa.text.sentences import sentence_spans
from tests.fakes import FakeReader


def passage(body: str, title: str = "A title", start: int = 0) -> Passage:
    spans = tuple(span.shifted(start) for span in sentence_spans(body))
    return Passage(Source("a", title, "Post"), start, start + len(body), body, spans)


LONG = " ".join(f"Ship number {number} left the harbour." for number in range(11))


def test_windows_cover_every_sentence_once_and_are_of_like_length() -> None:
    read = passage(LONG, start=40)
    windows = list(windows_of(read))
    lengths = [len(window.sentences) for _, window in windows]
    assert sum(lengths) == len(read.sentences) == 11
    assert max(lengths) <= WINDOW_SENTENCES
    assert max(lengths) - min(lengths) <= 1
    for start, window in windows:
        for span in window.sentences:
            assert window.text[span.start : span.end] == read.slice(span.shifted(start))
        assert window.heading == "A title. "
    assert list(windows_of(Passage(Source("a", "A", "Post"), 0, 0, "", ()))) == []


def test_the_sentence_with_the_words_of_the_question_comes_first_with_its_span_in_the_body() -> None:
    body = "The harbour is old. The new pier cost 31 million crowns. Ferries use it."
    hits = PassageReader(FakeReader()).rank(Question("How many crowns did the pier cost?"), [Hit(passage(body), 1.0)])
    assert hits[0].text == "The new pier cost 31 million crowns."
    assert hits[0].answer == hits[0].span == Span(body.index("The new"), body.index(" Ferries"))
    assert [hit.margin for hit in hits] == sorted((hit.margin for hit in hits), reverse=True)


def test_headings_and_datelines_are_no_statements_but_a_headline_alone_is_all_there_is() -> None:
    body = "Pier opens at last\n\nThe new pier was opened on Monday.\n\nPhoto of the pier"
    texts = [hit.text for hit in PassageReader(FakeReader()).rank(Question("pier"), [Hit(passage(body), 1.0)])]
    assert texts == ["The new pier was opened on Monday."]
    alone = Article(Source("b", "Pier opens at last", "Post"), "Pier opens at last")
    headline = Passage(alone.source, 0, len(alone.body), alone.body, (Span(0, len(alone.body)),))
    assert [hit.text for hit in PassageReader(FakeReader()).rank(Question("pier"), [Hit(headline, 1.0)])] == [
        alone.body
    ]


def test_no_more_passages_are_read_than_asked_for() -> None:
    hits = [Hit(passage("The pier is new."), 1.0) for _ in range(4)]
    assert len(PassageReader(FakeReader(), depth=2).rank(Question("pier"), hits)) == 2
    assert PassageReader(FakeReader()).rank(Question("pier"), []) == []
