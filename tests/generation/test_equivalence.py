"""How much of good and of bad translations stands, between English and Spanish, on sentences of the demo archive."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from qa.generation.translator import says_as_much, without_quotation_marks
from qa.models.archive import Source
from qa.models.replies import Citation
from tests.each import each

MANY = 19
"""Of the thirty; 21 stood when the rules were chosen."""

GOOD = [json.loads(line) for line in Path(__file__).with_name("translations.jsonl").read_text("utf-8").splitlines()]
ADDED = {
    "en": (", and 41 more were sought", ", said Mario Ferrand", " in Portugal", " on 7 June 1998"),
    "es": (", y 41 más eran buscados", ", dijo Mario Ferrand", " en Portugal", " el 7 de junio de 1998"),
}


def stands(quote: str, text: str, *, language: str) -> bool:
    """Whether a text of a language stands as the translation of a quote of the other one."""
    source = Source("a", "A headline", "A paper", published=date(2005, 3, 17), language=other(language))
    return says_as_much(Citation(1, source, 0, len(quote), quote), text, language=language)


def other(language: str) -> str:
    return "en" if language == "es" else "es"


def spoilt(text: str, language: str) -> Iterator[str]:
    """A translation that says something else: figures changed or left out, things added, arrests made convictions."""
    if number := re.search(r"\b\d[\d.,]*\b", text):
        yield text[: number.start()] + "77" + text[number.end() :]
        yield " ".join((text[: number.start()] + text[number.end() :]).split())
    yield from (text.rstrip(".") + more + "." for more in ADDED[language])
    turned = (
        re.sub("arrested|detained", "convicted", text) if language == "en" else re.sub("detenciones", "penas", text)
    )
    if turned != text:
        yield turned


def test_most_good_translations_stand() -> None:
    standing = [stands(one["quote"], one["translation"], language=other(one["language"])) for one in GOOD]
    assert len(standing) == 30
    assert sum(standing) >= MANY


@each("one", GOOD)
def test_no_spoilt_translation_stands(one: dict[str, str]) -> None:
    language = other(one["language"])
    wrong = list(spoilt(one["translation"], language))
    assert len(wrong) >= 4
    assert [text for text in (*wrong, one["quote"]) if stands(one["quote"], text, language=language)] == []


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("En Argentina no hubo detenciones, según la policía.", "There were arrests in Argentina, the police say."),
        ("El juez absolvió a los acusados en aquel caso.", "The judge convicted the accused in that case."),
        ("El jurado no declaró culpables a los acusados.", "The jury found the accused guilty."),
    ],
)  # fmt: skip
def test_the_opposite_does_not_stand(quote: str, text: str) -> None:
    assert not stands(quote, text, language="en")


def test_a_name_of_the_headline_alone_is_no_name_of_the_quote() -> None:
    quote = "Una persona fue arrestada ayer en la ciudad."
    assert stands(quote, "A person was arrested yesterday in the city.", language="en")
    source = Source("a", "Mario Ferrand, detenido", "Ferrand", published=date(2005, 3, 17), language="es")
    named = "Mario Ferrand was arrested yesterday in the city."
    assert not says_as_much(Citation(1, source, 0, len(quote), quote), named, language="en")


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("“It” «is» \"so\" ‘it’ 'is'", "It is so it is"),
        ("the officers’ report, O’Hara’s and Ana's", "the officers report, O’Hara’s and Ana's"),
        ("  a\n b ", "a b"),
    ],
)
def test_quotation_marks_go_and_apostrophes_in_words_stay(text: str, plain: str) -> None:
    assert without_quotation_marks(text) == plain
