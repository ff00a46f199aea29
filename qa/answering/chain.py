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
from qa.answering.checking import presentable, verified
from qa.answering.comparing.comparison import compare
from qa.answering.composing import compose
from qa.answering.follow_up import stand_alone
from qa.answering.refusing import closest, refusal, refusal_before_search
from qa.answering.selecting import select
from qa.answering.support import Asked, Calibration, calibration, weigh
from qa.answering.timing import notices, timed, with_time
from qa.domain.replies import Answer, Evidence, Hit, NoAnswer, Question, Reply, SentenceHit, Statement
from qa.domain.timeframes import Timeframe
from qa.errors import ShelfError
from qa.language.timeframes import timeframe_of
from qa.ports import Retriever, Shelf
from qa.retrieval.timed import held_to

RankSentences = Callable[[Question, list[Hit]], list[SentenceHit]]

FOUND = 5
"""Passages whose sentences are compared. On xquad the right sentence came among the first four statements as often with
3 passages as with 10; each costs a fifth of the time an answer takes."""

COMPARED = 24
"""Passages whose articles' claims are compared with the answer's; they are found already, and nothing is encoded."""

ATTEMPTS = 3
"""How often a question is asked anew where an article changed while it was being answered."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A question in a conversation; `history` holds the questions before it, oldest first."""

    question: Question
    history: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Enquiry:
    """What is looked for: the question as asked, as it stands alone, and taken apart."""

    original: Question
    question: Question
    asked: Asked

    @property
    def understood_as(self) -> str | None:
        return self.question.text if self.question.text != self.original.text else None

    @property
    def period(self) -> Timeframe | None:
        return self.question.period


@dataclass(frozen=True, slots=True)
class Weighed:
    """The sentences found for an enquiry, strongest first, and the passages of its articles and of others.

    `timeless` is the best support without regard to time.
    """

    enquiry: Enquiry
    evidence: tuple[Evidence, ...] = ()
    hits: tuple[Hit, ...] = ()
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
        return Enquiry(replace(original, period=period), question, Asked.of(text))

    def find(enquiry: Enquiry) -> Weighed:
        if refusal_before_search(enquiry.asked):
            return Weighed(enquiry)
        hits = retriever.find(enquiry.question, limit=COMPARED)
        sentences = rank(enquiry.question, hits[:FOUND])
        evidence = weigh(enquiry.asked, sentences, shelf.rarity, by=measure)
        in_time = timed(evidence, enquiry.period, shelf, kind=enquiry.asked.kind)
        return Weighed(enquiry, tuple(in_time), tuple(hits), max((item.support for item in evidence), default=0.0))

    def answer(weighed: Weighed) -> Reply:
        enquiry = weighed.enquiry
        reason, nearest = refusal(enquiry.asked, weighed.evidence, shelf.rarity, threshold=measure.threshold)
        chosen = [] if reason else select(weighed.evidence, threshold=measure.threshold)
        told = notices(enquiry.period, shelf.coverage, today())
        if not chosen:
            near = tuple(s.quotes[0] for s in composed(closest(enquiry.asked, weighed.evidence)))
            covered = shelf.coverage()
            reason = with_time(reason, enquiry.question, covered, other_times=weighed.timeless >= measure.threshold)
            return NoAnswer(enquiry.original, reason, nearest, covered, enquiry.understood_as, near, told)
        found = weighed.evidence, weighed.hits
        said = compare(enquiry.asked, chosen, *found, shelf, threshold=measure.threshold)
        return Answer(
            enquiry.original,
            composed(chosen),
            enquiry.understood_as,
            notices=told,
            conflicts=said.conflicts,
            agreement=said.agreement,
        )

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
