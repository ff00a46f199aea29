"""Composes the reply out of quotes: an answer, how far a case has got, or a refusal that says why."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from qa.answering.analysis import AnalyzedQuestion
from qa.answering.cases import case_reply
from qa.answering.conflicts import Comparison, asks_for_count, compare, on_people
from qa.answering.events import Events, meant
from qa.answering.evidence import COMPARED, Evidence, asks_for_a_time_alone, in_time
from qa.answering.policy import NOTHING, REMARKS, TOO_WEAK, UNSURE, Policy, is_unanswered, with_help
from qa.answering.quoting import Annotated, annotations_of, free, glosses_within, is_limited, numbered, within_rights
from qa.answering.selecting import (
    ANSWERS,
    COMES_CLOSE,
    EXACT,
    FURTHER,
    MAY_ANSWER,
    MOST,
    Rejected,
    fullest_first,
    nearest_sources,
    quoted_span,
    select,
)
from qa.i18n.forms import Message, outside, period_text
from qa.i18n.locale import N_
from qa.models.annotations import About, Timeframe
from qa.models.archive import Coverage, Span
from qa.models.replies import (
    SURE,
    Answer,
    Citation,
    Conflict,
    Event,
    Hit,
    Intent,
    Question,
    Refusal,
    Reply,
    SentenceHit,
    Statement,
)
from qa.protocols import DocumentStore, Retriever
from qa.text.stages import Outcome, speaks_of_outcome

MOST_MEMBERS = 8
"""Sentences that name the members of a list."""

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
    """The reply that code made of quotes, and what a language model may be given in its place.

    That are sentences and passages, the best first, of which none of the words that are `rejected` may be quoted. A
    reply that is not `writable` stands as it is: staff, policy, rights or the stage of a case decided on it.
    """

    reply: Reply
    candidates: tuple[SentenceHit, ...] = ()
    near: tuple[Hit, ...] = ()
    rejected: Rejected = frozenset()
    intent: Intent = Intent.FACT
    writable: bool = False

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
        decided, told = self._decided(analyzed), self._told(evidence)
        # "¿Qué pasó en marzo?" could ask how a case ended; not where it certainly asks for what happened.
        reply = decided or (told if analyzed.asked.certain else None) or self._of_cases(evidence)
        reply = reply or told or self._of_sentences(evidence)
        # How a case ended is told by code or not at all.
        left_open = isinstance(reply, Answer) or (analyzed.outcome is None and is_unanswered(reply))
        # What the staff decided was held to other limits, or to none.
        reply = replace(within_rights(reply, self.store.coverage), limits=evidence.limits)
        reply = with_help(reply, analyzed.question.text, self.help_text, self.policy)
        return ComposedReply(
            reply,
            tuple(free(evidence.told or evidence.candidates)),
            tuple(free(evidence.near)),
            evidence.rejected,
            analyzed.asked.intent,
            writable=left_open and not (decided or reply.cases or is_limited(reply)),
        )

    def _decided(self, analyzed: AnalyzedQuestion) -> Reply | None:
        """What policy or staff decided, given to this question as it was asked."""
        question, understood_as = analyzed.original, analyzed.understood_as
        if analyzed.declined:
            return Refusal(question, analyzed.declined, (), self.store.coverage(), understood_as)
        return analyzed.settled and replace(analyzed.settled, question=question, understood_as=understood_as)

    def _notices(self, analyzed: AnalyzedQuestion) -> tuple[str, ...]:
        return notices(analyzed.period, self.store.coverage, self.today())

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
        return replace(answer, statements=steps, conflicts=tuple(self._contradicted(evidence)))

    def _contradicted(self, evidence: Evidence) -> Iterator[Conflict]:
        """Where other reports have another number of people than one that is told in steps."""
        analyzed, told = evidence.analyzed, evidence.told
        if analyzed.asked.intent is not Intent.COMPARISON:
            conflicts = on_people(analyzed.question.text, told, evidence.hits, self.store)
            yield from numbered(conflicts, first=len(told) + 1)

    def _answer(
        self, analyzed: AnalyzedQuestion, sentences: Sequence[SentenceHit], events: Sequence[Event | None]
    ) -> Answer:
        statements = zip(self._statements(sentences), events, strict=True)
        return Answer(
            analyzed.original,
            tuple(replace(statement, event=event) for statement, event in statements),
            analyzed.understood_as,
            notices=self._notices(analyzed),
            intent=analyzed.asked.intent,
        )

    def _of_sentences(self, evidence: Evidence) -> Reply:
        analyzed, intent = evidence.analyzed, evidence.analyzed.asked.intent
        relevant, _ = meant(evidence.candidates, evidence.events.of, analyzed.reference)
        if analyzed.outcome is Outcome.VERDICT:
            # A sentence that says nothing of a verdict is no answer to who asks for one, and would read like one.
            # Nor is one that only may answer: "possibly" guilty is what nobody must read here.
            verdicts = [item for item in relevant if speaks_of_outcome(item.text) and item.support >= VERDICT]
            if not verdicts:
                beside = [item for item in relevant if not speaks_of_outcome(item.text)]
                return self._refusal(evidence, beside, _why_refused(relevant) or TOO_WEAK)
            relevant = verdicts
        reason = _why_refused(relevant)
        if intent is Intent.SERVICE and not (relevant and relevant[0].support >= SURE):
            # It was looked up all the same: how something is done is asked in much the same words.
            reason, relevant = REMARKS[Intent.SERVICE], []
        if reason or asks_for_a_time_alone(analyzed.question):
            return self._refusal(evidence, relevant, reason)
        most = MOST
        if intent is Intent.LIST:
            relevant, most = fullest_first(relevant), MOST_MEMBERS
        chosen = evidence.events.grouped(select(relevant, threshold=ANSWERS, further=FURTHER, most=most))
        selected = [candidate for candidate, _ in chosen]
        comparison = self._compared(evidence, selected)
        answer = self._answer(analyzed, selected, [event for _, event in chosen])
        return replace(answer, conflicts=comparison.conflicts, agreement=comparison.agreement)

    def _refusal(self, evidence: Evidence, candidates: Sequence[SentenceHit], reason: str) -> Refusal:
        analyzed, coverage, nearest = evidence.analyzed, self.store.coverage(), nearest_sources(candidates)
        close = self._statements([candidate for candidate in nearest if candidate.support >= COMES_CLOSE])
        if reason == TOO_WEAK and any(candidate.support >= MAY_ANSWER for candidate in nearest):
            reason = UNSURE
        other_times = evidence.timeless >= ANSWERS and not any(in_time(nearest, analyzed.period, self.store))
        return Refusal(
            analyzed.original,
            with_time(reason, analyzed.question, coverage, other_times=other_times),
            tuple(candidate.source for candidate in nearest),
            coverage,
            analyzed.understood_as,
            tuple(statement.quotes[0] for statement in close),
            self._notices(analyzed),
        )

    def _compared(self, evidence: Evidence, selected: Sequence[SentenceHit]) -> Comparison:
        """The answer held against what was found for the question, and what names the same event."""
        question, events = evidence.analyzed.question, evidence.events
        if not asks_for_count(question.text, selected):
            return Comparison()
        named = events if events.names(selected) else Events.among(evidence.hits, self.store)
        beside = [*evidence.hits, *named.naming_the_same(selected, question, self.store, limit=COMPARED)]
        return compare(question.text, selected, beside, self.store)

    def _of_cases(self, evidence: Evidence) -> Reply | None:
        """How far the cases have got whose outcome is asked for; None where none is, or other words answer."""
        analyzed = evidence.analyzed
        if analyzed.outcome is None or (analyzed.outcome is Outcome.PROCEDURE and self._tells_of_court(evidence)):
            return None
        return case_reply(analyzed, self._notices(analyzed), retriever=self.retriever, store=self.store)

    def _tells_of_court(self, evidence: Evidence) -> bool:
        """True where the best sentence is sure enough and reports what a court did."""
        if not evidence.answers:
            return False
        best = evidence.candidates[0]
        stages = annotations_of([best.source.article_id], self.store)[best.source.article_id].stages
        return any(stage.stage.level >= 2 and Span(stage.start, stage.end).within(best.span) for stage in stages)

    def _statements(self, candidates: Sequence[SentenceHit]) -> tuple[Statement, ...]:
        return quoted(candidates, annotations_of((item.source.article_id for item in candidates), self.store))


def _why_refused(candidates: Sequence[SentenceHit]) -> str:
    """Why there is no answer; empty where there is one."""
    if not candidates:
        return NOTHING
    return "" if candidates[0].support >= ANSWERS else TOO_WEAK


def quoted(candidates: Sequence[SentenceHit], annotated: Annotated) -> tuple[Statement, ...]:
    """One statement for each sentence, with the one before it where it can't be understood alone; numbered from 1."""
    statements = []
    for number, item in enumerate(candidates, start=1):
        span = quoted_span(item, beside=candidates)
        text, glosses = item.passage.slice(span), glosses_within(annotated[item.source.article_id], span)
        citation = Citation(number, item.source, span.start, span.end, text, item.answer, glosses)
        statements.append(Statement(text, (citation,), likelihood=item.support, exact=item.lead >= EXACT))
    return tuple(statements)


def notices(period: Timeframe | None, coverage: Callable[[], Coverage], today: date) -> tuple[str, ...]:
    """What a reader is told who asks what holds now, of an archive that ends before today."""
    if period is None or not period.present:
        return ()
    last = coverage().last
    if last is None:
        return (UNDATED,)
    notice = Message("The archive ends on {day}; it can't say what holds today.", day=last)
    return () if last >= today else (notice,)


def with_time(reason: str, question: Question, coverage: Coverage, *, other_times: bool) -> str:
    """The reason of a refusal, with what the time that is asked about has to do with it.

    `other_times` says that a sentence was sure enough to be quoted but for its time.
    """
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
