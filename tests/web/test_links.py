"""Links that open an article at a sentence."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.models.archive import Span
from qa.web.forms import article_link, language_tag, quoted_numbers, safe_link, sentence_number

SPANS = [Span(0, 10), Span(11, 20), Span(25, 30)]


@pytest.mark.parametrize(("start", "number"), [(0, 1), (9, 1), (10, 2), (11, 2), (15, 2), (22, 3), (29, 3), (30, None)])
def test_the_sentence_of_an_offset(start: int, number: int | None) -> None:
    assert sentence_number(SPANS, start) == number


def test_a_link_names_every_quoted_sentence_once() -> None:
    assert article_link("a b/c", quoted=[7, 3, 7], at=7) == "/article/a%20b%2Fc?quoted=3,7#s7"
    assert article_link("plain") == "/article/plain"


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_an_id_survives_its_link(article_id: str) -> None:
    link = urlsplit("http://host" + article_link(article_id, quoted=[1], at=1))
    assert unquote(link.path) == f"/article/{article_id}"
    assert (link.query, link.fragment) == ("quoted=1", "s1")


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("3,7", (3, 7)),
        ("7,3,3", (3, 7)),
        ("0,11,-1,x,,2", (2,)),
        ("", ()),
        ("9999999999999999999999", ()),
        ("²", ()),
    ],
)
def test_numbers_of_an_address_are_bounds_checked(text: str, numbers: tuple[int, ...]) -> None:
    assert quoted_numbers(text, sentences=10) == numbers


@given(st.text(), st.integers(0, 50))
def test_no_number_leaves_its_bounds(text: str, sentences: int) -> None:
    numbers = quoted_numbers(text, sentences=sentences)
    assert all(1 <= number <= sentences for number in numbers)


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "javascript:alert(1)",
        "data:text/html,x",
        "//host",
        "https://a b",
        "java\nscript:x",
        " http://x",
        "httpſ://x",
    ],
)
def test_only_web_addresses_are_linked(url: str | None) -> None:
    assert safe_link(url) is None


def test_web_addresses_are_linked() -> None:
    assert safe_link("HTTPS://example.org/a?b=c") == "HTTPS://example.org/a?b=c"


def test_language_tags() -> None:
    assert language_tag("es-419") == "es-419"
    assert language_tag('en" onload="x') is None
    assert language_tag("") is None
