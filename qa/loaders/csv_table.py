"""CSV: a table of articles with a header; a row that can't be read fails alone, with its line."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import IO

from qa.errors import ReadError
from qa.loaders.documents import Document
from qa.loaders.encoding import encoding_of
from qa.loaders.fields import id_from, is_address, iso, language_tag, numeric_day, printable, printable_key
from qa.loaders.json_file import read_record
from qa.loaders.metadata import CODED, FACTS_FIELD, KNOWN, Facts, RecordContext
from qa.loaders.names import NAMES
from qa.models.deliveries import Record
from qa.text.cleaning import folded

MAX_CELL = 10_000_000  # characters; a longer one is a quote that is never closed
MAX_LINE = 20_000_000  # characters of one line
MAX_COLUMNS = 1_000
DELIMITERS = (",", ";", "\t", "|")

_DISTINCTIVE = frozenset(("title", "text"))
_YES_OR_NO = {
    **dict.fromkeys(("true", "yes", "1", "y", "sí", "si", "x"), True),
    **dict.fromkeys(("false", "no", "0", "n"), False),
}
_OWN_KEYS = {folded(key): key for key in sorted(KNOWN)}
_KEYS = {folded(name): key for key, names in NAMES["table"].items() for name in names} | _OWN_KEYS
_EXPORTED_AS_JSON = frozenset((*CODED, "corrections", "withdrawn", "keywords", FACTS_FIELD))

csv.field_size_limit(MAX_CELL)  # the library's own limit, 131,072 characters, is shorter than a long article


def read_csv(document: Document, *, defaults: Facts) -> Iterator[Record]:
    """CSV: a table of articles with a header, one article a row, cells parted by comma, semicolon, tab or bar.

    `document.columns` has the names of columns by the archive's keys; others are told by what they are called.
    """
    with document.open() as stream:
        encoding, notices = encoding_of(stream)
    context = RecordContext(document, defaults, notices=notices)
    with io.TextIOWrapper(document.open(), encoding, errors="surrogateescape", newline="") as text:
        lines = _lines(text)
        blank, start = next(((n, line) for n, line in enumerate(lines) if line.strip("\ufeff\r\n ")), (0, ""))
        rows = _rows(chain([start.lstrip("\ufeff")], lines), _delimiter(start), after=blank)
        line, names = next(rows, (1, []))
        if isinstance(names, csv.Error) or not any(names):
            raise ReadError("a header with the columns' names was expected, found an empty file")
        if len(names) > MAX_COLUMNS:
            actual = f"found {len(names):,}; name its columns in the first line"
            raise ReadError(f"at most {MAX_COLUMNS:,} columns were expected, {actual}", line=1)
        keys = _keys_of([name.strip() for name in names], document.columns, line=line)
        empty = True
        for line, cells in rows:
            empty = False
            yield from _records(cells, keys, context.numbered(line, line=line))
        if empty:
            raise ReadError("articles below the header were expected, found none; deliver the whole table", line=line)


def is_table(start: str) -> bool:
    """True if a text that starts so is a table of articles, by columns that tell it."""
    first = start.partition("\n")[0].rstrip("\r")
    if not any(sign in first for sign in DELIMITERS) or len(first) > 10_000:
        return False
    names = _cells(first, _delimiter(first))
    known = {key for name in names if (key := _KEYS.get(folded(name)))}
    # Every cell as short as a name: "Date, source and title of the text are missing." is a sentence.
    return len(known) >= 2 and bool(known & _DISTINCTIVE) and all(len(name) <= 40 for name in names)


def _lines(stream: IO[str]) -> Iterator[str]:
    """Raises ReadError for a line that is no line of a table."""
    while line := stream.readline(MAX_LINE):
        if len(line) == MAX_LINE and not line.endswith(("\n", "\r")):
            reason = f"lines of at most {MAX_LINE // 1_000_000} million characters were expected, found a longer one"
            raise ReadError(f"{reason}; save the table again")
        yield line


def _rows(lines: Iterator[str], delimiter: str, *, after: int) -> Iterator[tuple[int, list[str] | csv.Error]]:
    """The cells of each row that isn't empty, with the line that it begins in."""
    # Strict: where quotes do not match, a lenient reader drops some of them from what is quoted as verbatim.
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        line = after + reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield line, error
            continue
        if any(cell.strip() for cell in cells):
            yield line, cells


def _records(cells: list[str] | csv.Error, keys: list[str], context: RecordContext) -> Iterator[Record]:
    try:
        if isinstance(cells, csv.Error):
            reason = f"a row whose quotes match was expected, found an error ({cells})"
            raise ReadError(f"{reason}; close each quote, and double those within")
        row = _row(cells, keys)
    except ReadError as error:
        yield context.failure(error)
        return
    notices: list[str] = []
    if FACTS_FIELD in row:  # the column that nobody else's table has
        values = _exported(row)
    else:
        stated = context.defaults.get("language")
        values, notices = _parsed(row, language=language_tag(row.get("language")) or (stated.value if stated else None))
    original = context.document.original("\x1f".join(cells).encode("utf-8", "surrogatepass"))
    yield from read_record(values, replace(context, original=original, notices=(*context.notices, *notices)))


def _row(cells: list[str], keys: list[str]) -> dict[str, str]:
    """The row by its keys. Raises ReadError where it doesn't fit the header."""
    if len(cells) > len(keys) and not any(cell.strip() for cell in cells[len(keys) :]):
        cells = cells[: len(keys)]
    if len(cells) != len(keys):
        advice = "put quotes around cells that hold the delimiter or a line break"
        raise ReadError(f"{len(keys)} cells as in the header were expected, found {len(cells)}; {advice}")
    if any("\udc80" <= char <= "\udcff" for cell in cells if not cell.isascii() for char in cell):
        raise ReadError("text in one encoding was expected, found bytes of another; save the table as UTF-8")
    return {key: cell for key, cell in zip(keys, cells, strict=True) if key}


def _keys_of(names: Sequence[str], columns: Mapping[str, str], *, line: int) -> list[str]:
    """The key of each column, its own name where none is known. Raises ReadError where a needed one is missing."""
    keys = [""] * len(names)
    listed = ", ".join(printable_key(name) for name in names[:20])
    for key, column in columns.items():
        place = next((n for n, name in enumerate(names) if name == column or folded(name) == folded(column)), None)
        if place is None:
            raise ReadError(f"a column {printable(column)} for {key} was expected, found {listed}", line=line)
        keys[place] = key
    # The archive's own names come first, then the others.
    for table in (_OWN_KEYS, _KEYS):
        for place, name in enumerate(names):
            key = table.get(folded(name), "")
            if key and key not in keys and not keys[place]:
                keys[place] = key
    # A column that is nothing known keeps its name, and a name that stands twice gets a number.
    for place, name in enumerate(names):
        if name and not keys[place]:
            plain = " ".join(name.split())[:100]
            key = plain if plain not in KNOWN and plain not in _KEYS else f"{plain} (column)"
            numbered = (f"{key} ({number})" for number in range(2, len(names) + 2))
            keys[place] = key if key not in keys else next(other for other in numbered if other not in keys)
    if not _DISTINCTIVE.intersection(keys):
        advice = "name a column title and one text, or say which they are"
        raise ReadError(f"a column for the title or the text was expected, found {listed}; {advice}", line=1)
    return keys


def _delimiter(header: str) -> str:
    """The sign outside quotes that parts most names; known ones count first."""
    bare = re.sub(r'"[^"]*"', "", header)

    def rank(sign: str) -> tuple[int, int]:
        known = sum(folded(name) in _KEYS for name in _cells(header, sign))
        return known if bare.count(sign) else 0, bare.count(sign)

    return max(DELIMITERS, key=rank)


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return [cell.strip() for cell in next(csv.reader(line.splitlines(keepends=True), delimiter=delimiter), [])]
    except csv.Error:
        return []


def _exported(row: Mapping[str, str]) -> dict[str, object]:
    """A row of the archive's own export, each value as what it was when it was written."""
    values: dict[str, object] = {}
    for key, cell in row.items():
        # Without the apostrophe that keeps a spreadsheet from taking the cell for a formula.
        values[key] = text = cell.removeprefix("'")
        if key in _EXPORTED_AS_JSON and text.startswith(("[", "{", "true")):
            try:
                values[key] = json.loads(text)
            except (ValueError, RecursionError):
                continue
    extra = values.pop(FACTS_FIELD, None)
    filled = {key: value for key, value in values.items() if value != ""}
    return extra | filled if isinstance(extra, dict) else filled


def _parsed(row: Mapping[str, str], *, language: object) -> tuple[dict[str, object], list[str]]:
    """The row with its dates, codes and lists parsed, and notices; what can't be is kept under another name.

    In English alone 04/09/2019 may be in April; `language` is the row's or what is stated of the table's.
    """
    values: dict[str, object] = {}
    notices = []
    day_first = not (language_tag(language) or "en").startswith("en")
    for key, cell in row.items():
        parse = _PARSERS.get(key) if cell.strip() else None
        value = parse(cell.strip(), day_first) if parse else cell
        if value is None:
            values[f"{key} (column)"] = cell.strip()
            notices.append(f"{key}: {printable(cell.strip())} can't be read; it counts for nothing")
        else:
            values[key] = value
    return values, notices


_PARSERS: Mapping[str, Callable[[str, bool], object | None]] = {
    "id": lambda text, day_first: id_from(text),
    **dict.fromkeys(
        ("published", "revised"), lambda text, day_first: iso(text) or numeric_day(text, day_first=day_first)
    ),
    "language": lambda text, day_first: language_tag(text) or None,
    "url": lambda text, day_first: text if is_address(text) else None,
    # A yes or a no, or the reason.
    "withdrawn": lambda text, day_first: _YES_OR_NO.get(text.lower(), text),
    "redistribution": lambda text, day_first: _YES_OR_NO.get(text.lower()),
    **dict.fromkeys(CODED, lambda text, day_first: [part.strip() for part in re.split("[;|]", text) if part.strip()]),
}
"""How the text of a cell is read, by its key and whether dates have the day first; None where it can't be."""
