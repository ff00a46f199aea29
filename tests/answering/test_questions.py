"""What a question asks for, what answers it, and what is not answered at all."""

from __future__ import annotations

import pytest

from qa.answering.following.standing_alone import stand_alone
from qa.answering.private_people import asks_who_a_private_person_is
from qa.answering.support import SIGNALS, Asked, Calibration, Signals, calibration
from qa.language.answer_spans import answer_spans, could_answer
from qa.language.questions import Kind, question_kind


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


@pytest.mark.parametrize(
    "text",
    [
        "What are the names of the people arrested?",
        "Who made the complaint?",
        "Who was arrested in Burgos?",
        "What is the identity of the victims?",
        "How old? What are the ages of the suspects?",
        "¿Cómo se llama el vecino que denunció?",
        "¿Quién denunció el caso?",
        "¿Cuáles son los nombres de los detenidos?",
    ],
)
def test_questions_for_private_people_are_recognised(text: str) -> None:
    assert asks_who_a_private_person_is(text)


@pytest.mark.parametrize(
    "text",
    [
        "How many people were arrested?",
        "Who proposed that providers keep data?",
        "Who is the ombudsman?",
        "What is the name of the operation?",
        "What is the name of the association that complained about the law?",
        "Which court authorised the observation?",
        "¿Quién es el defensor del pueblo?",
        "¿Cuántos detenidos hubo?",
    ],
)
def test_officials_institutions_and_numbers_may_be_asked_for(text: str) -> None:
    assert not asks_who_a_private_person_is(text)


@pytest.mark.parametrize(
    ("question", "history", "kept"),
    [
        ("And in France?", "How many people were arrested in Spain?", ["people", "arrested", "France"]),
        ("When was that?", "Who opened the new pier?", ["When", "pier"]),
        ("What about the bridge?", "How long is the pier closed?", ["closed", "bridge"]),
        ("¿Y en Italia?", "¿Cuántas personas fueron detenidas en España?", ["personas", "Italia"]),
    ],
)
def test_a_follow_up_takes_over_what_it_lacks(question: str, history: str, kept: list[str]) -> None:
    text = stand_alone(question, (history,))
    assert all(word in text for word in kept), text


def test_a_new_place_stands_where_the_old_one_stood() -> None:
    asked = ("How many people were arrested in Argentina in 2005?",)
    assert stand_alone("And in Costa Rica?", asked) == "How many people were arrested in Costa Rica in 2005?"


@pytest.mark.parametrize("question", ["Which court authorised the observation of the chat?", "Who is the ombudsman?"])
def test_a_question_that_stands_alone_is_left_alone(question: str) -> None:
    assert stand_alone(question, ("How many were arrested?",)) == question
    assert stand_alone("And in France?", ()) == "And in France?"


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
