"""A mailbox (mbox) is read as the messages that it holds, one after the other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO

from qa.loaders.documents import Document
from qa.loaders.encoding import MAX_FILE_BYTES
from qa.models.deliveries import WITHIN, Failure

_PIECE = 1 << 20  # bytes held at once of a line
_SEPARATOR = re.compile(rb"From \S+")
_DATED = re.compile(rb"From \S*@\S+|From .*\d\d:\d\d")
_CERTAIN = re.compile(
    rb"From \S+ +(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} +\d{1,2} \d\d:\d\d:\d\d [^\n]*\d{4}\s*$"
)
_HEADER = re.compile(rb"[!-9;-~]{1,80}:|>From ")
_STUFFED = re.compile(rb">+From ")


def unpack_mailbox(document: Document) -> Iterator[Document | Failure]:
    """Its messages as members named by their number from 1. Raises OSError.

    One message is held at a time; one that is too large fails alone.
    """
    with document.open() as stream:
        for number, data in enumerate(_messages(stream), start=1):
            if data is None:
                found = "found a larger one; deliver its text as a file of its own"
                reason = f"a message of at most {MAX_FILE_BYTES // 1_000_000} MB was expected, {found}"
                yield Failure(f"{document.place}{WITHIN}{number}", None, reason)
            elif data.strip():
                yield document.member(str(number), data, name=f"{document.stem}-{number}.eml")


def _messages(stream: IO[bytes]) -> Iterator[bytes | None]:
    """The bytes of each message without the line that parts it from the one before; None for one that is too large."""
    held: list[bytes] = []
    size = 0
    for begins, line in _lines(stream):
        if begins:
            if size:
                yield b"".join(held) if size <= MAX_FILE_BYTES else None
            held, size = [], 0
            continue
        size += len(line)
        if size > MAX_FILE_BYTES:
            held.clear()
        else:
            held.append(line[1:] if _STUFFED.match(line) else line)
    if size:
        yield b"".join(held) if size <= MAX_FILE_BYTES else None


def _lines(stream: IO[bytes]) -> Iterator[tuple[bool, bytes]]:
    """Lines, and whether a message begins there: after a blank line, which some programs leave out, a header below."""
    blank, first = True, True
    line = stream.readline(_PIECE)
    while line:
        following = stream.readline(_PIECE)
        parts = _SEPARATOR if first else _DATED
        told = parts.match(line) if blank else _CERTAIN.match(line)
        begins = bool(told) and bool(_HEADER.match(following))
        yield begins, line
        first = first and not line.strip()
        blank = not line.strip()
        line = following
