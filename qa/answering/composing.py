"""Composes the reply out of quotes: an answer, how far a case has got, or a refusal that says why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from qa.answering.analysis import AnalyzedQuestion
from qa.answering.annotated import Annotated, annotations_of
from qa.answering.case_replies import case_reply
from qa.answering.cases import cases_meant
from qa.answering.confidence import ANSWERS, EXACT, FURTHER
from qa.answering.conflicts.comparison import Comparison, asks_for_count, compare
from qa.answering.evidence import COMPARED, Evidence, events_among
from qa.answering.glossing import glosses_within
from qa.answering.grouping import Events
from qa.answering.policy import Policy
from qa.answering.refusing import REMARKS, TOO_WEAK, closest, is_unanswered, refusal_reason, with_help
from qa.answering.rights import free, is_limited, within_rights
from qa.answering.selecting import Rejected, nearest_sources, quoted_span, select
from qa.answering.timing import asks_for_a_time_alone, notices, with_time
from qa.models.archive import Span
from qa.models.replies import SURE, Answer, Candidate, Citation, Event, Hit, Intent, Refusal, Reply, Statement
from qa.protocols import DocumentStore, Retriever
from qa.text.outcomes import Outcome, speaks_of_outcome

MOST_MEMBERS = 8
"""Sentences that name the members of a list."""


@dataclass(frozen=True, slots=True)
class ComposedReply:
    """The reply that code made of quotes, and what a language model may be given in its place.

    That are sentences and passages, the best first, of which none of the words that are `rejected` may be quoted. A
    reply that is not `writable` stands as it is: staff, policy, rights or the stage of a case decided on it.
    """

    reply: Reply
    candidates: tuple[Candidate, ...] = ()
    near: tuple[Hit, ...] = ()
    rejected: Rejected = frozenset()
    intent: Intent = Intent.FACT
    writable: bool = False

    @property
    def asked(self) -> str:
        """The question as it stands alone."""
        return self.reply.understood_as or self.reply.question.text


VERDICT = 0.8
"""Likelihood from which a sentence is quoted to who asks for a verdict: a wrong one would call somebody guilty."""


class ReplyComposition:
    """The third step: selects sentences, quotes them, compares their figures with what other sources say."""

    def __init__(
        self,
        *,
        retriever: Retriever,
        store: DocumentStore,
        policy: Policy,
        help_text: str = "",
        today: Callable[[], date] = date.today,
    ) -> None:
        self._retriever = retriever
        self._store = store
        self._policy = policy
        self._help_text = help_text
        self._today = today

    def compose(self, evidence: Evidence) -> ComposedReply:
        """The reply with no more words of an article than its owner allows."""
        analyzed = evidence.analyzed
        decided = self._declined(analyzed) or _settled(analyzed)
        # "¿Qué pasó en marzo?" could ask how a case ended; not where it certainly asks for what happened.
        told = self._told(evidence)
        reply = decided or (told if analyzed.asked.certain else None) or self._of_cases(evidence)
        reply = reply or told or self._of_sentences(evidence)
        # How a case ended is told by code or not at all.
        left_open = isinstance(reply, Answer) or (analyzed.outcome is None and is_unanswered(reply))
        reply = within_rights(reply, self._store.coverage)
        # What the staff decided was held to other limits, or to none.
        reply = replace(reply, limits=evidence.limits)
        reply = with_help(reply, analyzed.question.text, self._help_text, self._policy)
        return ComposedReply(
            reply,
            tuple(free(evidence.told or evidence.candidates)),
            tuple(free(evidence.near)),
            evidence.rejected,
            analyzed.asked.intent,
            writable=left_open and not (decided or reply.cases or is_limited(reply)),
        )

    def _declined(self, analyzed: AnalyzedQuestion) -> Reply | None:
        if not analyzed.declined:
            return None
        return Refusal(analyzed.original, analyzed.declined, (), self._store.coverage(), analyzed.understood_as)

    def _notices(self, analyzed: AnalyzedQuestion) -> tuple[str, ...]:
        return notices(analyzed.period, self._store.coverage, self._today())

    def _told(self, evidence: Evidence) -> Reply | None:
        """An answer in steps, or what there is on a subject; None where one sentence is to answer."""
        analyzed, told = evidence.analyzed, evidence.told
        if not told:
            return None
        statements = zip(self._statements(told), told, strict=True)
        return Answer(
            analyzed.original,
            tuple(
                replace(statement, event=_event(item, evidence.events), likelihood=None)
                for statement, item in statements
            ),
            analyzed.understood_as,
            notices=self._notices(analyzed),
            intent=analyzed.asked.intent,
        )

    def _of_sentences(self, evidence: Evidence) -> Reply:
        analyzed, events = evidence.analyzed, evidence.events
        relevant = events.meant(evidence.candidates, analyzed.reference)
        if analyzed.outcome is Outcome.VERDICT:
            # A sentence that says nothing of a verdict is no answer to who asks for one, and would read like one.
            # Nor is one that only may answer: "possibly" guilty is what nobody must read here.
            verdicts = [item for item in relevant if speaks_of_outcome(item.text) and item.support >= VERDICT]
            if not verdicts:
                beside = [item for item in relevant if not speaks_of_outcome(item.text)]
                return self._refusal(evidence, beside, refusal_reason(relevant) or TOO_WEAK)
            relevant = verdicts
        reason = refusal_reason(relevant)
        if analyzed.asked.intent is Intent.SERVICE and not (relevant and relevant[0].support >= SURE):
            # It was looked up all the same: how something is done is asked in much the same words.
            reason, relevant = REMARKS[Intent.SERVICE], []
        chosen = (
            []
            if reason or asks_for_a_time_alone(analyzed.question)
            else events.grouped(_selected(relevant, analyzed.asked.intent))
        )
        if not chosen:
            return self._refusal(evidence, relevant, reason)
        selected = [candidate for candidate, _ in chosen]
        comparison = self._compared(evidence, selected)
        statements = zip(self._statements(selected), (event for _, event in chosen), strict=True)
        return Answer(
            analyzed.original,
            tuple(replace(statement, event=event) for statement, event in statements),
            analyzed.understood_as,
            notices=self._notices(analyzed),
            conflicts=comparison.conflicts,
            agreement=comparison.agreement,
            intent=analyzed.asked.intent,
        )

    def _refusal(self, evidence: Evidence, candidates: Sequence[Candidate], reason: str) -> Refusal:
        analyzed, coverage = evidence.analyzed, self._store.coverage()
        return Refusal(
            analyzed.original,
            with_time(reason, analyzed.question, coverage, other_times=evidence.timeless >= ANSWERS),
            tuple(candidate.source for candidate in nearest_sources(candidates)),
            coverage,
            analyzed.understood_as,
            tuple(statement.quotes[0] for statement in self._statements(closest(candidates))),
            self._notices(analyzed),
        )

    def _compared(self, evidence: Evidence, selected: Sequence[Candidate]) -> Comparison:
        """The answer held against what was found for the question, and what names the same event."""
        question, events = evidence.analyzed.question, evidence.events
        if not asks_for_count(selected):
            return Comparison()
        named = events if events.names(selected) else events_among(evidence.hits, self._store)
        beside = [*evidence.hits, *named.naming_the_same(selected, question, self._store, limit=COMPARED)]
        return compare(question.text, selected, beside, self._store)

    def _of_cases(self, evidence: Evidence) -> Reply | None:
        """How far the cases have got whose outcome is asked for; None where none is, or other words answer."""
        analyzed = evidence.analyzed
        if analyzed.outcome is None:
            return None
        if analyzed.outcome is Outcome.PROCEDURE and self._tells_of_court(evidence):
            return None
        cases = cases_meant(analyzed.question, analyzed.reference, retriever=self._retriever, store=self._store)
        return case_reply(analyzed, cases, self._store, self._notices(analyzed)) if cases else None

    def _tells_of_court(self, evidence: Evidence) -> bool:
        """True where the best sentence is sure enough and reports what a court did."""
        best = evidence.candidates[0] if evidence.candidates else None
        if best is None or best.support < ANSWERS:
            return False
        article_id = best.source.article_id
        stages = annotations_of([article_id], self._store)[article_id].stages
        return any(
            mention.stage.level >= 2 and Span(mention.start, mention.end).within(best.span) for mention in stages
        )

    def _statements(self, candidates: Sequence[Candidate]) -> tuple[Statement, ...]:
        return quoted(candidates, annotations_of((item.source.article_id for item in candidates), self._store))


def _selected(candidates: Sequence[Candidate], intent: Intent) -> list[Candidate]:
    """The sentences to quote; of a list as many as name a member."""
    if intent is Intent.LIST:
        return select(candidates, threshold=ANSWERS, further=FURTHER, most=MOST_MEMBERS)
    return select(candidates, threshold=ANSWERS, further=FURTHER)


def _event(item: Candidate, events: Events) -> Event:
    """What a step tells of; by its headline and day of publication where its article doesn't say."""
    reported, source = events.of(item), item.source
    published = source.published.isoformat() if source.published else None
    return reported.event if reported else Event(source.title, published, by_headline=True)


def _settled(analyzed: AnalyzedQuestion) -> Reply | None:
    """What the staff decided on, given to this question as it was asked."""
    reply = analyzed.settled
    return reply and replace(reply, question=analyzed.original, understood_as=analyzed.understood_as)


def quoted(candidates: Sequence[Candidate], annotated: Annotated) -> tuple[Statement, ...]:
    """One statement for each sentence, its citation numbered from 1 in order."""
    return tuple(
        _statement(number, candidate, candidates, annotated) for number, candidate in enumerate(candidates, start=1)
    )


def _statement(number: int, candidate: Candidate, candidates: Sequence[Candidate], annotated: Annotated) -> Statement:
    """A sentence quoted, with the one before it where it can't be understood alone."""
    span = quoted_span(candidate, beside=candidates)
    text = candidate.hit.passage.slice(span)
    glosses = glosses_within(annotated[candidate.source.article_id], span)
    citation = Citation(number, candidate.source, span.start, span.end, text, candidate.answer, glosses)
    return Statement(text, (citation,), likelihood=candidate.support, exact=candidate.hit.lead >= EXACT)
