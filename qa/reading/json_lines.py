"""JSON Lines: one article a line. Read as a stream, so that a file may be larger than the memory.

A line that cannot be read fails alone, with its number; the others are read.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import IO, NoReturn

from qa.domain.deliveries import Delivery, Failure
from qa.errors import ReadError
from qa.reading.encoding import UTF16_MARKS, decode, path_text, refuse_binary
from qa.reading.metadata import ALIASES, Facts, deliver, facts, slug
from qa.reading.stand_in import is_blank, with_title

MAX_RECORD_BYTES = 10_000_000  # a long book has 3 MB; a longer line is a file whose line breaks were lost
SNIFFED_BYTES = 4_096
_SKIPPED_BYTES = 1_000_000  # held at once of a line that is too long
_ADVICE = "write each article as one whole JSON object on one line"


def read_json_lines(path: Path, *, beneath: Facts) -> Iterator[Delivery | Failure]:
    """The articles of one file, plain or gzip, in its order. Raises OSError if it cannot be opened.

    `beneath` is what sidecar and command line state of all of them.
    """
    place = path_text(path)
    number = 0
    found = False
    with ExitStack() as stack:
        stream: IO[bytes] | gzip.GzipFile = stack.enter_context(path.open("rb"))
        if path.suffix.lower() == ".gz":
            stream = stack.enter_context(gzip.GzipFile(fileobj=stream))
        try:
            for number, line in _lines(stream, path=place):
                if line is not None and not line.strip():
                    continue
                found = True
                yield _outcome(line, path=place, number=number, stem=article_stem(path), beneath=beneath)
        except ReadError as error:
            yield Failure(error.path, error.line, error.reason)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            reason = f"a whole gzip file was expected, found that it breaks here ({error}); deliver it again"
            yield Failure(place, number + 1, reason)
        else:
            if not found:
                reason = "articles, one a line, were expected, found an empty file; deliver it again"
                yield Failure(place, None, reason)


def article_stem(path: Path) -> str:
    """The file's name without `.jsonl` or `.jsonl.gz`."""
    return Path(path.stem).stem if path.suffix.lower() == ".gz" else path.stem


def holds_questions(path: Path) -> bool:
    """Whether the first record asks something and is no article; False where it can't be read. Raises OSError."""
    with path.open("rb") as stream:
        line = next((line for line in iter(lambda: stream.readline(MAX_RECORD_BYTES), b"") if line.strip()), b"")
    try:
        record = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return False
    names = {ALIASES.get(name, name) for name in record} if isinstance(record, dict) else set()
    return "question" in names and not names & {"title", "text"}


def _lines(stream: IO[bytes] | gzip.GzipFile, *, path: str) -> Iterator[tuple[int, bytes | None]]:
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


def _outcome(line: bytes | None, *, path: str, number: int, stem: str, beneath: Facts) -> Delivery | Failure:
    try:
        if line is None:
            found = f"found a longer one; {_ADVICE}"
            raise ReadError(f"a line of at most {MAX_RECORD_BYTES // 1_000_000} MB was expected, {found}")
        decoded = decode(line, path=path, line=number)
        record = _record(decoded.text)
        titled, notices = with_title(record)
        stated = {**beneath, **facts(titled, path=path, line=number)}
        derived_id = f"{slug(stem)}-{number}"
        notices = (*decoded.notices, *notices)
        delivery = deliver(stated, derived_id=derived_id, path=path, line=number, notices=notices)
        # Elsewhere the headline is the body where there is no other; here there is no headline either.
        return replace(delivery, article=replace(delivery.article, body="")) if is_blank(record) else delivery
    except ReadError as error:
        return Failure(error.path or path, error.line or number, error.reason)


def _record(text: str) -> dict[str, object]:
    """The object that a line is. Raises ReadError without a place."""
    try:
        record = json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        if error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated"):
            found = f"found one that breaks off after {len(text.rstrip()):,} characters"
        else:
            found = f"found an error at character {error.pos + 1:,} ({error.msg})"
        raise ReadError(f"a JSON object was expected, {found}; {_ADVICE}") from None
    except RecursionError:
        raise ReadError(f"a JSON object was expected, found one nested too deeply; {_ADVICE}") from None
    except ValueError:  # Python reads no whole number of more than 4,300 digits
        raise ReadError("numbers of a usual length were expected, found a longer one; write it as text") from None
    if not isinstance(record, dict):
        kind = "a list" if isinstance(record, list) else "a single value"
        raise ReadError(f"a JSON object was expected, found {kind}; {_ADVICE}")
    return record


def _refuse_constant(name: str) -> NoReturn:
    raise ReadError(f"numbers that JSON has were expected, found {name}; write null")
