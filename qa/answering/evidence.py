"""Retrieves passages for a question and reads their sentences."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from qa.answering.analysis import AnalyzedQuestion
from qa.answering.confidence import PACKAGED, Confidence
from qa.answering.grouping import NO_EVENTS, Events, articles_of
from qa.answering.selecting import not_rejected
from qa.answering.timing import timed
from qa.models.replies import Candidate, Hit, Question, SentenceHit
from qa.protocols import DocumentStore, Overrides, Retriever
from qa.text.language import language_asked

RankSentences = Callable[[Question, Sequence[Hit]], list[SentenceHit]]

COMPARED = 24
"""Passages whose articles' figures are compared with the answer's; they are found already, and nothing is encoded."""

AROUND = 15
"""Passages whose articles tell what the event is called that those compared may leave unnamed."""

FAR_AROUND = 50
"""The same where the question itself says which event it means: as many as the ways of searching are fused over."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """The sentences found for a question, likeliest answer first, and the passages of their articles and of others.

    `events` are those that the sentences were found among, `timeless` is the best support without regard to time.
    """

    analyzed: AnalyzedQuestion
    candidates: tuple[Candidate, ...] = ()
    hits: tuple[Hit, ...] = ()
    events: Events = NO_EVENTS
    timeless: float = 0.0


class EvidenceRetrieval:
    """The second step: passages by the retriever, their sentences by the reader."""

    def __init__(
        self,
        *,
        retriever: Retriever,
        rank: RankSentences,
        store: DocumentStore,
        overrides: Overrides | None = None,
        confidence: Confidence = PACKAGED,
    ) -> None:
        self._retriever = retriever
        self._rank = rank
        self._store = store
        self._overrides = overrides
        self._confidence = confidence

    def retrieve(self, analyzed: AnalyzedQuestion) -> Evidence:
        """Nothing for a question that is declined or settled."""
        if analyzed.declined or analyzed.settled:
            return Evidence(analyzed)
        hits = self._retriever.find(analyzed.question, limit=FAR_AROUND)
        near = hits if analyzed.reference.given else hits[:AROUND]
        events = events_among(near, self._store)
        sentences = self._rank(analyzed.question, events.meant_hits(near, analyzed.reference))
        read = self._confidence.candidates(sentences, language=language_asked(analyzed.question.text))
        if self._overrides and read:
            rejected = (self._overrides.rejected(question) for question in (analyzed.alone, *analyzed.repeated))
            read = not_rejected(read, frozenset().union(*rejected))
        in_time = timed(read, analyzed.period, self._store)
        timeless = max((candidate.support for candidate in read), default=0.0)
        return Evidence(analyzed, tuple(in_time), tuple(hits[:COMPARED]), events, timeless)


def events_among(hits: Sequence[Hit], store: DocumentStore) -> Events:
    """The events that the articles of some passages report on."""
    return Events(articles_of((hit.passage.source.article_id for hit in hits), store.article))
