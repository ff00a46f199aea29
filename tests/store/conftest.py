"""Shelves in a folder of their own, over each kind of vector index."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from qa.store.catalogue import Catalogue
from qa.store.shelf import Generations, StoredShelf
from qa.store.vectors import EmbeddedChroma
from tests.fakes import FakeEncoder, FakeGenerations

OpenShelf = Callable[[], AbstractContextManager[StoredShelf]]


@pytest.fixture(params=["chroma", "fake"])
def generations(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Generations]:
    made: Generations = FakeGenerations() if request.param == "fake" else EmbeddedChroma(tmp_path / "vectors")
    yield made
    made.close()


@pytest.fixture
def open_shelf(tmp_path: Path, generations: Generations) -> OpenShelf:
    """Opens the shelf as a process does that is going to write."""

    @contextmanager
    def opening() -> Iterator[StoredShelf]:
        shelf = StoredShelf(Catalogue(tmp_path / "catalogue.sqlite3"), generations)
        try:
            shelf.recover()
            shelf.claim(FakeEncoder().fingerprint)
            yield shelf
        finally:
            shelf.close()

    return opening


@pytest.fixture
def shelf(open_shelf: OpenShelf) -> Iterator[StoredShelf]:
    with open_shelf() as one:
        yield one
