"""Numbers, what they are worth, what they count, and where."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.text.entities import NUMBER, number_value, numbers_in, places_in
from qa.text.figures import figures, kin


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("five hundred", 500), ("quinientas", 500), ("20,000", 20_000), ("20.000", 20_000), ("1.5 million", 1_500_000),
        ("36 per cent", 36), ("twenty-four", 24), ("veintiún", 21), ("treinta y tres", 33),
        ("dos mil trescientos", 2_300),
        ("3,5", 3.5), ("1,200,000", 1_200_000), ("two thousand and five", 2_005), ("hundreds", None), ("miles", None),
        ("1.125 million", 1_125_000), ("6.125 pct", 6.125), ("1.125 millones", 1_125_000_000),
        ("20 mil millones", 20_000_000_000), ("1,125 million", 1_125_000_000),
        ("65.6 billion", 65_600_000_000), ("65.600 millones", 65_600_000_000),
    ],
)  # fmt: skip
def test_a_number_is_worth_the_same_in_words_and_digits(text: str, value: float | None) -> None:
    match = NUMBER.fullmatch(text)
    assert match is not None, text
    assert number_value(match.group()) == value


@pytest.mark.parametrize(
    ("text", "language", "numbers"),
    [
        ("The quay opened once more, once and for all.", "en", []),
        ("Once barcos y once mil cajas.", "es", ["once", "once mil"]),
        ("Subió un tres por ciento.", "es", ["tres"]),
        ("Cien barcos, el 4 por ciento de todos.", "es", ["cien", "4 por ciento"]),
        ("Between two and eight pct of ferries.", "en", ["two", "eight"]),
        ("Entre dos y ocho barcos, y treinta y dos cajas.", "es", ["dos", "ocho", "treinta y dos"]),
        ("A hundred and eight, two thousand and five, three and four and five.", "en",
         ["hundred and eight", "two thousand and five", "three", "four", "five"]),
        ("Un millón, mil y una cajas, un barco.", "es", ["un millón", "mil y una", "un"]),
    ],
)  # fmt: skip
def test_numbers_are_told_from_what_only_looks_like_one(text: str, language: str, numbers: list[str]) -> None:
    spans = numbers_in(text, language=language)
    assert [text[span.start : span.end].lower() for span in spans] == numbers
    assert numbers_in(text) == spans


@given(st.integers(min_value=0, max_value=10**9))
def test_any_number_in_digits_is_read_back(number: int) -> None:
    assert number_value(f"{number:,}") == number
    assert number_value(f"{number:,}".replace(",", ".")) == number


@given(st.text(max_size=200))
def test_figures_are_slices_in_order_of_any_text(text: str) -> None:
    found = figures(text)
    assert all(0 <= f.span.start < f.span.end <= len(text) for f in found)
    assert [f.span for f in found] == sorted(f.span for f in found)


def test_dates_are_no_figures() -> None:
    assert figures("On 16 March 2005 and in 2006 the court sat.") == []


def test_bounds_and_what_is_counted() -> None:
    (figure,) = figures("They traced more than 900 connections.")
    assert (figure.low, figure.high, figure.approximate) == (900, None, True)
    assert figure.counted == (kin("connections"),)
    (figure,) = figures("Up to 130 suspects were held.")
    assert (figure.low, figure.high) == (None, 130)


def test_each_place_belongs_to_the_number_beside_it() -> None:
    found = figures("The arrests were made in the United Kingdom (40), France (21), Spain (11) and Sweden (8).")
    assert [(f.low, f.places) for f in found] == [(40, ("GB",)), (21, ("FR",)), (11, ("ES",)), (8, ("SE",))]
    found = figures("The paper gives 34 arrests for Brazil, 24 for Spain and 20 for France.")
    assert [(f.low, f.places) for f in found] == [(34, ("BR",)), (24, ("ES",)), (20, ("FR",))]
    found = figures("Raids led to 500 arrests yesterday, of which 19 took place in Spain.")
    assert [(f.low, f.places) for f in found] == [(500, ()), (19, ("ES",))]


def test_places_by_their_names_in_both_languages() -> None:
    text = "Spain, los Países Bajos, la República Dominicana, Reino Unido and the UK; US officers told us in México."
    assert [code for _, code in places_in(text)] == ["ES", "NL", "DO", "GB", "GB", "MX"]
    assert all(text[span.start].isupper() for span, _ in places_in(text))
