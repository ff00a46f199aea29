"""From a quoted reply to a written one, sentence by sentence; back to the quotes where the writing doesn't hold."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from qa.answering.composing import ComposedReply
from qa.errors import ChatError
from qa.generation.allowance import BOUNDS, Allowance, TextBounds
from qa.generation.drafts import Draft, declines, drafts
from qa.generation.notes import MOST_TEXTS, CheckedNote, NoteTaking, VerifierOf, groups_of
from qa.generation.page import Page, PageLine
from qa.generation.passages import MOST, Material, Passages
from qa.generation.prompt import ONCE_MORE, material_text, notes_text, once_more_text, rules_for
from qa.generation.verification import Verifier
from qa.i18n.locale import N_
from qa.models.replies import TOLD_IN_STEPS, Answer, Citation, Reply
from qa.models.support import Stopped
from qa.protocols import ArticleReader, ChatModel

MOST_READ = 12
"""Sentences of a model that are looked at; it was asked for four, or for eight."""

MOST_SHOWN = 6
"""Statements of a written answer to a question that asks for one thing."""

MOST_STEPS = 8
"""The same of one that tells a matter in steps."""

MOST_AGAIN = 3
"""Sentences of an answer that are written once more."""

MOST_GIVEN_AGAIN = 3
"""Passages that are given for one of them."""

FAILED = N_("The language model could not be used for this answer; these are the sources’ own words.")
DID_NOT_HOLD = N_("What the language model wrote did not hold against the sources; these are their own words.")
SAW_NO_ANSWER = N_("The language model saw no answer in these passages; they are the sources’ own words.")
CUT_OFF = N_("The language model did not get to the end of this answer; what it wrote until then was checked.")

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Task:
    """What a model is asked to write: `user` is its text, the passages are those that it knows by their numbers.

    `notes` are what it writes from instead of passages, one for each, and `stopped` what the check stopped of them.
    """

    composed: ComposedReply
    material: Material
    user: str
    passages: Passages
    notes: Sequence[CheckedNote] = ()
    stopped: Sequence[Stopped] = ()

    @property
    def in_steps(self) -> bool:
        return self.composed.intent in TOLD_IN_STEPS

    @property
    def base(self) -> Answer:
        """The answer with everything but its statements; of a refusal, one that goes with the same question."""
        reply = self.composed.reply
        if isinstance(reply, Answer):
            return reply
        intent, notices = self.composed.intent, reply.notices
        return Answer(reply.question, (), reply.understood_as, notices, intent=intent, limits=reply.limits)

    def unwritten(self, reason: str, stopped: Sequence[Stopped] = ()) -> Reply:
        """The reply as it was composed, and for an answer why."""
        reply, both = self.composed.reply, (*self.stopped, *stopped)
        return (
            replace(reply, fallback=reason, stopped=both) if isinstance(reply, Answer) else replace(reply, stopped=both)
        )

    def whole(self, page: Page, *notices: str) -> Answer:
        """The written answer at its end."""
        answer = page.answer(unfinished=False)
        return replace(answer, notices=(*answer.notices, *notices), stopped=(*self.stopped, *page.stopped))

    def given_again(self, line: PageLine) -> dict[int, Citation]:
        """Of a sentence that didn't stand the passages that it cites, or else the one that comes nearest."""
        numbers: list[int] = [number for number in line.draft.cited if 1 <= number <= len(self.passages)]
        if not numbers:
            numbers = [*filter(None, map(self.passages.holding, line.checked.rests_on))]
        return {number: self.passages.quotes[number - 1] for number in numbers[:MOST_GIVEN_AGAIN]}


class Writer:
    """Writes answers with a language model; every sentence is checked before it is shown."""

    def __init__(
        self, model: ChatModel, *, library: ArticleReader, verifier: VerifierOf = Verifier, bounds: TextBounds = BOUNDS
    ) -> None:
        self._model = model
        self._library = library
        self._verifier = verifier
        self._bounds = bounds

    def replies(self, composed: ComposedReply) -> Iterator[Reply]:
        """The reply as it grows, at last the whole: a written answer, or the reply as it was composed, and why.

        Raises NotFound where an article was taken back.
        """
        in_steps = composed.intent in TOLD_IN_STEPS
        material = Material(composed, self._library, most=MOST_TEXTS * MOST if in_steps else MOST)
        passages = material.passages
        if not passages:
            yield composed.reply
        elif len(passages) <= MOST:
            task = Task(composed, material, material_text(composed.asked, passages.quotes), passages)
            yield from self._written(task, Allowance(self._model, self._bounds))
        else:
            yield from self._from_notes(composed, material)

    def _from_notes(self, composed: ComposedReply, material: Material) -> Iterator[Reply]:
        """An answer from more passages than are given at once; the quotes are shown while notes are taken on them."""
        passages = material.passages
        allowance = Allowance(self._model, self._bounds, texts=groups_of(passages) + 1)
        taking = NoteTaking(allowance, self._verifier)
        yield from _waiting(composed.reply, allowance)
        for _ in taking.take(composed.asked, passages):
            yield from _waiting(composed.reply, allowance)
        notes = taking.notes
        noted = passages.numbered(*(note.passage for note in notes))
        sources = [(quote.source, note.text) for quote, note in zip(noted.quotes, notes, strict=True)]
        task = Task(composed, material, notes_text(composed.asked, sources), noted, notes, taking.stopped)
        if notes:
            yield from self._written(task, allowance)
        else:
            yield task.unwritten(FAILED if taking.broke_off else DID_NOT_HOLD if taking.stopped else SAW_NO_ANSWER)

    def _written(self, task: Task, allowance: Allowance) -> Iterator[Reply]:
        """The answer as it is written, then with sentences that were written once more or quotes in their places."""
        verifier = self._verifier(task.passages.grounds)
        page = Page(task.base, task.material, verifier, most=MOST_STEPS if task.in_steps else MOST_SHOWN)
        try:
            stream = allowance.stream(system=rules_for(task.composed.intent), user=task.user)
            for draft in islice(drafts(stream), MOST_READ):
                if declines(draft):
                    yield task.unwritten(SAW_NO_ANSWER, page.stopped)
                    return
                if page.add(draft):
                    yield page.answer(unfinished=True)
                if page.full:
                    break
        except ChatError as error:
            _log.warning("an answer was not written to its end: %s", error)
            yield _cut_off(task, page)
            return
        yield from self._once_more(task, page, allowance)
        # What is true but beside the question doesn't push away what was found to answer it.
        beside = isinstance(task.composed.reply, Answer) and not task.in_steps and not page.comes_close
        yield task.whole(page) if page.holds and not beside else task.unwritten(DID_NOT_HOLD, page.stopped)

    def _once_more(self, task: Task, page: Page, allowance: Allowance) -> Iterator[Answer]:
        """Has the first sentences that don't stand written once more; quotes stand in for those that still don't."""
        for line in page.waiting[:MOST_AGAIN]:
            passages = task.given_again(line)
            if page.full or not passages:
                continue
            reasons = line.checked.support.reasons
            request = once_more_text(task.composed.asked, passages, line.draft.text, reasons)
            try:
                written = allowance.text(system=ONCE_MORE, user=request)
            except ChatError as error:
                _log.warning("a sentence was not written once more: %s", error)
                break
            better = next(drafts([written]), None)
            if better and not declines(better) and page.put_better(line, better):
                yield page.answer(unfinished=True)
        for line in page.waiting:
            if not page.full:
                page.stand_in(line)


def _waiting(reply: Reply, allowance: Allowance) -> Iterator[Reply]:
    """The quotes of an answer while notes are taken."""
    if isinstance(reply, Answer):
        yield replace(reply, unfinished=True, progress=allowance.progress)


def _cut_off(task: Task, page: Page) -> Reply:
    """What stands of an answer in steps whose text broke off, else of the notes for it; of others nothing does."""
    if not task.in_steps:
        return task.unwritten(FAILED, page.stopped)
    if not page.holds:
        for number, note in enumerate(task.notes[:MOST_STEPS], start=1):
            page.add(Draft(note.text, (number,)), note.checked)
    return task.whole(page, CUT_OFF) if page.holds else task.unwritten(FAILED, page.stopped)
