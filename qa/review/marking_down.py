"""Answers as Markdown, for a draft or a wiki: nothing of a question or an article is markup."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from qa.answering.differing import party_words
from qa.answering.glossing import with_glosses
from qa.answering.rendering import event_text
from qa.answering.stage_words import verdict_line
from qa.domain.archive import Source, long_date, moment_text
from qa.domain.replies import Conflict, NoAnswer, Quote, Reply
from qa.review.citing import line, web_address
from qa.review.shown import Shown
from qa.review.today import SourceToday

# Signs that mean something wherever they stand; a backslash takes their meaning away.
_SIGNS = re.compile(r"([\\`*_{}\[\]<>#|~&$@])")
# What makes a list, a rule or a heading at the beginning of a line, and what many readers of Markdown make a link of.
_BEGINNING = re.compile(r"^(\d{1,9})([.)])|^([-+=])")
_LINKS = re.compile(r"(?<=[A-Za-z])(://)|(?<=www)(\.)", re.IGNORECASE)


def markdown(answers: Sequence[Shown], base: str) -> str:
    """One section for each answer."""
    return "\n".join("\n".join(_section(one, base)) for one in answers)


def marked_down(text: str) -> str:
    """Text on one line that Markdown prints as it is."""
    plain = _LINKS.sub(lambda found: f"\\{found[0]}", _SIGNS.sub(r"\\\1", line(text)))
    return _BEGINNING.sub(lambda found: f"{found[1]}\\{found[2]}" if found[1] else f"\\{found[3]}", plain)


def _section(shown: Shown, base: str) -> Iterator[str]:
    yield from (f"# {marked_down(shown.record.question)}", "")
    as_of = f" As of {long_date(shown.as_of)}." if shown.as_of else ""
    yield from (f"*{marked_down(f'{shown.software} {shown.composed}{as_of} {shown.checked.words}')}*", "")
    yield from (f"Permanent address: <{base}/answer/{shown.answer_id}>, asked at {moment_text(shown.record.at)}.", "")
    for notice in (shown.missing, *shown.notices):
        if notice:
            yield from (f"**{marked_down(notice)}**", "")
    if shown.reply:
        yield from _reply(shown.reply)
    if shown.sources:
        yield from ("## Sources", "")
        yield from map(_source, shown.sources)
        yield ""


def _reply(reply: Reply) -> Iterator[str]:
    for notice in reply.notices:
        yield from (marked_down(notice), "")
    for case in reply.cases:
        yield from (marked_down(f"{event_text(case.event)}: {verdict_line(case)}"), "")
        if isinstance(reply, NoAnswer):
            yield from _quoted(case.quote)
    if isinstance(reply, NoAnswer):
        yield from (marked_down(f"The archive doesn't answer this. {reply.reason}"), "")
        for quote in reply.closest:
            yield from _quoted(quote)
        return
    for statement in reply.statements:
        if statement.verbatim:
            yield from _quoted(statement.quotes[0])
        else:
            marks = "".join(f"[{quote.number}]" for quote in statement.quotes)
            yield from (f"{marked_down(statement.text)} {marked_down(marks)}", "")
    if any(not one.verbatim for one in reply.statements):
        for quote in reply.quotes:
            yield from _quoted(quote)
    for conflict in reply.conflicts:
        yield from _conflict(conflict)


def _quoted(quote: Quote) -> Iterator[str]:
    yield from _corrections(quote.source)
    yield f"{marked_down(quote.credit)}:"
    yield from ("", f"> “{marked_down(with_glosses(quote))}” {marked_down(f'[{quote.number}]')}", "")


def _corrections(source: Source) -> Iterator[str]:
    for one in source.corrections:
        yield from (f"**{marked_down(one.lead)}:** {marked_down(one.text)}", "")


def _conflict(conflict: Conflict) -> Iterator[str]:
    yield from ("The sources differ:", "")
    for party in conflict.parties:
        said = f"{long_date(party.source.published)}: {party_words(party, conflict.about)}. {party.quote.credit}"
        corrected = "".join(f" {one.lead}: {one.text}" for one in party.source.corrections)
        yield f"- {marked_down(f'{said}:')} “{marked_down(party.quote.text)}”{marked_down(corrected)}"
    yield ""


def _source(today: SourceToday) -> str:
    title = f"“{marked_down(today.title)}”, " if today.title else ""
    url = web_address(today.source.url) if today.change.quotable else ""
    link = f" <{url}>" if url else ""
    return f"- {title}{marked_down(today.source.credit)}.{link} {marked_down(today.words)}"
