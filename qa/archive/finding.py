"""The ways of finding, put together for the encoders that are in use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from qa.protocols import Encoder, Retriever, TokenEncoder
from qa.retrieval.dense import DenseRetriever
from qa.retrieval.fusion import FusedRetriever
from qa.retrieval.late_interaction import Ranks, SentenceRanker
from qa.retrieval.lexical import LexicalRetriever
from qa.retrieval.multilingual import AlignedRanker, ForEnglish, MultilingualRetriever, TonguesRanker
from qa.retrieval.reordered import ReorderedRetriever
from qa.store.document_store import CatalogueStore


@dataclass(frozen=True, slots=True)
class Finding:
    """What finds passages, fused with one weight each, and what ranks their sentences."""

    parts: tuple[Retriever, ...]
    ranker: Ranks
    reordered: Callable[[Retriever], Retriever] = lambda fused: fused

    def fused(self, each: Callable[[Retriever], Retriever] = lambda part: part) -> Retriever:
        """The parts made into one; `each` may stand before a part."""
        return self.reordered(FusedRetriever([each(part) for part in self.parts]))


def finding_of(
    store: CatalogueStore, encoder: TokenEncoder, multilingual: Encoder | None, *, calibrated: bool = True
) -> Finding:
    """As the encoders allow; the one of several languages has its say as soon as the store has vectors of it.

    `calibrated` says that answering was calibrated with the first encoder.
    """
    dense, lexical = DenseRetriever(store, encoder), LexicalRetriever(store)
    ranker = SentenceRanker(store, encoder, calibrated=calibrated)
    if multilingual is None:
        return Finding((dense, lexical), ranker)
    space = store.multilingual
    aligned = AlignedRanker(multilingual, store.idf)
    return Finding(
        (ForEnglish(dense, space), MultilingualRetriever(space, multilingual), lexical),
        TonguesRanker(ranker, aligned, space),
        lambda fused: ReorderedRetriever(fused, aligned, space),
    )
