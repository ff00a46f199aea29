"""Stores of their own, over each engine and each kind of vector index."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from qa.models.dates import ALWAYS
from qa.store import document_store
from qa.store.archive_store import ArchiveStore
from qa.store.document_store import CatalogueStore
from qa.store.engine import Engine
from qa.store.vectors import EmbeddedChroma
from tests.fakes import FakeEncoder, FakeGenerations, Generations

OpenShelf = Callable[[], AbstractContextManager[ArchiveStore]]
Place = Callable[[], Path | Engine]

OF_FILES = pytest.mark.parametrize("kind", ["chroma", "tail"], indirect=True)
"""Of tests that are about files."""

OF_VECTORS = pytest.mark.parametrize("kind", ["chroma", "fake", "tail", "postgres"], indirect=True)
"""Of tests that are about what is near."""


@pytest.fixture(params=["fake", "postgres"])
def kind(request: pytest.FixtureRequest) -> str:
    """Where generations live; but for "tail" every batch becomes one, and nothing is compared one by one."""
    return str(request.param)


@pytest.fixture
def generations(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generations:
    if kind != "tail":
        monkeypatch.setattr(document_store, "TAIL_SIZE", 0)
        monkeypatch.setattr(document_store, "TAIL_SHARE", 0)
    return EmbeddedChroma(tmp_path / "vectors") if kind == "chroma" else FakeGenerations()


@pytest.fixture
def place(kind: str, tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Place:
    """Where the catalogue is, as another process finds it."""
    if kind != "postgres":
        return lambda: tmp_path / "catalogue.sqlite3"
    address = request.getfixturevalue("emptied_database")
    from qa.store.postgres import store as module

    monkeypatch.setattr(module, "FRESH_SECONDS", 0)
    return lambda: module.PostgresBook(address)


@pytest.fixture
def open_store(place: Place, kind: str, request: pytest.FixtureRequest) -> OpenShelf:
    """Opens the store as a process does that is going to write."""

    def made() -> ArchiveStore:
        where = place()
        if isinstance(where, Path):
            return CatalogueStore(where, request.getfixturevalue("generations"))
        from qa.store.postgres.store import PostgresStore

        return PostgresStore(where)  # type: ignore[arg-type]

    @contextmanager
    def opening() -> Iterator[ArchiveStore]:
        store = made()
        try:
            store.recover()
            store.claim(FakeEncoder().fingerprint)
            yield store
        finally:
            store.close()

    return opening


def held(store: ArchiveStore) -> dict[str, tuple[str, list[str]]]:
    """The digest and the passages of each article that is sound."""
    articles = {s.article_id: (store.original(s.article_id).digest, list[str]()) for s, _ in store.sources()}
    for passage in store.passages(store.numbers(), between=ALWAYS).values():
        articles[passage.source.article_id][1].append(passage.passage_id)
    return articles


@pytest.fixture
def store(open_store: OpenShelf) -> Iterator[ArchiveStore]:
    with open_store() as one:
        yield one
