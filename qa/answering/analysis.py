"""A question before anything is looked up: as it stands alone, its period, and what is decided about it already."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from qa.answering.asking import usable
from qa.answering.event_reference import EventReference, without_event
from qa.answering.policy import Policy
from qa.answering.refusing import REMARKS, WITHHELD
from qa.answering.rewriting import QueryRewriter, after_the_last, repeated, rewrite_query
from qa.models.annotations import Timeframe
from qa.models.archive import Coverage
from qa.models.replies import FACT, Asked, Inference, Intent, Question, Refusal, Reply
from qa.protocols import Overrides
from qa.retrieval.timed import held_to
from qa.text.language import language_of
from qa.text.outcomes import Outcome, outcome_asked
from qa.text.timeframes import time_phrases, timeframe_of, without_phrases


@dataclass(frozen=True, slots=True)
class ConversationTurn:
    """A question in a conversation; `history` holds the questions before it, oldest first.

    `leaning` says that it leans on them, though nothing in its words shows that.
    """

    question: Question
    history: tuple[str, ...] = ()
    leaning: bool = False


@dataclass(frozen=True, slots=True)
class AnalyzedQuestion:
    """What is looked for: the question as asked, as it stands alone with its period, and the event that it means.

    `outcome` is what it wants to know of a case's end. `repeated` are the questions before that it asks again.
    `settled` is the reply that the staff have decided on, `declined` why it is not even looked up, `asked` what it
    wants. `corrected` says that it differs from the question as asked by its spelling alone. `last` are its own words
    without those of the questions before; `uncut` is the whole where the reader left something out. `leaning` says that
    nothing in its words shows that it leans on those before.
    """

    original: Question
    question: Question
    reference: EventReference
    outcome: Outcome | None = None
    repeated: tuple[Question, ...] = ()
    settled: Reply | None = None
    declined: str = ""
    asked: Asked = FACT
    corrected: bool = False
    last: str = ""
    uncut: Question | None = None
    leaning: bool = False

    @property
    def understood_as(self) -> str | None:
        return self.question.text if self.question.text != self.original.text else None

    @property
    def alone(self) -> Question:
        """The whole question, held to no other dates than the reader's."""
        return replace(self.original, text=self.question.text)

    @property
    def may_lean(self) -> bool:
        """Whether it may be about what was asked before, though its words don't show it; not for how a case ended."""
        alone = Inference.REWRITING in self.original.without or self.asked.intent in REMARKS
        return not (alone or self.repeated or self.declined or self.settled or self.outcome)

    @property
    def ruled_on(self) -> tuple[Question, ...]:
        """Questions for which the staff may have withheld or rejected something, those that it asks again included."""
        return (*self.decided_on, *self.repeated, *([self.uncut] if self.uncut else []))

    @property
    def decided_on(self) -> tuple[Question, ...]:
        """What the staff may have decided on: the whole question, and the same in the reader's own spelling."""
        return (self.alone, self.original) if self.corrected else (self.alone,)

    @property
    def period(self) -> Timeframe | None:
        return self.question.period


class QuestionAnalysis:
    """The first step: rewrites a question that leans on those before it, reads its time, asks policy and staff."""

    def __init__(
        self,
        *,
        coverage: Callable[[], Coverage],
        policy: Policy,
        rewrite: QueryRewriter = rewrite_query,
        correct: Callable[[str], str] = lambda question: question,
        overrides: Overrides | None = None,
        classify: Callable[[str], Asked] = lambda question: FACT,
        today: Callable[[], date] = date.today,
    ) -> None:
        self._classify = classify
        self._correct = correct
        self._coverage = coverage
        self._policy = policy
        self._rewrite = rewrite
        self._overrides = overrides
        self._today = today

    def analyze(self, turn: ConversationTurn) -> AnalyzedQuestion:
        """Raises QuestionError, StoreError."""
        original = usable(turn.question)
        original = replace(original, locale=language_of(original.text, otherwise="") or original.locale)
        without, read, history = original.without, original.text, list[str]()
        if Inference.REWRITING not in without:
            read, history = self._correct(read), [self._correct(earlier) for earlier in turn.history]
        spelled = _left_of(read, without)
        rewrite = after_the_last if turn.leaning else self._rewrite
        text = _left_of(rewrite(spelled, history), without)
        # A follow-up's own time goes before that of the question in front of it.
        period = timeframe_of(spelled, today=self._today()) or timeframe_of(text, today=self._today())
        period = None if Inference.PERIOD in without else period
        reference = EventReference.of(text)
        asked = self._classify(spelled)
        if text != spelled and asked.intent in REMARKS:
            asked = FACT  # what leans on the question before it asks for something that the archive may hold
        remark = REMARKS[asked.intent] if asked.intent is Intent.SMALL_TALK else ""
        reasons = map(self._policy.reason, (text, read, original.text))
        analyzed = AnalyzedQuestion(
            replace(original, period=period),
            held_to(replace(original, text=text), period, self._coverage),
            reference.of_time_alone if Inference.EVENT in without else reference,
            outcome_asked(text),
            tuple(replace(original, text=earlier) for earlier in repeated(text, history)),
            declined=next(filter(None, reasons), "") or remark,
            asked=asked,
            corrected=text == read != original.text,
            last=spelled,
            leaning=turn.leaning,
            uncut=replace(original, text=rewrite(read, history), without=()) if without else None,
        )
        return replace(analyzed, settled=settled_reply(analyzed, self._overrides)) if self._overrides else analyzed


def _left_of(text: str, without: Sequence[Inference]) -> str:
    """The question without its phrases of what the reader wants left out."""
    text = without_event(text) if Inference.EVENT in without else text
    return without_phrases(text, time_phrases(text)) if Inference.PERIOD in without else text


def settled_reply(analyzed: AnalyzedQuestion, overrides: Overrides) -> Reply | None:
    """What the staff decided on a question; what they withhold of one that it asks again is withheld of it, too."""
    for question in analyzed.decided_on:
        if reply := overrides.settled(question):
            return reply
    earlier = map(overrides.settled, analyzed.ruled_on)
    return next((reply for reply in earlier if isinstance(reply, Refusal) and reply.reason == WITHHELD), None)
