"""CSV: a table of articles with a header, one article a row, cells parted by comma, semicolon, tab or bar.

Read as a stream, so that a file may be larger than the memory. A row that can't be read fails alone, with its line.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import IO

from qa.errors import ReadError
from qa.loaders.csv_cells import with_values_read
from qa.loaders.csv_columns import header_of, keys_of
from qa.loaders.documents import Document
from qa.loaders.encoding import encoding_of
from qa.loaders.json_records import read_record
from qa.loaders.metadata import Facts, slug
from qa.loaders.own_table import is_own, own_values
from qa.models.deliveries import Delivery, Failure, Original, Record

MAX_CELL = 10_000_000  # characters; a longer one is a quote that is never closed
MAX_LINE = 20_000_000  # characters of one line

csv.field_size_limit(MAX_CELL)  # the library's own limit, 131,072 characters, is shorter than a long article


def read_csv(document: Document, *, beneath: Facts, columns: Mapping[str, str] | None = None) -> Iterator[Record]:
    """The articles of one table in its order. Raises ReadError where the header can't be used, and OSError.

    `columns`, or else `document.columns`, names the table's columns outright: the archive's key → the column's name.
    Those not named are told by what they are called. Other columns go into the article's `extra`.
    """
    with document.open() as stream:
        encoding, notices = encoding_of(stream, path=document.place)
    with document.open() as stream:
        text = io.TextIOWrapper(stream, encoding, errors="surrogateescape", newline="")
        lines = _lines(text, path=document.place)
        header = header_of(lines, path=document.place)
        keys = keys_of(header.names, columns or document.columns, path=document.place, line=header.line)
        found = False
        for line, cells in _rows(lines, header.delimiter, after=header.line):
            found = True
            yield from _records(cells, keys, document=document, line=line, beneath=beneath, notices=notices)
        if not found:
            reason = "articles below the header were expected, found none; deliver the whole table"
            raise ReadError(reason, path=document.place, line=header.line)


def _lines(stream: IO[str], *, path: str) -> Iterator[str]:
    """Raises ReadError for a line that is no line of a table."""
    while line := stream.readline(MAX_LINE):
        if len(line) == MAX_LINE and not line.endswith(("\n", "\r")):
            reason = f"lines of at most {MAX_LINE // 1_000_000} million characters were expected, found a longer one"
            raise ReadError(f"{reason}; save the table again", path=path)
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


def _records(
    cells: list[str] | csv.Error,
    keys: list[str],
    *,
    document: Document,
    line: int,
    beneath: Facts,
    notices: tuple[str, ...],
) -> Iterator[Record]:
    path = document.place
    try:
        stated = beneath.get("language")
        values, odd = _values(cells, keys, language=stated.value if stated else None)
    except ReadError as error:
        yield Failure(path, line, error.reason)
        return
    data = "\x1f".join(cells).encode("utf-8", "surrogatepass") if isinstance(cells, list) else b""
    original = Original(hashlib.sha256(data).hexdigest(), document.inside)
    derived = f"{slug(document.stem)}-{line}"
    notices = (*notices, *odd)
    for read in read_record(values, path=path, line=line, derived_id=derived, beneath=beneath, notices=notices):
        yield replace(read, original=original) if isinstance(read, Delivery) else read


def _values(
    cells: list[str] | csv.Error, keys: list[str], *, language: object
) -> tuple[dict[str, object], tuple[str, ...]]:
    """The row by its keys, and what was noticed. Raises ReadError where it doesn't fit the header."""
    if isinstance(cells, csv.Error):
        reason = f"a row whose quotes match was expected, found an error ({cells})"
        raise ReadError(f"{reason}; close each quote, and double those within")
    if len(cells) > len(keys) and not any(cell.strip() for cell in cells[len(keys) :]):
        cells = cells[: len(keys)]
    if len(cells) != len(keys):
        advice = "put quotes around cells that hold the delimiter or a line break"
        raise ReadError(f"{len(keys)} cells as in the header were expected, found {len(cells)}; {advice}")
    if any("\udc80" <= char <= "\udcff" for cell in cells if not cell.isascii() for char in cell):
        raise ReadError("text in one encoding was expected, found bytes of another; save the table as UTF-8")
    values: dict[str, object] = {key: cell for key, cell in zip(keys, cells, strict=True) if key}
    return (own_values(values), ()) if is_own(values) else with_values_read(values, language=language)
