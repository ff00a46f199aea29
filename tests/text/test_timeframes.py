from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.models.annotations import About, Timeframe
from qa.text.timeframes import after_what, names_a_subject, timeframe_of, topic_of

TODAY = date(2026, 5, 20)
EVENTS, PUBLISHED, LATEST = About.EVENTS, About.PUBLISHED, About.LATEST


def read(question: str) -> tuple[str, str, str] | None:
    found = timeframe_of(question, today=TODAY)
    return (found.about.value, str(found.first or ""), str(found.last or "")) if found else None


@pytest.mark.parametrize(
    ("question", "first", "last"),
    [
        ("Who opened the bridge in March 2005?", "2005-03-01", "2005-03-31"),
        ("Who opened the bridge on 16 March 2005?", "2005-03-16", "2005-03-16"),
        ("Which bridges opened since 2006?", "2006-01-01", ""),
        ("Which bridges opened after 2006?", "2007-01-01", ""),
        ("Which bridges opened before 2004?", "", "2003-12-31"),
        ("Which bridges opened until 2004?", "", "2004-12-31"),
        ("Which bridges opened between 2005 and 2007?", "2005-01-01", "2007-12-31"),
        ("Which bridges opened from March 2005 to May 2006?", "2005-03-01", "2006-05-31"),
        ("Which bridges opened in 2005 or in 2007?", "2005-01-01", "2007-12-31"),
        ("What was said after the opening of March 2005?", "2005-03-01", ""),
        ("What was said after the March 2005 opening?", "2005-03-01", ""),
        ("In 2007 the law was changed. Who asked for that?", "2007-01-01", "2007-12-31"),
        ("¿Qué ley se aprobó en 2007?", "2007-01-01", "2007-12-31"),
        ("How many bridges were there as of 2010?", "2010-01-01", "2010-12-31"),
        ("By June 2005, what had to be decided?", "", "2005-06-30"),
        ("How many people had been arrested by 2010?", "", "2010-12-31"),
        ("By 2010, how many people live there?", "", "2010-12-31"),
        ("What was known since 2010?", "2010-01-01", ""),
        ("What was known after March 2005?", "2005-04-01", ""),
        ("What had to be decided by 14 April 2005?", "", "2005-04-14"),
        ("How many bridges opened last year?", "2025-01-01", "2025-12-31"),
        ("¿Quién abrió el puente en marzo de 2005?", "2005-03-01", "2005-03-31"),
        ("¿Qué puentes se abrieron desde 2006?", "2006-01-01", ""),
        ("¿Qué puentes se abrieron antes de 2004?", "", "2003-12-31"),
        ("¿Qué puentes se abrieron después de 2004?", "2005-01-01", ""),
        ("¿Qué puentes se abrieron hasta julio de 2004?", "", "2004-07-31"),
        ("¿Qué puentes se abrieron entre 2005 y 2007?", "2005-01-01", "2007-12-31"),
        ("¿Qué puentes se abrieron en el primer semestre de 2005?", "2005-01-01", "2005-06-30"),
    ],
)
def test_a_period_of_events(question: str, first: str, last: str) -> None:
    assert read(question) == ("events", first, last)


@pytest.mark.parametrize(
    ("question", "last"),
    [
        ("What was known on 20 March 2005?", "2005-03-20"),
        ("What was known about the bridge in March 2005?", "2005-03-31"),
        ("What was already known before 20 March 2005?", "2005-03-19"),
        ("As of 20 March 2005, how many bridges were open?", "2005-03-20"),
        ("By 18 March 2005, what had the mayor said?", "2005-03-18"),
        ("How many bridges had been opened by 18 March 2005?", "2005-03-18"),
        ("¿Qué se sabía el 20 de marzo de 2005?", "2005-03-20"),
        ("¿Qué se sabía del puente hasta el 20 de marzo de 2005?", "2005-03-20"),
    ],
)
def test_what_could_be_known_up_to_a_day(question: str, last: str) -> None:
    assert read(question) == ("published", "", last)


@pytest.mark.parametrize(
    "question",
    [
        "What is the latest count?",
        "What is the current penalty?",
        "Is he still the mayor?",
        "How many bridges are there now?",
        "Who is the mayor today?",
        "Has it opened yet?",
        "¿Qué es lo último sobre el puente?",
        "¿Quién es actualmente el alcalde?",
        "¿Sigue cerrado el puente?",
    ],
)
def test_what_holds_now(question: str) -> None:
    assert timeframe_of(question, today=TODAY) == Timeframe(LATEST, present=True)


@pytest.mark.parametrize(
    "question",
    [
        "Who opened the bridge?",
        "What does Law 25/2007 say?",
        "Is it directive 2011/92 or 2011/93?",
        "How many of the 2000 people were hurt?",
        "How many were arrested last December?",  # asked of an article that says so
        "What did the May report say?",
        "Were they still there?",
        "What is now Jacksonville was called what?",
        "What was the actual number?",
        "Who had to decide at the latest?",
        "¿Quién abrió el puente?",
    ],
)
def test_what_names_no_time_has_no_period(question: str) -> None:
    assert read(question) is None


def test_a_past_event_may_be_asked_about_with_a_view_to_now() -> None:
    found = timeframe_of("How many of those arrested in March 2005 are in prison today?")
    assert found == Timeframe(EVENTS, date(2005, 3, 1), date(2005, 3, 31), present=True)


def test_without_a_day_of_asking_what_counts_from_it_says_nothing() -> None:
    assert timeframe_of("How many bridges opened last year?") is None


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("Who opened the bridge in March 2005?", "Who opened the bridge?"),
        ("In 2006, who opened the bridge?", "who opened the bridge?"),
        ("Which searches were made in the March 2005 raids?", "Which searches were made in the raids?"),
        ("Which bridges opened between 2005 and 2007 in Spain?", "Which bridges opened in Spain?"),
        ("¿Quién abrió el puente en marzo de 2005?", "¿Quién abrió el puente?"),
        ("What is the latest count of bridges?", "What is the count of bridges?"),
        ("What was it in 2005?", "What was it in 2005?"),
        ("Who opened the bridge?", "Who opened the bridge?"),
    ],
)
def test_the_topic_is_the_question_without_its_words_of_time(question: str, topic: str) -> None:
    assert topic_of(question) == topic


def test_a_question_may_name_a_time_and_nothing_else() -> None:
    assert not names_a_subject("What happened in March 2005?")
    assert not names_a_subject("¿Qué se sabía el 20 de marzo de 2005?")
    assert names_a_subject("What happened to the bridge in March 2005?")


TEXT = (
    "after before since by until as of between and to the in from – - , 2005 9999 0001-01-01 31/12/9999 March 16"
    " yesterday last year latest still is now known what was had antes después de desde el la se sabía ? ,"
)
WORDS = TEXT.split()


@given(st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join))
def test_any_words_can_be_read_and_a_period_has_its_ends_in_order(question: str) -> None:
    found = timeframe_of(question, today=TODAY)
    assert topic_of(question) or not question
    if found and found.first and found.last:
        assert found.first <= found.last


@pytest.mark.parametrize(
    ("question", "what"),
    [
        ("What happened after the fire? Who paid?", "the fire"),
        ("¿Qué pasó con el caso después de las detenciones?", "las detenciones"),
        ("¿Qué hubo tras el juicio, y quién ganó?", "el juicio"),
        ("What happened in the courts?", None),
    ],
)
def test_what_a_question_wants_the_sequel_of(question: str, what: str | None) -> None:
    assert after_what(question) == what


@pytest.mark.parametrize(
    "question",
    ["What did Spain's 2007 law say?", "Who voted for the 2006 directive?", "¿Qué dice la ley orgánica de 2007?",
     "¿Sigue aplicándose la directiva del año 2006?", "Who drafted the Act of 2010?"],
)  # fmt: skip
def test_a_year_in_the_name_of_a_law_is_no_time_that_is_asked_about(question: str) -> None:
    found = timeframe_of(question, today=TODAY)
    assert found is None or found.first is None
