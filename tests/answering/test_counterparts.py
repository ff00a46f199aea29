"""Names are called otherwise in the other language."""

from __future__ import annotations

import pytest

from qa.answering.counterparts import counterparts
from qa.language.terms import stems


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
