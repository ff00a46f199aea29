"""The view of a reply: what is said of it, in its locale and in the order printed; renderers only lay it out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, groupby

from qa.answering.conflict_view import DIFFER, ConflictView, agreement_sentence, conflict_view, different_figures
from qa.answering.glossing import QuoteView, corrected_quotes, quote_view, touches
from qa.answering.legal_terms import TermNote, legal_notes, reader_language
from qa.answering.refusing import is_remark
from qa.answering.stage_words import NO_VERDICT, SEVERAL, stage_line, verdict_line
from qa.i18n.forms import language_name, long_date, number, period_text, published_text, value_text
from qa.i18n.locale import N_, _, ngettext
from qa.i18n.messages import localized
from qa.i18n.sources import coverage_text, credit, quote_credit
from qa.models.archive import Correction, Source
from qa.models.journal import quotes_of
from qa.models.replies import (
    Answer,
    CaseStatus,
    Citation,
    Composer,
    Event,
    Inference,
    Intent,
    Question,
    Refusal,
    Reply,
    Statement,
)

REFUSED = N_("The archive doesn’t answer this.")
WRITTEN = N_("Written by a language model; software checked each sentence against the words of its sources.")
WRITTEN_BY_STAFF = N_("Written by the staff of the archive, with the words of its sources.")
POSSIBLY = N_("Possibly")
NO_EVENT = N_("Other reports")
"""Heading of statements about no event, after those about one."""


@dataclass(frozen=True, slots=True)
class EventHeading:
    """An event above its statements; `language` is that of a headline in place of a name, `date` is in words."""

    name: str
    date: str = ""
    language: str = ""

    @property
    def text(self) -> str:
        return f"{self.name}, {self.date}" if self.date else self.name


@dataclass(frozen=True, slots=True)
class DirectView:
    """The line that answers, as printed: `lead` goes before its words, `credit` says who says it, and how many more.

    `language` is that of the words; where the archive may mean something else there are none.
    """

    lead: str
    words: str
    credit: str
    language: str

    @property
    def line(self) -> str:
        return f"{self.lead}: {self.words}".strip() if self.lead else self.words


@dataclass(frozen=True, slots=True)
class StatementView:
    """A statement as printed; `text` is empty where it is its first quote, word for word."""

    text: str
    quotes: tuple[QuoteView, ...]

    @property
    def corrections(self) -> tuple[Correction, ...]:
        """The corrections that are shown with its quotes."""
        return tuple(quote.correction for quote in self.quotes if quote.correction)


@dataclass(frozen=True, slots=True)
class StatementGroup:
    """Neighbouring statements on one event; they have a heading only where the answer covers several."""

    event: EventHeading | None
    heading: EventHeading | None
    statements: tuple[StatementView, ...]

    @property
    def size(self) -> int:
        return len(self.statements)


@dataclass(frozen=True, slots=True)
class CaseView:
    """How far a case has got, and the quote for it."""

    heading: EventHeading
    line: str
    quote: QuoteView


@dataclass(frozen=True, slots=True)
class LimitView:
    """What a reply was held to, in words; `lifted` is the same question without it, as it stands alone."""

    kind: str
    text: str
    lifted: Question


@dataclass(frozen=True, slots=True)
class SourceView:
    """An article that is quoted, and its quotes in the order of their numbers."""

    source: Source
    credit: str
    quotes: tuple[QuoteView, ...]


@dataclass(frozen=True, slots=True)
class NearestView:
    """An article near a question without an answer, and the words in it that come closest."""

    source: Source
    credit: str
    quote: QuoteView | None


@dataclass(frozen=True, slots=True)
class ReplyView:
    """A reply in the order printed; empty is what a reply doesn't have.

    `checked` is the day of the staff's check in words, `composition` who wrote the statements or why nobody did,
    `verdict` and `reason` why there is no answer; `reader` is the language of the notes on legal words. `folds`: what
    comes after the first statement can be folded up.
    """

    checked: str
    composition: str
    direct: DirectView | None
    verdict: str
    reason: str
    several: str
    cases: tuple[CaseView, ...]
    groups: tuple[StatementGroup, ...]
    quotes: tuple[QuoteView, ...]
    agreement: str
    conflicts: tuple[ConflictView, ...]
    notices: tuple[str, ...]
    nearest: tuple[NearestView, ...]
    coverage: str
    reader: str
    written: bool
    folds: bool
    limits: tuple[LimitView, ...]

    @property
    def open(self) -> tuple[StatementGroup, ...]:
        """The statements that are read at once: the first alone where the others are folded up."""
        if not self.folds:
            return self.groups
        first, *_further = self.groups
        return (replace(first, statements=first.statements[:1]),)

    @property
    def further(self) -> tuple[StatementGroup, ...]:
        """The statements that are folded up."""
        if not self.folds:
            return ()
        first, *others = self.groups
        rest = [replace(first, statements=first.statements[1:])] if len(first.statements) > 1 else []
        return (*rest, *others)

    @property
    def sources(self) -> tuple[SourceView, ...]:
        """The articles quoted, each once, in the order of their first quotes."""
        quoted: dict[str, list[QuoteView]] = {}
        for quote in self.quotes:
            quoted.setdefault(quote.source.article_id, []).append(quote)
        return tuple(
            SourceView(quotes[0].source, credit(quotes[0].source), tuple(quotes)) for quotes in quoted.values()
        )

    @property
    def notes(self) -> Iterator[TermNote]:
        """The notes on legal words, in the order of the quotes."""
        for quote in self.quotes or [case.quote for case in self.cases]:
            yield from quote.notes


def reply_view(reply: Reply) -> ReplyView:
    """The view of a reply in the current locale: set that of its question first."""
    reader = reader_language(reply.question)
    answer = reply if isinstance(reply, Answer) else None
    refusal = reply if isinstance(reply, Refusal) else None
    notes = legal_notes(answer.citations if answer else [case.quote for case in reply.cases], reader)
    corrected = corrected_quotes([case.quote for case in reply.cases] if refusal and reply.cases else quotes_of(reply))
    quotes = {
        quote.number: quote_view(quote, notes, answer, corrected) for quote in (answer.citations if answer else ())
    }
    written = answer is not None and answer.composed_by is not Composer.QUOTES
    return ReplyView(
        checked=long_date(reply.checked_on) if reply.checked_on else "",
        composition=_composition(answer) if answer else "",
        direct=_direct(answer) if answer else None,
        verdict=_verdict(refusal) if refusal else "",
        reason=localized(refusal.reason) if refusal else "",
        several=_(SEVERAL) if len(reply.cases) > 1 else "",
        cases=tuple(
            _case(case, notes if refusal else {}, corrected, refused=refusal is not None) for case in reply.cases
        ),
        groups=tuple(_groups(answer, quotes)) if answer else (),
        quotes=tuple(quotes.values()),
        agreement=agreement_sentence(answer.agreement) if answer and answer.agreement else "",
        conflicts=tuple(conflict_view(conflict, corrected) for conflict in answer.conflicts) if answer else (),
        notices=tuple(map(localized, reply.notices)),
        nearest=tuple(_nearest(source, refusal.closest, corrected) for source in refusal.nearest) if refusal else (),
        coverage=coverage_text(refusal.coverage) if refusal else "",
        reader=reader,
        written=written,
        folds=answer is not None and answer.intent is Intent.FACT and not written and not answer.cases,
        limits=tuple(_limits(reply)),
    )


def _limits(reply: Reply) -> Iterator[LimitView]:
    """What was read into the question and held the reply to something, then what the reader asked for besides."""
    question = reply.question
    alone = question
    if reply.understood_as:
        alone = replace(question, text=reply.understood_as).leaving_out(Inference.REWRITING)
    for limit in reply.limits:
        words = limit.words or (period_text(question.period) if question.period else "")
        yield LimitView(limit.inference, words, alone.leaving_out(limit.inference))
    if published := published_text(question.published_from, question.published_until):
        yield LimitView("published", published, replace(alone, published_from=None, published_until=None))
    if question.outlet:
        yield LimitView("outlet", _("outlet: {outlet}", outlet=question.outlet), replace(alone, outlet=""))
    if question.language:
        language = _("language: {language}", language=language_name(question.language))
        yield LimitView("language", language, replace(alone, language=""))


def covers_several(answer: Answer) -> bool:
    """True where an answer's statements cover more than one known event.

    Two of one date of which one has no name but a headline may be the same.
    """
    events = {statement.event for statement in answer.statements if statement.event}
    return any(
        first.date != second.date or not (first.by_headline or second.by_headline)
        for first, second in combinations(events, 2)
    )


def event_heading(event: Event | None, quotes: Sequence[Citation] = ()) -> EventHeading:
    """An event as a reader sees it: "Operación Cerbero, 16 March 2005"; `quotes` are those below it."""
    if event is None:
        return EventHeading(_(NO_EVENT))
    date = value_text(event.date) if event.date else ""
    if not event.by_headline:
        return EventHeading(event.name, date)
    language = next((quote.source.language for quote in quotes if quote.source.title == event.name), "")
    return EventHeading(f"“{event.name}”", date, language)


def event_text(event: Event | None) -> str:
    return event_heading(event).text


def _composition(answer: Answer) -> str:
    if answer.composed_by is Composer.STAFF:
        return _(WRITTEN_BY_STAFF)
    if answer.composed_by is Composer.MODEL:
        return _(WRITTEN)
    return localized(answer.fallback) if answer.fallback else ""


def _verdict(refusal: Refusal) -> str:
    if is_remark(refusal.reason):
        return ""
    return _(NO_VERDICT if refusal.cases else REFUSED)


def _direct(answer: Answer) -> DirectView | None:
    """The words of the quote, or what sources say differently where they differ on just that.

    None where the quote has a correction that touches it: its words don't stand alone.
    """
    direct = answer.direct
    if direct is None:
        return None
    source = direct.quote.source
    if source.correction and touches(source.correction.text, direct.quote.text):
        return None
    for conflict in answer.conflicts:
        if any(party.source.article_id == source.article_id for party in conflict.parties):
            return DirectView(_(DIFFER), different_figures(conflict), "", answer.question.locale)
    if not direct.sure:  # the sentence is read for what it may be; no words of it stand large
        return DirectView(_(POSSIBLY), "", "", source.language)
    more = ngettext("{count} more says so", "{count} more say so", direct.others, count=number(direct.others))
    credited = f"{quote_credit(direct.quote)} · {more}" if direct.others else quote_credit(direct.quote)
    return DirectView("" if direct.sure else _(POSSIBLY), _bare(direct.text), credited, source.language)


def _bare(words: str) -> str:
    """Words without the sign that a sentence ended with; the full stop of an abbreviation stays."""
    words = words.rstrip(",;:")
    return words.removesuffix(".") if words.count(".") == 1 else words


def _groups(answer: Answer, quotes: Mapping[int, QuoteView]) -> Iterator[StatementGroup]:
    """Neighbouring statements on one event together, with a heading where the answer covers several."""
    several = covers_several(answer)
    for event, run in groupby(answer.statements, key=lambda statement: statement.event):
        statements = list(run)
        heading = event_heading(event, [statement.quotes[0] for statement in statements])
        rows = tuple(_statement(statement, quotes) for statement in statements)
        yield StatementGroup(heading if event else None, heading if several else None, rows)


def _statement(statement: Statement, quotes: Mapping[int, QuoteView]) -> StatementView:
    text = "" if statement.verbatim else statement.text
    return StatementView(text, tuple(quotes[quote.number] for quote in statement.quotes))


def _case(
    case: CaseStatus, notes: Mapping[int, Sequence[TermNote]], corrected: Mapping[Citation, bool], *, refused: bool
) -> CaseView:
    line = stage_line(case) if refused else verdict_line(case)
    return CaseView(event_heading(case.event, [case.quote]), line, quote_view(case.quote, notes, corrected=corrected))


def _nearest(source: Source, closest: Sequence[Citation], corrected: Mapping[Citation, bool]) -> NearestView:
    quote = next((quote for quote in closest if quote.source.article_id == source.article_id), None)
    return NearestView(source, credit(source), quote_view(quote, corrected=corrected) if quote else None)
