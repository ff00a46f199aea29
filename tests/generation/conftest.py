"""A small archive, and the pipeline over it with a language model that follows a script."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from langchain_core.runnables import Runnable

from qa.answering.analysis import ConversationTurn
from qa.encoding.sentence_encoder import SentenceEncoder
from qa.generation.verification import Verifier
from qa.generation.writer import Writer
from qa.ingestion.ingest import encode_articles
from qa.llm.usage import Bounds
from qa.models.archive import Article, Source
from qa.models.replies import Reply
from qa.protocols import ChatModel
from qa.retrieval.ranking import DenseRetriever, HybridRetriever, LexicalRetriever
from qa.store.document_store import CatalogueStore
from tests.fakes import FakeGenerations, FakeSupport, delivered, packaged_rank, pipeline_of

HARBOUR = Article(
    Source("harbour", "New pier opens", "Harbour Post", published=date(2010, 5, 4)),
    "The new pier cost 31 million crowns, the harbour office said. It was opened yesterday by the port minister, Anna "
    "Lund. Ferries are expected to use it from Monday.",
)
BRIDGE = Article(
    Source("bridge", "Bridge closed for repairs", "City Herald", published=date(2012, 9, 1)),
    "The old bridge is closed for six weeks. Engineers found rust in 40 of its 120 bolts.",
)
COST = "The new pier cost 31 million crowns, the harbour office said."

Road = Callable[[ChatModel], Runnable[ConversationTurn, Reply]]


def store_in(folder: Path, encoder: SentenceEncoder) -> CatalogueStore:
    """A store in a folder, with both articles."""
    made = CatalogueStore(folder / "c.sqlite3", FakeGenerations())
    made.put(encode_articles([delivered(HARBOUR), delivered(BRIDGE)], encoder))
    return made


def road_over(store: CatalogueStore, encoder: SentenceEncoder) -> Road:
    """The pipeline in which a given language model writes."""

    def with_model(model: ChatModel) -> Runnable[ConversationTurn, Reply]:
        return pipeline_of(
            retriever=HybridRetriever(DenseRetriever(store, encoder), LexicalRetriever(store)),
            rank=packaged_rank(store, encoder),
            store=store,
            writer=Writer(model, library=store, verifier=partial(Verifier, support=FakeSupport()), bounds=Bounds()),
        )

    return with_model


@pytest.fixture(scope="module")
def road(tmp_path_factory: pytest.TempPathFactory, encoder: SentenceEncoder) -> Iterator[Road]:
    store = store_in(tmp_path_factory.mktemp("store"), encoder)
    yield road_over(store, encoder)
    store.close()
