"""What was read out of an article is kept with it, and goes with it."""

from __future__ import annotations

from datetime import date

from qa.store.shelf import StoredShelf
from qa.text.annotating import annotate
from tests.fakes import article, shelved
from tests.store.conftest import OpenShelf

TOLD = article("a", "Nineteen people were arrested yesterday. A vote is due in May.", published=date(2005, 3, 17))


def test_annotations_come_back_as_they_were_made(open_shelf: OpenShelf) -> None:
    with open_shelf() as shelf:
        shelf.put(shelved([TOLD]))
    with open_shelf() as shelf:
        assert shelf.annotations(["a", "unknown"]) == {"a": annotate(TOLD)}
        assert len(shelf.annotations(["a"])["a"].dates) == 2


def test_a_new_version_of_an_article_brings_its_own(shelf: StoredShelf) -> None:
    changed = article("a", "It happened last Tuesday.", published=date(2005, 3, 17))
    shelf.put(shelved([TOLD]))
    shelf.put(shelved([changed]))
    assert shelf.annotations(["a"]) == {"a": annotate(changed)}


def test_a_removed_article_leaves_none(shelf: StoredShelf) -> None:
    shelf.put(shelved([TOLD]))
    shelf.remove("a")
    assert shelf.annotations(["a"]) == {}
