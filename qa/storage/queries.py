"""Pieces of the catalogue's SQL that several queries share."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from qa.ports import Dates
from qa.storage.rows import SOURCE_COLUMNS

LIVE_NUMBERS = "SELECT p.number FROM passages p JOIN articles a ON a.number = p.article WHERE a.state = 'live'"
PASSAGE_COLUMNS = (
    f"p.number, p.start, p.\"end\", p.sentences, coalesce(x.text, '') AS text, a.{SOURCE_COLUMNS.replace(', ', ', a.')}"
)


# What readers may see, apart from what a list is narrowed down by.
LISTED = f"SELECT {SOURCE_COLUMNS}, event_date FROM articles a WHERE a.state = 'live' AND a.status = 'live'"
ORIGINS = "SELECT DISTINCT outlet, language FROM articles WHERE state = 'live' AND status = 'live'"

# The stroke keeps the end of one name from making a word with the start of the next.
_NAMES = "folded(a.outlet || ' | ' || coalesce(a.summarises, ''))"


def folded(text: str) -> str:
    """Text without case and accents; the catalogue's connections know it as a function of SQL."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(ch for ch in plain if not unicodedata.combining(ch))


def within(between: Dates) -> tuple[str, list[object]]:
    """A condition on publication date, outlet and language, and its values."""
    conditions, values = "", []
    if between.first:
        conditions += " AND a.published >= ?"
        values.append(between.first.isoformat())
    if between.last:
        conditions += " AND a.published <= ?"
        values.append(between.last.isoformat())
    if between.outlet:
        conditions += f" AND instr({_NAMES}, ?) > 0"
        values.append(folded(between.outlet))
    if between.language:
        conditions += " AND instr(lower(a.language) || '-', ?) = 1"
        values.append(f"{between.language.lower()}-")
    return conditions, list(values)


def match(terms: Sequence[str]) -> str:
    """An FTS5 query for any of the terms; quoted, so that none is read as an operator."""
    return " OR ".join('"' + term.replace('"', "") + '"' for term in terms)
