"""The questions that the page offers are kept with the articles that they are made of, and go with those."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from qa.models.deliveries import Notice, NoticeKind
from qa.store.archive_store import ArchiveStore
from qa.store.notices import NoticeStore
from tests.fakes import article, indexed
from tests.store.conftest import Place

BRIDGE = article("bridge", "The mayor opened the bridge.", published=date(1987, 2, 26))
RIVER = article("river", "The mayor saw the river rise.", published=date(1990, 1, 1))


@pytest.fixture(autouse=True)
def _kept(store: ArchiveStore) -> None:
    store.put(indexed([BRIDGE]))
    store.keep_questions("Who opened the bridge?", state=store.state())


def test_they_stay_where_articles_come_but_are_of_another_state_then(store: ArchiveStore) -> None:
    before = store.state()
    store.put(indexed([RIVER]))
    assert store.kept_questions() == "Who opened the bridge?"
    assert store.state() != before
    store.keep_questions("Who came too late?", state=before)
    assert store.kept_questions() == "Who opened the bridge?"
    store.keep_questions("Who saw the river?", state=store.state())
    assert store.kept_questions() == "Who saw the river?"


def test_none_is_left_of_an_article_that_is_replaced_or_removed(store: ArchiveStore) -> None:
    store.put(indexed([replace(BRIDGE, body="Nobody opened the bridge.")]))
    assert store.kept_questions() is None
    store.keep_questions("Who opened the bridge?", state=store.state())
    store.remove("bridge")
    assert store.kept_questions() is None


def test_none_is_left_of_an_article_that_is_erased(store: ArchiveStore, place: Place) -> None:
    before, book = store.state(), NoticeStore(place())
    book.add(Notice("bridge", NoticeKind.ERASURE, "why", "ana", datetime(2026, 5, 3, tzinfo=UTC)))
    assert store.state() != before
    store.finish()
    assert store.kept_questions() is None
    book.close()
