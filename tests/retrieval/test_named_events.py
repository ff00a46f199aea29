"""The events of an archive, told by their names alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from qa.models.annotations import NamedEvent
from qa.models.archive import Article
from qa.retrieval.named_events import EventNames, names_of_events
from qa.store.document_store import CatalogueStore
from tests.fakes import article

REPORTS = (
    article("one", "Operation Heron began. Heron led to arrests."),
    article("two", "Operación Heron ended."),
    article("three", "Operación Heron was dear. The Casa Pia case was dearer."),
    article("four", "Police ran Operation Vigo. They call it Vigo."),
    article("five", "The mayor of Vigo spoke."),
    article("six", "Vigo lies on the sea. The Roe case went on."),
    article("seven", "Ann Roe was heard. Nobody else was."),
    article("eight", "Ann Roe spoke of what Roe had seen."),
)


@pytest.mark.parametrize(
    ("name", "whole"),
    [
        ("Heron", "Operación Heron"),
        ("heron", "Operación Heron"),
        ("Operation", None),
        ("Vigo", None),  # rather a town
        ("Roe", None),  # rather a person
        ("Tern", None),
    ],
)
def test_an_event_is_told_by_what_it_is_called(
    store: CatalogueStore, stock: Callable[[Sequence[Article]], None], name: str, whole: str | None
) -> None:
    stock(REPORTS)
    assert EventNames(store).whole(name) == whole
    store.remove("two")
    store.remove("three")
    assert EventNames(store).whole(name) == (whole and "Operation Heron")


def test_they_are_called_as_most_articles_call_them_and_the_most_named_stand_first() -> None:
    heron, huron = NamedEvent("heron", "Operation Heron"), NamedEvent("heron", "Operación Heron")
    pia = NamedEvent("pia", "Pia case")
    assert list(names_of_events([[pia, heron], [huron], [huron]]).items()) == [
        ("heron", "Operación Heron"),
        ("pia", "Pia case"),
    ]
