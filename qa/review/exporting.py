"""Answers as files for other programs: each says that software answered, as of when, and its permanent address."""

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date

from qa.answering.rendering import reply_json
from qa.answering.view import QuoteView, ReplyView, correction_line
from qa.i18n.forms import credit, quote_credit
from qa.i18n.locale import use_locale
from qa.models.archive import Source, moment_text
from qa.models.journal import Record
from qa.models.replies import Composer
from qa.models.support import Prices, Stopped
from qa.review.formats import bibtex, markdown, ris
from qa.review.permanent import PermanentAnswer
from qa.review.sources_today import SourceToday
from qa.store.rows import adapter

FORMULA = "=+-@\t\r\n＝＋－＠"
"""What a spreadsheet may take for the beginning of a formula; in full width too."""

COLUMNS = (
    "answer_id", "address", "asked_at", "question", "made_by", "as_of", "checked", "part", "statement_number",
    "statement", "event", "quote_number", "quote", "start", "end", "article_id", "title", "outlet", "credit",
    "published", "language", "url", "corrections", "standing", "standing_in_words", "note",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class AnswerFormat:
    """A kind of file: its media type, and how answers are written in it; `base` is the address of this site."""

    media_type: str
    write: Callable[[Sequence[PermanentAnswer], str], str]


def json_text(answers: Sequence[PermanentAnswer], base: str) -> str:
    """One answer as an object, several as a list of them."""
    values = [answer_json(answer, base) for answer in answers]
    return json.dumps(values[0] if len(values) == 1 else {"answers": values}, ensure_ascii=False, indent=2) + "\n"


def answer_json(answer: PermanentAnswer, base: str) -> dict[str, object]:
    """An answer with what became of its sources; `reply` keeps to docs/reply.schema.json, and may be null."""
    record, reply, checked = answer.record, answer.reply, answer.checked
    with use_locale(answer.locale):
        return {
            "answer_id": answer.answer_id,
            "address": answer.address(base),
            "asked_at": moment_text(record.at),
            "note": answer.software,
            "made_by": answer.made.value if answer.made else None,
            "composed": answer.composed,
            "model": record.making.model if answer.made is Composer.MODEL else None,
            "as_of": _iso(answer.as_of),
            "check": {"state": checked.check.value, "date": _iso(checked.day)}
            | {name: getattr(checked, name) for name in ("reason", "standing", "words")},
            "notices": [*answer.notices, *([answer.missing] if answer.missing else [])],
            "sources": [_source_json(today) for today in answer.sources],
            "reply": reply_json(reply, id=None, seconds=record.seconds, answer_id=answer.answer_id) if reply else None,
        }


def making_json(record: Record, prices: Prices | None = None) -> dict[str, object]:
    """What the staff alone see of how an answer was made: sentences that the check stopped, what a model used."""
    used, usage = record.usage, None
    if used:
        usage = asdict(used) | {"seconds": round(used.seconds, 4), "cost": prices.cost(used) if prices else None}
    stopped = record.reply.stopped if record.reply else ()
    return {"stopped": [adapter(Stopped).dump_python(sentence, mode="json") for sentence in stopped], "usage": usage}


def csv_text(answers: Sequence[PermanentAnswer], base: str) -> str:
    """A line for each quote, and for each source that is not quoted any more; lines end as RFC 4180 has it."""
    file = io.StringIO()
    writer = csv.DictWriter(file, COLUMNS, restval="", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writeheader()
    for answer in answers:
        about = {
            "answer_id": answer.answer_id,
            "address": answer.address(base),
            "asked_at": moment_text(answer.record.at),
            "question": answer.record.question,
            "made_by": answer.composed,
            "as_of": _iso(answer.as_of) or "",
            "checked": answer.checked.words,
            "note": " ".join((answer.software, *answer.notices)),
        }
        for row in _rows(answer):
            writer.writerow({name: inert(value) for name, value in (about | row).items()})
    return file.getvalue()


def inert(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: an apostrophe goes before what begins like one."""
    begins = cell.lstrip(" \u00a0")[:1] or cell[:1]
    return f"'{cell}" if begins and begins in FORMULA else cell


FORMATS: Mapping[str, AnswerFormat] = {
    "json": AnswerFormat("application/json", json_text),
    "csv": AnswerFormat("text/csv", csv_text),
    "md": AnswerFormat("text/markdown", markdown),
    "bib": AnswerFormat("application/x-bibtex", bibtex),
    "ris": AnswerFormat("application/x-research-info-systems", ris),
}


def _rows(answer: PermanentAnswer) -> Iterator[dict[str, str]]:
    sources = {today.article_id: today for today in answer.sources}

    def row(
        part: str, statement: str = "", quote: QuoteView | None = None, source: Source | None = None, **more: str
    ) -> dict[str, str]:
        cells = {"part": part, "statement": statement, **more}
        if quote:
            citation, source = quote.citation, quote.source
            cells |= {"quote_number": str(citation.number), "quote": citation.text, "credit": quote_credit(citation)}
            cells |= {"start": str(citation.start), "end": str(citation.end)}
        if source is None:
            return cells
        today = sources[source.article_id]
        if today.change.quotable and source.correction:
            cells["corrections"] = correction_line(source.correction)
        return {name: value or "" for name, value in _source_values(today, source).items()} | cells

    if answer.reply is None:
        yield row("nothing", answer.missing)
    else:
        view = ReplyView(answer.reply)
        statements = ((group, statement) for group in view.groups for statement in group.statements)
        for number, (group, statement) in enumerate(statements, start=1):
            text, event = statement.text or statement.quotes[0].citation.text, group.event.text if group.event else ""
            for quote in statement.quotes:
                yield row("answer", text, quote, statement_number=str(number), event=event)
        for conflict in view.conflicts:
            yield from (row("differing", differing.says, differing.quote) for differing in conflict.rows)
        if view.verdict:
            yield row("refusal", view.reason)
        for nearest in view.nearest:
            yield row("nearest words" if nearest.quote else "nearest article", "", nearest.quote, nearest.source)
        for case in view.cases:
            yield row("case", case.line, case.quote, event=case.heading.text)
    for today in answer.sources:
        if not today.change.quotable:
            yield row("taken out", source=today.source)


def _source_json(today: SourceToday) -> dict[str, object]:
    return {
        **_source_values(today, today.source),
        "corrections_since": [{"text": item.text, "date": _iso(item.day)} for item in today.corrections],
        "withdrawn": None if today.change.quotable else {"reason": today.reason, "date": _iso(today.day)},
    }


def _source_values(today: SourceToday, source: Source) -> dict[str, str | None]:
    """What files say of a source, as it is printed; None is what it doesn't have, or what may not be shown."""
    return {
        "article_id": source.article_id,
        "title": today.title,
        "outlet": source.outlet,
        "credit": credit(source),
        "published": _iso(source.published),
        "language": source.language,
        "url": source.url if today.change.quotable else None,
        "standing": today.change.value,
        "standing_in_words": today.words,
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
