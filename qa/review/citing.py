"""The sources of answers as entries of a bibliography, in BibTeX and RIS, their quotes as notes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from qa.answering.glossing import correction_line
from qa.i18n.forms import long_date
from qa.i18n.locale import _
from qa.i18n.sources import credit
from qa.loaders.cleaning import clean_line
from qa.models.archive import Source
from qa.models.journal import quotes_of
from qa.models.replies import Citation
from qa.review.permanent import PermanentAnswer
from qa.review.sources_today import SourceToday

# A brace counts for BibTeX even after a backslash: only its name leaves the braces of a field in balance.
_TEX = {
    "\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}", "$": r"\$", "&": r"\&",
    "#": r"\#", "%": r"\%", "_": r"\_", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}",
}  # fmt: skip
_IN_ADDRESS = {"{": "%7B", "}": "%7D", "\\": "%5C", '"': "%22", "<": "%3C", ">": "%3E", "^": "%5E", "`": "%60"}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

LONGEST_KEY = 60


@dataclass
class _CitedSource:
    """A source with what is said of it, over all answers that are written."""

    today: SourceToday
    source: Source
    notes: list[str] = field(default_factory=list)


def bibtex(answers: Sequence[PermanentAnswer], base: str) -> str:
    """Entries for the sources that may be quoted and for the answers themselves, each with a key of its own."""
    keys = _Keys()
    entries = [_answer_entry(answer, base, keys) for answer in answers]
    entries += [_source_entry(cited, keys) for cited in _cited(answers)]
    return "\n\n".join(entries) + "\n"


def ris(answers: Sequence[PermanentAnswer], base: str) -> str:
    """Records for the answers and for the sources that may be quoted; lines end as RIS wants it, in CR and LF."""
    records = [list(_answer_record(answer, base)) for answer in answers]
    records += [list(_source_record(cited)) for cited in _cited(answers)]
    lines = [f"{tag}  - {line(text)}" for record in records for tag, text in record]
    return "\r\n".join(lines).replace("ER  - \r\n", "ER  - \r\n\r\n") + "\r\n"


def line(text: str) -> str:
    """Text on one line, whatever would break it."""
    return " ".join(clean_line(text).split())


def tex(text: str) -> str:
    """Text as TeX prints it: nothing in it is a command, and it leaves braces in balance."""
    return "".join(_TEX.get(character, character) for character in line(text))


def web_address(url: str | None) -> str:
    """An address that is one, without what would end a field; else nothing."""
    if not url or not url.lower().startswith(("https://", "http://")) or url != line(url) or " " in url:
        return ""
    return "".join(_IN_ADDRESS.get(character, character) for character in url)


class _Keys:
    """Keys that no two entries share: case apart, as BibTeX compares them."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def key(self, name: str) -> str:
        plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
        base = re.sub(r"[^A-Za-z0-9]+", "-", plain).strip("-")[:LONGEST_KEY] or "source"
        key, number = base, 1
        while key.lower() in self._taken:
            number += 1
            key = f"{base}-{number}"
        self._taken.add(key.lower())
        return key


def _cited(answers: Sequence[PermanentAnswer]) -> list[_CitedSource]:
    """Each source that may be quoted, once, with the notes of all answers."""
    entries: dict[str, _CitedSource] = {}
    for answer in answers:
        for today in answer.sources:
            if today.change.quotable:
                entries.setdefault(today.article_id, _CitedSource(today, today.source))
        for quote in dict.fromkeys(quotes_of(answer.reply) if answer.reply else ()):
            cited = entries[quote.source.article_id]
            cited.source = quote.source
            cited.notes.append(_note(quote, answer))
    for cited in entries.values():
        cited.notes += [correction_line(cited.source)] if cited.source.corrections else []
        cited.notes.append(_("Beside the archive of today: {words}", words=cited.today.words))
    return list(entries.values())


def _note(quote: Citation, answer: PermanentAnswer) -> str:
    quoted = _("Quoted as [{number}] in answer {id}", number=quote.number, id=answer.answer_id)
    return f"{quoted}: “{quote.text}”"


def _answer_notes(answer: PermanentAnswer, base: str) -> list[str]:
    as_of = _("As of {day}.", day=long_date(answer.as_of)) if answer.as_of else ""
    day = _("Asked on {day} (UTC).", day=long_date(answer.record.at.date()))
    notes = (answer.software, answer.composed, as_of, day, answer.checked.words, answer.missing, *answer.notices)
    return [*filter(None, notes), _("Permanent address: {address}", address=f"{base}/answer/{answer.answer_id}")]


def _answer_entry(answer: PermanentAnswer, base: str, keys: _Keys) -> str:
    at = answer.record.at
    fields = {
        "title": f"{{{tex(answer.record.question)}}}",
        "howpublished": tex(_("Answer put together from an archive of articles")),
        "year": str(at.year),
        "month": _MONTHS[at.month - 1],
        "url": web_address(f"{base}/answer/{answer.answer_id}"),
        "note": tex(" ".join(_answer_notes(answer, base))),
    }
    return _entry(keys.key(f"answer-{answer.answer_id}"), fields)


def _source_entry(cited: _CitedSource, keys: _Keys) -> str:
    source = cited.source
    published = source.published
    fields = {
        "title": f"{{{tex(source.title)}}}",
        "howpublished": tex(credit(source)),
        "year": str(published.year) if published else "",
        "month": _MONTHS[published.month - 1] if published else "",
        "url": web_address(source.url),
        "language": tex(source.language),
        "note": tex(" ".join(cited.notes)),
    }
    return _entry(keys.key(source.article_id), fields)


def _entry(key: str, fields: dict[str, str]) -> str:
    # A month is a word of BibTeX itself, and stands without braces.
    lines = [f"  {name} = {value if name == 'month' else f'{{{value}}}'}" for name, value in fields.items() if value]
    return "\n".join((f"@misc{{{key},", ",\n".join(lines), "}"))


def _answer_record(answer: PermanentAnswer, base: str) -> Iterator[tuple[str, str]]:
    at = answer.record.at
    yield "TY", "ELEC"
    yield "ID", f"answer-{answer.answer_id}"
    yield "TI", answer.record.question
    yield "PY", f"{at.year}"
    yield "DA", f"{at:%Y/%m/%d}"
    yield "UR", f"{base}/answer/{answer.answer_id}"
    yield from (("N1", note) for note in _answer_notes(answer, base))
    yield "ER", ""


def _source_record(cited: _CitedSource) -> Iterator[tuple[str, str]]:
    source = cited.source
    yield "TY", "GEN" if source.kind == "summary" else "NEWS"
    yield "ID", source.article_id
    yield "TI", source.title
    yield "T2", credit(source)
    if source.published:
        yield "PY", f"{source.published.year:04d}"
        yield "DA", f"{source.published:%Y/%m/%d}"
    if url := web_address(source.url):
        yield "UR", url
    yield "LA", source.language
    yield from (("N1", note) for note in cited.notes)
    yield "ER", ""
