"""JSON Lines: one article a line. Read as a stream, so that a file may be larger than the memory.

A line that cannot be read fails alone, with its number; the others are read.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import zlib
from collections.abc import Iterator
from dataclasses import replace
from typing import IO

from qa.errors import ReadError
from qa.loaders.documents import Document
from qa.loaders.encoding import UTF16_MARKS, decode, refuse_binary
from qa.loaders.json_records import ADVICE, parsed, read_record
from qa.loaders.metadata import ALIASES, Facts, slug
from qa.models.deliveries import Delivery, Failure, Original, Record

MAX_RECORD_BYTES = 10_000_000  # a long book has 3 MB; a longer line is a file whose line breaks were lost
SNIFFED_BYTES = 4_096
_SKIPPED_BYTES = 1_000_000  # held at once of a line that is too long


def read_json_lines(document: Document, *, beneath: Facts) -> Iterator[Record]:
    """The articles of one file in its order. Raises OSError if it cannot be opened.

    `beneath` is what sidecar and command line state of all of them.
    """
    place = document.place
    number = 0
    found = False
    with document.open() as stream:
        try:
            for number, line in _lines(stream, path=place):
                if line is not None and not line.strip():
                    continue
                found = True
                yield from _records(line, document=document, number=number, beneath=beneath)
        except ReadError as error:
            yield Failure(error.path, error.line, error.reason)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            reason = f"a whole gzip file was expected, found that it breaks here ({error}); deliver it again"
            yield Failure(place, number + 1, reason)
        else:
            if not found:
                reason = "articles, one a line, were expected, found an empty file; deliver it again"
                yield Failure(place, None, reason)


def holds_questions(start: bytes) -> bool:
    """Whether the first record of a file that starts so asks something and is no article."""
    line = next((line for line in start.split(b"\n") if line.strip()), b"")
    try:
        record = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return False
    names = {ALIASES.get(name, name) for name in record} if isinstance(record, dict) else set()
    return "question" in names and not names & {"title", "text"}


def _lines(stream: IO[bytes], *, path: str) -> Iterator[tuple[int, bytes | None]]:
    """Lines with their numbers from 1; None for one that is too long.

    Raises ReadError where the whole file is something else.
    """
    number = 0
    while line := stream.readline(MAX_RECORD_BYTES + 1):
        number += 1
        if number == 1:
            _refuse_other_formats(line[:SNIFFED_BYTES], path=path)
        if len(line) <= MAX_RECORD_BYTES or line.endswith(b"\n"):
            yield number, line
            continue
        while (rest := stream.readline(_SKIPPED_BYTES)) and not rest.endswith(b"\n"):
            pass
        yield number, None


def _refuse_other_formats(start: bytes, *, path: str) -> None:
    if start.startswith(UTF16_MARKS):
        raise ReadError("JSON Lines in UTF-8 was expected, found UTF-16; save the file as UTF-8", path=path)
    refuse_binary(start, path=path, zeros_allowed=True)


def _records(line: bytes | None, *, document: Document, number: int, beneath: Facts) -> Iterator[Record]:
    path = document.place
    try:
        if line is None:
            found = f"found a longer one; {ADVICE}"
            raise ReadError(f"a line of at most {MAX_RECORD_BYTES // 1_000_000} MB was expected, {found}")
        decoded = decode(line, path=path, line=number)
        record = parsed(decoded.text)
    except ReadError as error:
        yield Failure(error.path or path, error.line or number, error.reason)
        return
    original = Original(hashlib.sha256(line.strip()).hexdigest(), document.inside)
    derived = f"{slug(document.stem)}-{number}"
    notices = decoded.notices
    for read in read_record(record, path=path, line=number, derived_id=derived, beneath=beneath, notices=notices):
        yield replace(read, original=original) if isinstance(read, Delivery) else read
