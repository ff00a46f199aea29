"""The plain LangChain recipe, as its tutorials have it, with the same model: what the house is compared with."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from pathlib import Path

from langchain_chroma import Chroma
from langchain_core.documents import Document
from langchain_huggingface import HuggingFaceEmbeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter

from benchmarks.measures import Figures, peak_memory, percentile, timed
from qa.encoding.e5 import packaged_encoder
from qa.settings import Settings

ADDED_AT_ONCE = 5_000
"""Chroma takes no more than 5,461 documents at a time."""


def fill(home: Path, lines: Path) -> Figures:
    """Articles into an empty store; loading the model is not counted."""
    store = _store(home)
    store.embeddings.embed_query("warm up")  # type: ignore[union-attr]
    started = time.perf_counter()
    articles = [json.loads(line) for line in lines.read_text(encoding="utf-8").splitlines()]
    documents = [
        Document(article["text"], metadata={"id": article["id"], "title": article["title"]}) for article in articles
    ]
    chunks = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200).split_documents(documents)
    for start in range(0, len(chunks), ADDED_AT_ONCE):
        store.add_documents(chunks[start : start + ADDED_AT_ONCE])
    return {
        "articles": len(articles),
        "passages": len(chunks),
        "characters": sum(len(chunk.page_content) for chunk in chunks),
        "seconds": time.perf_counter() - started,
        "memory": peak_memory(),
    }


def ask(home: Path, asked: Sequence[str]) -> Figures:
    """Questions one after the other: what is found for them; the recipe has no answer without a language model."""
    store = _store(home)
    for question in asked[:5]:
        store.similarity_search(question)
    find = timed(store.similarity_search, asked)
    return {"find_p50": percentile(find, 0.5), "find_p95": percentile(find, 0.95), "memory": peak_memory()}


def first(home: Path, asked: Sequence[str]) -> Figures:
    """One question in a new process; who started it takes the time."""
    _store(home).similarity_search(asked[0])
    return {}


def _store(home: Path) -> Chroma:
    embeddings = HuggingFaceEmbeddings(model_name=str(packaged_encoder(Settings().models)))
    return Chroma("articles", embeddings, persist_directory=str(home))
