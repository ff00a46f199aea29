"""Finds what answers a wide question: the steps of a matter, what there is on a subject, two things side by side."""

import math
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import chain, zip_longest

from qa.answering.analysis import AnalyzedQuestion
from qa.answering.chronologies import CONSIDERED, Chronologies
from qa.answering.differences import Differences
from qa.answering.matters import NEAR, ON_TOPIC, TOPIC_POOL, MatterRetrieval
from qa.answering.openings import Openings
from qa.answering.quoting import articles_of
from qa.answering.steps import (
    MOST_STEPS,
    Steps,
    asks_for_latest,
    dates_of,
    far_apart,
    in_order,
    is_stretch,
    newest_first,
)
from qa.answering.subjects import Naming, Subjects
from qa.models.replies import Hit, Intent, Question, SentenceHit
from qa.protocols import DocumentStore, Encoder, Retriever
from qa.retrieval.topics import TopicScores
from qa.text.timeframes import after_what

ON_SUBJECT = 6  # sentences on a subject
BROAD = 2 * MOST_STEPS  # reports of one matter from which it is told from the first to the last of them


class WideRetrieval:
    """Finds the sentences of a wide answer, few of an article and none that says it again; nothing is read."""

    def __init__(self, retriever: Retriever, encoder: Encoder, store: DocumentStore, topics: TopicScores) -> None:
        self._encoder, self._store = encoder, store
        self.subjects, self.matters = Subjects(store), MatterRetrieval(retriever, encoder, store, topics)
        self._openings = Openings(encoder, store)
        self._chronologies = Chronologies(encoder, store, self.matters, self._openings)
        self._differences = Differences(encoder, store, self.matters, self._openings, self.subjects)

    def steps(self, analyzed: AnalyzedQuestion) -> Steps:
        """The sentences of an answer in steps; none where the archive says nothing of the matter."""
        if analyzed.asked.intent is Intent.COMPARISON:
            return self._differences.compared(analyzed)
        if analyzed.asked.intent is Intent.DISAGREEMENT:
            return self._differences.disputed(analyzed)
        if analyzed.asked.topical:
            return self._on_topic(analyzed)
        return Steps(self._of_earlier(analyzed)) if analyzed.repeated else self._chronologies.of_all(analyzed)

    def on_event(self, analyzed: AnalyzedQuestion) -> Steps:
        """What reports tell of the event that a question names; none where it names none, or wants differences."""
        differs = analyzed.asked.intent in (Intent.COMPARISON, Intent.DISAGREEMENT)
        return Steps() if differs else self._chronologies.on_event(analyzed)

    def opening(self, hits: Sequence[Hit]) -> SentenceHit | None:
        """What tells an event best of how its reports begin; None where there are none."""
        reports = articles_of((hit.source.article_id for hit in hits), self._store.article)
        return next(iter(self._openings.of(reports, most=1)), None) if reports else None

    def on_subject(self, question: Question, naming: Naming) -> list[SentenceHit]:
        """Sentences that name the subject of a question, by date."""
        return in_order(self.matters.sentences(question, limit=ON_SUBJECT, only=naming), self._store)

    def _on_topic(self, analyzed: AnalyzedQuestion) -> Steps:
        """What is told of the matter that a question names, as it happened."""
        question, period = analyzed.question, analyzed.period
        # An open time may be most of the archive's.
        if is_stretch(period):
            of_period = self._chronologies.of_period(analyzed, period)
            return of_period if self.subjects.are_named(question.text, of_period.sentences) else Steps()
        told = self.matters.sentences(question, limit=CONSIDERED, within=ON_TOPIC, leading=True)
        if not self.subjects.are_named(question.text, told) or self._is_silent(analyzed):
            return Steps()
        if asks_for_latest(period):
            return Steps(newest(told))
        if asked_after := after_what(question.text):
            told = self._later(told, asked_after)
        articles = [hit.source.article_id for hit in told]
        first = [hit for place, hit in enumerate(told) if articles.index(articles[place]) == place]
        if len(first) >= BROAD:
            return Steps(far_apart(in_order(first, self._store), MOST_STEPS))
        further = [hit for hit in told if hit not in first]
        return Steps(in_order([*first, *further][:MOST_STEPS], self._store))

    def _is_silent(self, analyzed: AnalyzedQuestion) -> bool:
        """Whether the outlet that is asked about tells of other things alone."""
        if not analyzed.outlet:
            return False
        of_any = replace(analyzed.question, outlet=analyzed.original.outlet)
        return self.matters.best(analyzed.question) < self.matters.best(of_any) - ON_TOPIC

    def _later(self, told: list[SentenceHit], than: str) -> list[SentenceHit]:
        """The sentences of later days than the first near to what it is asked for the sequel of; all if none is."""
        if not told:
            return told
        nearness = self._encoder.encode([hit.text for hit in told]) @ self._encoder.encode_question(than)
        days = dates_of(told, self._store)
        begun = min(day for day, near in zip(days, nearness, strict=True) if near >= nearness.max() - NEAR)
        return [hit for hit, day in zip(told, days, strict=True) if begun < day < date.max] or told

    def _of_earlier(self, analyzed: AnalyzedQuestion) -> list[SentenceHit]:
        """Sentences on what was asked before, where more of it is wanted those that weren't told yet."""
        earlier = analyzed.repeated[-1]
        only = self.subjects.naming(earlier.text) if self.subjects.names(earlier.text) else None
        within = math.inf if only else ON_TOPIC
        if asks_for_latest(analyzed.period):
            return newest(self.matters.sentences(earlier, limit=CONSIDERED, only=only, within=within))
        before = self.matters.sentences(earlier, limit=MOST_STEPS, only=only, within=within)
        if not analyzed.more:
            return in_order(before, self._store)
        # Whoever asked for the whole was told how its reports begin instead.
        told = {hit.place for hit in (*before, *self._chronologies.of_all(analyzed).sentences)}
        further = self.matters.sentences(earlier, limit=CONSIDERED, only=only)
        more = [hit for hit in further if hit.place not in told]
        if only and not more:  # what their reports say besides
            reports = {hit.source.article_id for hit in before}
            beside = self.matters.sentences(earlier, limit=TOPIC_POOL, only=lambda text: not only(text))
            more = [hit for hit in beside if hit.source.article_id in reports]
        return in_order(more[:MOST_STEPS] or before, self._store)

    def passages(self, analyzed: AnalyzedQuestion) -> list[Hit]:
        """Passages that tell more of it, the best for the question and for each name in it first; none on the whole."""
        question, intent = analyzed.question, analyzed.asked.intent
        if not (analyzed.asked.topical or intent in (Intent.COMPARISON, Intent.PROFILE)):
            return self.matters.near(analyzed.repeated[-1]) if analyzed.repeated else []
        only = self.subjects.naming(question.text) if intent is Intent.PROFILE else None
        parts = dict.fromkeys([question.text, *self.subjects.names(question.text)])
        found = [self.matters.near(replace(question, text=part), only=only) for part in parts]
        by_turns = filter(None, chain.from_iterable(zip_longest(*found)))
        return self.matters.of_time(analyzed.period, list({hit.passage.passage_id: hit for hit in by_turns}.values()))

    def names_matter(self, analyzed: AnalyzedQuestion) -> bool:
        """Whether who asks for the latest names what of, though it reads like the latest of all: "latest on Heron"."""
        asks_for_all = asks_for_latest(analyzed.period) and not (analyzed.asked.topical or analyzed.outlet)
        text = analyzed.question.text
        return asks_for_all and any(is_of(name, text) for name in self.subjects.telling_names(text))


def newest(hits: Sequence[SentenceHit]) -> list[SentenceHit]:
    """The newest of some sentences, by when their articles came out."""
    return sorted(hits, key=lambda hit: (newest_first(hit.source), hit.span))[:MOST_STEPS]


def is_of(name: str, text: str) -> bool:
    """Whether a name stands behind a word such as "on", "about", or "of"; else it may be of whom one speaks to."""
    before = r"\b(?:on|about|of|with|in|sobre|del?|con|en)\s(?:\w+\s){0,2}"
    return re.search(before + re.escape(name), text, re.IGNORECASE) is not None
