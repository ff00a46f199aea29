"""Answers as files for other programs: each says that software answered, as of when, and its permanent address."""

import csv
import io
import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import NamedTuple
from urllib.parse import quote as percent_encoded

from qa.answering.rendering import reply_json
from qa.answering.view import ConflictRow, QuoteView, ReplyView, copies_words, correction_line, spoken_in
from qa.i18n.forms import credit, lead, long_date, quote_credit
from qa.i18n.locale import _, use_locale
from qa.models.archive import Source, moment_text
from qa.models.journal import Record
from qa.models.replies import Composer, quotes_of
from qa.models.support import Prices, Stopped
from qa.review.permanent import PermanentAnswer, SourceToday
from qa.store.entries import adapter, iso
from qa.text.cleaning import clean_line

FORMULA = "=+-@\t\r\n＝＋－＠"  # what a spreadsheet may take for the beginning of a formula; in full width too
COLUMNS = (
    "answer_id", "address", "asked_at", "question", "made_by", "as_of", "checked", "part", "statement_number",
    "statement", "event", "quote_number", "quote", "start", "end", "article_id", "title", "outlet", "credit",
    "published", "language", "url", "corrections", "standing", "standing_in_words", "note",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class AnswerFormat:
    """A kind of file, and how answers are written in it."""

    media_type: str
    write: Callable[[Sequence[PermanentAnswer], str], str]  # of answers and the address of this site


def json_text(answers: Sequence[PermanentAnswer], base: str) -> str:
    """One answer as an object, several as a list of them."""
    values = [answer_json(answer, base) for answer in answers]
    return json.dumps(values[0] if len(values) == 1 else {"answers": values}, ensure_ascii=False, indent=2) + "\n"


def answer_json(answer: PermanentAnswer, base: str) -> dict[str, object]:
    """An answer with what became of its sources; `reply` keeps to qa/web/api/reply.schema.json, and may be null."""
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
            "as_of": iso(answer.as_of),
            "check": {"state": checked.check.value, "date": iso(checked.day)}
            | {name: getattr(checked, name) for name in ("reason", "standing", "words")},
            "notices": [*answer.notices, *([answer.missing] if answer.missing else [])],
            "sources": [
                _source_values(today, today.source)
                | {"corrections_since": [{"text": item.text, "date": iso(item.day)} for item in today.corrections]}
                | {"withdrawn": None if today.article else {"reason": today.reason, "date": iso(today.day)}}
                for today in answer.sources
            ],
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
            "as_of": iso(answer.as_of) or "",
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
        if today.article and source.correction:
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
        if today.article is None:
            yield row("taken out", source=today.source)


def _source_values(today: SourceToday, source: Source) -> dict[str, str | None]:
    """What files say of a source, as it is printed; None is what it doesn't have, or what may not be shown."""
    return {
        "article_id": source.article_id,
        "title": today.title,
        "outlet": source.outlet,
        "credit": credit(source),
        "published": iso(source.published),
        "language": source.language,
        "url": source.url if today.article else None,
        "standing": today.change.value,
        "standing_in_words": today.words,
    }


# A brace counts for BibTeX even after a backslash: only its name leaves the braces of a field in balance.
_TEX = str.maketrans({
    "\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}", "$": r"\$", "&": r"\&",
    "#": r"\#", "%": r"\%", "_": r"\_", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}",
})  # fmt: skip
_IN_ADDRESS = str.maketrans({sign: percent_encoded(sign) for sign in '{}\\"<>^`'})
LONGEST_KEY = 60


class _Entry(NamedTuple):
    """An answer or a source in a bibliography."""

    kind: str  # its type in RIS
    name: str
    title: str
    origin: str  # where it was published
    day: date | None
    url: str
    notes: Sequence[str]
    language: str = ""


def bibtex(answers: Sequence[PermanentAnswer], base: str) -> str:
    """Entries for the answers and for the sources that may be quoted, each with a key of its own."""
    used: set[str] = set()
    entries = []
    for entry in _entries(answers, base):
        fields = {
            "title": f"{{{tex(entry.title)}}}",
            "howpublished": tex(entry.origin),
            "year": str(entry.day.year) if entry.day else "",
            "month": f"{entry.day:%b}".lower() if entry.day else "",
            "url": web_address(entry.url),
            "language": tex(entry.language),
            "note": tex(" ".join(entry.notes)),
        }
        # A month is a word of BibTeX itself, and stands without braces.
        lines = [
            f"  {name} = {value if name == 'month' else f'{{{value}}}'}" for name, value in fields.items() if value
        ]
        entries.append(f"@misc{{{_key(entry.name, used)},\n" + ",\n".join(lines) + "\n}")
    return "\n\n".join(entries) + "\n"


def ris(answers: Sequence[PermanentAnswer], base: str) -> str:
    """Records for the answers and for the sources that may be quoted; lines end as RIS wants it, in CR and LF."""
    records = []
    for entry in _entries(answers, base):
        fields = [("TY", entry.kind), ("ID", entry.name), ("TI", entry.title)]
        if entry.kind != "ELEC":
            fields.append(("T2", entry.origin))
        if entry.day:
            fields += [("PY", f"{entry.day.year:04d}"), ("DA", f"{entry.day:%Y/%m/%d}")]
        fields += [field for field in (("UR", web_address(entry.url)), ("LA", entry.language)) if field[1]]
        fields += [*(("N1", note) for note in entry.notes), ("ER", "")]
        records.append("".join(f"{tag}  - {clean_line(text)}\r\n" for tag, text in fields))
    return "\r\n".join(records)


def tex(text: str) -> str:
    """Text as TeX prints it: nothing in it is a command, and it leaves braces in balance."""
    return clean_line(text).translate(_TEX)


def web_address(url: str | None) -> str:
    """An address that is one, without what would end a field; else nothing."""
    if not url or not url.lower().startswith(("https://", "http://")) or url != clean_line(url) or " " in url:
        return ""
    return url.translate(_IN_ADDRESS)


def _key(name: str, used: set[str]) -> str:
    """A key that no other entry has, case apart, as BibTeX compares them."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    base = re.sub(r"[^A-Za-z0-9]+", "-", plain).strip("-")[:LONGEST_KEY] or "source"
    keys = (base, *(f"{base}-{number}" for number in range(2, len(used) + 2)))
    key = next(key for key in keys if key.lower() not in used)
    used.add(key.lower())
    return key


def _entries(answers: Sequence[PermanentAnswer], base: str) -> Iterator[_Entry]:
    """The answers, then each source that may be quoted, once, as printed in the last answer that quotes it."""
    named: dict[str, SourceToday] = {}
    printed: dict[str, Source] = {}
    quoted: defaultdict[str, list[str]] = defaultdict(list)
    for answer in answers:
        day, address = answer.record.at.date(), answer.address(base)
        asked_on = _("Asked on {day} (UTC).", day=long_date(day))
        permanent = _("Permanent address: {address}", address=address)
        about = (answer.composed, answer.software, _newest_source(answer), asked_on)
        notes = list(filter(None, (*about, answer.checked.words, answer.missing, *answer.notices, permanent)))
        origin, title = _("Answer put together from an archive of articles"), answer.record.question
        yield _Entry("ELEC", f"answer-{answer.answer_id}", title, origin, day, address, notes)
        for today in answer.sources:
            if today.article:
                named.setdefault(today.article_id, today)
        for quote in dict.fromkeys(quotes_of(answer.reply) if answer.reply else ()):
            printed[quote.source.article_id] = quote.source
            place = _("Quoted as [{number}] in answer {id}", number=quote.number, id=answer.answer_id)
            quoted[quote.source.article_id].append(f"{place}: “{quote.text}”")
    for name, today in named.items():
        source = printed.get(name, today.source)
        corrections = [correction_line(source.correction)] if source.correction else []
        notes = [*quoted[name], *corrections, _("Beside the archive of today: {words}", words=today.words)]
        kind, origin, url = "GEN" if source.kind == "summary" else "NEWS", credit(source), source.url or ""
        yield _Entry(kind, name, source.title, origin, source.published, url, notes, source.language)


def _newest_source(answer: PermanentAnswer) -> str:
    return _("Newest source: {day}.", day=long_date(answer.as_of)) if answer.as_of else ""


# Signs with a meaning anywhere; a backslash takes it away.
_SIGNS = re.compile(r"([\\`*_{}\[\]<>#|~&$@])")
# What makes a list, a rule or a heading at the beginning of a line, and what many readers of Markdown make a link of.
_BEGINNING = re.compile(r"^(\d{1,9})([.)])|^([-+=])")
_LINKS = re.compile(r"(?<=[A-Za-z])(://)|(?<=www)(\.)", re.IGNORECASE)


def markdown(answers: Sequence[PermanentAnswer], base: str) -> str:
    """One section for each answer, in its locale."""
    blocks: list[str] = []
    for answer in answers:
        with use_locale(answer.locale):
            about = (answer.composed, answer.software, _newest_source(answer), answer.checked.words)
            blocks += [f"# {marked_down(answer.record.question)}", f"*{marked_down(' '.join(filter(None, about)))}*"]
            address, at = f"<{answer.address(base)}>", moment_text(answer.record.at)
            blocks.append(_("Permanent address: {address}, asked at {moment}.", address=address, moment=at))
            blocks += (f"**{marked_down(notice)}**" for notice in (answer.missing, *answer.notices) if notice)
            if answer.reply:
                blocks += filter(None, _reply(ReplyView(answer.reply)))
            if answer.sources:
                heading = _("Sources")
                blocks += [f"## {heading}", "\n".join(map(_source, answer.sources))]
    return "\n\n".join(blocks) + "\n"


def marked_down(text: str) -> str:
    """Text on one line that Markdown prints as it is."""
    plain = _LINKS.sub(lambda match: f"\\{match[0]}", _SIGNS.sub(r"\\\1", clean_line(text)))
    return _BEGINNING.sub(lambda match: f"{match[1]}\\{match[2]}" if match[1] else f"\\{match[3]}", plain)


def _reply(view: ReplyView) -> Iterator[str]:
    """The blocks of a reply; what it doesn't have is empty."""
    opening = (view.composition, view.verdict, "" if view.cases else view.reason)
    yield marked_down(" ".join(filter(None, opening)))
    yield marked_down(view.several)
    for case in view.cases:
        yield marked_down(f"{case.heading.text}: {case.line}")
        if not view.groups:
            yield from quotation(case.quote)
    for group in view.groups:
        if group.heading:
            yield f"### {marked_down(group.heading.text)}"
        for statement in group.statements:
            if not statement.text:
                yield from quotation(*statement.quotes)
                continue
            yield from _corrections(statement.quotes, touching=True)
            yield f"{marked_down(statement.text)} {_marks(statement.quotes)}"
            yield from _corrections(statement.quotes, touching=False)
    for quote in view.quotes if view.written else ():
        yield from quotation(quote)
    yield marked_down(view.agreement)
    for conflict in view.conflicts:
        yield f"{conflict.lead}:"
        yield "\n".join(map(_differing, conflict.rows))
    yield from map(marked_down, view.notices)
    for nearest in view.nearest if not view.cases else ():
        if nearest.quote:
            yield from quotation(nearest.quote)


def quotation(*quotes: QuoteView) -> Iterator[str]:
    """The corrections of these words, who says them first, and the words; behind them other corrections and marks."""
    first = quotes[0]
    yield from _corrections(quotes, touching=True)
    yield f"{marked_down(first.credit)}:"
    yield f"> “{marked_down(first.words)}” {_marks(quotes)}"
    yield from _corrections(quotes, touching=False)


def _marks(quotes: Sequence[QuoteView]) -> str:
    return marked_down("".join(f"[{quote.number}]" for quote in quotes))


def _corrections(quotes: Sequence[QuoteView], *, touching: bool) -> Iterator[str]:
    """The corrections of their articles that touch the quoted words, or those that don't."""
    for quote in quotes:
        if quote.correction and quote.touched == touching:
            yield f"**{marked_down(lead(quote.correction))}:** {marked_down(quote.correction.text)}"


def _differing(row: ConflictRow) -> str:
    correction = correction_line(row.quote.correction) if row.quote.correction else ""
    credited = f"{spoken_in(row.speaker, row.quote.credit)}{copies_words(row.copies)}:"
    text = " ".join(filter(None, (correction, f"{row.day}: {row.says}.", credited)))
    return f"- {marked_down(text)} “{marked_down(row.quote.citation.text)}”"


def _source(source: SourceToday) -> str:
    title = f"“{marked_down(source.title)}”, " if source.title else ""
    url = web_address(source.source.url) if source.article else ""
    link = f" <{url}>" if url else ""
    return f"- {title}{marked_down(credit(source.source))}.{link} {marked_down(source.words)}"


FORMATS: Mapping[str, AnswerFormat] = {
    "json": AnswerFormat("application/json", json_text),
    "csv": AnswerFormat("text/csv", csv_text),
    "md": AnswerFormat("text/markdown", markdown),
    "bib": AnswerFormat("application/x-bibtex", bibtex),
    "ris": AnswerFormat("application/x-research-info-systems", ris),
}
