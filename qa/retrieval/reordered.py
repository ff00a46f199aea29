"""Passages in the order of their best sentences, once several ways of finding have brought them together."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from qa.models.replies import Hit, Question, SentenceHit
from qa.protocols import Retriever, Space
from qa.retrieval.fusion import continued, standardised_sum
from qa.retrieval.multilingual import AlignedRanker

REORDERED = 20
"""Passages whose sentences are looked at. Of 298 Spanish questions of xquad about English text the right paragraph is
among the first five for 93.3% as they were found, for 96.3% after looking at 20, for 97.0% at 30."""


class ReorderedRetriever:
    """A `Retriever` that puts the first hits of another in a better order, in an archive of several languages.

    Words that are looked up as they are written say little across languages. So what a passage was found with is one
    vote of three; the others are how near the words of its best sentence come to the question's, and the sentence
    itself. In an archive of one language the hits stay as they are.
    """

    def __init__(self, inner: Retriever, aligned: AlignedRanker, space: Space, *, depth: int = REORDERED) -> None:
        self._inner = inner
        self._aligned = aligned
        self._space = space
        self._depth = depth

    def find(self, question: Question, *, limit: int) -> list[Hit]:
        hits = self._inner.find(question, limit=max(limit, self._depth))
        if self._space.fingerprint is None:
            return hits[:limit]
        head, tail = hits[: self._depth], hits[self._depth :]
        sentences = self._aligned.rank(question, head)
        by_words = _best(sentences, lambda sentence: sentence.late)
        by_sentence = _best(sentences, lambda sentence: sentence.cosine)
        ordered = standardised_sum([head, by_words, by_sentence])
        return continued(ordered, tail)[:limit]


def _best(sentences: Sequence[SentenceHit], score: Callable[[SentenceHit], float]) -> list[Hit]:
    """Each passage with the highest score of its sentences, best first."""
    best: dict[str, Hit] = {}
    for sentence in sorted(sentences, key=score, reverse=True):
        best.setdefault(sentence.passage.passage_id, Hit(sentence.passage, score(sentence)))
    return list(best.values())
