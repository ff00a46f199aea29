"""The archive's encoder as LangChain embeddings."""

from __future__ import annotations

from langchain_core.embeddings import Embeddings

from qa.protocols import Encoder


class ArchiveEmbeddings(Embeddings):
    """Unit vectors by any `Encoder`; questions and documents are encoded alike."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        vectors: list[list[float]] = self._encoder.encode(texts).tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        return self.embed_documents([text])[0]
