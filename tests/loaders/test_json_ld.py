from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from qa.loaders.json_ld import articles_in, facts_of, is_article, nodes_of
from qa.models.archive import Coded, Correction, Status
from qa.models.deliveries import Delivery, Failure

Put = Callable[..., Path]
ReadOne = Callable[..., Delivery]
FailOne = Callable[..., Failure]
ReadAll = Callable[..., list[Delivery | Failure]]
SAMPLES = Path(__file__).parents[2] / "corpus" / "formats"


def test_an_article_with_all_that_schema_org_has(read_all: ReadAll) -> None:
    (delivery,) = read_all(SAMPLES / "library-sundays.jsonld.json")
    assert isinstance(delivery, Delivery)
    article, metadata = delivery.article, delivery.article.metadata
    assert (article.article_id, article.source.title) == ("urn:estuary:4712", "Library opens on Sundays")
    assert article.body.split("\n\n")[1].startswith("The council had asked")
    assert (article.source.published, article.source.language) == (date(2019, 3, 5), "en-gb")
    assert metadata.revised == datetime(2019, 3, 6, 10, tzinfo=UTC)
    assert (metadata.byline, article.source.outlet) == ("Tom Arden, Ruth Calder", "The Estuary Post")
    assert article.source.corrections == (Correction("Two librarians will be employed, not three.", None),)
    assert (metadata.section, metadata.keywords, metadata.version) == ("Council", ("library", "council"), "2")
    assert metadata.rights.holder == "Estuary Press"
    assert metadata.rights.terms == "https://www.estuarypost.example/terms"
    assert metadata.places == (Coded("Northmouth", "https://places.example/1"),)
    assert metadata.organisations == (Coded("Northmouth Library", ""),)
    assert metadata.subjects == (Coded("Opening hours", ""),)
    assert article.extra["isAccessibleForFree"] is True


def test_references_within_a_graph_are_followed() -> None:
    graph = {
        "@graph": [
            {"@type": "NewsArticle", "headline": "H", "author": {"@id": "#a"}, "publisher": {"@id": "#p"}},
            {"@type": "Person", "@id": "#a", "name": "Ann"},
            {"@type": "Organization", "@id": "#p", "name": "Post"},
        ]
    }
    (article,) = articles_in(graph)
    found = facts_of(article, nodes_of(graph))
    assert (found["byline"], found["outlet"]) == ("Ann", "Post")


def test_a_list_of_a_pages_objects_is_one_article(read_one: ReadOne) -> None:
    objects = [
        {"@type": "BreadcrumbList", "itemListElement": []},
        {"@type": "BlogPosting", "headline": "H", "articleBody": "B.", "author": {"@id": "#a"}},
        {"@type": "Person", "@id": "#a", "name": "Ann"},
    ]
    article = read_one("a.json", json.dumps(objects)).article
    assert (article.source.title, article.body, article.metadata.byline) == ("H", "B.", "Ann")


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("NewsArticle", True),
        ("https://schema.org/OpinionNewsArticle", True),
        (["WebPage", "schema:ReportageNewsArticle"], True),
        ("BlogPosting", True),
        ("Person", False),
        (7, False),
    ],
)
def test_types_that_are_articles(kind: object, expected: bool) -> None:
    assert is_article({"@type": kind}) is expected


@pytest.mark.parametrize(
    ("word", "status"),
    [("Retracted", Status.WITHDRAWN), ("withdrawn", Status.WITHDRAWN), ("Draft", Status.WITHHELD), ("", Status.LIVE)],
)
def test_standing(read_one: ReadOne, word: str, status: Status) -> None:
    record = {"@type": "Article", "headline": "H", "articleBody": "B.", "creativeWorkStatus": word}
    assert read_one("a.json", json.dumps(record)).article.source.status is status


def test_a_correction_has_its_day(read_one: ReadOne) -> None:
    correction = {"@type": "CorrectionComment", "text": "It was five.", "datePublished": "2020-01-04T10:00Z"}
    record = {"@type": "Article", "headline": "H", "articleBody": "B.", "correction": [correction, "https://x.example"]}
    corrections = read_one("a.json", json.dumps(record)).article.source.corrections
    assert corrections == (Correction("It was five.", date(2020, 1, 4)),)


def test_markup_and_entities_in_values_are_read(read_one: ReadOne) -> None:
    record = {"@type": "Article", "headline": "A &amp; B", "articleBody": "<p>One.</p><p>Two.</p>"}
    article = read_one("a.json", json.dumps(record)).article
    assert (article.source.title, article.body) == ("A & B", "One.\n\nTwo.")


def test_without_its_body_it_is_a_teaser(read_one: ReadOne) -> None:
    article = read_one("a.json", '{"@type": "Article", "headline": "H", "description": "In short."}').article
    assert (article.source.kind, article.body) == ("teaser", "In short.")


def test_what_is_no_article_is_refused(fail_one: FailOne) -> None:
    assert "found Recipe" in fail_one("a.json", '{"@type": "Recipe", "name": "Bread"}').reason
    assert "found neither" in fail_one("b.json", '{"@type": "Article", "url": "https://x.example", "image": 1}').reason


def test_values_of_any_shape_do_no_harm() -> None:
    for value in (None, 7, True, [], {}, [[["x"]]], {"@value": {"@value": 1}}, [{"name": None}], {"@list": [1]}):
        item = dict.fromkeys(("headline", "author", "correction", "keywords", "about", "inLanguage", "url"), value)
        assert "revised" not in facts_of({"@type": "Article", **item, "identifier": value, "dateModified": value})
