"""The view of a reply laid out as plain text."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from qa.answering.conflict_view import ConflictView, copies_words, spoken_in
from qa.answering.glossing import QuoteView, correction_line, translated_by
from qa.answering.legal_terms import note_line
from qa.answering.view import NearestView, ReplyView, StatementView, reply_view
from qa.i18n.forms import long_date
from qa.i18n.locale import _, use_locale
from qa.models.replies import Refusal, Reply


def reply_text(reply: Reply) -> str:
    """A reply for a terminal, a mail or a clipboard, in its locale: corrections, leads, quotes and their marks."""
    with use_locale(reply.question.locale):
        view = reply_view(reply)
        checked = [checked_line(reply.checked_on)] if reply.checked_on else []
        return "\n".join([*checked, *(_refusal_lines(view) if isinstance(reply, Refusal) else _answer_lines(view))])


def checked_line(day: date) -> str:
    return _("Checked by the staff of the archive on {day}.", day=long_date(day))


def _answer_lines(view: ReplyView) -> Iterator[str]:
    yield from filter(None, (view.composition, view.several))
    if view.direct:
        yield f"“{view.direct.words}” ({view.direct.credit})" if view.direct.credit else view.direct.line
    for case in view.cases:
        yield f"{case.heading.text}: {case.line}"
    for group in view.groups:
        if group.heading:
            yield f"{group.heading.text}:"
        for statement in group.statements:
            yield from _statement_lines(statement)
    if view.written:
        for quote in view.quotes:
            yield f"[{quote.number}] {_quoted(quote)}"
            yield from _translation_lines(quote)
    yield from filter(None, (view.agreement,))
    for conflict in view.conflicts:
        yield from _conflict_lines(conflict)
    yield from _note_lines(view)
    yield from view.notices


def _refusal_lines(view: ReplyView) -> Iterator[str]:
    if view.cases:
        yield " ".join(filter(None, (view.verdict, view.several)))
    else:
        yield f"{view.verdict} {view.reason}".strip()
    for case in view.cases:
        yield f"{case.heading.text}: {case.line}"
        yield from _statement_lines(StatementView("", (case.quote,)))
    yield from _note_lines(view)
    yield _("The archive holds {extent}.", extent=view.coverage)
    yield from view.notices
    if view.nearest and not view.cases:
        yield _("Nearest articles:")
        for nearest in view.nearest:
            yield from _nearest_lines(nearest)


def _statement_lines(statement: StatementView) -> Iterator[str]:
    """The corrections of its articles, then the words; written ones without quotation marks."""
    yield from map(correction_line, statement.corrections)
    marks = "".join(f"[{quote.number}]" for quote in statement.quotes)
    yield f"{statement.text or _quoted(statement.quotes[0])} {marks}"
    if not statement.text:
        yield from _translation_lines(statement.quotes[0])


def _quoted(quote: QuoteView) -> str:
    return f"{quote.credit}: “{quote.words}”"


def _translation_lines(quote: QuoteView) -> Iterator[str]:
    """Below a quote, without quotation marks: its translation, where there is one."""
    if quote.translation:
        yield f"  {translated_by(quote.translation)} {quote.translation.text}"


def _conflict_lines(conflict: ConflictView) -> Iterator[str]:
    """The sentence, then the table: date, claim, speaker, source, and the words."""
    yield conflict.sentence
    for row in conflict.rows:
        if row.quote.correction:
            yield f"    {correction_line(row.quote.correction)}"
        credited = spoken_in(row.speaker, row.quote.credit)
        yield f"  – {row.day}: {row.says}. {credited}: “{row.quote.citation.text}”{copies_words(row.copies)}"


def _nearest_lines(nearest: NearestView) -> Iterator[str]:
    yield f"  {nearest.source.title} ({nearest.credit})"
    if nearest.quote:
        words = _("nearest words: “{words}”", words=nearest.quote.words)
        yield f"    {words}"


def _note_lines(view: ReplyView) -> Iterator[str]:
    return (note_line(note, view.reader) for note in view.notes)
