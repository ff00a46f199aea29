"""From a quoted reply to one written of passages, sentence by sentence; back to the quotes where that doesn't hold."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import islice

from qa.answering.composing import ComposedReply
from qa.answering.events import Events, covers_several
from qa.answering.quoting import annotations_of, articles_of, glosses_within, numbered
from qa.answering.selecting import ANSWERS, COMES_CLOSE, NOT_SURE, Rejected, is_rejected, leans
from qa.dates.periods import period_of
from qa.errors import ChatError
from qa.generation.drafts import Draft, declines, drafts
from qa.generation.prompt import (
    LONGEST,
    NOTES,
    ONCE_MORE,
    RULES,
    WIDE,
    as_in_source,
    material_text,
    notes_text,
    once_more_text,
)
from qa.generation.verification import Verification, Verifier, ground_of
from qa.i18n.locale import N_
from qa.llm.usage import Bounds, within
from qa.models.annotations import Annotations
from qa.models.archive import Article, ListedArticle, Span
from qa.models.replies import (
    TOLD_IN_STEPS,
    Answer,
    Citation,
    Composer,
    Inference,
    Intent,
    Reply,
    Statement,
    WritingProgress,
)
from qa.models.support import CheckStep, Ground, Stopped, Support, Verdict
from qa.protocols import ArticleReader, ChatModel
from qa.retrieval.timeline import when_of
from qa.text.sentences import sentence_spans

MOST_PASSAGES = 12  # passages given at once, which is some 4,000 tokens
OF_ONE_ARTICLE = 3  # passages of one article, unless nothing was found in another
SENTENCES = 5  # sentences of a passage: what was found, and as many before it as after it
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
LEANS = N_("It can’t be understood by itself, and what stands before it is of another article.")
CUT_OFF = N_("The language model did not get to the end of this answer; what it wrote until then was checked.")
REST_QUOTED = N_("What stands in quotation marks is the sources’ own words, chosen without it.")

Stretch = tuple[str, Span]  # the id of an article, and where in its body
VerifierOf = Callable[[Sequence[Ground]], Verifier]

_log = logging.getLogger(__name__)


class Allowance:
    """A language model for one answer, with the time of so many texts for all of them; after it none is begun."""

    def __init__(self, model: ChatModel, bounds: Bounds, *, texts: int) -> None:
        self._model, self._texts, self._most_texts = model, 0, texts
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
        try:
            yield from self._model.stream(system=system, user=user)
        finally:  # also where no more of it is wanted
            self._texts += 1


class Material:
    """The `passages` to write from, none overlapping another. Raises NotFound where an article was taken back."""

    def __init__(self, composed: ComposedReply, library: ArticleReader, *, most: int = MOST_PASSAGES) -> None:
        self._composed, self._library, self._days = composed, library, dict[Stretch, date]()
        self._quoted = composed.reply if isinstance(composed.reply, Answer) else None
        stretches = self._stretches(most)
        if composed.intent in TOLD_IN_STEPS and composed.intent is not Intent.COMPARISON:
            stretches.sort(key=_order)
        annotated = annotations_of((article.article_id for article, _ in stretches), library)
        self.passages = [ground_of(article, annotated[article.article_id], span) for article, span in stretches]

    def quote(self, words: Ground) -> Citation:
        """Some words of a passage as a quote, those marked that answer by themselves where the reader found any."""
        answers = (item.answer for item in self._composed.candidates if item.source == words.source and item.answer)
        return replace(quote_of(words), marked=next((span for span in answers if span.within(words.span)), None))

    def likelihood(self, words: Citation | Ground) -> float:
        """The likelihood, 0 to 1, that a stretch of an article answers by itself, as far as its sentences were read."""
        name, span = _stretch_of(words)
        return max((likely for (of, read), likely in self._read if of == name and read.overlaps(span)), default=0.0)

    def doubt(self, words: Citation) -> float:
        """The likelihood of a quote that only may answer: as it was read, but never surely."""
        return min(self.likelihood(words), NOT_SURE)

    def day(self, quote: Citation) -> date:
        """The day of what a quote tells: that of its article, unless it names another time; the last day if none is."""
        stretch = _stretch_of(quote)
        if stretch not in self._days:
            article_id, span = stretch
            article = self._library.article(article_id)
            words = ground_of(article, annotations_of([article_id], self._library)[article_id], span)
            day = when_of(ListedArticle(article.source, article.event_date)).first or date.max
            named = (period_of(mention.value) for mention in words.dates if mention.value and not mention.flaw)
            past = next((period for period in named if period and period.first <= day), None)
            self._days[stretch] = day if past is None or day <= past.last else past.first
        return self._days[stretch]

    def statement(self, text: str, quotes: tuple[Citation, ...], support: Support | None = None) -> Statement:
        """What is shown, with the event that its first quote tells of where the quoted answer keeps several apart."""
        event = None
        if self._quoted and self._events is not None:
            reported = self._events.of(quotes[0])
            events = (known.event for known in self._quoted.statements if known.quotes[0].overlaps(quotes[0]))
            event = next(events, reported.event if reported else None)
        return Statement(text, quotes, event, support)

    @cached_property
    def _read(self) -> list[tuple[Stretch, float]]:
        """The sentences that were read, and how likely each answers; a quote that code didn't weigh surely does."""
        read = [(item.place, item.likelihood) for item in self._composed.candidates]
        for statement in self._quoted.statements if self._quoted else ():
            likely = 1.0 if statement.likelihood is None else statement.likelihood
            read += [(_stretch_of(quote), likely) for quote in statement.quotes]
        return read

    @cached_property
    def _events(self) -> Events | None:
        in_steps = self._composed.intent in TOLD_IN_STEPS
        if self._quoted is None or in_steps or not covers_several(self._quoted):
            return None
        return Events(articles_of((passage.source.article_id for passage in self.passages), self._library.article))

    def _found(self) -> Iterator[Stretch]:
        """The quoted answer's own sentences, what differs from them, what came next, then the passages."""
        if self._quoted:
            yield from map(_stretch_of, self._quoted.citations)
            # What others say otherwise is shown, but is no part of what one outlet reports.
            if not any(limit.inference is Inference.OUTLET for limit in self._quoted.limits):
                yield from (_stretch_of(party.quote) for party in self._quoted.parties)
        yield from (item.place for item in self._composed.candidates)
        yield from ((hit.source.article_id, hit.passage.span) for hit in self._composed.near)

    def _stretches(self, most: int) -> list[tuple[Article, Span]]:
        """Whole sentences around what was found, what touches made one if not too long, few of one article."""
        anchors = list(self._found())
        of_each = OF_ONE_ARTICLE if len({article_id for article_id, _ in anchors}) > 1 else most
        cuttings: dict[str, _Cutting] = {}
        chosen: list[tuple[_Cutting, range]] = []
        for article_id, anchor in anchors:
            if len(chosen) == most:
                break
            if article_id not in cuttings:
                cuttings[article_id] = _Cutting(self._library.article(article_id), self._composed.rejected)
            cutting = cuttings[article_id]
            if not (numbers := cutting.around(anchor)):
                continue
            for at, (other, earlier) in enumerate(chosen):
                joined = range(min(earlier.start, numbers.start), max(earlier.stop, numbers.stop))
                if other is cutting and len(joined) == len(earlier) + len(numbers) and cutting.fits(joined):
                    chosen[at] = cutting, joined
                    break
            else:
                if sum(other is cutting for other, _ in chosen) == of_each:
                    continue
                chosen.append((cutting, numbers))
            cutting.free -= set(numbers)
        return [(cutting.article, cutting.span(numbers)) for cutting, numbers in chosen]


class _Cutting:
    """An article that stretches are cut out of; `free` are the numbers of the sentences that may still be taken."""

    def __init__(self, article: Article, rejected: Rejected) -> None:
        self.article, self._sentences = article, sentence_spans(article.body)
        texts = (article.body[span.start : span.end] for span in self._sentences)
        self.free = {n for n, text in enumerate(texts) if not is_rejected(article.article_id, text, rejected)}

    def span(self, numbers: range) -> Span:
        return Span(self._sentences[numbers[0]].start, self._sentences[numbers[-1]].end)

    def fits(self, numbers: range) -> bool:
        span = self.span(numbers)
        return span.end - span.start <= LONGEST

    def around(self, anchor: Span) -> range:
        """The numbers of the free sentences of the anchor, with those beside it until there are enough."""
        inside = [n for n, span in enumerate(self._sentences) if span.overlaps(anchor) and n in self.free]
        numbers = range(inside[0], inside[0] + 1) if inside else range(0)
        for after in inside[1:]:
            if after == numbers.stop:
                numbers = self._widened(numbers, after)
        for step in range(SENTENCES if inside else 0):
            if len(numbers) < SENTENCES:
                numbers = self._widened(numbers, numbers.stop if step % 2 else numbers.start - 1)
        return numbers

    def _widened(self, numbers: range, more: int) -> range:
        wider = range(min(numbers.start, more), max(numbers.stop, more + 1))
        return wider if more in self.free and self.fits(wider) else numbers


def quote_of(ground: Ground) -> Citation:
    """A ground as a quote without a number, with the glosses on its dates."""
    glosses = glosses_within(Annotations(0, ground.dates), ground.span)
    return Citation(0, ground.source, ground.start, ground.end, ground.text, glosses=glosses)


def _number_of(words: Ground, passages: Sequence[Ground]) -> int | None:
    """The number, from 1, of the first passage that some words stand in."""
    within = (n for n, p in enumerate(passages, start=1) if p.source == words.source and words.span.within(p.span))
    return next(within, None)


def _stretch_of(words: Citation | Ground) -> Stretch:
    return words.source.article_id, Span(words.start, words.end)


def _order(stretch: tuple[Article, Span]) -> tuple[date, str, Span]:
    article, span = stretch
    return when_of(ListedArticle(article.source, article.event_date)).first or date.max, article.article_id, span


class Writer:
    """Writes answers with a language model; every sentence is checked before it is shown."""

    def __init__(self, model: ChatModel, *, library: ArticleReader, verifier: VerifierOf, bounds: Bounds) -> None:
        self._model, self._library, self._verifier, self._bounds = model, library, verifier, bounds

    def replies(self, composed: ComposedReply) -> Iterator[Reply]:
        """The reply as it grows, at last the whole. Raises NotFound where an article was taken back."""
        most = MOST_PASSAGES * (MOST_TEXTS if composed.intent in TOLD_IN_STEPS else 1)
        material = Material(composed, self._library, most=most)
        groups = -(-len(material.passages) // MOST_PASSAGES)
        allowance = Allowance(self._model, self._bounds, texts=1 if groups == 1 else groups + 1)
        if not groups:
            yield composed.reply
        else:
            yield from _Writing(composed, material, self._verifier, allowance).replies(groups)


@dataclass(slots=True, eq=False)
class WrittenLine:
    """A sentence as it was written, what the check found of it, and the statement that is shown there, if any."""

    draft: Draft
    checked: Verification
    statement: Statement | None = None


class _Writing:
    """One answer, written from passages or notes on them: each sentence is checked, and shown only if it stands."""

    def __init__(self, composed: ComposedReply, material: Material, verifier: VerifierOf, allowance: Allowance) -> None:
        self._composed, self._material, self._verifier, self._allowance = composed, material, verifier, allowance
        self._passages: list[Ground] = []  # what the answer is written from: of each note the one that it rests on
        self._in_steps = composed.intent in TOLD_IN_STEPS
        self._broke_off = False
        self._notes: list[WrittenLine] = []
        self._lines: list[WrittenLine] = []
        self._stopped: list[Stopped] = []  # all that the check stopped on the way

    @property
    def _shown(self) -> list[Statement]:
        return [line.statement for line in self._lines if line.statement]

    @property
    def _quotes(self) -> list[Citation]:
        return [quote for statement in self._shown for quote in statement.quotes]

    @property
    def _holds(self) -> bool:
        return any(statement.support for statement in self._shown)

    @property
    def _beside(self) -> bool:
        """Whether no sentence that came close to an answer when it was read bears any of it out.

        What is true but beside the question pushes away neither what was found to answer it nor the refusal.
        """
        if self._in_steps and isinstance(self._composed.reply, Answer):
            return False  # its sentences were found, not read
        return not any(self._material.likelihood(quote) >= COMES_CLOSE for quote in self._quotes)

    def _retells(self, base: Answer) -> bool:
        """Whether all that is written rests on what is quoted."""
        return all(any(map(quote.overlaps, base.citations)) for quote in self._quotes)

    @property
    def _full(self) -> bool:
        return len(self._shown) >= (MOST_STEPS if self._in_steps else MOST_SHOWN)

    def replies(self, groups: int) -> Iterator[Reply]:
        """The answer from the passages as they are; from notes on so many groups of them where there are several."""
        asked = self._composed.asked
        if groups == 1:
            self._passages = self._material.passages
            yield from self._written(material_text(asked, [*map(quote_of, self._passages)]))
            return
        yield from self._note_taking(self._material.passages, groups)
        if not self._notes:
            yield self._unwritten(FAILED if self._broke_off else DID_NOT_HOLD if self._stopped else SAW_NO_ANSWER)
            return
        notes = zip(self._passages, self._notes, strict=True)
        yield from self._written(notes_text(asked, [(passage.source, note.draft.text) for passage, note in notes]))

    def _note_taking(self, passages: Sequence[Ground], groups: int) -> Iterator[Reply]:
        """Takes notes on groups of like length, the quotes shown meanwhile; a text that breaks off ends it."""
        size = -(-len(passages) // groups)
        yield from self._meanwhile()
        for first in range(0, len(passages), size):
            group = passages[first : first + size]
            verifier, user = self._verifier(group), material_text(self._composed.asked, [*map(quote_of, group)])
            try:
                for draft in islice(drafts(self._allowance.stream(system=NOTES, user=user)), MOST_NOTES):
                    if draft.whole and not declines(draft):
                        self._note(draft, verifier.check(draft.text, draft.cited), group, first)
            except ChatError as error:
                _log.warning("notes were not taken to their end: %s", error)
                self._broke_off = True
                return
            yield from self._meanwhile()

    def _note(self, draft: Draft, checked: Verification, group: Sequence[Ground], first: int) -> None:
        number = next((n for words in checked.rests_on if (n := _number_of(words, group))), None)
        if not checked.support.full:
            cited = tuple(number + first for number in draft.cited)
            self._stopped.append(Stopped(draft.text, cited, checked.support))
        elif number and all(draft.text != note.draft.text for note in self._notes):
            self._notes.append(WrittenLine(draft, checked))
            self._passages.append(group[number - 1])

    def _meanwhile(self) -> Iterator[Reply]:
        if isinstance(self._composed.reply, Answer):
            yield replace(self._composed.reply, unfinished=True, progress=self._allowance.progress)

    def _written(self, user: str) -> Iterator[Reply]:
        """The answer as it is written, then with sentences that were written once more or quotes in their places."""
        verifier, system = self._verifier(self._passages), WIDE.get(self._composed.intent, RULES)
        try:
            for draft in islice(drafts(self._allowance.stream(system=system, user=user)), MOST_READ):
                if declines(draft):
                    yield self._unwritten(SAW_NO_ANSWER)
                    return
                if draft.whole and self._put(draft, verifier.check(draft.text, draft.cited)) and not self._beside:
                    yield self._answer(unfinished=True)
                if self._full:
                    break
        except ChatError as error:
            _log.warning("an answer was not written to its end: %s", error)
            self._broke_off = True
            # An answer in steps is what stands of it, else of the notes for it.
            for number, note in enumerate(self._notes[: 0 if self._holds else MOST_STEPS], start=1):
                self._put(replace(note.draft, cited=(number,)), note.checked)
        else:
            yield from self._once_more(verifier)
        if self._broke_off:
            yield self._cut_off()
            return
        yield self._answer() if self._holds and not self._beside else self._unwritten(DID_NOT_HOLD)

    def _put(self, draft: Draft, checked: Verification, *, line: WrittenLine | None = None) -> bool:
        """Whether a sentence stands and is shown now: behind the others, or where that of `line` did not stand."""
        if line is None:
            line = WrittenLine(draft, checked)
            self._lines.append(line)
        text = as_in_source(draft.text, " ".join(words.text for words in checked.rests_on))
        if checked.support.full and leans(text) and not self._goes_on(line, checked):
            support = Support(Verdict.PARTLY, (LEANS,), CheckStep.FACTS, checked.support.likelihood)
            line.checked = checked = replace(checked, support=support)
        if not checked.support.full or not checked.rests_on:
            self._stopped.append(Stopped(draft.text, draft.cited, checked.support))
        elif any(text == statement.text for statement in self._shown):
            self._lines.remove(line)
        else:
            quotes = tuple(map(self._material.quote, checked.rests_on))
            line.statement = self._material.statement(text, quotes, checked.support)
        return line.statement is not None

    def _goes_on(self, line: WrittenLine, checked: Verification) -> bool:
        """Whether what is shown before a line is of the article that it rests on: of no other is "it" told."""
        before = [other.statement for other in self._lines[: self._lines.index(line)] if other.statement]
        articles = {words.source.article_id for words in checked.rests_on}
        return bool(before) and any(quote.source.article_id in articles for quote in before[-1].quotes)

    def _once_more(self, verifier: Verifier) -> Iterator[Reply]:
        """Has the first sentences that don't stand written once more; quotes stand in for those that still don't."""
        failed = [line for line in self._lines if line.statement is None]
        for line in failed[:MOST_AGAIN]:
            cited = [number for number in line.draft.cited if 1 <= number <= len(self._passages)]
            nearest = (_number_of(words, self._passages) for words in line.checked.rests_on)
            numbers = (cited or [*filter(None, nearest)])[:MOST_GIVEN_AGAIN]
            if self._full or not numbers:
                continue
            passages = {number: quote_of(self._passages[number - 1]) for number in numbers}
            reasons = line.checked.support.reasons
            request = once_more_text(self._composed.asked, passages, line.draft.text, reasons)
            try:
                text = "".join(within(self._allowance.left, self._allowance.stream(system=ONCE_MORE, user=request)))
            except ChatError as error:
                _log.warning("a sentence was not written once more: %s", error)
                break
            better = next(drafts([text]), None)
            if better is None or not better.whole or declines(better):
                continue
            if self._put(better, verifier.check(better.text, better.cited), line=line) and not self._beside:
                yield self._answer(unfinished=True)
        for line in failed:  # what it leans on is quoted in its place: only what answers by itself, and once
            answering = (ground for ground in line.checked.rests_on if self._material.likelihood(ground) >= ANSWERS)
            quote = next(map(self._material.quote, answering), None)
            if quote and not (line.statement or self._full or any(map(quote.overlaps, self._quotes))):
                line.statement = self._material.statement(quote.text, (quote,))

    def _cut_off(self) -> Reply:
        """Of a text in steps that broke off what stands, and what is quoted besides; else the quotes alone."""
        if not self._in_steps or not self._holds or self._beside:
            return self._unwritten(FAILED)
        base, shown = self._composed.reply, self._quotes
        quoted = (step.quotes for step in base.statements) if isinstance(base, Answer) else ()
        further = [quotes for quotes in quoted if not any(quote.overlaps(known) for quote in quotes for known in shown)]
        steps = [
            self._material.statement(quotes[0].text, quotes) for quotes in further[: MOST_STEPS - len(self._shown)]
        ]
        return self._answer(CUT_OFF, *([REST_QUOTED] if steps else []), further=steps)

    def _unwritten(self, reason: str) -> Reply:
        reply = replace(self._composed.reply, stopped=tuple(self._stopped))
        return replace(reply, fallback=reason) if isinstance(reply, Answer) else reply

    def _answer(self, *notices: str, further: Sequence[Statement] = (), unfinished: bool = False) -> Reply:
        """What is shown so far, and further steps."""
        base, intent = self._composed.reply, self._composed.intent
        if not isinstance(base, Answer):  # of a refusal, an answer that goes with the same question
            base = Answer(base.question, (), base.understood_as, base.notices, intent=intent, limits=base.limits)
        shown, agreement = (*self._shown, *further), base.agreement
        if base.statements and not base.clear and self._retells(base):
            shown = tuple(replace(step, likelihood=self._material.doubt(step.quotes[0])) for step in shown)
        if intent is Intent.CHRONOLOGY:
            shown = tuple(sorted(shown, key=lambda step: self._material.day(step.quotes[0])))
        if agreement and not (base.clear and shown and shown[0].quotes[0].overlaps(base.statements[0].quotes[0])):
            agreement = None  # others agree with the very words that the quotes surely answer with
        answer = replace(base, statements=shown, agreement=agreement, composed_by=Composer.MODEL, unfinished=unfinished)
        if not unfinished:
            answer = replace(answer, notices=(*answer.notices, *notices), stopped=tuple(self._stopped))
        return numbered(answer)
