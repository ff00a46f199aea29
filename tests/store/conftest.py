"""Shelves in a folder of their own, over each kind of vector index."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from qa.store import document_store
from qa.store.document_store import CatalogueStore
from qa.store.growing import Generations
from qa.store.vectors import EmbeddedChroma
from tests.fakes import FakeEncoder, FakeGenerations

OpenShelf = Callable[[], AbstractContextManager[CatalogueStore]]


@pytest.fixture(params=["chroma", "fake", "tail"])
def generations(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generations:
    """Where generations live; but for "tail" every batch becomes one, and nothing is compared one by one."""
    if request.param != "tail":
        monkeypatch.setattr(document_store, "TAIL_SIZE", 0)
        monkeypatch.setattr(document_store, "TAIL_SHARE", 0)
    return EmbeddedChroma(tmp_path / "vectors") if request.param == "chroma" else FakeGenerations()


@pytest.fixture
def open_store(tmp_path: Path, generations: Generations) -> OpenShelf:
    """Opens the store as a process does that is going to write."""

    @contextmanager
    def opening() -> Iterator[CatalogueStore]:
        store = CatalogueStore(tmp_path / "catalogue.sqlite3", generations)
        try:
            store.recover()
            store.claim(FakeEncoder().fingerprint)
            yield store
        finally:
            store.close()

    return opening


@pytest.fixture
def store(open_store: OpenShelf) -> Iterator[CatalogueStore]:
    with open_store() as one:
        yield one
