"""The sources of answers as entries of a bibliography, in BibTeX and RIS, their quotes as notes."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from qa.answering.glossing import correction_line
from qa.i18n.forms import long_date
from qa.i18n.locale import _
from qa.i18n.sources import credit
from qa.loaders.cleaning import clean_line
from qa.models.archive import Source
from qa.models.journal import quotes_of
from qa.review.permanent import PermanentAnswer

# A brace counts for BibTeX even after a backslash: only its name leaves the braces of a field in balance.
_TEX = {
    "\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}", "$": r"\$", "&": r"\&",
    "#": r"\#", "%": r"\%", "_": r"\_", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}",
}  # fmt: skip
_IN_ADDRESS = {"{": "%7B", "}": "%7D", "\\": "%5C", '"': "%22", "<": "%3C", ">": "%3E", "^": "%5E", "`": "%60"}
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
    return "".join(_TEX.get(character, character) for character in clean_line(text))


def web_address(url: str | None) -> str:
    """An address that is one, without what would end a field; else nothing."""
    if not url or not url.lower().startswith(("https://", "http://")) or url != clean_line(url) or " " in url:
        return ""
    return "".join(_IN_ADDRESS.get(character, character) for character in url)


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
        as_of = _("Newest source: {day}.", day=long_date(answer.as_of)) if answer.as_of else ""
        asked_on = _("Asked on {day} (UTC).", day=long_date(day))
        parts = (answer.composed, answer.software, as_of, asked_on, answer.checked.words, answer.missing)
        notes = [*filter(None, (*parts, *answer.notices)), _("Permanent address: {address}", address=address)]
        origin, title = _("Answer put together from an archive of articles"), answer.record.question
        yield _Entry("ELEC", f"answer-{answer.answer_id}", title, origin, day, address, notes)
    yield from _source_entries(answers)


def _source_entries(answers: Sequence[PermanentAnswer]) -> Iterator[_Entry]:
    """Each source that may be quoted, once, with the notes of all answers; as printed in the last that quotes it."""
    sources: dict[str, Source] = {}
    words: dict[str, str] = {}
    notes: defaultdict[str, list[str]] = defaultdict(list)
    for answer in answers:
        for today in answer.sources:
            if today.change.quotable:
                sources.setdefault(today.article_id, today.source)
                words.setdefault(today.article_id, today.words)
        for quote in dict.fromkeys(quotes_of(answer.reply) if answer.reply else ()):
            sources[quote.source.article_id] = quote.source
            quoted = _("Quoted as [{number}] in answer {id}", number=quote.number, id=answer.answer_id)
            notes[quote.source.article_id].append(f"{quoted}: “{quote.text}”")
    for name, source in sources.items():
        corrections = [correction_line(source.correction)] if source.correction else []
        beside = _("Beside the archive of today: {words}", words=words[name])
        kind = "GEN" if source.kind == "summary" else "NEWS"
        all_notes = [*notes[name], *corrections, beside]
        yield _Entry(
            kind, name, source.title, credit(source), source.published, source.url or "", all_notes, source.language
        )


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
