"""Names are called otherwise in the other language."""

from __future__ import annotations

import pytest

from qa.text.renderings import counterparts, meanings, other_words
from qa.text.terms import stems


@pytest.mark.parametrize(
    ("told", "asked"),
    [
        ("The ombudsman of Spain spoke.", "Defensor del Pueblo España"),
        ("El Defensor del Pueblo habló en Alemania.", "ombudsman Germany"),
        ("The Interior Ministry in London", "Ministerio Interior Londres"),
        ("La Guardia Civil", "Civil Guard"),
    ],
)
def test_a_name_is_known_by_that_of_the_other_language(told: str, asked: str) -> None:
    assert stems(asked) - stems("del") <= counterparts(told) | stems(told)


def test_only_whole_names_count() -> None:
    assert counterparts("The civil servants and the interior of the ship") == frozenset()
    assert "defensor" not in counterparts("The minister spoke.")


@pytest.mark.parametrize(
    ("spanish", "english"),
    [
        (["defensor", "pueblo"], ["ombudsman"]),
        (["ministerio", "interior"], ["interior", "ministry"]),
        (["incauto"], ["seized"]),
        (["registros"], ["raids"]),
        (["detenciones"], ["arrested"]),
        (["londres"], ["london"]),
        (["mayor"], ["largest"]),
    ],
)
def test_names_and_words_of_the_trade_have_a_meaning_in_common(spanish: list[str], english: list[str]) -> None:
    meant = meanings(english, "en")
    assert all(any(word & there for there in meant) for word in meanings(spanish, "es"))


@pytest.mark.parametrize(
    ("spanish", "english"),
    [
        (["condenados"], ["arrested"]),  # arrested is not convicted
        (["imputados"], ["detained"]),  # nor charged
        (["pueblo"], ["ombudsman"]),  # half a name is none
        (["civil", "guardia"], ["guard"]),
        (["mesa"], ["court"]),
        (["mayor"], ["mayor"]),  # the largest, and who leads a town
        (["ordenador"], ["warrant"]),
        (["reducir"], ["network"]),
        (["problema"], ["probe"]),
    ],
)
def test_what_is_not_the_same_has_none(spanish: list[str], english: list[str]) -> None:
    told = meanings(english, "en")
    assert all(word.isdisjoint(there) for word in meanings(spanish, "es") for there in told)


def test_words_of_another_language_have_no_known_meaning() -> None:
    assert meanings(["mayor", "court"], "fr") == [frozenset(), frozenset()]


def test_other_words_are_those_of_names_only() -> None:
    assert other_words("The ombudsman had the flat searched.") >= {"defensor", "pueblo"}
    assert "registr" not in " ".join(other_words("The flat was searched."))
