"""Files of records: JSON, JSON Lines and tables (CSV). ninjs, JSON-LD of schema.org and JSON Feed are recognised."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import IO, NoReturn

from qa.errors import OutOfTime, ReadError
from qa.loaders.documents import BROKEN, broken
from qa.loaders.encoding import UTF16_MARKS, decode, encoding_of, refuse_binary
from qa.loaders.feed import is_json_feed, read_json_feed
from qa.loaders.fields import NAMES, is_address, iso, json_in, language_tag, numeric_day, printable, printable_key
from qa.loaders.json_ld import is_linked_data, read_json_ld
from qa.loaders.metadata import CODED, FACTS_FIELD, KNOWN, YES_OR_NO, RecordContext, under_own_names
from qa.loaders.ninjs import is_ninjs, read_ninjs
from qa.models.deliveries import Failure, Record
from qa.text.cleaning import folded, id_from

MAX_RECORD_BYTES = 10_000_000  # a long book has 3 MB; a longer line is a file whose line breaks were lost
MAX_CELL = 10_000_000  # characters; a longer one is a quote that is never closed
MAX_LINE = 20_000_000  # characters of one line of a table
MAX_COLUMNS = 1_000
FEWEST_OF_A_TEXT = 40  # words of a cell that is no title and no address
DELIMITERS = (",", ";", "\t", "|")
_SNIFFED_BYTES = 4_096
_SKIPPED_BYTES = 1_000_000  # held at once of a line that is too long
_ADVICE_FOR_LINES = "write each article as one whole JSON object on one line"
_DISTINCTIVE = frozenset(("title", "text"))
_OWN_KEYS = {folded(key): key for key in sorted(KNOWN)}
_KEYS = {folded(name): key for key, names in NAMES["table"].items() for name in names} | _OWN_KEYS
_EXPORTED_AS_JSON = frozenset((*CODED, "corrections", "withdrawn", "keywords", FACTS_FIELD))
csv.field_size_limit(MAX_CELL)  # the library's own limit, 131,072 characters, is shorter than a long article


def read_json(context: RecordContext) -> Iterator[Record]:
    """JSON: one article as an object, or a list of them; ninjs 1.x to 3.x and JSON-LD of schema.org are recognised."""
    text, notices = context.document.text()
    value = _parsed(text.lstrip("\ufeff"), expected="JSON", advice="correct it there, or deliver it again")
    context = replace(context, notices=notices)
    if isinstance(value, list) and value and all(map(is_linked_data, value)):
        value = {"@graph": value}  # they refer to each other
    if not isinstance(value, list):
        yield from _outcomes(_read_record(value, context), context)
        return
    if not value:
        raise ReadError("a list of articles was expected, found an empty one; deliver it again")
    for number, record in enumerate(value, start=1):
        original = context.document.original(record, number)
        record_context = context.numbered(number, original=original, notices=notices if number == 1 else ())
        yield from _outcomes(_read_record(record, record_context), record_context)


def read_json_lines(context: RecordContext) -> Iterator[Record]:
    """JSON Lines: one article a line. Read as a stream, so that a file may be larger than the memory."""
    number = 0
    empty = True
    with context.document.open() as stream:
        try:
            for number, line in enumerate(_lines_of(stream), start=1):
                if line is None or line.strip():
                    empty = False
                    line_context = context.numbered(number, line=number)
                    yield from _outcomes(_read_line(line, line_context), line_context)
        except BROKEN as error:
            yield context.failure(broken(error), line=number + 1)
            return
    if empty:
        raise ReadError("articles, one a line, were expected, found an empty file; deliver it again")


def _lines_of(stream: IO[bytes]) -> Iterator[bytes | None]:
    """The lines; None for one that is too long. Raises ReadError where the whole file is something else."""
    is_first = True
    while line := stream.readline(MAX_RECORD_BYTES + 1):
        if is_first and line.startswith(UTF16_MARKS):
            raise ReadError("JSON Lines in UTF-8 was expected, found UTF-16; save the file as UTF-8")
        if is_first:
            refuse_binary(line[:_SNIFFED_BYTES], zeros_allowed=True)
        is_first = False
        is_whole = len(line) <= MAX_RECORD_BYTES or line.endswith(b"\n")
        yield line if is_whole else None
        while not is_whole and (rest := stream.readline(_SKIPPED_BYTES)):
            is_whole = rest.endswith(b"\n")


def _outcomes(records: Iterator[Record], context: RecordContext) -> Iterator[Record]:
    """What reading one object, line or row yields, or the failure that it ends in."""
    try:
        yield from records
    except ReadError as error:
        yield context.failure(error)
    except OutOfTime as error:
        yield Failure(context.document.place, context.line, error.reason)


def _read_line(line: bytes | None, context: RecordContext) -> Iterator[Record]:
    """The articles of a line, None for one that is too long. Raises ReadError."""
    if line is None:
        actual = f"found a longer one; {_ADVICE_FOR_LINES}"
        raise ReadError(f"a line of at most {MAX_RECORD_BYTES // 1_000_000} MB was expected, {actual}")
    text, notices = decode(line, line=context.line)
    record = _parsed(text, expected="a JSON object", advice=_ADVICE_FOR_LINES)
    original = context.document.original(line.strip())
    yield from _read_record(record, replace(context, original=original, notices=notices))


def _parsed(text: str, *, expected: str, advice: str) -> object:
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        if error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated"):
            actual = f"found one that breaks off after {len(text.rstrip()):,} characters"
        else:
            actual = f"found an error at character {error.pos + 1:,} ({error.msg})"
        raise ReadError(f"{expected} was expected, {actual}; {advice}") from None
    except RecursionError:
        raise ReadError(f"{expected} was expected, found one nested too deeply; {advice}") from None
    except ValueError:  # Python reads no whole number of more than 4,300 digits
        raise ReadError("numbers of a usual length were expected, found a longer one; write it as text") from None


def _refuse_constant(name: str) -> NoReturn:
    raise ReadError(f"numbers that JSON has were expected, found {name}; write null")


def _read_record(record: object, context: RecordContext) -> Iterator[Record]:
    """The articles that one object holds. Raises ReadError."""
    if not isinstance(record, dict):
        kind = "a list" if isinstance(record, list) else "a single value"
        raise ReadError(f"a JSON object was expected, found {kind}; {_ADVICE_FOR_LINES}")
    if is_ninjs(record):
        yield from read_ninjs(record, context)
    elif is_json_feed(record):
        yield from read_json_feed(record, context)
    elif is_linked_data(record):
        yield from read_json_ld(record, context)
    else:
        yield context.article(under_own_names(record))


def read_csv(context: RecordContext) -> Iterator[Record]:
    """CSV: a table of articles with a header, one article a row, cells parted by comma, semicolon, tab or bar."""
    document = context.document
    with document.open() as stream:
        encoding, notices = encoding_of(stream)
    context = replace(context, notices=notices)
    with io.TextIOWrapper(document.open(), encoding, errors="surrogateescape", newline="") as text:
        lines = _table_lines(text)
        blank, start = next(((n, line) for n, line in enumerate(lines) if line.strip("\ufeff\r\n ")), (0, ""))
        rows = _rows(chain([start.lstrip("\ufeff")], lines), _delimiter(start), after=blank)
        line, names = next(rows, (1, []))
        if isinstance(names, ReadError) or not any(names):
            raise ReadError("a header with the columns' names was expected, found an empty file")
        if len(names) > MAX_COLUMNS:
            actual = f"found {len(names):,}; name its columns in the first line"
            raise ReadError(f"at most {MAX_COLUMNS:,} columns were expected, {actual}", line=1)
        keys = _keys_of([name.strip() for name in names], document.columns, line=line)
        empty = True
        for line, cells in rows:
            if empty:
                _refuse_unread_text(cells, keys, line)
            empty = False
            row_context = context.numbered(line, line=line)
            yield from _outcomes(_read_row(cells, keys, row_context), row_context)
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


def _table_lines(stream: IO[str]) -> Iterator[str]:
    while line := stream.readline(MAX_LINE):
        if len(line) == MAX_LINE and not line.endswith(("\n", "\r")):
            reason = f"lines of at most {MAX_LINE // 1_000_000} million characters were expected, found a longer one"
            raise ReadError(f"{reason}; save the table again")
        yield line


def _delimiter(header: str) -> str:
    """The sign outside quotes that parts most names; known ones count first."""
    bare = re.sub(r'"[^"]*"', "", header)
    known = {sign: sum(folded(name) in _KEYS for name in _cells(header, sign)) for sign in DELIMITERS if sign in bare}
    return max(DELIMITERS, key=lambda sign: (known.get(sign, 0), bare.count(sign)))


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return [cell.strip() for cell in next(csv.reader(line.splitlines(keepends=True), delimiter=delimiter), [])]
    except csv.Error:
        return []


def _rows(lines: Iterator[str], delimiter: str, *, after: int) -> Iterator[tuple[int, list[str] | ReadError]]:
    """The cells of each row that isn't empty, or what is wrong with it, with the line that it begins in."""
    # Strict: where quotes do not match, a lenient reader drops some of them from what is quoted as verbatim.
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        line = after + reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            reason = f"a row whose quotes match was expected, found an error ({error})"
            yield line, ReadError(f"{reason}; close each quote, and double those within")
        else:
            if any(map(str.strip, cells)):
                yield line, cells


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


def _refuse_unread_text(cells: list[str] | ReadError, keys: Sequence[str], line: int) -> None:
    """Raises ReadError where a table has no known column for the text, but another that holds one."""
    if isinstance(cells, ReadError) or "text" in keys:
        return
    unread = [(len(cell.split()), key) for cell, key in zip(cells, keys, strict=False) if key and key not in KNOWN]
    length, key = max(unread, default=(0, ""))
    if length >= FEWEST_OF_A_TEXT:
        advice = f"if that is it, say so: --column text={key}"
        actual = f"found none, but {printable(key)} with {length:,} words"
        raise ReadError(f"a column for the text was expected, {actual}; {advice}", line=line)


def _read_row(cells: list[str] | ReadError, keys: list[str], context: RecordContext) -> Iterator[Record]:
    """The articles of a row. Raises ReadError where it doesn't fit the header."""
    if isinstance(cells, ReadError):
        raise cells
    original = context.document.original("\x1f".join(cells).encode("utf-8", "surrogatepass"))
    if len(cells) > len(keys) and not any(map(str.strip, cells[len(keys) :])):
        cells = cells[: len(keys)]
    if len(cells) != len(keys):
        advice = "put quotes around cells that hold the delimiter or a line break"
        raise ReadError(f"{len(keys)} cells as in the header were expected, found {len(cells)}; {advice}")
    if any("\udc80" <= char <= "\udcff" for cell in cells if not cell.isascii() for char in cell):
        raise ReadError("text in one encoding was expected, found bytes of another; save the table as UTF-8")
    row = {key: cell for key, cell in zip(keys, cells, strict=True) if key}
    notices: list[str] = []
    if FACTS_FIELD in row:  # the column that nobody else's table has
        values = _exported(row)
    else:
        stated = context.defaults.get("language")
        language = language_tag(row.get("language")) or language_tag(stated.value if stated else None)
        # In English alone 04/09/2019 may be in April.
        values, notices = _with_parsed(row, day_first=not (language or "en").startswith("en"))
    yield from _read_record(values, replace(context, original=original, notices=(*context.notices, *notices)))


def _exported(row: Mapping[str, str]) -> dict[str, object]:
    """A row of the archive's own export, each value as what it was when it was written."""
    values: dict[str, object] = {}
    for key, cell in row.items():
        # Without the apostrophe that keeps a spreadsheet from taking the cell for a formula.
        values[key] = text = cell.removeprefix("'")
        if key in _EXPORTED_AS_JSON and text.startswith(("[", "{", "true")):
            values[key] = text if (value := json_in(text)) is None else value
    extra = values.pop(FACTS_FIELD, None)
    filled = {key: value for key, value in values.items() if value != ""}
    return extra | filled if isinstance(extra, dict) else filled


def _with_parsed(row: Mapping[str, str], *, day_first: bool) -> tuple[dict[str, object], list[str]]:
    """The row with its dates, codes and lists parsed, and notices; what can't be is kept under another name."""
    values: dict[str, object] = {}
    notices = []
    for key, cell in row.items():
        text = cell.strip()
        value: object | None = cell
        if text and key in ("published", "revised"):
            value = iso(text) or numeric_day(text, day_first=day_first)
        elif text and key in _PARSERS:
            value = _PARSERS[key](text)
        if value is None:
            values[f"{key} (column)"] = text
            notices.append(f"{key}: {printable(text)} can't be read; it counts for nothing")
        else:
            values[key] = value
    return values, notices


# How the text of a cell that is no date is read, by its key; None where it can't be.
_PARSERS: Mapping[str, Callable[[str], object | None]] = {
    "id": id_from,
    "language": lambda text: language_tag(text) or None,
    "url": lambda text: text if is_address(text) else None,
    "withdrawn": lambda text: YES_OR_NO.get(text.lower(), text),  # a yes or a no, or the reason
    **dict.fromkeys(CODED, lambda text: [part.strip() for part in re.split("[;|]", text) if part.strip()]),
}
