"""What is typed into the boxes of the search and timeline pages."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.errors import QuestionError
from qa.models.replies import Question
from qa.web.forms import Pagination, SearchForm, checked

boxes = st.dictionaries(st.sampled_from(["q", "from", "until", "outlet", "language", "sort", "page"]), st.text())


def test_the_boxes_hold_a_list_to_what_they_say() -> None:
    form = SearchForm.model_validate(
        {"q": " a\nb ", "from": "2005", "until": "2005-02", "outlet": "Post", "language": "es"}
    )
    assert form.q == "a b"
    assert checked(form) == Question("a b", date(2005, 1, 1), date(2005, 2, 28), "Post", "es")


@pytest.mark.parametrize(
    ("query", "box", "words"),
    [
        ({"q": "x" * 1_001}, "q", "1,001 characters"),
        ({"q": "?! _"}, "q", "no word"),
        ({"outlet": "x" * 101}, "outlet", "100 characters"),
        ({"language": "<b>"}, "language", "from the list"),
        ({"from": "soon"}, "from", "“soon” isn’t a date"),
        ({"until": "2005-02-30"}, "until", "“2005-02-30” isn’t a date"),
        ({"from": "2004/2005"}, "from", "“2004/2005” isn’t a date"),
        ({"until": "2005-Q1"}, "until", "“2005-Q1” isn’t a date"),
        ({"from": "2006", "until": "2005"}, "from", "wrong way round"),
    ],
)
def test_a_bad_box_is_named(query: dict[str, str], box: str, words: str) -> None:
    with pytest.raises(QuestionError, match=words) as refusal:
        checked(SearchForm.model_validate(query))
    assert refusal.value.box == box


@given(boxes, st.integers(1, 99))
def test_an_address_leads_to_the_same(query: dict[str, str], page: int) -> None:
    form = SearchForm.model_validate(query)
    address = urlsplit(form.address("/search", page=page))
    again = SearchForm.model_validate(dict(parse_qsl(address.query)))
    assert address.path == "/search"
    assert (again.q, again.first, again.outlet, again.sort) == (form.q, form.first, form.outlet, form.sort)
    assert again.page == page


@given(boxes)
def test_whatever_is_typed_is_taken_or_refused(query: dict[str, str]) -> None:
    form = SearchForm.model_validate(query)
    with suppress(QuestionError):
        assert len(checked(form).text) <= 500
    shown = form.bounded()
    assert len(shown.q) <= 500
    assert max(len(shown.first), len(shown.last)) <= 30


@given(st.integers(0, 1000), st.integers(1, 50), st.integers(-5, 10**6))
def test_a_page_is_always_one_that_there_is(items: int, size: int, wanted: int) -> None:
    pages = Pagination(items, size=size, wanted=wanted)
    assert 1 <= pages.number <= pages.last
    assert 0 <= pages.start <= pages.stop <= items
    assert pages.stop - pages.start <= size
    assert pages.stop > pages.start or items == 0


@pytest.mark.parametrize("page", ["-1", "0", "x", "1e9", "99999999", "²", ""])
def test_a_page_that_is_none_is_the_nearest(page: str) -> None:
    assert Pagination(5, size=2, wanted=SearchForm.model_validate({"page": page}).page).number == 1
