"""Answers as files for other programs: JSON, CSV, Markdown, BibTeX and RIS. Each says that software answered, as of
when, and where the answer stands for good."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from qa.answering.differing import party_words
from qa.answering.json_values import reply_json
from qa.answering.rendering import event_text
from qa.answering.stage_words import verdict_line
from qa.i18n.locale import use_locale
from qa.i18n.messages import retold
from qa.i18n.sources import credit, lead, quote_credit
from qa.models.archive import Source, moment_text
from qa.models.replies import Answer, Citation, Event, Reply
from qa.review.citing import bibtex, ris
from qa.review.marking_down import markdown
from qa.review.permanent import Checked, Made, PermanentAnswer
from qa.review.sources_today import SourceToday

FORMULA = "=+-@\t\r\n＝＋－＠"
"""What a spreadsheet may take for the beginning of a formula; in full width too."""

COLUMNS = (
    "answer_id", "address", "asked_at", "question", "made_by", "as_of", "checked", "part", "statement_number",
    "statement", "event", "quote_number", "quote", "start", "end", "article_id", "title", "outlet", "credit",
    "published", "language", "url", "corrections", "standing", "standing_in_words", "note",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file: its media type, and how answers are written in it; `base` is the address of this site."""

    media_type: str
    written: Callable[[Sequence[PermanentAnswer], str], str]


@dataclass(frozen=True, slots=True)
class _Row:
    """One quote, or one thing that has none."""

    part: str
    statement: str = ""
    number: int | None = None
    quote: Citation | None = None
    source: Source | None = None
    event: Event | None = None


def address(shown: PermanentAnswer, base: str) -> str:
    """Where an answer stands for good; `base` is the address of the site, without a slash at its end."""
    return f"{base}/answer/{shown.answer_id}"


def json_text(answers: Sequence[PermanentAnswer], base: str) -> str:
    """One answer as an object, several as a list of them."""
    told = [answer_json(one, base) for one in answers]
    return json.dumps(told[0] if len(told) == 1 else {"answers": told}, ensure_ascii=False, indent=2) + "\n"


def answer_json(shown: PermanentAnswer, base: str) -> dict[str, object]:
    """An answer with what became of its sources; `reply` keeps to docs/reply.schema.json, and is null where nothing is
    left of it. Withdrawn sources have neither a title nor words."""
    with use_locale(shown.locale):
        return _answer_json(shown, base)


def _answer_json(shown: PermanentAnswer, base: str) -> dict[str, object]:
    record, made = shown.record, shown.made
    return {
        "answer_id": shown.answer_id,
        "address": address(shown, base),
        "asked_at": moment_text(record.at),
        "note": shown.software,
        "made_by": made.value if made else None,
        "composed": shown.composed,
        "model": record.making.model if made is Made.MODEL else None,
        "as_of": _iso(shown.as_of),
        "check": _checked_json(shown.checked),
        "notices": [*shown.notices, *([shown.missing] if shown.missing else [])],
        "sources": [_source_json(one) for one in shown.sources],
        "reply": _reply_json(shown, shown.reply) if shown.reply else None,
    }


def csv_text(answers: Sequence[PermanentAnswer], base: str) -> str:
    """A line for each quote, and for each source that is not quoted any more; lines end as RFC 4180 has it."""
    file = io.StringIO()
    writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for shown in answers:
        sources = {one.article_id: one for one in shown.sources}
        for row in _rows(shown):
            values = _of_answer(shown, base) | _of_row(row, sources)
            writer.writerow([inert(values[name]) for name in COLUMNS])
    return file.getvalue()


def inert(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: an apostrophe goes before what begins like one."""
    begins = cell.lstrip(" \u00a0")[:1] or cell[:1]
    return f"'{cell}" if begins and begins in FORMULA else cell


FORMATS: Mapping[str, Format] = {
    "json": Format("application/json", json_text),
    "csv": Format("text/csv", csv_text),
    "md": Format("text/markdown", markdown),
    "bib": Format("application/x-bibtex", bibtex),
    "ris": Format("application/x-research-info-systems", ris),
}


def _rows(shown: PermanentAnswer) -> Iterator[_Row]:
    if shown.reply is None:
        yield _Row("nothing", shown.missing)
    else:
        yield from _reply_rows(shown.reply)
    yield from (_Row("taken out", source=one.source) for one in shown.sources if not one.change.quotable)


def _reply_rows(reply: Reply) -> Iterator[_Row]:
    if isinstance(reply, Answer):
        for number, statement in enumerate(reply.statements, 1):
            yield from (
                _Row("answer", statement.text, number, one, one.source, statement.event) for one in statement.quotes
            )
        for conflict in reply.conflicts:
            for party in conflict.parties:
                yield _Row("differing", party_words(party, conflict.about), None, party.quote, party.source)
    else:
        yield _Row("refusal", retold(reply.reason))
        yield from (_Row("nearest words", "", None, one, one.source) for one in reply.closest)
        quoted = {one.source.article_id for one in reply.closest}
        yield from (_Row("nearest article", source=one) for one in reply.nearest if one.article_id not in quoted)
    yield from (
        _Row("case", verdict_line(case), None, case.quote, case.quote.source, case.event) for case in reply.cases
    )


def _of_answer(shown: PermanentAnswer, base: str) -> dict[str, str]:
    return {
        "answer_id": shown.answer_id,
        "address": address(shown, base),
        "asked_at": moment_text(shown.record.at),
        "question": shown.record.question,
        "made_by": shown.composed,
        "as_of": _iso(shown.as_of) or "",
        "checked": shown.checked.words,
        "note": " ".join((shown.software, *shown.notices)),
    }


def _of_row(row: _Row, sources: Mapping[str, SourceToday]) -> dict[str, str]:
    told = {
        "part": row.part,
        "statement_number": str(row.number or ""),
        "statement": row.statement,
        "event": event_text(row.event) if row.event else "",
        "quote_number": str(row.quote.number) if row.quote else "",
        "quote": row.quote.text if row.quote else "",
        "start": str(row.quote.start) if row.quote else "",
        "end": str(row.quote.end) if row.quote else "",
    }
    blank = dict.fromkeys(COLUMNS[COLUMNS.index("article_id") : COLUMNS.index("note")], "")
    if row.source is None:
        return blank | told
    today = sources[row.source.article_id]
    shown = row.source if today.change.quotable else None
    of_source = {
        "article_id": row.source.article_id,
        "title": today.title or "",
        "outlet": row.source.outlet,
        "credit": quote_credit(row.quote) if row.quote else credit(row.source),
        "published": _iso(row.source.published) or "",
        "language": row.source.language,
        "url": (shown.url or "") if shown else "",
        "corrections": " ".join(f"{lead(one)}: {one.text}" for one in shown.corrections) if shown else "",
        "standing": today.change.value,
        "standing_in_words": today.words,
    }
    return blank | told | of_source


def _source_json(today: SourceToday) -> dict[str, object]:
    source, quotable = today.source, today.change.quotable
    return {
        "article_id": source.article_id,
        "title": today.title,
        "outlet": source.outlet,
        "credit": credit(source),
        "published": _iso(source.published),
        "language": source.language,
        "url": source.url if quotable else None,
        "standing": today.change.value,
        "standing_in_words": today.words,
        "corrections_since": [{"text": one.text, "date": _iso(one.day)} for one in today.corrections],
        "withdrawn": None if quotable else {"reason": today.reason, "date": _iso(today.day)},
    }


def _reply_json(shown: PermanentAnswer, reply: Reply) -> dict[str, object]:
    return reply_json(reply, id=None, seconds=shown.record.seconds, answer_id=shown.answer_id)


def _checked_json(checked: Checked) -> dict[str, object]:
    return {
        "state": checked.check.value,
        "date": _iso(checked.day),
        "reason": checked.reason,
        "standing": checked.standing,
        "words": checked.words,
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
