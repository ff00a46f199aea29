"""The sentences and passages that are on a matter, by how surely they are of it."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from qa.answering.events import Events
from qa.answering.steps import OF_EACH, same_words
from qa.answering.subjects import Naming
from qa.models.annotations import Timeframe
from qa.models.replies import Hit, Question, SentenceHit
from qa.protocols import DocumentStore, Encoder, Retriever
from qa.retrieval.ranking import POOL, is_label
from qa.retrieval.timeline import article_fit
from qa.retrieval.topics import TopicScores

TOPIC_POOL = 100  # passages among which a matter is looked for
NEAR = 0.03
"""How much farther from the question than the nearest passage, in cosine, one may be that still is of the matter."""
ON_TOPIC = 0.08
"""How much lower than the best a sentence's score for its matter may be: of what then is told of one in forty matters,
six sentences of five reports, .88 are of the right one; with .06 .90 of four reports, with .09 .86."""
LEADING = 0.06  # how much less sure than its best sentence how a report begins may be: an aside is by .1 and more
AGAIN = 0.03  # what each further sentence of an article loses before what others say first

Found = TypeVar("Found", Hit, SentenceHit)
Scored = list[tuple[float, SentenceHit]]  # sentences with how surely they are of a matter


@dataclass(frozen=True, slots=True)
class MatterRetrieval:
    """Finds what is on the matter of a question."""

    retriever: Retriever
    encoder: Encoder
    store: DocumentStore
    topics: TopicScores

    def passages(self, question: Question, *, limit: int = POOL) -> list[Hit]:
        """The passages found for a question, of its time."""
        return self.of_time(question.period, self.retriever.find(question, limit=limit))

    def events(self, question: Question, hits: Sequence[Hit]) -> Events:
        """Those that the articles of the passages found for a question report on."""
        return Events.around(question, hits, self.retriever, self.store)

    def of_time(self, period: Timeframe | None, hits: Sequence[Found]) -> list[Found]:
        """Those from articles of the time that is asked for; all where there are none."""
        if period is None:
            return list(hits)
        event_dates = self.store.event_dates({hit.source.article_id for hit in hits})
        fitting = [hit for hit in hits if article_fit(period, hit.source, event_dates.get(hit.source.article_id))]
        return fitting or list(hits)

    def near(self, question: Question, *, only: Naming | None = None) -> list[Hit]:
        """Passages of a topic, best first: those that are near to it, or in which `only` some words will do."""
        hits = self.retriever.find(question, limit=POOL)
        if only:
            return [hit for hit in hits if only(hit.passage.text)]
        nearest = max((hit.cosine for hit in hits if hit.cosine is not None), default=0.0)
        return [hit for hit in hits if hit.cosine is None or hit.cosine >= nearest - NEAR]

    def surest(self, text: str, hits: Sequence[Hit], *, within: float = ON_TOPIC) -> list[SentenceHit]:
        """The sentences of passages that are nearly as surely of the matter of a text as the best, that first."""
        scored = self._scored(text, hits)
        least = _best(scored) - within
        return [hit for score, hit in sorted(scored, key=lambda pair: -pair[0]) if score >= least]

    def sentences(
        self,
        question: Question,
        wanted: str = "",
        *,
        limit: int,
        only: Naming | None = None,
        within: float = math.inf,
        leading: bool = False,
    ) -> list[SentenceHit]:
        """The sentences that are surest of what is `wanted`, few of an article; no score is farther from the best.

        Where given `only` names them all. How a report begins is told first of it where that is `leading` and nearly as
        sure as its best.
        """
        scored = self._scored(wanted or question.text, self.passages(question, limit=TOPIC_POOL))
        scored = [(score, hit) for score, hit in scored if only is None or only(hit.text)]
        least = _best(scored) - within
        left = [(score, hit) for score, hit in (_with_leads(scored) if leading else scored) if score >= least]
        chosen, told = list[SentenceHit](), Counter[str]()

        def standing(pair: tuple[float, SentenceHit]) -> float:
            return pair[0] - AGAIN * told[pair[1].source.article_id]

        while left and len(chosen) < limit and standing(first := max(left, key=standing)) >= least:
            left.remove(first)
            hit, article_id = first[1], first[1].source.article_id
            if any(c.source.article_id != article_id and same_words(hit.text, c.text) for c in chosen):
                continue
            chosen.append(hit)
            told[article_id] += 1
            if told[article_id] == OF_EACH:  # none of its others is looked at again: it may have thousands
                left = [pair for pair in left if pair[1].source.article_id != article_id]
        return chosen

    def best(self, question: Question) -> float:
        """How surely what is most of the matter of a question is of it."""
        return _best(self._scored(question.text, self.passages(question, limit=TOPIC_POOL)))

    def _scored(self, text: str, hits: Sequence[Hit]) -> Scored:
        vectors, asked = self.store.sentence_vectors([hit.passage for hit in hits]), self.encoder.encode_question(text)
        return [
            (float(score), SentenceHit(hit, hit.passage.sentences[number], 0.0, float(meaning @ asked)))
            for hit, meanings, scores in zip(hits, vectors, self.topics.of(text, hits, vectors), strict=True)
            for number, (score, meaning) in enumerate(zip(scores, meanings, strict=True))
            if not is_label(hit.passage, number)
        ]


def _best(scored: Scored) -> float:
    return max((score for score, _ in scored), default=0.0)


def _with_leads(scored: Scored) -> Scored:
    """The sentences; what a report begins with is a little surer than its best where it is nearly as sure."""
    best = dict[str, float]()
    for score, hit in scored:
        best[hit.source.article_id] = max(score, best.get(hit.source.article_id, score))
    begun = {
        hit.source.article_id: hit for _, hit in reversed(scored) if hit.passage.start == 0 and hit.source.published
    }

    def leads(score: float, hit: SentenceHit) -> bool:
        return begun.get(hit.source.article_id) is hit and score >= best[hit.source.article_id] - LEADING

    return [(math.nextafter(best[h.source.article_id], math.inf) if leads(s, h) else s, h) for s, h in scored]
