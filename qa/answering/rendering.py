"""The view of a reply laid out as plain text."""

from collections.abc import Iterator
from datetime import date

from qa.answering.conflict_view import ConflictView, copies_words, spoken_in
from qa.answering.quote_view import QuoteView, correction_line, note_line, translated_by
from qa.answering.view import CaseView, ReplyView, StatementView, reply_view
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
    yield from map(_case_line, view.cases)
    for group in view.groups:
        if group.heading:
            yield f"{group.heading.text}:"
        for statement in group.statements:
            yield from _statement_lines(statement)
    for quote in view.quotes if view.written else ():
        yield f"[{quote.number}] {_quoted(quote)}"
        yield from _translation_lines(quote)
    yield from filter(None, (view.agreement,))
    for conflict in view.conflicts:
        yield from _conflict_lines(conflict)
    yield from (note_line(note, view.reader) for note in view.notes)
    yield from view.notices


def _refusal_lines(view: ReplyView) -> Iterator[str]:
    yield f"{view.verdict} {view.several if view.cases else view.reason}".strip()
    for case in view.cases:
        yield _case_line(case)
        yield from _statement_lines(StatementView("", (case.quote,)))
    yield from (note_line(note, view.reader) for note in view.notes)
    yield _("The archive holds {extent}.", extent=view.coverage)
    yield from view.notices
    if view.nearest and not view.cases:
        yield _("Nearest articles:")
        for nearest in view.nearest:
            yield f"  {nearest.source.title} ({nearest.credit})"
            if nearest.quote:
                words = _("nearest words: “{words}”", words=nearest.quote.words)
                yield f"    {words}"


def _case_line(case: CaseView) -> str:
    return f"{case.heading.text}: {case.line}"


def _statement_lines(statement: StatementView) -> Iterator[str]:
    """The words, written ones without quotation marks, behind the corrections that touch them and before the others."""
    corrected = [(quote.touched, quote.correction) for quote in statement.quotes if quote.correction]
    yield from (correction_line(correction) for touched, correction in corrected if touched)
    marks = "".join(f"[{quote.number}]" for quote in statement.quotes)
    yield f"{statement.text or _quoted(statement.quotes[0])} {marks}"
    if not statement.text:
        yield from _translation_lines(statement.quotes[0])
    yield from (f"  {correction_line(correction)}" for touched, correction in corrected if not touched)


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
