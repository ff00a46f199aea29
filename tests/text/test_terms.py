"""Words as they are compared."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.text.terms import (
    STOP_WORDS,
    asks_yes_or_no,
    content_words,
    fold,
    stem,
    stems,
    word_matches,
    words,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The mayor's 3.5 pct rise", ["The", "mayor's", "3.5", "pct", "rise"]),
        ("1,250,000 people, 12.", ["1,250,000", "people", "12"]),
        ("¿Cuántos detenidos?", ["Cuántos", "detenidos"]),
        ("“It’s over”", ["It’s", "over"]),
        ("🙂 ?! —", []),
        ("", []),
    ],
)
def test_words_and_numbers(text: str, expected: list[str]) -> None:
    assert words(text) == expected
    assert [match.group() for match in word_matches(text)] == expected


@pytest.mark.parametrize(
    ("word", "expected"),
    [("Mayor’s", "mayor"), ("mayor's", "mayor"), ("DETENCIÓN", "detencion"), ("Ñandú", "nandu"), ("3.5", "3.5")],
)
def test_folding(word: str, expected: str) -> None:
    assert fold(word) == expected


def test_endings_do_not_matter() -> None:
    assert stem("arrested") == stem("arrests") == stem("Arrest") == "arrest"
    assert stem("1,250") == "1250"
    assert stems("They were arrested") >= {"arrest"}


def test_content_words_carry_the_topic() -> None:
    assert content_words("How many of the people arrested were in Spain?") == ["people", "arrested", "spain"]
    assert content_words("¿Quién propuso la conservación de datos?") == ["propuso", "conservacion", "datos"]
    assert content_words("Spain, Spain and spain's") == ["spain"]
    assert content_words("Who is he?") == ["who", "is", "he"], "where none carries it, all count"
    assert content_words("") == []


@given(st.text(max_size=30))
def test_folding_twice_is_folding_once(word: str) -> None:
    once = fold(word)
    assert not once.endswith("'s") or fold(once) == once.removesuffix("'s")
    assert once == once.lower()


def test_stop_words_are_folded_or_accented_forms_of_folded_ones() -> None:
    assert {fold(word) for word in STOP_WORDS} <= STOP_WORDS


def test_threads_do_not_mix_their_words_up() -> None:
    many = [f"{a}{b}ations" for a in "bcdfghjklm" for b in "aeiou"] * 20
    stem.cache_clear()
    alone = [stem(word) for word in many]

    def afresh(word: str) -> str:
        stem.cache_clear()
        return stem(word)

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(afresh, many)) == alone


@pytest.mark.parametrize(
    ("question", "closed"),
    [
        ("Was anyone sent to prison in Operation Heron?", True),
        ("Did they sign in Paris or in London?", False),
        ("Did the police say when it began?", False),
        ("And was anyone arrested in Chile?", True),
        ("May 2005 bombing death toll", False),
        ("Could you give me the date of the trial?", False),
        ("¿Cuantos detenidos hubo?", False),
        ("¿A quien detuvieron?", False),
        ("¿Me puedes decir el número de detenidos?", False),
        ("Number of people arrested?", False),
        ("Can you tell me who was arrested?", False),
        ("¿Hubo detenidos en Chile?", True),
        ("¿Es verdad que los detuvieron?", True),
        ("Es verdad que los detuvieron?", False),
        ("Y en Italia, ¿a quién detuvieron?", False),
    ],
)
def test_a_question_for_yes_or_no_has_no_word_that_asks_for_something(question: str, closed: bool) -> None:
    assert asks_yes_or_no(question) is closed
