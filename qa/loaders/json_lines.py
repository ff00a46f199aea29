"""Files of JSON Lines that people write: questions, sentences, answers that are known."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from qa.errors import InputError

Line = TypeVar("Line")


def utf8_text(file: Path | None, *, advice: str = "") -> str:
    """The text of a file, without one that of standard input; `advice` is what to do else. Raises InputError."""
    try:
        content = sys.stdin.buffer.read() if file is None else file.read_bytes()
        return content.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{file or 'standard input'} can't be read as UTF-8 text: {error}.{advice}") from error


def json_lines(kind: type[Line], text: str, place: str, expected: str) -> Iterator[Line]:
    """The objects of JSON Lines. Raises InputError."""
    read = TypeAdapter(kind).validate_json
    # Not `splitlines`: a string in JSON may hold other characters that it takes for an end.
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            try:
                yield read(line)
            except ValidationError:
                raise InputError(f"{place}, line {number}: {expected}; found {line[:80]!r}.") from None
