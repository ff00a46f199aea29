"""The archive inside LangChain: its own base classes and runnables accept ours."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import pytest
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import RunnableLambda

from qa.archive.archive import ArchiveRetriever
from qa.models.archive import Article
from qa.protocols import Retriever
from qa.store.document_store import CatalogueStore
from tests.fakes import article

Stock = Callable[[Sequence[Article]], None]
BRIDGE = article("bridge", "A note. The mayor opened the bridge.", published=date(1987, 2, 26))


def test_documents_carry_their_source(retriever: Retriever, stock: Stock, store: CatalogueStore) -> None:
    stock([BRIDGE, article("u", "The mayor spoke.")])
    lent = ArchiveRetriever(retriever=retriever, limit=1)
    assert isinstance(lent, BaseRetriever)
    (document,) = lent.invoke("Who opened the bridge?")
    said = dict(document.metadata)
    assert isinstance(said.pop("score"), float)
    assert said == {
        "article_id": "bridge", "start": 0, "end": 36,
        "title": "Title of bridge", "outlet": "Post", "published": "1987-02-26",
    }  # fmt: skip
    assert document.page_content == store.article("bridge").body[said["start"] : said["end"]]
    assert document.id == "bridge:0-36"


def test_undated_documents_are_found_too_and_a_limit_is_at_least_one(retriever: Retriever, stock: Stock) -> None:
    stock([BRIDGE, article("u", "The mayor spoke.")])
    assert {d.metadata["published"] for d in ArchiveRetriever(retriever=retriever).invoke("mayor")} == {
        "1987-02-26",
        None,
    }
    with pytest.raises(ValueError, match="limit"):
        ArchiveRetriever(retriever=retriever, limit=0)


def test_it_is_a_step_of_a_chain(retriever: Retriever, stock: Stock) -> None:
    stock([BRIDGE])
    chain = ArchiveRetriever(retriever=retriever) | RunnableLambda(lambda documents: documents[0].page_content)
    assert chain.invoke("bridge") == BRIDGE.body
    assert chain.batch(["bridge", "mayor"]) == [BRIDGE.body] * 2
