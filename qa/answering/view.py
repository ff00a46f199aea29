"""The view of a reply: what is said of it, in its locale and in the order printed; renderers only lay it out."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from qa.answering.conflict_view import DIFFER, ConflictView, agreement_sentence, conflict_view, different_figures
from qa.answering.events import covers_several
from qa.answering.policy import UNSURE, is_remark
from qa.answering.quote_view import (
    QuoteView,
    TermNote,
    corrected_quotes,
    is_corrected,
    legal_notes,
    quote_view,
    reader_language,
)
from qa.answering.stage_words import NO_VERDICT, SEVERAL, stage_line, verdict_line
from qa.i18n.forms import (
    coverage_text,
    credit,
    language_name,
    localized,
    long_date,
    number,
    period_text,
    published_text,
    quote_credit,
    value_text,
)
from qa.i18n.locale import N_, _, ngettext
from qa.models.archive import Correction, Source
from qa.models.replies import (
    Answer,
    Citation,
    Composer,
    Event,
    Inference,
    Intent,
    Question,
    Refusal,
    Reply,
    quotes_of,
)
from qa.text.figures import figures

REFUSED = N_("The archive doesn’t answer this.")
NOT_SURELY = N_("The archive has no sure answer to this.")
WRITTEN = N_("Written by a language model; software checked each sentence against the words of its sources.")
WRITTEN_BY_STAFF = N_("Written by the staff of the archive, with the words of its sources.")
POSSIBLY = N_("Possibly")
REPORTED_MOST = N_("Reported most")
BY_CASE = N_("Depending on the case")
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
    """Neighbouring statements on one event; they have a heading where the answer covers several, or is a profile."""

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
        return (replace(self.groups[0], statements=self.groups[0].statements[:1]),)

    @property
    def further(self) -> tuple[StatementGroup, ...]:
        """The statements that are folded up."""
        if not self.folds:
            return ()
        first, *others = self.groups
        rest = replace(first, statements=first.statements[1:])
        return tuple(group for group in (rest, *others) if group.statements)

    @property
    def sources(self) -> tuple[SourceView, ...]:
        """The articles quoted, each once, in the order of their first quotes."""
        quoted: dict[str, list[QuoteView]] = {}
        for quote in self.quotes:
            quoted.setdefault(quote.source.article_id, []).append(quote)
        return tuple(SourceView(first.source, credit(first.source), (first, *rest)) for first, *rest in quoted.values())

    @property
    def notes(self) -> Iterator[TermNote]:
        """The notes on legal words, in the order of the quotes."""
        for quote in self.quotes or [case.quote for case in self.cases]:
            yield from quote.notes


def _verdict(refusal: Refusal) -> str:
    if is_remark(refusal.reason):
        return ""
    return _(NO_VERDICT if refusal.cases else NOT_SURELY if refusal.reason == UNSURE else REFUSED)


def reply_view(reply: Reply) -> ReplyView:
    """The view of a reply in the current locale: set that of its question first."""
    reader = reader_language(reply.question)
    answer = reply if isinstance(reply, Answer) else None
    refusal = reply if isinstance(reply, Refusal) else None
    case_quotes = [case.quote for case in reply.cases]
    notes = legal_notes(answer.citations if answer else case_quotes, reader)
    corrected = corrected_quotes(case_quotes if refusal and case_quotes else quotes_of(reply))
    quotes = {quote.number: quote_view(quote, notes, answer, corrected) for quote in reply.citations}
    written = answer is not None and answer.composed_by is not Composer.QUOTES
    cases = tuple(
        CaseView(
            event_heading(case.event, [case.quote]),
            stage_line(case) if refusal else verdict_line(case),
            quote_view(case.quote, notes if refusal else None, corrected=corrected),
        )
        for case in reply.cases
    )
    return ReplyView(
        checked=long_date(reply.checked_on) if reply.checked_on else "",
        composition=_composition(answer) if answer else "",
        direct=_direct(answer) if answer else None,
        verdict=_verdict(refusal) if refusal else "",
        reason=localized(refusal.reason) if refusal else "",
        several=_(SEVERAL) if len(cases) > 1 else "",
        cases=cases,
        groups=tuple(_groups(answer, quotes)) if answer else (),
        quotes=tuple(quotes.values()),
        agreement=agreement_sentence(answer.agreement) if answer and answer.agreement else "",
        conflicts=tuple(conflict_view(conflict, corrected) for conflict in answer.conflicts) if answer else (),
        notices=tuple(map(localized, reply.notices)),
        nearest=tuple(_nearest(refusal, corrected)) if refusal else (),
        coverage=coverage_text(refusal.coverage) if refusal else "",
        reader=reader,
        written=written,
        folds=answer is not None and answer.intent is Intent.FACT and not written and not cases,
        limits=tuple(_limits(reply)),
    )


def _nearest(refusal: Refusal, corrected: Mapping[Citation, bool]) -> Iterator[NearestView]:
    closest = {quote.source.article_id: quote for quote in reversed(refusal.closest)}
    for source in refusal.nearest:
        quote = closest.get(source.article_id)
        yield NearestView(source, credit(source), quote_view(quote, corrected=corrected) if quote else None)


def _limits(reply: Reply) -> Iterator[LimitView]:
    """What was read into the question and held the reply to something, then what the reader asked for besides."""
    question = alone = reply.question
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


def event_heading(event: Event | None, quotes: Sequence[Citation] = ()) -> EventHeading:
    """An event as a reader sees it: "Operación Cerbero, 16 March 2005"; `quotes` are those below it."""
    if event is None:
        return EventHeading(_(NO_EVENT))
    date = value_text(event.date) if event.date else ""
    if not event.by_headline:
        return EventHeading(event.name, date)
    language = next((quote.source.language for quote in quotes if quote.source.title == event.name), "")
    return EventHeading(f"“{event.name}”", date, language)


def _composition(answer: Answer) -> str:
    match answer.composed_by:
        case Composer.STAFF:
            return _(WRITTEN_BY_STAFF)
        case Composer.MODEL:
            return _(WRITTEN)
    return localized(answer.fallback) if answer.fallback else ""


def _direct(answer: Answer) -> DirectView | None:
    """The words of the quote, or what sources say differently where they differ on just that.

    None where the quote has a correction that touches it: its words don't stand alone.
    """
    direct = answer.direct
    if direct is None:
        return _main_event(answer) if answer.intent is Intent.OVERVIEW else None
    source = direct.quote.source
    if is_corrected(direct.quote):
        return None
    if direct.sure and (by_case := _by_case(answer)):
        return DirectView(_(BY_CASE), by_case, "", answer.question.locale)
    for conflict in answer.conflicts:
        if any(party.source.article_id == source.article_id for party in conflict.parties):
            return DirectView(_(DIFFER), different_figures(conflict), "", answer.question.locale)
    if not direct.sure:  # the sentence is read for what it may be; no words of it stand large
        return DirectView(_(POSSIBLY), "", "", source.language)
    credited = quote_credit(direct.quote)
    if direct.others:
        more = ngettext("{count} more says so", "{count} more say so", direct.others, count=number(direct.others))
        credited = f"{credited} · {more}"
    # Without the sign that the sentence ended with; the full stop of an abbreviation stays.
    words = direct.text.rstrip(",;:")
    return DirectView("", words.removesuffix(".") if words.count(".") == 1 else words, credited, source.language)


def _by_case(answer: Answer) -> str:
    """The figures of several events that surely answer, each with its event; empty where all of them say one.

    Of an event on whose figure sources differ, all that they say; none that a correction touches.
    """
    figures_of: dict[Event, str] = {}
    for statement in answer.statements:
        words, quote = statement.direct_words, statement.quotes[0]
        if not (statement.event and not statement.event.by_headline and statement.sure and figures(words)):
            continue
        if is_corrected(quote):
            continue
        differing = (
            different_figures(conflict)
            for conflict in answer.conflicts
            if any(_overlap(party.quote, quote) for party in conflict.parties)
        )
        figures_of.setdefault(statement.event, next(differing, words))
    several = len(set(figures_of.values())) > 1 and answer.statements[0].event in figures_of
    return "; ".join(f"{words} ({event.name})" for event, words in figures_of.items()) if several else ""


def _overlap(first: Citation, second: Citation) -> bool:
    same = first.source.article_id == second.source.article_id
    return same and first.start < second.end and second.start < first.end


def _main_event(answer: Answer) -> DirectView | None:
    """The event that most reports in an overview of several tell of; None where no single one is."""
    reports = {
        (statement.event, quote.source.article_id)
        for statement in answer.statements
        if statement.event
        for quote in statement.quotes
    }
    events = Counter(event for event, _ in reports).most_common(2)
    if len(events) < 2 or events[0][1] == events[1][1]:
        return None
    quotes = [statement.quotes[0] for statement in answer.statements]
    return DirectView(_(REPORTED_MOST), event_heading(events[0][0], quotes).text, "", answer.question.locale)


def _groups(answer: Answer, quotes: Mapping[int, QuoteView]) -> Iterator[StatementGroup]:
    """Neighbouring statements on one event together; headed where the answer covers several, or tells who somebody is.

    One sentence on a person doesn't say which case it is of.
    """
    named = any(statement.event and not statement.event.by_headline for statement in answer.statements)
    headed = covers_several(answer) or (answer.intent is Intent.PROFILE and named)
    for event, run in groupby(answer.statements, key=lambda statement: statement.event):
        statements = list(run)
        heading = event_heading(event, [statement.quotes[0] for statement in statements])
        rows = tuple(
            StatementView(
                "" if statement.verbatim else statement.text,
                tuple(quotes[quote.number] for quote in statement.quotes),
            )
            for statement in statements
        )
        yield StatementGroup(heading if event else None, heading if headed else None, rows)
