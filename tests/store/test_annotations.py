"""What was read out of an article is kept with it, and goes with it."""

from __future__ import annotations

from datetime import date

from qa.models.annotations import NamedEvent
from qa.models.archive import Status
from qa.store.archive_store import ArchiveStore
from qa.text.annotating import annotate
from tests.fakes import article, indexed
from tests.store.conftest import OpenShelf

TOLD = article("a", "Nineteen people were arrested yesterday. A vote is due in May.", published=date(2005, 3, 17))


def test_annotations_come_back_as_they_were_made(open_store: OpenShelf) -> None:
    with open_store() as store:
        store.put(indexed([TOLD]))
    with open_store() as store:
        assert store.annotations(["a", "unknown"]) == {"a": annotate(TOLD)}
        assert len(store.annotations(["a"])["a"].dates) == 2


def test_a_new_version_of_an_article_brings_its_own(store: ArchiveStore) -> None:
    changed = article("a", "It happened last Tuesday.", published=date(2005, 3, 17))
    store.put(indexed([TOLD]))
    store.put(indexed([changed]))
    assert store.annotations(["a"]) == {"a": annotate(changed)}


def test_the_events_that_articles_name_are_listed_as_far_as_readers_may_see_them(store: ArchiveStore) -> None:
    named = article("b", "Operación Cerbero went on; Operation Cerbero ended, as did the Casa Pia case.")
    hidden = article("c", "Operación Azahar began.", status=Status.WITHHELD)
    store.put(indexed([TOLD, named, hidden]))
    cerbero, pia = NamedEvent("cerbero", "Operación Cerbero"), NamedEvent("casa pia", "Casa Pia case")
    assert {name: set(events) for name, events in store.named_events().items()} == {"b": {cerbero, pia}}
    store.remove("b")
    assert store.named_events() == {}


def test_a_removed_article_leaves_none(store: ArchiveStore) -> None:
    store.put(indexed([TOLD]))
    store.remove("a")
    assert store.annotations(["a"]) == {}
