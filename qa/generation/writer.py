"""From a quoted reply to a written one, sentence by sentence; back to the quotes where the writing doesn't hold."""

import logging
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from qa.answering.composing import ComposedReply
from qa.answering.quoting import numbered
from qa.answering.selecting import COMES_CLOSE
from qa.errors import ChatError
from qa.generation.drafts import Draft, declines, drafts
from qa.generation.passages import MOST, Material, number_of, overlap, quote_of, stretch_of
from qa.generation.prompt import NOTES, ONCE_MORE, material_text, notes_text, once_more_text, rules_for
from qa.generation.verification import Verification, Verifier
from qa.i18n.locale import N_
from qa.llm.usage import BOUNDS, Bounds, within
from qa.models.replies import TOLD_IN_STEPS, Answer, Citation, Composer, Reply, Statement, WritingProgress
from qa.models.support import Ground, Stopped
from qa.protocols import ArticleReader, ChatModel

MOST_TEXTS = 4  # texts of notes for one answer
MOST_NOTES = 10  # sentences of one text of notes that are read; it was asked for no more
MOST_READ = 12  # sentences of a model that are looked at; it was asked for four, or for eight
MOST_SHOWN = 6  # statements of a written answer to a question that asks for one thing
MOST_STEPS = 8  # the same of one that tells a matter in steps
MOST_AGAIN = 3  # sentences of an answer that are written once more
MOST_GIVEN_AGAIN = 3  # passages that are given for one of them
FAILED = N_("The language model could not be used for this answer; these are the sources’ own words.")
DID_NOT_HOLD = N_("What the language model wrote did not hold against the sources; these are their own words.")
SAW_NO_ANSWER = N_("The language model saw no answer in these passages; they are the sources’ own words.")
CUT_OFF = N_("The language model did not get to the end of this answer; what it wrote until then was checked.")

VerifierOf = Callable[[Sequence[Ground]], Verifier]

_log = logging.getLogger(__name__)


class Allowance:
    """A language model for one answer, with the time of so many texts for all of them; after it none is begun."""

    def __init__(self, model: ChatModel, bounds: Bounds, *, texts: int) -> None:
        self._model = model
        self._texts, self._most_texts = 0, texts
        self._seconds, self._tokens = texts * bounds.seconds, texts * bounds.tokens
        self._begun = time.monotonic()

    @property
    def progress(self) -> WritingProgress:
        return WritingProgress(self._texts, self._most_texts, self._seconds - self.left, self._seconds, self._tokens)

    @property
    def left(self) -> float:
        return max(0.0, self._seconds - (time.monotonic() - self._begun))

    def stream(self, *, system: str, user: str) -> Iterator[str]:
        """A text in pieces, as they come. Raises ChatError, also midway."""
        if not self.left:
            raise ChatError("the time for this answer is over")
        yield from self._model.stream(system=system, user=user)
        self._texts += 1

    def text(self, *, system: str, user: str) -> str:
        """A whole text. Raises ChatError."""
        try:
            return "".join(within(self.left, self.stream(system=system, user=user)))
        except TimeoutError as error:
            raise ChatError("the language model took too long") from error


class Writer:
    """Writes answers with a language model; every sentence is checked before it is shown."""

    def __init__(
        self, model: ChatModel, *, library: ArticleReader, verifier: VerifierOf = Verifier, bounds: Bounds = BOUNDS
    ) -> None:
        self._model, self._library, self._verifier, self._bounds = model, library, verifier, bounds

    def replies(self, composed: ComposedReply) -> Iterator[Reply]:
        """The reply as it grows, at last the whole. Raises NotFound where an article was taken back."""
        in_steps = composed.intent in TOLD_IN_STEPS
        material = Material(composed, self._library, most=MOST_TEXTS * MOST if in_steps else MOST)
        groups = -(-len(material.passages) // MOST)
        allowance = Allowance(self._model, self._bounds, texts=1 if groups == 1 else groups + 1)
        if not groups:
            yield composed.reply
        else:
            yield from _Writing(composed, material, self._verifier, allowance).replies(groups)


@dataclass(slots=True, eq=False)
class PageLine:
    """A sentence as it was written, what the check found of it, and the statement that is shown there, if any."""

    draft: Draft
    checked: Verification
    statement: Statement | None = None


class Page:
    """The sentences of an answer so far, each checked when it is added; what doesn't stand is never shown.

    `base` is an answer without statements, `most` how many there may be. What is stopped is added to `stopped`.
    """

    def __init__(
        self, base: Answer, material: Material, verifier: Verifier, *, most: int, stopped: list[Stopped]
    ) -> None:
        self._base, self._material, self._verifier = base, material, verifier
        self._most, self._stopped = most, stopped
        self._lines: list[PageLine] = []

    @property
    def _shown(self) -> list[Statement]:
        return [line.statement for line in self._lines if line.statement]

    @property
    def _quotes(self) -> list[Citation]:
        return [quote for statement in self._shown for quote in statement.quotes]

    @property
    def full(self) -> bool:
        return len(self._shown) >= self._most

    @property
    def waiting(self) -> list[PageLine]:
        """The sentences that didn't stand."""
        return [line for line in self._lines if line.statement is None]

    @property
    def holds(self) -> bool:
        """Whether a written sentence stands."""
        return any(statement.support for statement in self._shown)

    @property
    def comes_close(self) -> bool:
        """Whether something that is shown rests on a sentence that came close to an answer when it was read."""
        return any(self._material.likelihood(quote) >= COMES_CLOSE for quote in self._quotes)

    def add(self, draft: Draft, checked: Verification | None = None) -> bool:
        """Whether the sentence stands, and is shown now; `checked` is its verdict where it has one already."""
        line = PageLine(draft, checked or self._check(draft))
        self._lines.append(line)
        return self._fill(line, draft, line.checked)

    def replace(self, line: PageLine, draft: Draft) -> bool:
        """Whether a sentence that was written once more stands, and is shown in place of the first."""
        return self._fill(line, draft, self._check(draft))

    def stand_in(self, line: PageLine) -> None:
        """Quotes in a sentence's place what it leans on: only what answers by itself, and once."""
        nearest = next((ground for ground in line.checked.rests_on if self._material.answers(ground)), None)
        if nearest and not any(overlap(stretch_of(quote), stretch_of(nearest)) for quote in self._quotes):
            quote = self._material.quote(nearest)
            line.statement = Statement(quote.text, (quote,), self._material.event_of(quote))

    def answer(self, *, unfinished: bool) -> Answer:
        """What is shown so far, its quotes numbered as they are first shown, those of its conflicts behind them."""
        numbers: dict[tuple[str, int, int], int] = {}

        def with_number(quote: Citation) -> Citation:
            stretch = quote.source.article_id, quote.start, quote.end
            return replace(quote, number=numbers.setdefault(stretch, len(numbers) + 1))

        statements = tuple(replace(shown, quotes=tuple(map(with_number, shown.quotes))) for shown in self._shown)
        answer = replace(self._base, statements=statements, composed_by=Composer.MODEL, unfinished=unfinished)
        return replace(answer, conflicts=tuple(numbered(answer.conflicts, first=len(answer.citations) + 1)))

    def _check(self, draft: Draft) -> Verification:
        checked = self._verifier.check(draft.text, draft.cited)
        if not checked.support.full:
            self._stopped.append(Stopped(draft.text, draft.cited, checked.support))
        return checked

    def _fill(self, line: PageLine, draft: Draft, checked: Verification) -> bool:
        if not checked.support.full or not checked.rests_on:
            return False
        if any(draft.text == statement.text for statement in self._shown):
            self._lines.remove(line)
            return False
        quotes = tuple(map(self._material.quote, checked.rests_on))
        line.statement = Statement(draft.text, quotes, self._material.event_of(quotes[0]), checked.support)
        return True


@dataclass(frozen=True, slots=True)
class CheckedNote:
    text: str
    passage: Ground
    checked: Verification


class _Writing:
    """One answer, written from passages or from notes on them: `stopped` is all that the check stopped on the way."""

    def __init__(self, composed: ComposedReply, material: Material, verifier: VerifierOf, allowance: Allowance) -> None:
        self._composed, self._material, self._verifier = composed, material, verifier
        self._passages: Sequence[Ground] = material.passages
        self._allowance = allowance
        self._in_steps = composed.intent in TOLD_IN_STEPS
        self._notes: list[CheckedNote] = []
        self._stopped: list[Stopped] = []

    def replies(self, groups: int) -> Iterator[Reply]:
        """The answer from the passages as they are; from notes on so many groups of them where there are several."""
        if groups == 1:
            yield from self._written(material_text(self._composed.asked, [*map(quote_of, self._passages)]))
            return
        broke_off = yield from self._note_taking(groups)
        if not self._notes:
            yield self._unwritten(FAILED if broke_off else DID_NOT_HOLD if self._stopped else SAW_NO_ANSWER)
            return
        self._passages = [note.passage for note in self._notes]
        notes = [(note.passage.source, note.text) for note in self._notes]
        yield from self._written(notes_text(self._composed.asked, notes))

    def _note_taking(self, groups: int) -> Generator[Reply, None, bool]:
        """Takes notes on groups of like length, the quotes shown meanwhile; whether a text broke off, which ends it."""
        size = -(-len(self._passages) // groups)
        yield from self._waiting()
        for first in range(0, len(self._passages), size):
            try:
                self._take_notes(self._passages[first : first + size], first)
            except ChatError as error:
                _log.warning("notes were not taken to their end: %s", error)
                return True
            yield from self._waiting()
        return False

    def _take_notes(self, group: Sequence[Ground], first: int) -> None:
        verifier = self._verifier(group)
        user = material_text(self._composed.asked, [*map(quote_of, group)])
        for draft in islice(drafts(self._allowance.stream(system=NOTES, user=user)), MOST_NOTES):
            if declines(draft) or not draft.whole:
                continue
            checked = verifier.check(draft.text, draft.cited)
            number = next((n for words in checked.rests_on if (n := number_of(words, group))), None)
            if not checked.support.full:
                cited = tuple(number + first for number in draft.cited)
                self._stopped.append(Stopped(draft.text, cited, checked.support))
            elif number and all(draft.text != note.text for note in self._notes):
                self._notes.append(CheckedNote(draft.text, group[number - 1], checked))

    def _waiting(self) -> Iterator[Reply]:
        if isinstance(self._composed.reply, Answer):
            yield replace(self._composed.reply, unfinished=True, progress=self._allowance.progress)

    def _written(self, user: str) -> Iterator[Reply]:
        """The answer as it is written, then with sentences that were written once more or quotes in their places."""
        most = MOST_STEPS if self._in_steps else MOST_SHOWN
        verifier = self._verifier(self._passages)
        page = Page(self._base, self._material, verifier, most=most, stopped=self._stopped)
        try:
            stream = self._allowance.stream(system=rules_for(self._composed.intent), user=user)
            for draft in islice(drafts(stream), MOST_READ):
                if declines(draft):
                    yield self._unwritten(SAW_NO_ANSWER)
                    return
                if draft.whole and page.add(draft):
                    yield page.answer(unfinished=True)
                if page.full:
                    break
        except ChatError as error:
            _log.warning("an answer was not written to its end: %s", error)
            yield self._cut_off(page)
            return
        yield from self._once_more(page)
        # What is true but beside the question doesn't push away what was found to answer it.
        beside = isinstance(self._composed.reply, Answer) and not self._in_steps and not page.comes_close
        yield self._whole(page) if page.holds and not beside else self._unwritten(DID_NOT_HOLD)

    def _once_more(self, page: Page) -> Iterator[Answer]:
        """Has the first sentences that don't stand written once more; quotes stand in for those that still don't."""
        for line in page.waiting[:MOST_AGAIN]:
            numbers = self._given_again(line)
            if page.full or not numbers:
                continue
            passages = {number: quote_of(self._passages[number - 1]) for number in numbers}
            reasons = line.checked.support.reasons
            request = once_more_text(self._composed.asked, passages, line.draft.text, reasons)
            try:
                written = self._allowance.text(system=ONCE_MORE, user=request)
            except ChatError as error:
                _log.warning("a sentence was not written once more: %s", error)
                break
            better = next(drafts([written]), None)
            if better and better.whole and not declines(better) and page.replace(line, better):
                yield page.answer(unfinished=True)
        for line in page.waiting:
            if not page.full:
                page.stand_in(line)

    def _given_again(self, line: PageLine) -> list[int]:
        """Of a sentence that didn't stand the numbers of the passages that it cites, or else of the nearest."""
        numbers = [number for number in line.draft.cited if 1 <= number <= len(self._passages)]
        nearest = (number_of(words, self._passages) for words in line.checked.rests_on)
        return (numbers or [*filter(None, nearest)])[:MOST_GIVEN_AGAIN]

    def _cut_off(self, page: Page) -> Reply:
        """What stands of an answer in steps whose text broke off, else of the notes for it; of others nothing does."""
        if self._in_steps and not page.holds:
            for number, note in enumerate(self._notes[:MOST_STEPS], start=1):
                page.add(Draft(note.text, (number,)), note.checked)
        return self._whole(page, CUT_OFF) if self._in_steps and page.holds else self._unwritten(FAILED)

    @property
    def _base(self) -> Answer:
        """The answer with everything but its statements; of a refusal, one that goes with the same question."""
        reply, intent = self._composed.reply, self._composed.intent
        if isinstance(reply, Answer):
            return reply
        return Answer(reply.question, (), reply.understood_as, reply.notices, intent=intent, limits=reply.limits)

    def _unwritten(self, reason: str) -> Reply:
        reply = replace(self._composed.reply, stopped=tuple(self._stopped))
        return replace(reply, fallback=reason) if isinstance(reply, Answer) else reply

    def _whole(self, page: Page, *notices: str) -> Answer:
        answer = page.answer(unfinished=False)
        return replace(answer, notices=(*answer.notices, *notices), stopped=tuple(self._stopped))
