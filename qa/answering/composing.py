"""Composes the reply out of quotes: an answer, how far a case has got, or a refusal that says why."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from qa.answering import selecting
from qa.answering.analysis import AnalyzedQuestion, asks_the_same
from qa.answering.cases import case_reply
from qa.answering.conflicts import as_asked, asks_for_count, compare, conflicts_in
from qa.answering.events import Events, meant
from qa.answering.evidence import COMPARED, Evidence, asks_for_a_time_alone, in_time
from qa.answering.matters import Found
from qa.answering.policy import NO_DIFFERENCE, NOTHING, REMARKS, TOO_WEAK, UNSURE, Policy, is_unanswered, with_help
from qa.answering.quoting import annotations_of, is_limited, numbered, within_rights
from qa.answering.reported_figures import PEOPLE
from qa.answering.selecting import ANSWERS, MOST, Rejected
from qa.answering.steps import MOST_STEPS
from qa.i18n.forms import Message, outside, period_text
from qa.i18n.locale import N_
from qa.models.annotations import About, Timeframe
from qa.models.archive import Coverage, Span
from qa.models.replies import (
    SURE,
    Answer,
    Conflict,
    Event,
    Hit,
    Intent,
    Outcome,
    Question,
    Refusal,
    Reply,
    SentenceHit,
    Statement,
)
from qa.protocols import DocumentStore, Retriever
from qa.text.stages import speaks_of_outcome
from qa.text.terms import asks_yes_or_no

MOST_MEMBERS, MEMBERS_OF_EACH = 8, 2  # sentences that name the members of a list, in all and of each article
VERDICT = 0.95
"""Likelihood from which a sentence is quoted to who asks for a verdict: a wrong one would call somebody guilty. Of
sentences that are likeliest to answer 88% are right from here on, 78% from .8 on."""

UNDATED = N_("No article in the archive is dated; it can't say what holds today.")
OTHER_TIMES = N_("What comes closest in the archive is about other times than the question.")
NO_SUBJECT = N_(
    "It names a time but nothing that is asked about. The timeline lists what the archive holds of that time."
)


@dataclass(frozen=True, slots=True)
class ComposedReply:
    """The reply that code made of quotes, and what a language model may be given in its place, the best first."""

    reply: Reply
    candidates: tuple[SentenceHit, ...] = ()
    near: tuple[Hit, ...] = ()
    rejected: Rejected = frozenset()  # words of these that may not be quoted
    intent: Intent = Intent.FACT
    writable: bool = False  # else it stands as it is: staff, policy, rights or the stage of a case decided on it

    @property
    def asked(self) -> str:
        """The question as it stands alone."""
        return self.reply.understood_as or self.reply.question.text


@dataclass(frozen=True, kw_only=True, slots=True)
class ReplyComposition:
    """The third step: selects sentences, quotes them, compares their figures with what other sources say."""

    retriever: Retriever
    store: DocumentStore
    policy: Policy
    help_text: str = ""
    today: Callable[[], date] = date.today

    def compose(self, evidence: Evidence) -> ComposedReply:
        """The reply with no more words of an article than its owner allows."""
        analyzed = evidence.analyzed
        decided, told = analyzed.decided, self._told(evidence)
        # "¿Qué pasó en marzo?" could ask how a case ended; not where it certainly asks for what happened.
        reply = decided or (told if analyzed.asked.certain else None) or self._of_cases(evidence)
        reply = reply or told or self._of_sentences(evidence)
        if not decided:
            now = notices(analyzed.period, self.store.coverage, self.today())
            reply = numbered(replace(reply, notices=now))
        # How a case ended is told by code or not at all.
        left_open = isinstance(reply, Answer) or (analyzed.outcome is None and is_unanswered(reply))
        # What the staff decided was held to other limits, or to none.
        reply = replace(within_rights(reply, self.store.coverage), limits=evidence.limits)
        reply = with_help(reply, analyzed.question.text, self.help_text, self.policy)
        writable = left_open and not (decided or reply.cases or is_limited(reply))
        candidates, near = free(evidence.told or evidence.candidates), free(evidence.near)
        return ComposedReply(reply, candidates, near, analyzed.rejected, analyzed.asked.intent, writable)

    def _told(self, evidence: Evidence) -> Reply | None:
        """An answer in steps, or what there is on a subject; None where one sentence is to answer."""
        if not evidence.told:
            return None
        events = []
        for item in evidence.told:
            reported, source = evidence.events.of(item), item.source
            published = source.published.isoformat() if source.published else None
            # By its headline and day of publication where its article doesn't say.
            events.append(reported.event if reported else Event(source.title, published, by_headline=True))
        answer = self._answer(evidence.analyzed, evidence.told, events)
        steps = tuple(replace(step, likelihood=None) for step in answer.statements)
        conflicts, found = list[Conflict](), (evidence.told, evidence.hits, self.store)
        if evidence.analyzed.asked.intent is Intent.DISAGREEMENT:
            compared = (*evidence.told, *evidence.differing)
            differing = conflicts_in(compared, evidence.hits, self.store, most=MOST_STEPS)
            conflicts = as_asked(evidence.analyzed.question.text, differing)
        elif evidence.is_on_events:
            of_question = conflicts_in(*found, question=evidence.analyzed.question.text)
            conflicts = [conflict for conflict in of_question if conflict.about == PEOPLE]
        return replace(answer, statements=steps, conflicts=tuple(conflicts))

    def _answer(
        self, analyzed: AnalyzedQuestion, sentences: Sequence[SentenceHit], events: Sequence[Event | None]
    ) -> Answer:
        # What leans on a question may ask the same: "And in France?".
        asked = analyzed.question.text if asks_the_same(analyzed.last) else analyzed.last
        closed, intent = asks_yes_or_no(asked), analyzed.asked.intent
        pairs = zip(self._statements(sentences, analyzed), events, strict=True)
        statements = tuple(replace(item, event=event, exact=item.exact and not closed) for item, event in pairs)
        if analyzed.outcome is Outcome.VERDICT:  # nobody must read here that somebody is "possibly" guilty, or a name
            statements = tuple(replace(item, likelihood=None, exact=False) for item in statements)
        return Answer(analyzed.original, statements, analyzed.understood_as, intent=intent, closed=closed)

    def _of_sentences(self, evidence: Evidence) -> Reply:
        analyzed, intent = evidence.analyzed, evidence.analyzed.asked.intent
        relevant, _ = meant(evidence.candidates, evidence.events.of, analyzed.reference)
        unanswered = TOO_WEAK if relevant else NOTHING
        if analyzed.outcome is Outcome.VERDICT:
            # A sentence that says nothing of a verdict is no answer to who asks for one, and would read like one.
            # Nor is one that only may answer.
            verdicts = [item for item in relevant if speaks_of_outcome(item.text) and item.likelihood >= VERDICT]
            if not verdicts:
                beside = [item for item in relevant if not speaks_of_outcome(item.text)]
                return self._refusal(evidence, beside, unanswered)
            relevant = verdicts
        reason = "" if relevant and relevant[0].likelihood >= ANSWERS else unanswered
        unsure = not (relevant and relevant[0].likelihood >= SURE)
        if intent is Intent.DISAGREEMENT and unsure and not analyzed.rejected:
            reason = NO_DIFFERENCE  # it was looked up all the same: a report may say in words that others differ
        if intent is Intent.SERVICE and (unsure or analyzed.asked.certain):
            # It was looked up all the same: how something is done is asked in much the same words.
            reason, relevant = REMARKS[Intent.SERVICE], []
        if reason or asks_for_a_time_alone(analyzed.question):
            return self._refusal(evidence, relevant, reason)
        if intent is Intent.LIST:
            fullest = selecting.fullest_first(relevant)
            selected = selecting.select(fullest, most=MOST if unsure else MOST_MEMBERS, of_each=MEMBERS_OF_EACH)
        else:
            selected = selecting.select(relevant)
        grouped = evidence.events.grouped(evidence.events.beside_named(selected, analyzed.reference))
        sentences = [sentence for sentence, _ in grouped]
        answer = self._answer(analyzed, sentences, [event for _, event in grouped])
        return self._compared(answer, sentences, evidence)

    def _refusal(self, evidence: Evidence, candidates: Sequence[SentenceHit], reason: str) -> Refusal:
        analyzed, coverage, nearest = evidence.analyzed, self.store.coverage(), selecting.nearest_sources(candidates)
        coming_close = [candidate for candidate in nearest if candidate.likelihood >= selecting.COMES_CLOSE]
        close = self._statements(coming_close, analyzed)
        if reason == TOO_WEAK and any(candidate.likelihood >= selecting.MAY_ANSWER for candidate in nearest):
            reason = UNSURE
        other_times = evidence.timeless >= ANSWERS and not any(in_time(nearest, analyzed.period, self.store))
        reason = with_time(reason, analyzed.question, coverage, other_times=other_times)
        sources = tuple(candidate.source for candidate in nearest)
        closest = tuple(statement.quotes[0] for statement in close)
        intent, understood_as = analyzed.asked.intent, analyzed.understood_as
        return Refusal(analyzed.original, reason, sources, coverage, understood_as, closest, intent=intent)

    def _compared(self, answer: Answer, sentences: Sequence[SentenceHit], evidence: Evidence) -> Answer:
        """The answer held against what was found for the question, and what names the same event."""
        # What others say, too, where the question wants the reports of one outlet.
        analyzed, events = evidence.analyzed, evidence.events
        question, asked = replace(analyzed.question, outlet=analyzed.original.outlet), analyzed.of_one_place
        if not asks_for_count(asked, sentences):
            return answer
        named = events if events.names(sentences) else Events.among(evidence.hits, self.store)
        others = self.retriever.find(question, limit=COMPARED) if analyzed.outlet else ()
        beside = [*evidence.hits, *others, *named.naming_the_same(sentences, question, self.store, limit=COMPARED)]
        conflicts, agreement = compare(asked, sentences, beside, self.store, read=evidence.candidates)
        return replace(answer, conflicts=conflicts, agreement=agreement)

    def _of_cases(self, evidence: Evidence) -> Reply | None:
        """How far the cases have got whose outcome is asked for; None where none is, or other words answer."""
        analyzed = evidence.analyzed
        if analyzed.outcome is None:
            return None
        if analyzed.outcome is Outcome.PROCEDURE and evidence.answers:
            best = evidence.candidates[0]
            stages = annotations_of([best.source.article_id], self.store)[best.source.article_id].stages
            of_court = (Span(stage.start, stage.end) for stage in stages if stage.stage.level >= 2)
            if evidence.sure or any(span.within(best.span) for span in of_court):
                return None
        return case_reply(analyzed, retriever=self.retriever, store=self.store)

    def _statements(self, candidates: Sequence[SentenceHit], analyzed: AnalyzedQuestion) -> tuple[Statement, ...]:
        annotated = annotations_of((item.source.article_id for item in candidates), self.store)
        return selecting.quoted(candidates, annotated, analyzed.rejected)


def free(evidence: Iterable[Found]) -> tuple[Found, ...]:
    """The evidence that may be given to a language model: none of articles with a quote limit."""
    return tuple(item for item in evidence if item.source.quote_limit is None)


def notices(period: Timeframe | None, coverage: Callable[[], Coverage], today: date) -> tuple[str, ...]:
    """What a reader is told who asks what holds now, of an archive that ends before today."""
    if period is None or not period.present:
        return ()
    last = coverage().last
    if last is None:
        return (UNDATED,)
    return () if last >= today else (Message("The archive ends on {day}; it can't say what holds today.", day=last),)


def with_time(reason: str, question: Question, coverage: Coverage, *, other_times: bool) -> str:
    """The reason of a refusal; `other_times`: a sentence was sure enough to be quoted but for its time."""
    period = question.period
    if period is None or period.about is About.LATEST:
        return reason
    if outside(period, coverage):
        return Message(
            "It asks about {period}, {outside}. {reason}",
            period=partial(period_text, period),
            outside=partial(outside, period, coverage),
            reason=Message(reason),
        )
    if asks_for_a_time_alone(question):
        return NO_SUBJECT
    return OTHER_TIMES if other_times and period.about is About.EVENTS else reason
