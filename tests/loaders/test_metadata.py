from __future__ import annotations

from datetime import date, datetime
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.errors import ReadError
from qa.loaders.documents import Document
from qa.loaders.fields import MAX_SLUG, slug
from qa.loaders.metadata import RecordContext
from qa.models.archive import Article, Status

CONTEXT = RecordContext(Document("a.md", "a.md", BytesIO), {}, derived_id="derived")


def article_of(**values: object) -> Article:
    return CONTEXT.article({"title": "Title", **values}).article


def refusal_of(**values: object) -> ReadError:
    with pytest.raises(ReadError) as caught:
        CONTEXT.article({"title": "Title", **values}, lines=dict.fromkeys(values, 7))
    return caught.value


@pytest.mark.parametrize(
    ("value", "day", "kept"),
    [
        ("2005-03-17", date(2005, 3, 17), None),
        (" 2005-03-17 ", date(2005, 3, 17), None),
        (date(2005, 3, 17), date(2005, 3, 17), None),
        (datetime(2005, 3, 17, 9, 30), date(2005, 3, 17), "2005-03-17T09:30:00"),
        ("1987-02-26T15:01:01", date(1987, 2, 26), "1987-02-26T15:01:01"),
        ("2005-03-17 23:30:00+01:00", date(2005, 3, 17), "2005-03-17 23:30:00+01:00"),
        ("2005-03-17T23:30:00Z", date(2005, 3, 17), "2005-03-17T23:30:00Z"),
        ("2004-02-29", date(2004, 2, 29), None),
        (None, None, None),
        ("", None, None),
    ],
)
def test_published(value: object, day: date | None, kept: str | None) -> None:
    article = article_of(published=value)
    assert article.source.published == day
    assert article.extra == ({"published": kept} if kept else {})


@pytest.mark.parametrize(
    "value",
    [
        "2005-02-30",
        "2005-13-01",
        "soon",
        "17/03/2005",
        "20050317",
        20050317,
        "2005-03",
        "2005-02-30T10:00",
        "2005-03-17Tnoon",
        "2005-03-17 or so",
        ["x"],
        True,
    ],
)
def test_impossible_dates_are_refused_where_they_stand(value: object) -> None:
    error = refusal_of(published=value)
    assert (error.line, error.path) == (7, "a.md")
    assert "a date of the calendar such as 2005-03-17 was expected, found" in error.reason


@pytest.mark.parametrize(
    ("value", "text"), [("x-1", "x-1"), (" x ", "x"), (17, "17"), ("año-1", "año-1"), ("x" * 200, "x" * 200)]
)
def test_ids(value: object, text: str) -> None:
    assert article_of(id=value).article_id == text


@pytest.mark.parametrize("value", ["a b", "a/b", "a\nb", "a\u200bb", "a\x07", "x" * 201, True, ["a"]])
def test_ids_that_fit_no_address_are_refused(value: object) -> None:
    error = refusal_of(id=value)
    assert error.line == 7
    assert error.reason.startswith("id: ")


def test_a_number_beyond_printing_is_refused() -> None:
    assert "a very large number" in refusal_of(id=10**300).reason


@pytest.mark.parametrize(
    ("key", "value"),
    [
        *[
            ("url", url)
            for url in (
                "ftp://x.org",
                "javascript:alert(1)",
                "x.org",
                "https://",
                "http://a b",
                "http://[",
                5,
            )
        ],
        *[("language", word) for word in ("Spanish", "e", "en_GB", 5)],
        *[("status", word) for word in ("corrected", "hidden", False)],
        *[("event_date", day) for day in ("2005-02-30", 2005)],
        *[(key, 5) for key in ("title", "text", "outlet", "kind", "summarises", "derived_from", "note")],
    ],
)
def test_wrong_values_are_refused_where_they_stand(key: str, value: object) -> None:
    error = refusal_of(**{key: value})
    assert error.line == 7
    assert error.reason.startswith(f"{key}: ")
    assert " was expected, found " in error.reason
    assert "; " in error.reason


def test_good_values() -> None:
    article = article_of(url="https://x.org/a?b=1", language="pt-BR", status="Withheld", event_date="March 2005")
    source = article.source
    assert (source.url, source.language, source.status) == ("https://x.org/a?b=1", "pt-br", Status.WITHHELD)
    assert article.event_date == "March 2005"


@pytest.mark.parametrize(
    ("stated", "language", "assumed"),
    [
        ("spa", "es", False),
        ("ENG", "en", False),
        ("ger", "de", False),
        ("deu-AT", "de-at", False),
        ("ast", "ast", False),
        ("yen", "yen", False),
        ("en", "en", False),
        ("und", "en", True),
        ("zxx", "en", True),
        (None, "en", True),
    ],
)
def test_a_language_has_one_tag_and_none_is_none(stated: str | None, language: str, assumed: bool) -> None:
    delivery = CONTEXT.article({"title": "T", "language": stated})
    assert (delivery.article.source.language, delivery.language_assumed) == (language, assumed)


def test_what_nobody_states() -> None:
    source = article_of().source
    assert (source.outlet, source.url, source.published, source.summarises) == ("", None, None, None)
    assert (source.language, source.kind, source.status) == ("en", "article", Status.LIVE)


def test_title_and_body_are_clean() -> None:
    article = article_of(title=" A\u00a0 title\nin two ", text="One\r\n\r\n\r\n\r\ntwo ")
    assert (article.source.title, article.body) == ("A title in two", "One\n\ntwo")


def test_a_paragraph_as_headline_goes_to_a_body_that_only_begins_alike() -> None:
    paragraph = "The dues fall from June. " * 30
    body = article_of(title=paragraph, text=f"{paragraph[:300]}Visitors pay by the night.").body
    assert body.startswith(f"{paragraph.strip()}\n\n{paragraph[:300]}")


@pytest.mark.parametrize("key", ["text", "withdrawn", "embargo"])
def test_an_empty_list_is_no_way_to_leave_these_out(key: str) -> None:
    assert "found" in refusal_of(**{key: []}).reason


def test_a_long_wrong_value_is_shortened() -> None:
    assert len(refusal_of(published="x" * 10_000).reason) < 300


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("Crónica de España 2005", "cronica-de-espana-2005"),
        ("__A--b__", "a-b"),
        ("Новости", "новости"),
        ("x" * 300, "x" * MAX_SLUG),
    ],
)
def test_slug(name: str, made: str) -> None:
    assert slug(name) == made


@given(st.text())
def test_every_slug_is_an_id(name: str) -> None:
    assert article_of(id=slug(name)).article_id == slug(name)
