"""Questions about counts want the same figures in Spanish as in English, whatever the figures' language."""

from __future__ import annotations

import pytest

from qa.answering.conflicts.asked_count import AskedCount
from qa.answering.conflicts.sameness import same_kind
from qa.answering.cues import Cues
from qa.answering.support import Asked
from qa.text.renderings import renderings

PAIRS = [
    ("How many people were arrested in Spain?", "¿Cuántas personas fueron detenidas en España?"),
    ("How many were arrested in Sweden in Operation Koala?", "¿Cuántos detenidos hubo en Suecia en Operación Koala?"),
    ("How many searches were made in Operación Azahar?", "¿Cuántos registros se hicieron en la Operación Azahar?"),
    ("How many items were seized?", "¿Cuántos archivos fueron incautados?"),
    ("How many votes were there against the directive?", "¿Cuántos votos hubo en contra de la directiva?"),
    ("How many people were arrested worldwide?", "¿Cuántas personas fueron arrestadas en todo el mundo?"),
    ("How many people were killed in Madrid?", "¿Cuántas personas murieron en Madrid?"),
]  # fmt: skip


@pytest.mark.parametrize(("english", "spanish"), PAIRS)
def test_the_same_figures_are_wanted(english: str, spanish: str) -> None:
    wanted, same = AskedCount.of(Asked.of(english)), AskedCount.of(Asked.of(spanish))
    assert wanted is not None
    assert same is not None
    assert (wanted.nouns & same.nouns) or not wanted.nouns
    assert all(any(same_kind(kind, match) for match in same.kinds) for kind in wanted.kinds)
    assert (wanted.places, wanted.worldwide, wanted.events) == (same.places, same.worldwide, same.events)


@pytest.mark.parametrize(
    "question",
    [
        "Who is the interior minister of Spain?",
        "¿Quién es el ministro del Interior?",
        "Where was the complaint made?",
        "Was there a network behind the operation?",
        "Why were people arrested?",
        "How much did it cost?",
    ],
)
def test_what_asks_for_no_count_is_not_compared(question: str) -> None:
    assert AskedCount.of(Asked.of(question)) is None


def test_names_and_ordinals_are_sought_in_both_languages() -> None:
    assert {"londres", "london"} <= set(renderings("london"))
    assert "tribunal supremo" in renderings("supreme court")
    assert set(renderings("segunda")) == {"second", "segundo", "segunda"}
    assert renderings("caldas de reis") == ("caldas de reis",)
    assert Cues.of("¿Qué se votó en el Consejo?").told == ("consejo",)
    assert "council" in renderings("consejo")
