"""Questions about counts want the same figures in Spanish as in English, whatever the figures' language."""

from __future__ import annotations

import pytest

from qa.answering.conflicts import AskedCount
from qa.answering.reported_figures import same_kind

PAIRS = [
    ("How many people were arrested in Spain?", "¿Cuántas personas fueron detenidas en España?"),
    ("How many were arrested in Sweden in Operation Koala?", "¿Cuántos detenidos hubo en Suecia en Operación Koala?"),
    ("How many searches were made in Operación Azahar?", "¿Cuántos registros se hicieron en la Operación Azahar?"),
    ("How many people were arrested worldwide?", "¿Cuántas personas fueron arrestadas en todo el mundo?"),
    ("How many people were killed in Madrid?", "¿Cuántas personas murieron en Madrid?"),
]


@pytest.mark.parametrize(("english", "spanish"), PAIRS)
def test_the_same_figures_are_wanted(english: str, spanish: str) -> None:
    wanted, same = AskedCount(english), AskedCount(spanish)
    assert all(any(same_kind(kind, match) for match in same.kinds) for kind in wanted.kinds)
    assert (wanted.places, wanted.worldwide, wanted.events) == (same.places, same.worldwide, same.events)
