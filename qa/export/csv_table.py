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


def csv_table(articles: Iterable[Article], *, staff: bool = False) -> Iterator[str]:
    """The file in rows, each with the line break behind it, the names of the columns first."""
    names = columns(staff=staff)
    yield _row(names)
    for article in articles:
        values = {**facts_of(article), EXTRA: extra_of(article) or None}
        yield _row([_cell(values.get(name)) for name in names])


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, list) and all(isinstance(word, str) and _is_plain(word) for word in value):
        value = "; ".join(value)
    text = str(value) if isinstance(value, str | int) and value is not True else json.dumps(value, ensure_ascii=False)
    return f"'{text}" if text.startswith(FORMULA) else text


def _is_plain(word: str) -> bool:
    """True where a word can be told from those beside it, and from JSON."""
    return not {",", ";"} & set(word) and not word.startswith(("[", "{", "true"))


def _row(cells: Sequence[str]) -> str:
    file = io.StringIO()
    csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerow(cells)
    return file.getvalue()
