"""Several ways of finding made into one: pure functions over lists of hits, and the retriever that uses them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from statistics import fmean, pstdev

from qa.models.archive import Passage
from qa.models.replies import Hit, Question
from qa.protocols import Retriever

Fuse = Callable[[Sequence[Sequence[Hit]]], list[Hit]]
"""Lists of hits, each best first, to one list, best first. Invents no hit; the order of the lists doesn't matter."""

POOL = 50
"""Hits asked of each part. A smaller pool makes the standardisation unsteady, a larger one costs time only."""

STEP = 0.02
"""How far hits that weren't looked at more closely begin below the others."""

RRF_OFFSET = 60
"""The constant of reciprocal-rank fusion (Cormack, Clarke and Büttcher, SIGIR 2009)."""


def standardised_sum(lists: Sequence[Sequence[Hit]]) -> list[Hit]:
    """Sum of z-scores, each list standardised by its own mean and deviation.

    A hit that a list lacks has that list's lowest score there.
    """
    totals: dict[str, list[float]] = defaultdict(list)
    passages = {hit.passage.passage_id: hit.passage for hits in lists for hit in hits}
    for hits in filter(None, lists):
        own = {hit.passage.passage_id: hit.score for hit in hits}
        floor = min(own.values())
        scores = {key: own.get(key, floor) for key in passages}
        mean, deviation = fmean(scores.values()), pstdev(scores.values())
        for key, score in scores.items():
            totals[key].append((score - mean) / deviation if deviation else 0.0)
    return _ranked({key: sum(sorted(parts)) for key, parts in totals.items()}, passages)


def reciprocal_rank(lists: Sequence[Sequence[Hit]]) -> list[Hit]:
    """Sum of 1 / (60 + rank) over the lists."""
    totals: dict[str, list[float]] = defaultdict(list)
    passages = {hit.passage.passage_id: hit.passage for hits in lists for hit in hits}
    for hits in lists:
        for rank, hit in enumerate(hits, start=1):
            totals[hit.passage.passage_id].append(1 / (RRF_OFFSET + rank))
    return _ranked({key: sum(sorted(parts)) for key, parts in totals.items()}, passages)


def _ranked(totals: dict[str, float], passages: dict[str, Passage]) -> list[Hit]:
    ordered = sorted(totals.items(), key=lambda item: (-item[1], item[0]))
    return [Hit(passages[key], total) for key, total in ordered]


def continued(head: Sequence[Hit], tail: Sequence[Hit]) -> list[Hit]:
    """Head before tail, the tail's scores moved so that they go on where the head's end: they are of another scale."""
    drop = max(0.0, tail[0].score - head[-1].score) + STEP if head and tail else 0.0
    return [*head, *(Hit(hit.passage, hit.score - drop) for hit in tail)]


class FusedRetriever:
    """A `Retriever` that asks several others and fuses what they find."""

    def __init__(self, parts: Sequence[Retriever], *, fuse: Fuse = standardised_sum, pool: int = POOL) -> None:
        self._parts = parts
        self._fuse = fuse
        self._pool = pool

    def find(self, question: Question, *, limit: int) -> list[Hit]:
        wanted = max(limit, self._pool)
        return self._fuse([part.find(question, limit=wanted) for part in self._parts])[:limit]
