"""Another encoder's scores are brought to the scale that answering was calibrated on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pytest

from qa.models.archive import Article
from qa.models.replies import Question
from qa.protocols import TokenEncoder, TokenVectors, Vectors
from qa.retrieval.late_interaction import SentenceRanker, reference_means
from qa.retrieval.lexical import LexicalRetriever
from qa.retrieval.scale import COSINE, LATE, Means, Scale
from qa.store.document_store import CatalogueStore
from tests.fakes import article

Stock = Callable[[Sequence[Article]], None]

SHARED = 0.7
"""What every two vectors of the squeezed encoder have in common: its cosines lie between .7 and 1."""


@dataclass(frozen=True)
class Squeezed:
    """An encoder with a further dimension in which all texts are the same, as those of some families nearly are."""

    inner: TokenEncoder

    @property
    def fingerprint(self) -> str:
        return f"squeezed {self.inner.fingerprint}"

    @property
    def dimension(self) -> int:
        return self.inner.dimension + 1

    def encode(self, texts: Sequence[str]) -> Vectors:
        return squeezed(self.inner.encode(texts))

    def encode_question(self, text: str) -> Vectors:
        return squeezed(self.inner.encode_question(text)[None])[0]

    def encode_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        return [TokenVectors(squeezed(one.vectors), one.spans) for one in self.inner.encode_tokens(texts)]


def squeezed(vectors: Vectors) -> Vectors:
    own = np.sqrt(1 - SHARED) * vectors
    return np.hstack([own, np.full((len(own), 1), np.sqrt(SHARED))]).astype(np.float32)


def test_the_means_are_those_of_the_packaged_encoder(exact_encoder: TokenEncoder) -> None:
    """They are written down so that its own scores need no questions asked; here they are asked."""
    late, cosine = reference_means(exact_encoder)
    for measured, written in ((late, LATE), (cosine, COSINE)):
        assert measured.answering == pytest.approx(written.answering, abs=0.002)
        assert measured.other == pytest.approx(written.other, abs=0.002)


def test_scores_of_a_narrow_range_come_out_as_those_of_the_packaged_encoder(
    exact_encoder: TokenEncoder, store: CatalogueStore, stock: Stock
) -> None:
    stock([article("a", "The river rose. The mayor opened the bridge. Cocoa fell."), article("b", "The mayor sang.")])
    question = Question("Who opened the bridge?")
    hits = LexicalRetriever(store).find(question, limit=5)
    expected = SentenceRanker(store, exact_encoder).rank(question, hits)
    narrow = Squeezed(exact_encoder)
    as_they_are = SentenceRanker(store, narrow).rank(question, hits)
    brought = SentenceRanker(store, narrow, calibrated=False).rank(question, hits)
    assert min(hit.late for hit in as_they_are) > SHARED, "by these, anything would be an answer"
    assert [hit.span for hit in brought] == [hit.span for hit in expected]
    np.testing.assert_allclose([hit.late for hit in brought], [hit.late for hit in expected], atol=0.01)
    # A sentence's vector is the mean of its tokens', in which what they share weighs more: a line is an approximation.
    np.testing.assert_allclose([hit.cosine for hit in brought], [hit.cosine for hit in expected], atol=0.2)


def test_an_encoder_that_tells_nothing_apart_is_left_as_it_is() -> None:
    assert Scale.between(Means(0.5, 0.5), LATE) == Scale()


def test_no_score_leaves_its_range() -> None:
    steep = Scale.between(Means(0.51, 0.50), LATE)
    assert (steep(0.9), steep(0.0)) == (1.0, -1.0)
