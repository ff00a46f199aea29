"""Answers as Markdown, for a draft or a wiki: nothing of a question or an article is markup."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from qa.answering.differing import DIFFER, agreement_sentence, copies_words, party_words, spoken_in
from qa.answering.glossing import with_glosses
from qa.answering.rendering import REFUSED, event_text, tells_of_several
from qa.answering.stage_words import verdict_line
from qa.i18n.forms import long_date
from qa.i18n.locale import _, use_locale
from qa.i18n.messages import retold
from qa.i18n.sources import credit, lead, quote_credit
from qa.models.archive import Source, moment_text
from qa.models.replies import Answer, Citation, Conflict, Refusal, Reply, Statement
from qa.review.citing import line, web_address
from qa.review.permanent import PermanentAnswer
from qa.review.sources_today import SourceToday

# Signs that mean something wherever they stand; a backslash takes their meaning away.
_SIGNS = re.compile(r"([\\`*_{}\[\]<>#|~&$@])")
# What makes a list, a rule or a heading at the beginning of a line, and what many readers of Markdown make a link of.
_BEGINNING = re.compile(r"^(\d{1,9})([.)])|^([-+=])")
_LINKS = re.compile(r"(?<=[A-Za-z])(://)|(?<=www)(\.)", re.IGNORECASE)


def markdown(answers: Sequence[PermanentAnswer], base: str) -> str:
    """One section for each answer, in its language."""
    return "\n".join(_told(one, base) for one in answers)


def _told(shown: PermanentAnswer, base: str) -> str:
    with use_locale(shown.locale):
        return "\n".join(_section(shown, base))


def marked_down(text: str) -> str:
    """Text on one line that Markdown prints as it is."""
    plain = _LINKS.sub(lambda found: f"\\{found[0]}", _SIGNS.sub(r"\\\1", line(text)))
    return _BEGINNING.sub(lambda found: f"{found[1]}\\{found[2]}" if found[1] else f"\\{found[3]}", plain)


def _section(shown: PermanentAnswer, base: str) -> Iterator[str]:
    yield from (f"# {marked_down(shown.record.question)}", "")
    as_of = _("As of {day}.", day=long_date(shown.as_of)) if shown.as_of else ""
    about = " ".join(filter(None, (shown.software, shown.composed, as_of, shown.checked.words)))
    yield from (f"*{marked_down(about)}*", "")
    address = f"<{base}/answer/{shown.answer_id}>"
    at = moment_text(shown.record.at)
    yield from (_("Permanent address: {address}, asked at {moment}.", address=address, moment=at), "")
    for notice in (shown.missing, *shown.notices):
        if notice:
            yield from (f"**{marked_down(notice)}**", "")
    if shown.reply:
        yield from _reply(shown.reply)
    if shown.sources:
        heading = _("Sources")
        yield from (f"## {heading}", "")
        yield from map(_source, shown.sources)
        yield ""


def _reply(reply: Reply) -> Iterator[str]:
    for notice in reply.notices:
        yield from (marked_down(retold(notice)), "")
    for case in reply.cases:
        yield from (marked_down(f"{event_text(case.event)}: {verdict_line(case)}"), "")
        if isinstance(reply, Refusal):
            yield from _quoted(case.quote)
    if isinstance(reply, Refusal):
        yield from (marked_down(f"{_(REFUSED)} {retold(reply.reason)}"), "")
        for quote in reply.closest:
            yield from _quoted(quote)
        return
    yield from _answer(reply)


def _answer(answer: Answer) -> Iterator[str]:
    if answer.fallback:
        yield from (marked_down(retold(answer.fallback)), "")
    apart = tells_of_several(answer)
    for event, told in groupby(answer.statements, key=lambda one: one.event):
        if apart:
            yield from (f"### {marked_down(event_text(event))}", "")
        for statement in told:
            yield from _statement(statement)
    if any(not one.verbatim for one in answer.statements):
        for quote in answer.quotes:
            yield from _quoted(quote)
    if answer.agreement:
        yield from (marked_down(agreement_sentence(answer.agreement)), "")
    for conflict in answer.conflicts:
        yield from _conflict(conflict)


def _statement(statement: Statement) -> Iterator[str]:
    if statement.verbatim:
        yield from _quoted(statement.quotes[0])
        return
    for source in dict.fromkeys(quote.source for quote in statement.quotes):
        yield from _corrections(source)
    marks = "".join(f"[{quote.number}]" for quote in statement.quotes)
    yield from (f"{marked_down(statement.text)} {marked_down(marks)}", "")


def _quoted(quote: Citation) -> Iterator[str]:
    yield from _corrections(quote.source)
    yield f"{marked_down(quote_credit(quote))}:"
    yield from ("", f"> “{marked_down(with_glosses(quote))}” {marked_down(f'[{quote.number}]')}", "")


def _corrections(source: Source) -> Iterator[str]:
    for one in source.corrections:
        yield from (f"**{marked_down(lead(one))}:** {marked_down(one.text)}", "")


def _conflict(conflict: Conflict) -> Iterator[str]:
    yield from (f"{_(DIFFER)}:", "")
    for party in conflict.parties:
        corrected = "".join(f"{lead(one)}: {one.text} " for one in party.source.corrections)
        says = f"{long_date(party.source.published)}: {party_words(party, conflict.about)}."
        credited = f"{spoken_in(party.speaker, quote_credit(party.quote))}{copies_words(party)}:"
        yield f"- {marked_down(f'{corrected}{says} {credited}')} “{marked_down(party.quote.text)}”"
    yield ""


def _source(today: SourceToday) -> str:
    title = f"“{marked_down(today.title)}”, " if today.title else ""
    url = web_address(today.source.url) if today.change.quotable else ""
    link = f" <{url}>" if url else ""
    return f"- {title}{marked_down(credit(today.source))}.{link} {marked_down(today.words)}"
