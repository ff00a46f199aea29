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
from qa.store.catalogue import Catalogue
from qa.store.shelf import StoredShelf
from tests.fakes import FakeEncoder, FakeGenerations, shelved


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[StoredShelf]:
    made = StoredShelf(Catalogue(tmp_path / "c.sqlite3"), FakeGenerations())
    yield made
    made.close()


@pytest.fixture
def stock(shelf: StoredShelf) -> Callable[[Sequence[Article]], None]:
    """Puts articles on the shelf of the test."""
    return lambda articles: shelf.put(shelved(articles))


@pytest.fixture(params=["dense", "lexical", "fused", "fused by rank", "re-ranked", "re-ranked lexical"])
def retriever(request: pytest.FixtureRequest, shelf: StoredShelf) -> Retriever:
    encoder = FakeEncoder()
    dense, lexical, ranker = DenseRetriever(shelf, encoder), LexicalRetriever(shelf), SentenceRanker(shelf, encoder)
    made: dict[str, Retriever] = {
        "dense": dense,
        "lexical": lexical,
        "fused": FusedRetriever([dense, lexical]),
        "fused by rank": FusedRetriever([dense, lexical], fuse=reciprocal_rank),
        "re-ranked": RerankedRetriever(FusedRetriever([dense, lexical]), ranker),
        "re-ranked lexical": RerankedRetriever(lexical, ranker),
    }
    return made[request.param]
