"""The day road: rewrite → find → weigh → select → compose → write → check → reply, as one LangChain runnable.

It can be invoked, streamed, batched, traced and taken apart like any runnable; no LangChain type leaves it. Without a
writer, answers are made of quotes, and a stream holds one reply.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from langchain_core.runnables import Runnable, RunnableGenerator, RunnableLambda

from qa.answering.annotated import annotations_of
from qa.answering.asking import usable
from qa.answering.case_replies import Asking, case_reply
from qa.answering.cases import cases_meant
from qa.answering.composing import compose
from qa.answering.conflicts.comparison import Comparison, asks_for_count, compare
from qa.answering.cues import Cues
from qa.answering.grouping import NO_EVENTS, Events, articles_of
from qa.answering.in_turn import InTurn
from qa.answering.policy import Policy, packaged_policy
from qa.answering.refusing import WITHHELD, closest, refusal, with_help
from qa.answering.rewriting import QueryRewriter, repeated, rewrite_query
from qa.answering.rights import free, is_limited, within_rights
from qa.answering.selecting import not_rejected, select
from qa.answering.streaming import LastOf
from qa.answering.support import Asked, Calibration, calibration, weigh
from qa.answering.timing import notices, timed, with_time
from qa.answering.translating.translator import Translator
from qa.answering.verbatim import presentable, verified
from qa.answering.writing.writer import Writer
from qa.errors import NotFound, StoreError
from qa.i18n.catalogues import ENGLISH
from qa.i18n.locale import with_locale
from qa.models.annotations import Timeframe
from qa.models.archive import Span
from qa.models.replies import Answer, Candidate, Hit, Question, Refusal, Reply, SentenceHit, Statement
from qa.protocols import DocumentStore, Overrides, Retriever
from qa.retrieval.timed import held_to
from qa.text.language import language_of
from qa.text.outcomes import Outcome
from qa.text.timeframes import timeframe_of

RankSentences = Callable[[Question, list[Hit]], list[SentenceHit]]

FOUND = 5
"""Passages whose sentences are compared. On xquad the right sentence came among the first four statements as often with
3 passages as with 10; each costs a fifth of the time an answer takes."""

COMPARED = 24
"""Passages whose articles' figures are compared with the answer's; they are found already, and nothing is encoded."""

AROUND = 15
"""Passages whose articles tell what the event is called that those compared may leave unnamed."""

FAR_AROUND = 50
"""The same where the question itself says which event it means: as many as the ways of searching are fused over."""

AT_ONCE = os.cpu_count() or 1
"""Questions worked on at the same time: more than there are cores get into each other's way. Of 20 readers who asked
without a pause, on two cores, 95% were answered within 3.9 s with all at once, within 2.4 s with two at a time."""

ATTEMPTS = 3
"""How often a question is asked anew where an article changed while it was being answered."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A question in a conversation; `history` holds the questions before it, oldest first."""

    question: Question
    history: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Enquiry:
    """What is looked for: the question as asked, as it stands alone, taken apart, and the event that it means.

    `repeated` are the questions before that it asks again. `settled` is the reply that the staff have decided on,
    `declined` why it is not even looked up.
    """

    original: Question
    question: Question
    asked: Asked
    cues: Cues
    repeated: tuple[Question, ...] = ()
    settled: Reply | None = None
    declined: str = ""

    @property
    def understood_as(self) -> str | None:
        return self.question.text if self.question.text != self.original.text else None

    @property
    def alone(self) -> Question:
        """The whole question, held to no other dates than the reader's."""
        return replace(self.original, text=self.question.text)

    @property
    def period(self) -> Timeframe | None:
        return self.question.period


@dataclass(frozen=True, slots=True)
class Weighed:
    """The sentences found for an enquiry, strongest first, and the passages of their articles and of others.

    `events` are those that the sentences were found among, `timeless` is the best support without regard to time.
    """

    enquiry: Enquiry
    evidence: tuple[Candidate, ...] = ()
    hits: tuple[Hit, ...] = ()
    events: Events = NO_EVENTS
    timeless: float = 0.0


@dataclass(frozen=True, slots=True)
class Answered:
    """The reply that code made of quotes, and the sentences that were found for it."""

    reply: Reply
    evidence: tuple[Candidate, ...] = ()


def day_road(
    *,
    retriever: Retriever,
    rank: RankSentences,
    store: DocumentStore,
    by: Calibration | None = None,
    today: Callable[[], date] = date.today,
    rewrite: QueryRewriter = rewrite_query,
    writer: Writer | None = None,
    translator: Translator | None = None,
    help_text: str = "",
    policy: Policy | None = None,
    overrides: Overrides | None = None,
    at_once: int = AT_ONCE,
) -> Runnable[Turn, Reply]:
    """The runnable that takes a turn and gives a reply; its stream gives the answer as it grows, at last the whole.

    `policy` declines questions as they were asked or understood, by default the packaged one. `help_text` says where to
    report and to get help; questions that call for it are told. What the staff decided on a question
    (`overrides`) goes before what is found. So many questions are worked on `at_once`; others wait for
    their turn, and none for another's language model. Raises QuestionError, StoreError.
    """
    measure = by or calibration()
    in_force = packaged_policy() if policy is None else policy
    places = InTurn(at_once)

    def understand(turn: Turn) -> Enquiry:
        original = usable(turn.question)
        original = replace(original, locale=language_of(original.text, otherwise="") or original.locale)
        text = rewrite(original.text, turn.history)
        # A follow-up's own time goes before that of the question in front of it.
        period = timeframe_of(original.text, today=today()) or timeframe_of(text, today=today())
        question = held_to(replace(original, text=text), period, store.coverage)
        declined = in_force.reason(text) or in_force.reason(original.text)
        before = tuple(replace(original, text=earlier) for earlier in repeated(text, turn.history))
        taken_apart = (Asked.of(text), Cues.of(text))
        enquiry = Enquiry(replace(original, period=period), question, *taken_apart, before, declined=declined)
        return replace(enquiry, settled=ruled(enquiry, overrides)) if overrides else enquiry

    def find(enquiry: Enquiry) -> Weighed:
        if enquiry.declined or enquiry.settled:
            return Weighed(enquiry)
        hits = retriever.find(enquiry.question, limit=FAR_AROUND)
        near = hits if enquiry.cues.given else hits[:AROUND]
        events = events_among(near)
        sentences = rank(enquiry.question, events.meant_hits(near, enquiry.cues)[:FOUND])
        evidence = weigh(enquiry.asked, sentences, store.idf, by=measure)
        if overrides and evidence:
            rejected = (overrides.rejected(question) for question in (enquiry.alone, *enquiry.repeated))
            evidence = not_rejected(evidence, frozenset().union(*rejected))
        in_time = timed(evidence, enquiry.period, store, kind=enquiry.asked.kind)
        timeless = max((item.support for item in evidence), default=0.0)
        return Weighed(enquiry, tuple(in_time), tuple(hits[:COMPARED]), events, timeless)

    def events_among(hits: Sequence[Hit]) -> Events:
        return Events(articles_of((hit.passage.source.article_id for hit in hits), store.article))

    def answer(weighed: Weighed) -> Answered:
        enquiry = weighed.enquiry
        if reply := declined(enquiry) or settled(enquiry):
            return Answered(with_help(within_rights(reply, store.coverage), enquiry.asked, help_text, in_force))
        reply = within_rights(of_cases(weighed) or of_sentences(weighed), store.coverage)
        return Answered(with_help(reply, weighed.enquiry.asked, help_text, in_force), tuple(free(weighed.evidence)))

    def declined(enquiry: Enquiry) -> Reply | None:
        """The reply to what is not even looked up; None where it is."""
        if not enquiry.declined:
            return None
        return Refusal(enquiry.original, enquiry.declined, (), store.coverage(), enquiry.understood_as)

    def settled(enquiry: Enquiry) -> Reply | None:
        """What the staff decided on, given to this question as it was asked."""
        reply = enquiry.settled
        return reply and replace(reply, question=enquiry.original, understood_as=enquiry.understood_as)

    def write(answered: Iterator[Answered]) -> Iterator[Reply]:
        """How far a case has got stays in the words of the house, what the staff decided on in theirs."""
        for one in answered:
            reply = one.reply
            as_it_is = bool(reply.cases or reply.checked_on or is_limited(reply))
            if writer and isinstance(reply, Answer) and not as_it_is:
                yield from writer.answers(reply, one.evidence)
            else:
                yield reply

    def tell(answered: Iterator[Answered]) -> Iterator[Reply]:
        yield from translator.replies(write(answered)) if translator else write(answered)

    def of_sentences(weighed: Weighed) -> Reply:
        enquiry, events = weighed.enquiry, weighed.events
        evidence = events.meant(weighed.evidence, enquiry.cues)
        reason, nearest = refusal(evidence, threshold=measure.threshold)
        chosen = [] if reason else events.grouped(select(evidence, threshold=measure.threshold))
        told = notices(enquiry.period, store.coverage, today())
        if not chosen:
            near = tuple(s.quotes[0] for s in composed(closest(evidence)))
            covered = store.coverage()
            reason = with_time(reason, enquiry.question, covered, other_times=weighed.timeless >= measure.threshold)
            return Refusal(enquiry.original, reason, nearest, covered, enquiry.understood_as, near, told)
        items = [item for item, _ in chosen]
        comparison = compared(weighed, items)
        return Answer(
            enquiry.original,
            tuple(replace(one, event=event) for one, (_, event) in zip(composed(items), chosen, strict=True)),
            enquiry.understood_as,
            notices=told,
            conflicts=comparison.conflicts,
            agreement=comparison.agreement,
        )

    def compared(weighed: Weighed, items: Sequence[Candidate]) -> Comparison:
        """The answer held against what was found for the question, and what names the same event."""
        enquiry, hits, events = weighed.enquiry, weighed.hits, weighed.events
        if not asks_for_count(enquiry.asked):
            return Comparison()
        named = events if events.names(items) else events_among(hits)
        beside = [*hits, *named.naming_the_same(items, enquiry.question, store, limit=COMPARED)]
        return compare(enquiry.asked, items, beside, store)

    def of_cases(weighed: Weighed) -> Reply | None:
        """How far the cases have got whose outcome is asked for; None where none is, or other words answer."""
        enquiry, outcome = weighed.enquiry, weighed.enquiry.asked.demands.outcome
        if outcome is None:
            return None
        if outcome is Outcome.PROCEDURE and tells_of_court(weighed):
            return None
        cases = cases_meant(enquiry.question, retriever=retriever, store=store)
        if not cases:
            return None
        annotated = annotations_of((one.article.article_id for case in cases for one in case.told), store)
        told = notices(enquiry.period, store.coverage, today())
        return case_reply(Asking(enquiry.original, enquiry.understood_as, store.coverage(), told), cases, annotated)

    def tells_of_court(weighed: Weighed) -> bool:
        """Whether the best sentence is sure enough and reports what a court did."""
        best = weighed.evidence[0] if weighed.evidence else None
        if best is None or best.support < measure.threshold:
            return False
        stages = annotations_of([best.source.article_id], store)[best.source.article_id].stages
        return any(one.stage.level >= 2 and Span(one.start, one.end).within(best.span) for one in stages)

    def composed(chosen: Sequence[Candidate]) -> tuple[Statement, ...]:
        return compose(chosen, annotations_of((item.source.article_id for item in chosen), store))

    understanding: Runnable[Turn, Enquiry] = RunnableLambda(understand, name="understand")
    quoting: Runnable[Enquiry, Answered] = RunnableLambda(find, name="find") | RunnableLambda(answer, name="answer")
    writing: Runnable[Answered, Reply] = RunnableGenerator(tell, name="write")

    def quoted(turn: Turn) -> Answered:
        enquiry = understanding.invoke(turn)
        with places:
            return quoting.invoke(enquiry)

    def stands(reply: Reply) -> bool:
        return presentable(reply, store.article) if isinstance(reply, Refusal) else verified(reply, store.article)

    def checked(turns: Iterator[Turn]) -> Iterator[Reply]:
        """What is found is compared in one language; it is said in the reader's where it is shown or kept."""
        for turn in turns:
            yield from with_locale(ENGLISH, replies(turn))

    def replies(turn: Turn) -> Iterator[Reply]:
        """The replies as long as they stand; begun anew where an article changed meanwhile."""
        for _ in range(ATTEMPTS):
            try:
                for reply in writing.stream(quoted(turn)):
                    if not stands(reply):
                        break
                    yield reply
                else:
                    return
            except NotFound:
                continue
        raise StoreError("The archive is changing too fast to quote from it. Ask again in a moment.")

    return LastOf(checked, name="day_road")


def ruled(enquiry: Enquiry, overrides: Overrides) -> Reply | None:
    """What the staff decided on a question; what they withhold of one that it asks again is withheld of it, too."""
    if settled := overrides.settled(enquiry.alone):
        return settled
    before = map(overrides.settled, enquiry.repeated)
    return next((reply for reply in before if isinstance(reply, Refusal) and reply.reason == WITHHELD), None)
