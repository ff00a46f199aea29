"""What a question asks for, what answers it, and what is not answered at all."""

from __future__ import annotations

import pytest

from qa.answering.support import SIGNALS, Asked, Calibration, Signals, calibration
from qa.text.answer_spans import answer_spans, could_answer
from qa.text.demands import Demands
from qa.text.questions import Kind, question_kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("How many people were arrested?", Kind.HOW_MANY),
        ("What percentage voted?", Kind.HOW_MANY),
        ("Who proposed it, and for how long?", Kind.WHO),
        ("For how long must data be kept?", Kind.HOW_LONG),
        ("When did it begin?", Kind.WHEN),
        ("In what year was the court founded?", Kind.WHEN),
        ("Where was the meeting?", Kind.WHERE),
        ("Why did the court strike it down?", Kind.WHY),
        ("Did the police say how many were held?", Kind.OTHER),
        ("What did the minister say?", Kind.OTHER),
        ("What happened when the bill was voted on?", Kind.OTHER),
        ("When large groups boycott a system, what is it called?", Kind.OTHER),
        ("By when did ministers want common rules?", Kind.WHEN),
        ("¿Cuántas personas fueron detenidas?", Kind.HOW_MANY),
        ("¿Quién presentó la propuesta?", Kind.WHO),
        ("¿Cuándo empezó?", Kind.WHEN),
        ("¿Dónde se reunieron?", Kind.WHERE),
        ("¿Por qué se anuló?", Kind.WHY),
    ],
)
def test_kind_of_question(text: str, kind: Kind) -> None:
    assert question_kind(text) is kind


@pytest.mark.parametrize(
    ("text", "kind", "places"),
    [
        ("How many people were arrested in Spain? And in France?", Kind.HOW_MANY, {"FR"}),
        ("How many members did it have in 2004? When was it founded?", Kind.WHEN, set()),
        ("When was the directive declared invalid? Why?", Kind.WHY, set()),
        ("How long is the pier closed? What about the bridge?", Kind.HOW_LONG, set()),
        ("¿Cuántas personas fueron detenidas en España? ¿Y en Francia?", Kind.HOW_MANY, {"FR"}),
    ],
)
def test_of_several_questions_the_last_that_asks_by_itself_is_asked(text: str, kind: Kind, places: set[str]) -> None:
    demands = Demands.of(text)
    assert demands.kind is kind
    assert demands.places == places
    assert demands.counted is None or demands.counted.places == places


@pytest.mark.parametrize(
    ("question", "sentence", "answer"),
    [
        ("How many arrests were made in Spain?", "There were 108 arrests, and 24 of the arrests were in Spain.", "24"),
        ("How many countries took part?", "On 3 May 2001, 40 people were held in 12 countries.", "12"),
        ("When did it begin?", "The inquiry began on 19 January 2005 in Galicia.", "19 January 2005"),
        ("When was it?", "The vote took place last December.", "last December"),
        ("Where did they meet?", "The ministers met in Granada on Tuesday.", "Granada"),
        ("Who opened the pier?", "The pier was opened by Anna Lund.", "Anna Lund"),
        ("How long are data kept?", "Providers keep the data for two years.", "two years"),
        ("¿Cuántas personas fueron detenidas?", "Fueron detenidas diecinueve personas en 13 provincias.", "diecinueve"),
    ],
)
def test_span_that_answers(question: str, sentence: str, answer: str) -> None:
    spans = answer_spans(question_kind(question), sentence, question=question)
    assert sentence[spans[0].start : spans[0].end] == answer


def test_words_of_the_question_do_not_answer_it() -> None:
    assert answer_spans(Kind.WHO, "Anna Lund opened it.", question="Who is Anna Lund?") == []
    assert answer_spans(Kind.WHERE, "The talks in Granada ended.", question="Where in Granada were the talks?") == []


def test_a_reason_needs_a_word_of_reason() -> None:
    assert not could_answer(Kind.WHY, "Two countries voted against the directive.", [])
    assert could_answer(Kind.WHY, "It was struck down because it was not limited to what is necessary.", [])


def test_support_rises_with_what_speaks_for_it_and_falls_with_what_speaks_against() -> None:
    by = calibration()
    plain = Signals(late=0.6, cosine=0.5, words=0.5, placeless=0.0, uncounted=0.0, far=0.0, nameless=0.0, length=2.0)
    for name in SIGNALS:
        more = Signals(**{n: getattr(plain, n) + (0.2 if n == name else 0) for n in SIGNALS})
        rises = by.probability(more) > by.probability(plain)
        assert rises is (name in ("late", "cosine", "words", "length")), name
    assert 0 < by.threshold < 1


def test_probability_by_hand() -> None:
    by = Calibration(weights=(1.0, 0.0, 2.0, -1.0, 0.0, 0.0, 0.0, 0.0), bias=-1.0, threshold=0.5)
    signals = Signals(late=0.5, cosine=0.9, words=0.25, placeless=1.0, uncounted=0.0, far=1.0, nameless=1.0, length=3.0)
    assert by.probability(signals) == pytest.approx(1 / (1 + 2.718281828459045**1.0))


def test_a_question_is_taken_apart_once() -> None:
    asked = Asked.of("How many people did Europol name in 2007?")
    assert asked.kind is Kind.HOW_MANY
    assert {"europol", "2007"} <= asked.names
    assert "mani" not in asked.topical


def test_a_person_answers_who_before_the_country_that_the_person_serves() -> None:
    sentence = "Norway's ombudsman, Anna Lund, opened it."
    found = [sentence[span.start : span.end] for span in answer_spans(Kind.WHO, sentence, question="Who opened it?")]
    assert found[0] == "Anna Lund"
    assert "Norway's" in found
