"""What a reader typed, made into a question."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.answering.analysis import LONGEST_QUESTION
from qa.errors import QuestionError
from qa.web.forms import day, question_from


def test_white_space_is_made_single() -> None:
    assert question_from("  Who \n led\tit? ", "", "").text == "Who led it?"


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "\x00", "\ud800"])
def test_an_empty_question_is_refused_plainly(text: str) -> None:
    with pytest.raises(QuestionError, match="The question is empty"):
        question_from(text, "", "")


def test_a_long_question_says_how_long_it_is() -> None:
    with pytest.raises(QuestionError, match=r"1,731 characters.*1,000"):
        question_from("x" * 1_731, "", "")


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("2005", date(2005, 1, 1), date(2005, 12, 31)),
        ("2004-02", date(2004, 2, 1), date(2004, 2, 29)),
        (" 2005-03-17 ", date(2005, 3, 17), date(2005, 3, 17)),
        ("", None, None),
    ],
)
def test_a_year_a_month_or_a_day(typed: str, first: date | None, last: date | None) -> None:
    assert day(typed, last=False) == first
    assert day(typed, last=True) == last


@pytest.mark.parametrize("typed", ["yesterday", "2005-13", "2005-02-30", "17/03/2005", "0000", "20051", "٢٠٠٥-99"])
def test_a_bad_date_is_named_with_what_to_do(typed: str) -> None:
    with pytest.raises(QuestionError, match="isn’t a date"):
        day(typed, last=False)


def test_dates_the_wrong_way_round() -> None:
    with pytest.raises(QuestionError, match="wrong way round") as refusal:
        question_from("Who?", "2006", "2005")
    assert refusal.value.box == "from"


@given(st.text(), st.text(max_size=12), st.text(max_size=12))
def test_whatever_is_typed_is_a_question_or_a_refusal(text: str, first: str, last: str) -> None:
    try:
        question = question_from(text, first, last)
    except QuestionError as refusal:
        assert str(refusal)  # noqa: PT017
    else:
        assert 0 < len(question.text) <= LONGEST_QUESTION
        question.text.encode()
