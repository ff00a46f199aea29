"""Articles as lists show them, and what a search can be narrowed down to."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from qa.models.archive import Article, ListedArticle, Origins, Status
from qa.models.dates import Dates
from qa.store.archive_store import ArchiveStore
from tests.fakes import FakeEncoder, article, indexed
from tests.store.conftest import OF_VECTORS


def made(name: str, outlet: str, language: str, *, summarises: str | None = None, event: str | None = None) -> Article:
    one = article(name, f"The mayor opened the bridge of {name}.", outlet=outlet, published=date(1990, 1, 1))
    return replace(
        one, source=replace(one.source, language=language, summarises=summarises), event_date=event, extra={}
    )


POST = made("post", "Daily Post", "en", event="1989-12")
PAIS = made("pais", "El País", "es-MX")
SUMMARY = made("summary", "Case archive", "est", summarises="El País, 29 November 2001")
UNDATED = article("undated", "The mayor spoke.", outlet="")
HIDDEN = article("hidden", "The mayor was named in error.", outlet="Secret", status=Status.WITHHELD)
ALL = (POST, PAIS, SUMMARY, UNDATED, HIDDEN)

CHOICES = [
    (Dates(), {"post", "pais", "summary", "undated"}),
    (Dates(outlet="daily"), {"post"}),
    (Dates(outlet="EL PAIS"), {"pais", "summary"}),
    (Dates(outlet="%"), set()),
    (Dates(outlet="' OR 1=1 --"), set()),
    (Dates(language="es"), {"pais"}),
    (Dates(language="ES-mx"), {"pais"}),
    (Dates(language="%"), set()),
    (Dates(outlet="país", language="est"), {"summary"}),
    (Dates(first=date(1990, 1, 1), outlet="post"), {"post"}),
    (Dates(first=date(1990, 1, 2)), set()),
    (Dates(phrases=("Bridges of páis",)), {"pais"}),
    (Dates(phrases=("bridge of the",)), set()),
    (Dates(phrases=("mayor", '"bridge" OR of')), set()),
    (Dates(excluded=("bridge of post", "spoke")), {"pais", "summary"}),
    (Dates(outlet="país", phrases=("mayor",), excluded=("summary",)), {"pais"}),
]


def test_a_list_has_what_readers_may_see_and_no_bodies(store: ArchiveStore) -> None:
    assert store.listed() == []
    store.put(indexed(ALL))
    assert store.listed() == [
        ListedArticle(one.source, one.event_date)
        for one in sorted(ALL, key=lambda one: one.article_id)
        if one is not HIDDEN
    ]


@OF_VECTORS
def test_lists_and_searches_are_narrowed_down_alike(store: ArchiveStore) -> None:
    store.put(indexed(ALL))
    vector = FakeEncoder().encode(["The mayor opened the bridge"])[0]
    for between, expected in CHOICES:
        assert {one.source.article_id for one in store.listed(between)} == expected, between
        for hits in (store.matching(["mayor"], limit=9, between=between), store.near(vector, limit=9, between=between)):
            assert {hit.passage.source.article_id for hit in hits} == expected, between


def test_better_matches_that_are_withdrawn_leave_room_for_the_one_that_is_not(store: ArchiveStore) -> None:
    better = [article(f"w{number}", "Mayor, mayor, mayor.", status=Status.WITHDRAWN) for number in range(12)]
    store.put(indexed([*better, UNDATED]))
    assert [hit.passage.source.article_id for hit in store.matching(["mayor"], limit=1)] == ["undated"]


def test_the_origins_of_what_readers_may_see(store: ArchiveStore) -> None:
    assert store.origins() == Origins()
    store.put(indexed(ALL))
    outlets, languages = ("Case archive", "Daily Post", "El País"), ("en", "es-MX", "est")
    assert store.origins() == Origins(outlets, languages, ("El País, 29 November 2001",))


def test_the_dates_of_events_are_told_of_readable_articles_that_name_one(store: ArchiveStore) -> None:
    hidden = replace(HIDDEN, event_date="1989-11")
    store.put(indexed([POST, PAIS, replace(UNDATED, event_date=""), hidden]))
    assert store.event_dates(["post", "pais", "undated", "hidden", "unknown"]) == {"post": "1989-12"}
    assert store.event_dates(["pais"]) == {}
    assert store.event_dates([]) == {}
