"""The view of a reply laid out as Markdown, for a draft or a wiki: nothing of a question or an article is markup."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from qa.answering.conflict_view import ConflictView, copies_words, spoken_in
from qa.answering.glossing import correction_line
from qa.answering.view import ReplyView, StatementView, reply_view
from qa.i18n.forms import long_date
from qa.i18n.locale import _, use_locale
from qa.i18n.sources import credit, lead
from qa.loaders.cleaning import clean_line
from qa.models.archive import moment_text
from qa.models.replies import Refusal
from qa.review.citing import web_address
from qa.review.permanent import PermanentAnswer
from qa.review.sources_today import SourceToday

# Signs with a meaning anywhere; a backslash takes it away.
_SIGNS = re.compile(r"([\\`*_{}\[\]<>#|~&$@])")
# What makes a list, a rule or a heading at the beginning of a line, and what many readers of Markdown make a link of.
_BEGINNING = re.compile(r"^(\d{1,9})([.)])|^([-+=])")
_LINKS = re.compile(r"(?<=[A-Za-z])(://)|(?<=www)(\.)", re.IGNORECASE)


def markdown(answers: Sequence[PermanentAnswer], base: str) -> str:
    """One section for each answer, in its locale."""
    sections: list[str] = []
    for answer in answers:
        with use_locale(answer.locale):
            sections += _section(answer, base)
    return "\n".join(sections)


def marked_down(text: str) -> str:
    """Text on one line that Markdown prints as it is."""
    plain = _LINKS.sub(lambda match: f"\\{match[0]}", _SIGNS.sub(r"\\\1", clean_line(text)))
    return _BEGINNING.sub(lambda match: f"{match[1]}\\{match[2]}" if match[1] else f"\\{match[3]}", plain)


def _section(answer: PermanentAnswer, base: str) -> Iterator[str]:
    yield from (f"# {marked_down(answer.record.question)}", "")
    as_of = _("Newest source: {day}.", day=long_date(answer.as_of)) if answer.as_of else ""
    about = " ".join(filter(None, (answer.composed, answer.software, as_of, answer.checked.words)))
    yield from (f"*{marked_down(about)}*", "")
    address = f"<{answer.address(base)}>"
    at = moment_text(answer.record.at)
    yield from (_("Permanent address: {address}, asked at {moment}.", address=address, moment=at), "")
    for notice in filter(None, (answer.missing, *answer.notices)):
        yield from (f"**{marked_down(notice)}**", "")
    if answer.reply:
        yield from _reply(reply_view(answer.reply), refused=isinstance(answer.reply, Refusal))
    if answer.sources:
        heading = _("Sources")
        yield from (f"## {heading}", "")
        yield from map(_source, answer.sources)
        yield ""


def _reply(view: ReplyView, *, refused: bool) -> Iterator[str]:
    reason = f"{view.verdict} {view.reason}" if not view.cases else view.verdict
    yield from _paragraph(reason if refused else view.composition)
    yield from _paragraph(view.several)
    for case in view.cases:
        yield from _paragraph(f"{case.heading.text}: {case.line}")
        if refused:
            yield from statement_lines(StatementView("", (case.quote,)))
    for group in view.groups:
        if group.heading:
            yield from (f"### {marked_down(group.heading.text)}", "")
        for statement in group.statements:
            yield from statement_lines(statement)
    for quote in view.quotes if view.written else ():
        yield from statement_lines(StatementView("", (quote,)))
    yield from _paragraph(view.agreement)
    for conflict in view.conflicts:
        yield from _conflict(conflict)
    for notice in view.notices:
        yield from _paragraph(notice)
    for nearest in view.nearest if not view.cases else ():
        if nearest.quote:
            yield from statement_lines(StatementView("", (nearest.quote,)))


def _paragraph(text: str) -> Iterator[str]:
    if text:
        yield from (marked_down(text), "")


def statement_lines(statement: StatementView) -> Iterator[str]:
    """The corrections of its articles, then the words: a quotation, or written text with its marks."""
    for correction in statement.corrections:
        yield from (f"**{marked_down(lead(correction))}:** {marked_down(correction.text)}", "")
    marks = marked_down("".join(f"[{quote.number}]" for quote in statement.quotes))
    if statement.text:
        yield from (f"{marked_down(statement.text)} {marks}", "")
    else:
        quote = statement.quotes[0]
        yield from (f"{marked_down(quote.credit)}:", "", f"> “{marked_down(quote.words)}” {marks}", "")


def _conflict(conflict: ConflictView) -> Iterator[str]:
    yield from (f"{conflict.lead}:", "")
    for row in conflict.rows:
        correction = correction_line(row.quote.correction) if row.quote.correction else ""
        credited = f"{spoken_in(row.speaker, row.quote.credit)}{copies_words(row.copies)}:"
        text = " ".join(filter(None, (correction, f"{row.day}: {row.says}.", credited)))
        yield f"- {marked_down(text)} “{marked_down(row.quote.citation.text)}”"
    yield ""


def _source(source: SourceToday) -> str:
    title = f"“{marked_down(source.title)}”, " if source.title else ""
    url = web_address(source.source.url) if source.change.quotable else ""
    link = f" <{url}>" if url else ""
    return f"- {title}{marked_down(credit(source.source))}.{link} {marked_down(source.words)}"
