"""The pipeline from a question to a reply: analyze → retrieve and read → compose → generate → verify.

Each step has a frozen result; the whole is a LangChain runnable that can be invoked, streamed, batched and traced.
"""

import asyncio
import os
import threading
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace

from langchain_core.runnables import RunnableLambda

from qa.answering.analysis import AnalyzedQuestion, ConversationTurn, QuestionAnalysis
from qa.answering.composing import ComposedReply, ReplyComposition
from qa.answering.events import covers_several
from qa.answering.evidence import EvidenceRetrieval
from qa.answering.policy import is_asked_anew
from qa.answering.quoting import FindArticle
from qa.errors import NotFound, StoreError
from qa.generation.translator import Translator
from qa.generation.writer import Writer
from qa.i18n.locale import ENGLISH, with_locale
from qa.llm.usage import Meter, with_meter
from qa.models.replies import Answer, Inference, Intent, Question, Reply, quotes_of, sources_of

AT_ONCE = os.cpu_count() or 1
"""Questions worked on at the same time: more than there are cores get into each other's way. Of 20 readers who asked
without a pause, on two cores, 95% were answered within 3.9 s with all at once, within 2.4 s with two at a time."""
HALF = 0.5  # share of the likelihood of an answer on several cases that one on the case spoken of before has, at least
ATTEMPTS = 3  # how often a question is answered anew where an article changed while it was being answered

PipelineInput = str | Question | ConversationTurn


class Pipeline(RunnableLambda[PipelineInput, Reply]):
    """Answers questions by its steps; `generate` and `translate` where a language model is set.

    So many are worked on `at_once`, but nobody's language model holds a place. It streams the reply as it grows, and
    invoked gives the whole, which comes last: replies can't be added up. Raises QuestionError, StoreError.
    """

    def __init__(
        self,
        *,
        analyze: QuestionAnalysis,
        retrieve: EvidenceRetrieval,
        compose: ReplyComposition,
        article: FindArticle,
        generate: Writer | None = None,
        translate: Translator | None = None,
        at_once: int = AT_ONCE,
    ) -> None:
        super().__init__(self._replies, self._replies_asynchronously, name="archive_qa")
        self._article, self._generate, self._translate = article, generate, translate
        self._places = threading.Semaphore(at_once)
        self._analysis = RunnableLambda(analyze.analyze, name="analyze")
        evidence = RunnableLambda(retrieve.retrieve, name="retrieve")
        self._quotation = evidence | RunnableLambda(compose.compose, name="compose")
        self._generation = RunnableLambda(self._generated, name="generate")

    def _replies(self, question: PipelineInput) -> Iterator[Reply]:
        """The replies, each with what language models have used for it by then."""
        question = Question(question) if isinstance(question, str) else question
        turn = question if isinstance(question, ConversationTurn) else ConversationTurn(question)
        meter = Meter()
        # What is found is compared in one language; a reply is rendered in the reader's where it is shown or kept.
        for reply in with_meter(meter, with_locale(ENGLISH, self._standing(turn))):
            yield replace(reply, usage=meter.usage)

    async def _replies_asynchronously(self, question: PipelineInput) -> AsyncIterator[Reply]:
        steps = self._replies(question)
        while (reply := await asyncio.to_thread(next, steps, None)) is not None:
            yield reply

    def _standing(self, turn: ConversationTurn) -> Iterator[Reply]:
        """The replies as long as they stand; begun anew where an article was replaced, corrected or taken back."""
        for _ in range(ATTEMPTS):
            try:
                for reply in self._generation.stream(self._quoted(turn)):
                    if not verified(reply, self._article):
                        break
                    yield reply
                else:
                    return
            except NotFound:
                continue
        raise StoreError("The archive is changing too fast to quote from it. Ask again in a moment.")

    def _quoted(self, turn: ConversationTurn) -> ComposedReply:
        """What isn't answered as it was understood is asked the other way: behind the question before, or by itself."""
        analyzed = self._analysis.invoke(turn)
        with self._places:
            composed = self._quotation.invoke(analyzed)
            of_several = leaves_case_open(composed.reply, analyzed)
            if not (turn.history and (of_several or is_asked_anew(composed.reply))):
                return composed
            tried = {analyzed.alone}
            for other_turn in other_readings(turn, analyzed):
                other = self._analysis.invoke(other_turn)
                if other.alone in tried:
                    continue
                tried.add(other.alone)
                # What the staff rejected for either stays out of both.
                again = self._quotation.invoke(replace(other, rejected=other.rejected | analyzed.rejected))
                likely = likelihood_of(again.reply) >= HALF * likelihood_of(composed.reply)
                if isinstance(again.reply, Answer) and (not of_several or (likely and is_of_event(again.reply))):
                    return again
            return composed

    def _generated(self, composed: ComposedReply) -> Iterator[Reply]:
        write = self._generate if composed.writable else None
        replies = write.replies(composed) if write else iter((composed.reply,))
        yield from self._translate.replies(replies) if self._translate else replies


def other_readings(turn: ConversationTurn, analyzed: AnalyzedQuestion) -> Iterator[ConversationTurn]:
    """How else a question may be meant: by itself; or behind the one before, first on the event named before that."""
    if analyzed.may_stand_alone:
        yield replace(turn, history=())
    elif analyzed.may_lean:
        if analyzed.event_before:
            yield replace(turn, leaning=True, of_event=True)
        if not analyzed.repeated:
            yield replace(turn, leaning=True)


def leaves_case_open(reply: Reply, analyzed: AnalyzedQuestion) -> bool:
    """Whether a question that doesn't say which case it means was answered from several: it may mean that before."""
    if not isinstance(reply, Answer) or reply.intent is not Intent.FACT or analyzed.reference.given:
        return False
    # What is clearly answered behind the question before is of no event before that.
    said = analyzed.repeated and (reply.clear or not analyzed.event_before)
    return not said and covers_several(reply)


def likelihood_of(reply: Reply) -> float:
    """How likely it is that the first statement answers; 0 where nothing is answered."""
    first = next(iter(reply.statements), None) if isinstance(reply, Answer) else None
    return (first.likelihood or 0.0) if first else 0.0


def is_of_event(reply: Reply) -> bool:
    """Whether an answer was held to an event, and is of one."""
    held = any(limit.inference is Inference.EVENT for limit in reply.limits)
    return isinstance(reply, Answer) and held and not covers_several(reply)


def verified(reply: Reply, find: FindArticle) -> bool:
    """Whether every quote stands, character by character, in an article that may still be seen, numbered 1, 2, 3 …

    Its source must be the same, too: without a further correction, and with the same limit of what may be quoted.
    """
    if [quote.number for quote in reply.citations] != list(range(1, len(reply.citations) + 1)):
        return False
    try:
        articles = {source.article_id: find(source.article_id) for source in sources_of(reply)}
    except NotFound:
        return False
    for quote in quotes_of(reply):
        article = articles[quote.source.article_id]
        inside = quote.marked is None or quote.start <= quote.marked.start < quote.marked.end <= quote.end
        stands = quote.text and article.body[quote.start : quote.end] == quote.text and article.source == quote.source
        if not (inside and stands):
            return False
    return True
