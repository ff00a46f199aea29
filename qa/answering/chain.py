"""The day road: stand alone → find → weigh → select → compose → check → reply, as one LangChain runnable.

It can be invoked, streamed, batched, traced and taken apart like any runnable; no LangChain type leaves it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from langchain_core.runnables import Runnable, RunnableLambda

from qa.answering.annotated import annotations_of
from qa.answering.asking import usable
from qa.answering.case_replies import Asking, case_reply
from qa.answering.cases import cases_meant
from qa.answering.comparing.comparison import Comparison, asks_what_differs, compare
from qa.answering.composing import compose
from qa.answering.cues import Cues
from qa.answering.follow_up import stand_alone
from qa.answering.grouping import NO_EVENTS, Events, articles_of
from qa.answering.refusing import closest, refusal, refusal_before_search
from qa.answering.selecting import select
from qa.answering.support import Asked, Calibration, calibration, weigh
from qa.answering.timing import notices, timed, with_time
from qa.answering.verbatim import presentable, verified
from qa.domain.archive import Span
from qa.domain.replies import Answer, Evidence, Hit, NoAnswer, Question, Reply, SentenceHit, Statement
from qa.domain.timeframes import Timeframe
from qa.errors import ShelfError
from qa.language.outcomes import Outcome
from qa.language.timeframes import timeframe_of
from qa.ports import Retriever, Shelf
from qa.retrieval.timed import held_to

RankSentences = Callable[[Question, list[Hit]], list[SentenceHit]]

FOUND = 5
"""Passages whose sentences are compared. On xquad the right sentence came among the first four statements as often with
3 passages as with 10; each costs a fifth of the time an answer takes."""

COMPARED = 24
"""Passages whose articles' claims are compared with the answer's; they are found already, and nothing is encoded."""

AROUND = 15
"""Passages whose articles tell what the event is called that those compared may leave unnamed."""

FAR_AROUND = 50
"""The same where the question itself says which event it means: as many as the ways of searching are fused over."""

ATTEMPTS = 3
"""How often a question is asked anew where an article changed while it was being answered."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A question in a conversation; `history` holds the questions before it, oldest first."""

    question: Question
    history: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Enquiry:
    """What is looked for: the question as asked, as it stands alone, taken apart, and the event that it means."""

    original: Question
    question: Question
    asked: Asked
    cues: Cues

    @property
    def understood_as(self) -> str | None:
        return self.question.text if self.question.text != self.original.text else None

    @property
    def period(self) -> Timeframe | None:
        return self.question.period


@dataclass(frozen=True, slots=True)
class Weighed:
    """The sentences found for an enquiry, strongest first, and the passages of their articles and of others.

    `events` are those that the sentences were found among, `timeless` is the best support without regard to time.
    """

    enquiry: Enquiry
    evidence: tuple[Evidence, ...] = ()
    hits: tuple[Hit, ...] = ()
    events: Events = NO_EVENTS
    timeless: float = 0.0


def day_road(
    *,
    retriever: Retriever,
    rank: RankSentences,
    shelf: Shelf,
    by: Calibration | None = None,
    today: Callable[[], date] = date.today,
) -> Runnable[Turn, Reply]:
    """The runnable that takes a turn and gives a reply. Raises QuestionError, ShelfError."""
    measure = by or calibration()

    def understand(turn: Turn) -> Enquiry:
        original = usable(turn.question)
        text = stand_alone(original.text, turn.history)
        told = (original.text, turn.history[-1]) if text != original.text else (original.text,)
        period = next(filter(None, (timeframe_of(one, today=today()) for one in told)), None)
        question = held_to(replace(original, text=text), period, shelf.coverage)
        return Enquiry(replace(original, period=period), question, Asked.of(text), Cues.of(text))

    def find(enquiry: Enquiry) -> Weighed:
        if refusal_before_search(enquiry.asked):
            return Weighed(enquiry)
        hits = retriever.find(enquiry.question, limit=FAR_AROUND)
        near = hits if enquiry.cues.given else hits[:AROUND]
        events = events_among(near)
        sentences = rank(enquiry.question, events.meant_hits(near, enquiry.cues)[:FOUND])
        evidence = weigh(enquiry.asked, sentences, shelf.rarity, by=measure)
        in_time = timed(evidence, enquiry.period, shelf, kind=enquiry.asked.kind)
        timeless = max((item.support for item in evidence), default=0.0)
        return Weighed(enquiry, tuple(in_time), tuple(hits[:COMPARED]), events, timeless)

    def events_among(hits: Sequence[Hit]) -> Events:
        return Events(articles_of((hit.passage.source.article_id for hit in hits), shelf.article))

    def answer(weighed: Weighed) -> Reply:
        return of_cases(weighed) or of_sentences(weighed)

    def of_sentences(weighed: Weighed) -> Reply:
        enquiry, events = weighed.enquiry, weighed.events
        evidence = events.meant(weighed.evidence, enquiry.cues)
        reason, nearest = refusal(enquiry.asked, evidence, shelf.rarity, threshold=measure.threshold)
        chosen = [] if reason else events.grouped(select(evidence, threshold=measure.threshold))
        told = notices(enquiry.period, shelf.coverage, today())
        if not chosen:
            near = tuple(s.quotes[0] for s in composed(closest(enquiry.asked, evidence)))
            covered = shelf.coverage()
            reason = with_time(reason, enquiry.question, covered, other_times=weighed.timeless >= measure.threshold)
            return NoAnswer(enquiry.original, reason, nearest, covered, enquiry.understood_as, near, told)
        items = [item for item, _ in chosen]
        said = compared(weighed, items) if asks_what_differs(enquiry.asked) else Comparison()
        return Answer(
            enquiry.original,
            tuple(replace(one, event=event) for one, (_, event) in zip(composed(items), chosen, strict=True)),
            enquiry.understood_as,
            notices=told,
            conflicts=said.conflicts,
            agreement=said.agreement,
        )

    def compared(weighed: Weighed, items: Sequence[Evidence]) -> Comparison:
        """The answer held against what was found for the question, and what names the same event."""
        enquiry, hits, events = weighed.enquiry, weighed.hits, weighed.events
        named = events if events.names(items) else events_among(hits)
        beside = [*hits, *named.naming_the_same(items, enquiry.question, shelf, limit=COMPARED)]
        return compare(enquiry.asked, items, weighed.evidence, beside, shelf, threshold=measure.threshold)

    def of_cases(weighed: Weighed) -> Reply | None:
        """How far the cases have got whose outcome is asked for; None where none is, or other words answer."""
        enquiry, outcome = weighed.enquiry, weighed.enquiry.asked.demands.outcome
        if outcome is None or refusal_before_search(enquiry.asked):
            return None
        if outcome is Outcome.PROCEDURE and tells_of_court(weighed):
            return None
        cases = cases_meant(enquiry.question, retriever=retriever, shelf=shelf)
        if not cases:
            return None
        annotated = annotations_of((one.article.article_id for case in cases for one in case.told), shelf)
        told = notices(enquiry.period, shelf.coverage, today())
        return case_reply(Asking(enquiry.original, enquiry.understood_as, shelf.coverage(), told), cases, annotated)

    def tells_of_court(weighed: Weighed) -> bool:
        """Whether the best sentence is sure enough and reports what a court did."""
        best = weighed.evidence[0] if weighed.evidence else None
        if best is None or best.support < measure.threshold:
            return False
        stages = annotations_of([best.source.article_id], shelf)[best.source.article_id].stages
        return any(one.stage.level >= 2 and Span(one.start, one.end).within(best.span) for one in stages)

    def composed(chosen: Sequence[Evidence]) -> tuple[Statement, ...]:
        return compose(chosen, annotations_of((item.source.article_id for item in chosen), shelf))

    steps = (
        RunnableLambda(understand, name="understand")
        | RunnableLambda(find, name="find")
        | RunnableLambda(answer, name="answer")
    )

    def checked(turn: Turn) -> Reply:
        for _ in range(ATTEMPTS):
            reply = steps.invoke(turn)
            stands = (
                presentable(reply, shelf.article) if isinstance(reply, NoAnswer) else verified(reply, shelf.article)
            )
            if stands:
                return reply
        raise ShelfError("The archive is changing too fast to quote from it. Ask again in a moment.")

    return RunnableLambda(checked, name="day_road")
