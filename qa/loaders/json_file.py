"""JSON and JSON Lines: articles as objects; ninjs, JSON-LD of schema.org and JSON Feed 1.0 and 1.1 are recognised."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import IO, NoReturn

from qa.errors import OutOfTime, ReadError
from qa.loaders.documents import BROKEN, Document, broken
from qa.loaders.encoding import UTF16_MARKS, decode, refuse_binary
from qa.loaders.feed import is_json_feed, read_json_feed
from qa.loaders.json_ld import is_linked_data, read_json_ld
from qa.loaders.metadata import Facts, RecordContext
from qa.loaders.ninjs import is_ninjs, read_ninjs
from qa.models.deliveries import Failure, Record

MAX_RECORD_BYTES = 10_000_000  # a long book has 3 MB; a longer line is a file whose line breaks were lost
_SNIFFED_BYTES = 4_096
_SKIPPED_BYTES = 1_000_000  # held at once of a line that is too long
_ADVICE_FOR_LINES = "write each article as one whole JSON object on one line"


def read_json(document: Document, *, defaults: Facts) -> Iterator[Record]:
    """JSON: one article as an object, or a list of them; ninjs 1.x to 3.x and JSON-LD of schema.org are recognised."""
    decoded = document.text()
    value = _parsed(decoded.text.lstrip("\ufeff"), expected="JSON", advice="correct it there, or deliver it again")
    context = RecordContext(document, defaults, notices=decoded.notices)
    if isinstance(value, list) and value and all(map(is_linked_data, value)):
        value = {"@graph": value}  # they refer to each other
    if not isinstance(value, list):
        yield from read_record(value, context)
        return
    if not value:
        raise ReadError("a list of articles was expected, found an empty one; deliver it again")
    for number, record in enumerate(value, start=1):
        original = document.original(record, number)
        yield from read_record(record, replace(context.numbered(number, original=original), notices=()))


def read_json_lines(document: Document, *, defaults: Facts) -> Iterator[Record]:
    """JSON Lines: one article a line. Read as a stream, so that a file may be larger than the memory."""
    context = RecordContext(document, defaults)
    number = 0
    empty = True
    with document.open() as stream:
        try:
            for number, line in enumerate(_lines(stream), start=1):
                if line is None or line.strip():
                    empty = False
                    yield from _records_of_line(line, context, number)
            if empty:
                raise ReadError("articles, one a line, were expected, found an empty file; deliver it again")
        except ReadError as error:
            yield context.failure(error)
        except BROKEN as error:
            yield context.failure(broken(error), line=number + 1)


def read_record(record: object, context: RecordContext) -> Iterator[Record]:
    """The articles that one object holds; a Failure where it can't be read."""
    try:
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
            yield context.article(record)
    except ReadError as error:
        yield context.failure(error)
    except OutOfTime as error:
        yield Failure(context.document.place, context.line, error.reason)


def _lines(stream: IO[bytes]) -> Iterator[bytes | None]:
    """The lines; None for one that is too long. Raises ReadError where the whole file is something else."""
    is_first = True
    while line := stream.readline(MAX_RECORD_BYTES + 1):
        if is_first and line.startswith(UTF16_MARKS):
            raise ReadError("JSON Lines in UTF-8 was expected, found UTF-16; save the file as UTF-8")
        if is_first:
            refuse_binary(line[:_SNIFFED_BYTES], zeros_allowed=True)
        is_first = False
        if len(line) <= MAX_RECORD_BYTES or line.endswith(b"\n"):
            yield line
            continue
        while (rest := stream.readline(_SKIPPED_BYTES)) and not rest.endswith(b"\n"):
            pass
        yield None


def _records_of_line(line: bytes | None, context: RecordContext, number: int) -> Iterator[Record]:
    try:
        if line is None:
            actual = f"found a longer one; {_ADVICE_FOR_LINES}"
            raise ReadError(f"a line of at most {MAX_RECORD_BYTES // 1_000_000} MB was expected, {actual}")
        decoded = decode(line, line=number)
        record = _parsed(decoded.text, expected="a JSON object", advice=_ADVICE_FOR_LINES)
    except ReadError as error:
        yield context.failure(error, line=number)
        return
    context = context.numbered(number, line=number, original=context.document.original(line.strip()))
    yield from read_record(record, replace(context, notices=decoded.notices))


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
