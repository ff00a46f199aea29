"""Replies as JSON values and as plain text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import combinations

from qa.answering.differing import agreement_sentence, conflict_sentence, row_lines
from qa.answering.glossing import with_glosses
from qa.answering.legal_terms import note_lines, reader_language
from qa.answering.stage_words import NO_VERDICT, SEVERAL, stage_line, verdict_line
from qa.i18n.forms import long_date, value_text
from qa.i18n.locale import N_, _, use_locale
from qa.i18n.messages import retold
from qa.i18n.sources import credit, held, lead, quote_credit
from qa.models.archive import Source
from qa.models.replies import (
    Answer,
    Citation,
    Composer,
    Event,
    Refusal,
    Reply,
    Statement,
)
from qa.models.translations import Translation

REFUSED = N_("The archive doesn't answer this.")
WRITTEN = N_("Written by a language model; software checked each sentence against the words of its sources:")
WRITTEN_BY_STAFF = N_("Written by the staff of the archive, from these sources:")
TRANSLATED = N_("Machine translation by {model}, not checked:")
"""Before what no person wrote or read, so that nobody takes it for a source's words or for the archive's."""
OTHERS = N_("Of no single event")
"""Above statements that tell of no event, after those that do."""


def reply_text(reply: Reply) -> str:
    """A reply for a terminal, a mail or a clipboard, in its language: corrections, leads, quotes and their marks."""
    with use_locale(reply.question.locale):
        checked = (checked_line(reply.checked_on),) if reply.checked_on else ()
        return "\n".join((*checked, *_lines(reply)))


def checked_line(day: date) -> str:
    """That the staff stand behind a reply."""
    return _("Checked by the staff of the archive on {day}.", day=long_date(day))


def _lines(reply: Reply) -> list[str]:
    if isinstance(reply, Answer):
        why = (retold(reply.fallback),) if reply.fallback else ()
        told = (*why, *_case_lines(reply), *_answer_lines(reply), *_written_lines(reply), *_comparison_lines(reply))
        return [*told, *_note_lines(reply, reply.quotes), *map(retold, reply.notices)]
    after = [_("The archive holds {extent}.", extent=held(reply.coverage)), *map(retold, reply.notices)]
    if reply.cases:
        return [*_case_lines(reply), *_note_lines(reply, tuple(case.quote for case in reply.cases)), *after]
    return [f"{_(REFUSED)} {retold(reply.reason)}", *after, *_nearest_lines(reply)]


def _nearest_lines(refusal: Refusal) -> Iterator[str]:
    if refusal.nearest:
        yield _("Nearest articles:")
    for source in refusal.nearest:
        yield f"  {source.title} ({credit(source)})"
        for quote in _of(source, refusal):
            words = _("nearest words: “{words}”", words=with_glosses(quote))
            yield f"    {words}"


def _answer_lines(answer: Answer) -> Iterator[str]:
    """The statements, each event's under its name where they tell of several."""
    apart = tells_of_several(answer)
    for number, statement in enumerate(answer.statements):
        if apart and (number == 0 or statement.event != answer.statements[number - 1].event):
            yield f"{event_text(statement.event)}:"
        yield from _statement_lines(statement)
        if statement.verbatim:
            yield from _translation_lines(answer, statement.quotes[0])


def _case_lines(reply: Reply) -> Iterator[str]:
    """How far each case has got; where nothing else quotes the words that say so, with them."""
    refused = isinstance(reply, Refusal)
    if reply.cases and (refused or len(reply.cases) > 1):
        yield " ".join([_(NO_VERDICT)] * refused + [_(SEVERAL)] * (len(reply.cases) > 1))
    for case in reply.cases:
        yield f"{event_text(case.event)}: {stage_line(case) if refused else verdict_line(case)}"
        if refused:
            yield from _statement_lines(Statement(case.quote.text, (case.quote,)))


def tells_of_several(answer: Answer) -> bool:
    """Whether an answer's statements tell of more than one event that is known.

    Two of one date of which one has no name but a headline may be the same.
    """
    events = {statement.event for statement in answer.statements if statement.event}
    return any(
        one.date != other.date or not (one.by_headline or other.by_headline) for one, other in combinations(events, 2)
    )


def event_text(event: Event | None) -> str:
    """An event as a reader sees it: "Operación Cerbero, 16 March 2005"."""
    if event is None:
        return _(OTHERS)
    name = f"“{event.name}”" if event.by_headline else event.name
    return f"{name}, {value_text(event.date)}" if event.date else name


def _statement_lines(statement: Statement) -> Iterator[str]:
    """What its articles were corrected in, each said once, then the words; written ones without quotation marks."""
    corrections = dict.fromkeys(q.source.correction for q in statement.quotes if q.source.correction)
    yield from (f"{lead(one)}: {one.text}" for one in corrections if one)
    marks = "".join(f"[{q.number}]" for q in statement.quotes)
    if statement.verbatim:
        yield f"{quote_credit(statement.quotes[0])}: {_words(statement.quotes[0])} {marks}"
    else:
        yield f"{statement.text} {marks}"


def _words(quote: Citation) -> str:
    return f"“{with_glosses(quote)}”"


def _translation_lines(answer: Answer, quote: Citation) -> Iterator[str]:
    """Below a quote, without quotation marks: its translation, where there is one."""
    if translation := answer.translation_of(quote):
        yield f"  {translated_by(translation)} {translation.text}"


def translated_by(translation: Translation) -> str:
    return _(TRANSLATED, model=translation.model)


def _written_lines(answer: Answer) -> Iterator[str]:
    """Who wrote an answer that isn't made of quotes alone, and the sources' words that its sentences rest on."""
    if answer.composed_by is Composer.QUOTES:
        return
    yield _(WRITTEN if answer.composed_by is Composer.MODEL else WRITTEN_BY_STAFF)
    for quote in answer.quotes:
        yield f"[{quote.number}] {quote_credit(quote)}: {_words(quote)}"
        yield from _translation_lines(answer, quote)


def _comparison_lines(answer: Answer) -> Iterator[str]:
    """What sources say differently, and that independent ones agree."""
    if answer.agreement:
        yield agreement_sentence(answer.agreement)
    for conflict in answer.conflicts:
        yield conflict_sentence(conflict)
        yield from row_lines(conflict)


def _note_lines(reply: Reply, quotes: Sequence[Citation]) -> Iterator[str]:
    """What the legal words in the quotes mean, in the language of the question."""
    return note_lines(quotes, reader_language(reply.question))


def _of(source: Source, refusal: Refusal) -> Iterator[Citation]:
    return (quote for quote in refusal.closest if quote.source.article_id == source.article_id)
