"""Where sentences begin and end."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.models.archive import Span
from qa.text.sentences import LONGEST, halves, sentence_spans, trimmed


def sentences(text: str) -> list[str]:
    return [text[span.start : span.end] for span in sentence_spans(text)]


CASES = [
    ["Mr. Smith met Dr. Jones in Washington, D.C. on Monday.", "They spoke for an hour."],
    ["J. R. R. Tolkien was quoted.", "So was George W. Bush."],
    ["The meeting began at 5 p.m. on Friday.", "It ended at 9 a.m. the next day."],
    ["Shares rose 3.5 pct to 1.25 dlrs.", "Volume was 1,250,000."],
    ["“It is over,” he said.", "“We won.”", "Nobody disagreed."],
    ['He said: "We will not go."', "She left."],
    ["Did he go?", "Yes!", "He did."],
    ["El Sr. García declaró ayer.", "La operación empezó a las 5 de la mañana."],
    ["Lo dijo Dña. Ana Ruiz a la Dra. Gil Robles.", "Y D. José Ruiz calló."],
    ["En EE. UU. hubo 3 detenidos.", "El núm. 5 de la Avda. Mayor cerró."],
    ["Lo dijo el Excmo. Alcalde a los Sres. Gil y Mas."],
    ["He likes modern art.", "The show is on."],
    ["¿Quién lo propuso?", "El Defensor del Pueblo, según El País.", "¡Qué sorpresa!"],
    ["The tax rises by 4 per cent.", "Spending falls by 2 per cent. in May."],
    ["The U.S. economy grew.", "Exports fell."],
    ["It was signed in No. 10 by the Prime Minister.", "It has Art. 5 and Sec. 3."],
]


@pytest.mark.parametrize("expected", CASES, ids=[case[0][:30] for case in CASES])
def test_sentences_are_told_apart(expected: list[str]) -> None:
    assert sentences(" ".join(expected)) == expected


def test_a_blank_line_ends_a_sentence_and_a_line_break_does_not() -> None:
    assert sentences("A headline without a stop\n\nThe text begins\nhere.") == [
        "A headline without a stop",
        "The text begins\nhere.",
    ]


def test_an_abbreviation_before_a_blank_line_ends_it() -> None:
    assert sentences("Lo firma el Sr.\n\nGarcía no.") == ["Lo firma el Sr.", "García no."]


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\t \n"])
def test_nothing_has_no_sentences(text: str) -> None:
    assert sentence_spans(text) == ()


texts = st.text(st.one_of(st.sampled_from('aB. ?!\n"“”,;:…á5'), st.characters(exclude_categories=["Cs"])), max_size=400)


@given(texts)
def test_spans_are_in_order_trimmed_and_lose_nothing(text: str) -> None:
    end = 0
    for span in sentence_spans(text):
        assert end <= span.start < span.end <= len(text)
        assert text[span.start : span.end] == text[span.start : span.end].strip()
        assert not text[end : span.start].strip(), "only white space stands between sentences"
        end = span.end
    assert not text[end:].strip()


@given(st.lists(st.sampled_from(["word", "12,345", "and,", "x;", "longerword", "字" * 50]), min_size=1, max_size=400))
def test_no_sentence_is_longer_than_a_quote_may_be(words: list[str]) -> None:
    assert all(span.end - span.start <= LONGEST for span in sentence_spans(" ".join(words)))


def test_a_long_list_is_cut_at_its_clauses() -> None:
    text = "Present were " + ", ".join(f"delegate number {i} of the town" for i in range(60))
    pieces = sentences(text)
    assert len(pieces) > 3
    assert all(piece.endswith(",") for piece in pieces[:-1])


def test_a_line_without_white_space_is_cut_too() -> None:
    assert [len(piece) for piece in sentences("x" * 1_000)] == [500, 500]


@given(texts.filter(lambda text: len(text.strip()) > 1))
def test_halves_are_two_trimmed_parts_of_the_whole(text: str) -> None:
    whole = trimmed(text, Span(0, len(text)))
    parts = halves(text, whole)
    if whole.end - whole.start == 1:
        assert parts is None
        return
    assert parts
    first, second = parts
    assert whole.start == first.start < first.end <= second.start < second.end == whole.end
    assert not text[first.end : second.start].strip()
