"""A table in CSV: a column for each fact, a row for each article.

Keywords have semicolons between them; what has parts (corrections, a withdrawal, people and the like, what the file
said beside) is JSON. A cell that a spreadsheet would take for a formula, or that begins with an apostrophe, has an
apostrophe before it: whoever reads the table takes one away, as the archive does. Else the words are as they were.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence

from qa.export.facts import KEYS, extra_of, facts_of
from qa.models.archive import Article

EXTRA = "x-archive-facts"
"""The column of what the article's file said beside; by it the archive knows a table of its own."""

FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")


def columns(*, staff: bool) -> tuple[str, ...]:
    """Names of the columns; notes to editors have one where the staff ask for it."""
    return (*(key for key in KEYS if staff or key != "editor_note"), EXTRA)


def row_of(article: Article, *, staff: bool = False) -> str:
    """One row of the table, with the line break behind it."""
    values = {**facts_of(article), EXTRA: extra_of(article) or None}
    return _row([_cell(values.get(key)) for key in columns(staff=staff)])


def csv_table(articles: Iterable[Article], *, staff: bool = False) -> Iterator[str]:
    """The file in pieces, the names of the columns first."""
    yield _row(columns(staff=staff))
    for article in articles:
        yield row_of(article, staff=staff)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, list) and all(isinstance(one, str) and _is_plain(one) for one in value):
        value = "; ".join(value)
    text = str(value) if isinstance(value, str | int) and value is not True else json.dumps(value, ensure_ascii=False)
    return f"'{text}" if text.startswith(FORMULA) else text


def _is_plain(word: str) -> bool:
    """Whether a word can be told from those beside it, and from JSON."""
    return not {",", ";"} & set(word) and not word.startswith(("[", "{", "true"))


def _row(cells: Sequence[str]) -> str:
    written = io.StringIO()
    csv.writer(written, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerow(cells)
    return written.getvalue()
