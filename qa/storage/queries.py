"""Pieces of the catalogue's SQL that several queries share."""

from __future__ import annotations

from collections.abc import Sequence

from qa.ports import Dates
from qa.storage.rows import SOURCE_COLUMNS

LIVE_NUMBERS = "SELECT p.number FROM passages p JOIN articles a ON a.number = p.article WHERE a.state = 'live'"
PASSAGE_COLUMNS = (
    f"p.number, p.start, p.\"end\", p.sentences, coalesce(x.text, '') AS text, a.{SOURCE_COLUMNS.replace(', ', ', a.')}"
)


def within(between: Dates) -> tuple[str, list[object]]:
    """A condition on the publication date, and its values."""
    conditions, values = "", []
    if between.first:
        conditions += " AND a.published >= ?"
        values.append(between.first.isoformat())
    if between.last:
        conditions += " AND a.published <= ?"
        values.append(between.last.isoformat())
    return conditions, list(values)


def match(terms: Sequence[str]) -> str:
    """An FTS5 query for any of the terms; quoted, so that none is read as an operator."""
    return " OR ".join('"' + term.replace('"', "") + '"' for term in terms)
