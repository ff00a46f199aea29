"""Which language questions and articles are in."""

from __future__ import annotations

import pytest

from qa.text.language import language_asked, language_of, language_read, primary

SPANISH = "El ministro presentó ayer en Madrid un plan para mejorar los puertos y las carreteras de la costa."
ENGLISH = "The minister presented a plan in Madrid yesterday to improve the harbours and the roads of the coast."
FRENCH = "Le ministre a présenté hier à Madrid un plan pour améliorer les ports et les routes de la côte."


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("¿Quién detuvo al alcalde?", "es"),
        ("quien presento el plan", "es"),
        ("cuantos puertos hay", "es"),
        ("¡Otra vez!", "es"),
        ("Who presented the plan?", "en"),
        ("What did El País report?", "en"),
        ("What did the minister of La Rioja say?", "en"),
        ("Operation Harbour", "en"),
        ("Enrique Múgica", "en"),
        ("", "en"),
        ("?!", "en"),
    ],
)
def test_short_questions(text: str, language: str) -> None:
    assert language_of(text) == language
    assert language_asked(text) == language


def test_what_tells_nothing_is_in_the_language_that_is_expected() -> None:
    assert language_of("Enrique Múgica", otherwise="es") == "es"
    assert language_of("Who presented the plan?", otherwise="es") == "en"


def test_questions_in_further_languages() -> None:
    assert language_asked("Qui a présenté le plan des ports hier à Paris ?") == "fr"
    assert language_asked("Welcher Minister hat gestern den Plan für die Häfen vorgestellt?") == "de"


@pytest.mark.parametrize(("text", "language"), [(SPANISH, "es"), (ENGLISH, "en"), (FRENCH, "fr")])
def test_articles(text: str, language: str) -> None:
    assert language_read(text) == language
    assert language_read(text.upper()) == language


@pytest.mark.parametrize("text", ["", "Body.", "1 2 3 4 5 6 7 8 9 10", "∅" * 50, "\ud800 " * 20])
def test_what_shows_no_language_counts_as_english(text: str) -> None:
    assert language_read(text) == "en"


def test_a_region_makes_no_other_language() -> None:
    assert primary("es-MX") == primary("es")
    assert primary("en") != primary("es")
    assert primary("") == primary("en")
