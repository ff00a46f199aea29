from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from qa.models.archive import Article
from qa.protocols import Retriever
from qa.retrieval.ranking import DenseRetriever, HybridRetriever, LexicalRetriever
from qa.store.document_store import CatalogueStore
from tests.fakes import FakeEncoder, FakeGenerations, indexed


@pytest.fixture
def store(tmp_path: Path) -> Iterator[CatalogueStore]:
    made = CatalogueStore(tmp_path / "c.sqlite3", FakeGenerations())
    yield made
    made.close()


@pytest.fixture
def stock(store: CatalogueStore) -> Callable[[Sequence[Article]], None]:
    """Puts articles on the store of the test."""
    return lambda articles: store.put(indexed(articles))


@pytest.fixture(params=["dense", "lexical", "hybrid"])
def retriever(request: pytest.FixtureRequest, store: CatalogueStore) -> Retriever:
    dense, lexical = DenseRetriever(store, FakeEncoder()), LexicalRetriever(store)
    made: dict[str, Retriever] = {"dense": dense, "lexical": lexical, "hybrid": HybridRetriever(dense, lexical)}
    return made[request.param]
