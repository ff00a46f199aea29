from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from qa.models.archive import Article
from qa.protocols import Retriever
from qa.retrieval.dense import DenseRetriever
from qa.retrieval.fusion import FusedRetriever, reciprocal_rank
from qa.retrieval.late_interaction import RerankedRetriever, SentenceRanker
from qa.retrieval.lexical import LexicalRetriever
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


@pytest.fixture(params=["dense", "lexical", "fused", "fused by rank", "re-ranked", "re-ranked lexical"])
def retriever(request: pytest.FixtureRequest, store: CatalogueStore) -> Retriever:
    encoder = FakeEncoder()
    dense, lexical, ranker = DenseRetriever(store, encoder), LexicalRetriever(store), SentenceRanker(store, encoder)
    made: dict[str, Retriever] = {
        "dense": dense,
        "lexical": lexical,
        "fused": FusedRetriever([dense, lexical]),
        "fused by rank": FusedRetriever([dense, lexical], fuse=reciprocal_rank),
        "re-ranked": RerankedRetriever(FusedRetriever([dense, lexical]), ranker),
        "re-ranked lexical": RerankedRetriever(lexical, ranker),
    }
    return made[request.param]
