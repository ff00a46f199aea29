"""Passages in the order of their best sentences, once several ways of finding have brought them together."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from qa.domain.replies import Hit, Question, SentenceHit
from qa.ports import Retriever, Space
from qa.retrieval.fusion import standardised_sum
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
        ordered = standardised_sum([head, _best(sentences, _late), _best(sentences, _cosine)])
        return (ordered + _below(ordered, tail))[:limit]


def _late(sentence: SentenceHit) -> float:
    return sentence.late


def _cosine(sentence: SentenceHit) -> float:
    return sentence.cosine


def _best(sentences: Sequence[SentenceHit], score: Callable[[SentenceHit], float]) -> list[Hit]:
    """Each passage with the highest score of its sentences, best first."""
    best: dict[str, Hit] = {}
    for sentence in sorted(sentences, key=score, reverse=True):
        best.setdefault(sentence.passage.passage_id, Hit(sentence.passage, score(sentence)))
    return list(best.values())


def _below(head: Sequence[Hit], tail: Sequence[Hit]) -> list[Hit]:
    """The tail with scores that go on where the head's end: its own are of another scale."""
    if not head or not tail:
        return list(tail)
    drop = max(0.0, tail[0].score - head[-1].score)
    return [Hit(hit.passage, hit.score - drop) for hit in tail]
