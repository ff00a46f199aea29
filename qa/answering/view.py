"""The view of a reply, its quotes and its conflicts: what is said, in its locale and in order; renderers lay it out."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from qa.answering.corrected import corrected_quotes, is_corrected
from qa.answering.events import covers_several
from qa.answering.policy import NO_DIFFERENCE, REMARKS, UNSURE, is_said
from qa.answering.quoting import fragments
from qa.answering.reported_figures import WORLDWIDE
from qa.answering.stage_words import NO_VERDICT, SEVERAL, stage_line, verdict_line
from qa.i18n import forms
from qa.i18n.locale import N_, _, ngettext, pgettext, use_locale
from qa.models import replies
from qa.models.annotations import FigureKind, LegalTerm, TermMention
from qa.models.archive import Correction, Source
from qa.models.replies import Answer, Citation, Conflict, Event, Intent, Question, Refusal, Reply
from qa.models.support import Translation
from qa.text.figures import figures
from qa.text.glossary import find_terms
from qa.text.language import language_of, primary

REFUSED = N_("The archive doesn’t answer this.")
NOT_SURELY = N_("The archive has no sure answer to this.")
WRITTEN = N_("Written by a language model; software checked each sentence against the words of its sources.")
POSSIBLY, MAY_ANSWER = N_("Possibly"), N_("What may answer it")  # the second where yes or no is asked for
REPORTED_MOST = N_("Reported most")
OF_OUTLET = N_("outlet: {outlet}")
BY_CASE = N_("Depending on the case")
NO_EVENT = N_("Other reports")  # heading of statements about no event, after those about one
DIFFER = N_("The sources differ")
ITSELF = N_("the report itself")
MOST = 6  # different sayings that the sentence on a conflict names; the table has all

_WRITTEN_BY = {
    replies.Composer.MODEL: WRITTEN,
    replies.Composer.STAFF: N_("Written by the staff of the archive, with the words of its sources."),
}
_SAID_BY_THE_NOUN = {
    kind.value for kind in (FigureKind.VOTED, FigureKind.SEARCHED, FigureKind.WARRANTED, FigureKind.ATTENDED)
}
"""Kinds that need no word where the thing counted says them: votes, searches."""


@dataclass(frozen=True, slots=True)
class TermNote:
    """A legal word where it first stands in a reply: as it is written there, and the number of its quote."""

    word: str
    term: LegalTerm
    number: int


class QuoteView:
    """A citation as printed, in the current locale; `corrected` are the quotes that a correction is shown with."""

    def __init__(
        self,
        citation: Citation,
        notes: Mapping[int, Sequence[TermNote]] | None = None,
        answer: Answer | None = None,
        corrected: Mapping[Citation, bool] | None = None,
    ) -> None:
        self.citation, self.number, self.source = citation, citation.number, citation.source
        self.credit = forms.quote_credit(citation)
        self.fragments = tuple(fragments(citation))  # its words cut at marks and glosses
        self.notes = tuple((notes or {}).get(citation.number, ()))
        translations = answer.translations if answer else ()
        self.translation = next((text for text in translations if text.number == citation.number), None)
        # That of its source where it is shown with this quote, once in a reply; in full where these words are touched.
        self.correction = citation.source.correction if corrected and citation in corrected else None
        self.touched = bool(corrected and corrected.get(citation))
        # Each gloss in square brackets right after the words it explains; no quotation marks.
        self.words = "".join(f" [{part.text}]" if part.gloss else part.text for part in self.fragments)


class EventHeading:
    """An event as a reader sees it: "Operación Cerbero, 16 March 2005"; `quotes` are those below it."""

    def __init__(self, event: Event | None, quotes: Sequence[Citation] = ()) -> None:
        self.name, self.date, self.language = _(NO_EVENT), "", ""
        if event:
            self.name, self.date = event.name, forms.value_text(event.date) if event.date else ""
        if event and event.by_headline:
            self.name = f"“{event.name}”"
            self.language = next((quote.source.language for quote in quotes if quote.source.title == event.name), "")
        self.text = f"{self.name}, {self.date}" if self.date else self.name


@dataclass(frozen=True, slots=True)
class DirectView:
    """The line that answers, as printed; where the archive may mean something else it has no words."""

    lead: str  # goes before its words
    words: str
    credit: str  # who says it, and how many more
    language: str  # that of the words

    @property
    def line(self) -> str:
        return f"{self.lead}: {self.words}".strip() if self.lead else self.words


@dataclass(frozen=True, slots=True)
class StatementView:
    """A statement as printed; `text` is empty where it is its first quote, word for word."""

    text: str
    quotes: tuple[QuoteView, ...]


@dataclass(frozen=True, slots=True)
class StatementGroup:
    """Neighbouring statements on one event; they have a heading where the answer covers several, or is a profile."""

    event: EventHeading | None
    heading: EventHeading | None
    statements: tuple[StatementView, ...]


@dataclass(frozen=True, slots=True)
class CaseView:
    """How far a case has got, and the quote for it."""

    heading: EventHeading
    line: str
    quote: QuoteView

    @property
    def text(self) -> str:
        return f"{self.heading.text}: {self.line}"


class ConflictRow:
    """One side of a conflict as printed, in the current locale."""

    def __init__(self, party: replies.Party, about: str, corrected: Mapping[Citation, bool]) -> None:
        self.day = forms.long_date(party.source.published)
        self.says = party_words(party, about)  # in the software's words
        self.speaker = party.speaker or ""  # empty for the report itself
        self.who = party.speaker or _(ITSELF)
        self.quote = QuoteView(party.quote, corrected=corrected)
        self.copies = tuple(map(forms.credit, party.copies))


class ConflictView:
    """A conflict as printed, in the current locale; `corrected` are the quotes that a correction is shown with."""

    def __init__(self, conflict: Conflict, corrected: Mapping[Citation, bool]) -> None:
        self.lead = _(DIFFER)
        self.sentence = conflict_sentence(conflict)
        self.caption = caption(conflict.about, conflict.scope)
        self.rows = tuple(ConflictRow(party, conflict.about, corrected) for party in conflict.parties)


@dataclass(frozen=True, slots=True)
class LimitView:
    """What a reply was held to, in words; `lifted` is the same question without it, as it stands alone."""

    kind: str
    text: str
    lifted: Question


@dataclass(frozen=True, slots=True)
class SourceView:
    """An article and its quotes in the order of their numbers; of one near a question those that come closest."""

    source: Source
    credit: str
    quotes: tuple[QuoteView, ...]

    @property
    def quote(self) -> QuoteView | None:
        return next(iter(self.quotes), None)


class ReplyView:
    """A reply in the order printed, in the current locale: set its own first; empty is what it doesn't have."""

    def __init__(self, reply: Reply) -> None:
        answer = reply if isinstance(reply, Answer) else None
        refusal = reply if isinstance(reply, Refusal) else None
        self.reader = reader_language(reply.question)  # the language of the notes on legal words
        case_quotes = [case.quote for case in reply.cases]
        notes = legal_notes(answer.citations if answer else case_quotes, self.reader)
        corrected = corrected_quotes(case_quotes if refusal and case_quotes else replies.quotes_of(reply))
        quotes = {quote.number: QuoteView(quote, notes, answer, corrected) for quote in reply.citations}
        self.checked = forms.long_date(reply.checked_on) if reply.checked_on else ""  # the day of the staff's check
        composition = _WRITTEN_BY.get(answer.composed_by, answer.fallback) if answer else ""
        self.composition = forms.localized(composition) if composition else ""  # who wrote it, or why nobody did
        self.direct = _direct(answer) if answer else None
        self.verdict = _verdict(refusal) if refusal else ""
        self.reason = forms.localized(refusal.reason) if refusal else ""  # why there is no answer
        headings = [EventHeading(case.event, [case.quote]) for case in reply.cases]
        lines = map(stage_line if refusal else verdict_line, reply.cases)
        views = [QuoteView(quote, notes if refusal else None, corrected=corrected) for quote in case_quotes]
        self.cases = tuple(map(CaseView, headings, lines, views))
        self.several = _(SEVERAL) if len(self.cases) > 1 else ""
        self.groups = tuple(_groups(answer, quotes)) if answer else ()
        self.quotes = tuple(quotes.values())
        # What stands behind "possibly" is not what others say, too.
        agreed = answer.agreement if answer and answer.statements and answer.clear else None
        self.agreement = agreement_sentence(agreed) if agreed else ""
        self.conflicts = tuple(ConflictView(conflict, corrected) for conflict in answer.conflicts) if answer else ()
        self.notices = tuple(map(forms.localized, reply.notices))
        self.nearest = tuple(_nearest(refusal, corrected)) if refusal else ()
        self.coverage = forms.coverage_text(refusal.coverage) if refusal else ""
        self.written = answer is not None and answer.composed_by is not replies.Composer.QUOTES
        # Whether what sources say differently is read at once: it is what was asked for.
        self.differing = answer is not None and answer.intent is Intent.DISAGREEMENT
        # Whether what comes after the first statement can be folded up.
        self.folds = answer is not None and answer.intent is Intent.FACT and not self.written and not self.cases
        self.limits = tuple(_limits(reply))
        # The statements that are read at once, and those that are folded up.
        first = [replace(group, statements=group.statements[:1]) for group in self.groups[:1]]
        rest = [replace(group, statements=group.statements[1:]) for group in self.groups[:1]]
        self.open = first if self.folds else list(self.groups)
        self.further = [group for group in (*rest, *self.groups[1:]) if group.statements] if self.folds else []
        self.notes = [note for quote in self.quotes or views for note in quote.notes]
        by_article: dict[str, list[QuoteView]] = {}
        for quote in self.quotes:
            by_article.setdefault(quote.source.article_id, []).append(quote)
        cited = ((quoted[0].source, tuple(quoted)) for quoted in by_article.values())
        self.sources = [SourceView(source, forms.credit(source), quoted) for source, quoted in cited]


def reader_language(question: Question) -> str:
    """The language that a question is asked in, `es` or `en`; the page's where its words don't tell."""
    return language_of(question.text, otherwise=question.locale)


def _verdict(refusal: Refusal) -> str:
    if is_said(refusal.reason, (NO_DIFFERENCE, *REMARKS.values())):
        return ""
    return _(NO_VERDICT if refusal.cases else NOT_SURELY if is_said(refusal.reason, (UNSURE,)) else REFUSED)


def _nearest(refusal: Refusal, corrected: Mapping[Citation, bool]) -> Iterator[SourceView]:
    for source in refusal.nearest:
        closest = (quote for quote in refusal.closest if quote.source.article_id == source.article_id)
        quotes = tuple(QuoteView(quote, corrected=corrected) for quote in closest)
        yield SourceView(source, forms.credit(source), quotes)


def _limits(reply: Reply) -> Iterator[LimitView]:
    """What was read into the question and held the reply to something, then what the reader asked for besides."""
    question = reply.question
    # Asked once more it stands behind itself, and must not be read with what was asked before in front.
    alone = replace(question, text=reply.understood_as or question.text).leaving_out(replies.Inference.REWRITING)
    for limit in reply.limits:
        words = limit.words or (forms.period_text(question.period) if question.period else "")
        words = _(OF_OUTLET, outlet=words) if limit.inference is replies.Inference.OUTLET else words
        yield LimitView(limit.inference, words, alone.leaving_out(limit.inference))
    if published := forms.published_text(question.published_from, question.published_until):
        yield LimitView("published", published, replace(alone, published_from=None, published_until=None))
    if question.outlet:
        yield LimitView("outlet", _(OF_OUTLET, outlet=question.outlet), replace(alone, outlet=""))
    if question.language:
        language = _("language: {language}", language=forms.language_name(question.language))
        yield LimitView("language", language, replace(alone, language=""))


def _direct(answer: Answer) -> DirectView | None:
    """The words of the quote, or what sources say differently where they differ on just that."""
    direct = answer.direct
    if direct is None and answer.intent is Intent.OVERVIEW:
        return _main_event(answer)
    first = answer.statements[0]
    sure = first.sure or answer.checked_on
    conflict = answer.disputed if sure else None
    by_case = _by_case(answer) if direct and sure else ""
    if direct and not (direct.sure or conflict or by_case):  # the sentence is read for what it may be
        return DirectView(_(MAY_ANSWER if answer.closed else POSSIBLY), "", "", first.quotes[0].source.language)
    listed = answer.statements if direct and direct.members else answer.statements[:1]
    if any(is_corrected(statement.quotes[0]) for statement in listed):  # its words don't stand alone
        return None
    if by_case:
        return DirectView(_(BY_CASE), by_case, "", answer.question.locale)
    if conflict:
        return DirectView(_(DIFFER), different_figures(conflict), "", answer.question.locale)
    if direct is None:
        return None
    source = direct.quote.source
    if direct.members:  # each in quotation marks of its own: they are of several sources
        return DirectView("", "; ".join(f"“{words}”" for words in direct.members), "", source.language)
    credited = forms.quote_credit(direct.quote)
    if direct.others:
        more = ngettext("{count} more says so", "{count} more say so", direct.others, count=forms.number(direct.others))
        credited = f"{credited} · {more}"
    # Without the sign that the sentence ended with; the full stop of an abbreviation stays.
    words = direct.text.rstrip(",;:")
    return DirectView("", words.removesuffix(".") if words.count(".") == 1 else words, credited, source.language)


def _by_case(answer: Answer) -> str:
    """The figures of several events that surely answer, each with its event; empty where all of them say one."""
    # Of an event on whose figure sources differ, all that they say; none that a correction touches.
    figures_of: dict[Event, str] = {}
    for statement in answer.statements:
        words, quote, event = statement.direct_words, statement.quotes[0], statement.event
        if event and not event.by_headline and statement.sure and figures(words) and not is_corrected(quote):
            about = (c for c in answer.conflicts if any(quote.overlaps(party.quote) for party in c.parties))
            figures_of.setdefault(event, next(map(different_figures, about), words))
    several = len(set(figures_of.values())) > 1 and answer.statements[0].event in figures_of
    return "; ".join(f"{words} ({event.name})" for event, words in figures_of.items()) if several else ""


def _main_event(answer: Answer) -> DirectView | None:
    """The event that most reports in an overview of several tell of; None where no single one is."""
    told = [(statement.event, quote) for statement in answer.statements for quote in statement.quotes]
    reports = {(event, quote.source.article_id) for event, quote in told if event}
    events = Counter(event for event, _ in reports).most_common(2)
    if len(events) < 2 or events[0][1] == events[1][1]:
        return None
    quotes = [statement.quotes[0] for statement in answer.statements]
    return DirectView(_(REPORTED_MOST), EventHeading(events[0][0], quotes).text, "", answer.question.locale)


def _groups(answer: Answer, quotes: Mapping[int, QuoteView]) -> Iterator[StatementGroup]:
    """Neighbouring statements on one event; headed where the answer covers several, or tells who somebody is."""
    named = any(statement.event and not statement.event.by_headline for statement in answer.statements)
    headed = covers_several(answer) or (answer.intent is Intent.PROFILE and named)
    for event, run in groupby(answer.statements, key=lambda statement: statement.event):
        statements = list(run)
        heading = EventHeading(event, [statement.quotes[0] for statement in statements])
        texts = ["" if statement.verbatim else statement.text for statement in statements]
        below = [tuple(quotes[quote.number] for quote in statement.quotes) for statement in statements]
        rows = tuple(map(StatementView, texts, below))
        yield StatementGroup(heading if event else None, heading if headed else None, rows)


def caption(about: str, scope: str | None) -> str:
    """Thing and place as a heading: "People, worldwide"."""
    about = _(about)
    about = about[:1].upper() + about[1:]
    if scope is None or scope == WORLDWIDE:
        return f"{about}, {_(WORLDWIDE)}" if scope else about
    first, *rest = map(forms.place_name, scope.split(","))
    for name in rest:
        # Spanish has another word for "and" before the sound of an i.
        first += pgettext("before i", " and ") if name.startswith(("I", "Hi")) else _(" and ")
        first += name
    return f"{about}, {first}"


def conflict_sentence(conflict: Conflict) -> str:
    """The different claims with their sources, in order of publication."""
    sayings: dict[str, list[replies.Party]] = {}
    for party in conflict.parties:
        sayings.setdefault(party_words(party, conflict.about), []).append(party)
    parts = []
    for words, (first, *rest) in list(sayings.items())[:MOST]:
        credited = spoken_in(first.speaker, forms.credit_in_sentence(forms.credit(first.source)))
        if rest:
            credited = _("{credit} and {number} more", credit=credited, number=forms.number(len(rest)))
        parts.append(f"{words} ({credited})")
    return f"{_(DIFFER)}: {'; '.join(parts)}."


def different_figures(conflict: Conflict) -> str:
    """The figures on one line: "19, about 20 or more than 500"; with what became of them where it is one figure."""
    figures = list(dict.fromkeys(forms.figure_words(party.said) for party in conflict.parties))[:MOST]
    if len(figures) == 1:
        figures = list(dict.fromkeys(party_words(party, conflict.about) for party in conflict.parties))[:MOST]
    return _("{first} or {last}", first=", ".join(figures[:-1]), last=figures[-1])


def party_words(party: replies.Party, about: str) -> str:
    """The claim of one source, such as "about 500 expected", "29 searches" or "judicial co-operation"."""
    figure = forms.figure_words(party.said)
    if isinstance(party.value, str) and party.kind is None:
        return figure
    if party.kind is None or party.kind in _SAID_BY_THE_NOUN:
        noun = party.kind if party.kind == FigureKind.WARRANTED.value else about
        return _("{figure} {thing}", figure=figure, thing=_(noun))
    kind = forms.kind_words(party.kind, about)
    if about == "people":
        return _("{figure} {kind}", figure=figure, kind=kind)
    return _("{figure} {thing} {kind}", figure=figure, thing=_(about), kind=kind)


def agreement_sentence(agreement: replies.Agreement) -> str:
    """The number of independent sources that say what the answer says first."""
    count = forms.numeral(agreement.independent).capitalize()
    return _("{count} independent sources say so: {figure}.", count=count, figure=forms.figure_words(agreement.said))


def spoken_in(speaker: str | None, credited: str) -> str:
    """Speaker and source; the source alone where it is its own claim."""
    return _("{speaker}, in: {credit}", speaker=speaker, credit=credited) if speaker else credited


def copies_words(credits: Iterable[str]) -> str:
    """The credits of the copies that a row stands for, in brackets; empty where it stands for itself."""
    copies = "; ".join(credits)
    return _(" (also, as copies: {credits})", credits=copies) if copies else ""


def correction_line(correction: Correction) -> str:
    """A correction on one line: "Correction, 21 March 2005: …"."""
    return f"{forms.lead(correction)}: {correction.text}"


def translated_by(translation: Translation) -> str:
    """Before what no person wrote or read, so that nobody takes it for a source's words or for the archive's."""
    return _("Machine translation by {model}, not checked:", model=translation.model)


def terms_of(quote: Citation) -> tuple[TermMention, ...]:
    """The legal words of a quote; their spans count characters of its article's body."""
    found = find_terms(quote.text, quote.source.language)
    return tuple(TermMention(mention.span.shifted(quote.start), mention.term) for mention in found)


def legal_notes(quotes: Iterable[Citation], reader: str) -> dict[int, list[TermNote]]:
    """The notes by the number of the quote; each term is explained once, where it first stands."""
    notes: dict[int, list[TermNote]] = {}
    explained: set[LegalTerm] = set()
    for quote in quotes:
        foreign = primary(quote.source.language) != reader
        for mention in find_terms(quote.text, quote.source.language):
            term = mention.term
            # Of the reader's own language only what is often confused is explained.
            if term not in explained and (foreign or term.confused or term.language != reader):
                word = quote.text[mention.span.start : mention.span.end]
                notes.setdefault(quote.number, []).append(TermNote(word, term, quote.number))
            explained.add(term)
    return notes


def note_line(note: TermNote, reader: str) -> str:
    """A note as a line of text, in the reader's language: `Legal word in [1], “imputado”: …`."""
    text = explanation(note.term, reader)
    with use_locale(reader):
        return _("Legal word in [{number}], “{word}”: {text}", number=note.number, word=note.word, text=text)


def notes_heading(number: int, notes: list[TermNote], reader: str) -> str:
    """The heading of a quote's notes, in the reader's language."""
    with use_locale(reader):
        return ngettext("Legal word in quote {number}", "Legal words in quote {number}", len(notes), number=number)


def explanation(term: LegalTerm, reader: str) -> str:
    """A term's meaning in the reader's language, and what a foreign one is nearest to and must not be confused with."""
    meaning = term.meaning_es if reader == "es" else term.meaning_en
    if term.language == reader:
        return meaning
    with use_locale(reader):
        return _(
            "{meaning} Nearest English term: “{nearest}”; not the same as “{different}”.",
            meaning=meaning,
            nearest=term.corresponds,
            different=term.not_equal,
        )
