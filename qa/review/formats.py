"""Answers as Markdown, and their sources as a bibliography in BibTeX and RIS; no text of an article is markup."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple
from urllib.parse import quote as percent_encoded

from qa.answering.view import ConflictRow, QuoteView, ReplyView, StatementView, copies_words, correction_line, spoken_in
from qa.i18n.forms import credit, lead, long_date
from qa.i18n.locale import _, use_locale
from qa.models.archive import Correction, Source, moment_text
from qa.models.replies import quotes_of
from qa.review.permanent import PermanentAnswer
from qa.review.sources_today import SourceToday
from qa.text.cleaning import clean_line

# A brace counts for BibTeX even after a backslash: only its name leaves the braces of a field in balance.
_TEX = str.maketrans({
    "\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}", "$": r"\$", "&": r"\&",
    "#": r"\#", "%": r"\%", "_": r"\_", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}",
})  # fmt: skip
_IN_ADDRESS = str.maketrans({sign: percent_encoded(sign) for sign in '{}\\"<>^`'})
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

LONGEST_KEY = 60


class _Entry(NamedTuple):
    """An answer or a source in a bibliography. `kind` is its type in RIS, `origin` where it was published."""

    kind: str
    name: str
    title: str
    origin: str
    day: date | None
    url: str
    notes: Sequence[str]
    language: str = ""


def bibtex(answers: Sequence[PermanentAnswer], base: str) -> str:
    """Entries for the answers and for the sources that may be quoted, each with a key of its own."""
    used: set[str] = set()
    return "\n\n".join(_bibtex(entry, _key(entry.name, used)) for entry in _entries(answers, base)) + "\n"


def ris(answers: Sequence[PermanentAnswer], base: str) -> str:
    """Records for the answers and for the sources that may be quoted; lines end as RIS wants it, in CR and LF."""
    records = (_ris(entry) for entry in _entries(answers, base))
    lines = ("".join(f"{tag}  - {clean_line(text)}\r\n" for tag, text in record) for record in records)
    return "\r\n".join(lines)


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
    for answer in answers:
        day, address = answer.record.at.date(), answer.address(base)
        asked_on = _("Asked on {day} (UTC).", day=long_date(day))
        notes = (
            *(answer.composed, answer.software, _newest_source(answer), asked_on, answer.checked.words, answer.missing),
            *(*answer.notices, _("Permanent address: {address}", address=address)),
        )
        origin, title = _("Answer put together from an archive of articles"), answer.record.question
        yield _Entry("ELEC", f"answer-{answer.answer_id}", title, origin, day, address, list(filter(None, notes)))
    yield from _source_entries(answers)


def _newest_source(answer: PermanentAnswer) -> str:
    return _("Newest source: {day}.", day=long_date(answer.as_of)) if answer.as_of else ""


def _source_entries(answers: Sequence[PermanentAnswer]) -> Iterator[_Entry]:
    """Each source that may be quoted, once, with the notes of all answers; as printed in the last that quotes it."""
    named: dict[str, SourceToday] = {}
    printed: dict[str, Source] = {}
    quoted: defaultdict[str, list[str]] = defaultdict(list)
    for answer in answers:
        for today in answer.sources:
            if today.change.quotable:
                named.setdefault(today.article_id, today)
        for quote in dict.fromkeys(quotes_of(answer.reply) if answer.reply else ()):
            printed[quote.source.article_id] = quote.source
            place = _("Quoted as [{number}] in answer {id}", number=quote.number, id=answer.answer_id)
            quoted[quote.source.article_id].append(f"{place}: “{quote.text}”")
    for name, today in named.items():
        source = printed.get(name, today.source)
        corrections = [correction_line(source.correction)] if source.correction else []
        notes = [*quoted[name], *corrections, _("Beside the archive of today: {words}", words=today.words)]
        kind, day, url = "GEN" if source.kind == "summary" else "NEWS", source.published, source.url or ""
        yield _Entry(kind, name, source.title, credit(source), day, url, notes, source.language)


def _bibtex(entry: _Entry, key: str) -> str:
    fields = {
        "title": f"{{{tex(entry.title)}}}",
        "howpublished": tex(entry.origin),
        "year": str(entry.day.year) if entry.day else "",
        "month": _MONTHS[entry.day.month - 1] if entry.day else "",
        "url": web_address(entry.url),
        "language": tex(entry.language),
        "note": tex(" ".join(entry.notes)),
    }
    # A month is a word of BibTeX itself, and stands without braces.
    lines = [f"  {name} = {value if name == 'month' else f'{{{value}}}'}" for name, value in fields.items() if value]
    return "\n".join((f"@misc{{{key},", ",\n".join(lines), "}"))


def _ris(entry: _Entry) -> Iterator[tuple[str, str]]:
    yield from (("TY", entry.kind), ("ID", entry.name), ("TI", entry.title))
    if entry.kind != "ELEC":
        yield "T2", entry.origin
    if entry.day:
        yield from (("PY", f"{entry.day.year:04d}"), ("DA", f"{entry.day:%Y/%m/%d}"))
    yield from (field for field in (("UR", web_address(entry.url)), ("LA", entry.language)) if field[1])
    yield from (("N1", note) for note in entry.notes)
    yield "ER", ""


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
            blocks += filter(None, _section(answer, base))
    return "\n\n".join(blocks) + "\n"


def marked_down(text: str) -> str:
    """Text on one line that Markdown prints as it is."""
    plain = _LINKS.sub(lambda match: f"\\{match[0]}", _SIGNS.sub(r"\\\1", clean_line(text)))
    return _BEGINNING.sub(lambda match: f"{match[1]}\\{match[2]}" if match[1] else f"\\{match[3]}", plain)


def _section(answer: PermanentAnswer, base: str) -> Iterator[str]:
    """The blocks of an answer; what it doesn't have is empty."""
    yield f"# {marked_down(answer.record.question)}"
    about = (answer.composed, answer.software, _newest_source(answer), answer.checked.words)
    yield f"*{marked_down(' '.join(filter(None, about)))}*"
    address, at = f"<{answer.address(base)}>", moment_text(answer.record.at)
    yield _("Permanent address: {address}, asked at {moment}.", address=address, moment=at)
    for notice in filter(None, (answer.missing, *answer.notices)):
        yield f"**{marked_down(notice)}**"
    if answer.reply:
        yield from _reply(ReplyView(answer.reply))
    if answer.sources:
        heading = _("Sources")
        yield f"## {heading}"
        yield "\n".join(map(_source, answer.sources))


def _reply(view: ReplyView) -> Iterator[str]:
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
            yield from _statement(statement)
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


def _statement(statement: StatementView) -> Iterator[str]:
    """The corrections of its articles, then the words: a quotation, or written text with its marks."""
    if not statement.text:
        yield from quotation(*statement.quotes)
        return
    yield from map(_correction, statement.corrections)
    yield f"{marked_down(statement.text)} {_marks(statement.quotes)}"


def quotation(*quotes: QuoteView) -> Iterator[str]:
    """The corrections of their articles, who says it first, and the words of that; the others are marks behind it."""
    first = quotes[0]
    yield from (_correction(quote.correction) for quote in quotes if quote.correction)
    yield f"{marked_down(first.credit)}:"
    yield f"> “{marked_down(first.words)}” {_marks(quotes)}"


def _marks(quotes: Sequence[QuoteView]) -> str:
    return marked_down("".join(f"[{quote.number}]" for quote in quotes))


def _correction(correction: Correction) -> str:
    return f"**{marked_down(lead(correction))}:** {marked_down(correction.text)}"


def _differing(row: ConflictRow) -> str:
    correction = correction_line(row.quote.correction) if row.quote.correction else ""
    credited = f"{spoken_in(row.speaker, row.quote.credit)}{copies_words(row.copies)}:"
    text = " ".join(filter(None, (correction, f"{row.day}: {row.says}.", credited)))
    return f"- {marked_down(text)} “{marked_down(row.quote.citation.text)}”"


def _source(source: SourceToday) -> str:
    title = f"“{marked_down(source.title)}”, " if source.title else ""
    url = web_address(source.source.url) if source.change.quotable else ""
    link = f" <{url}>" if url else ""
    return f"- {title}{marked_down(credit(source.source))}.{link} {marked_down(source.words)}"
