"""A file that gzip has packed is read as what it holds."""

from __future__ import annotations

import gzip
import io
import os
from dataclasses import replace
from typing import IO

from qa.reading.bounded import BoundedStream
from qa.reading.documents import Document

MAGIC = b"\x1f\x8b"


def unpacked(document: Document) -> Document:
    """The document inside; the same place, for there is but one in it. Raises OSError."""
    name = document.name
    inner = name[: -len(".gz")] if name.lower().endswith(".gz") else name
    return replace(document, name=inner, open=lambda: _open(document), depth=document.depth + 1)


def is_packed(document: Document) -> bool:
    """Raises OSError."""
    return document.start(len(MAGIC)) == MAGIC


def _open(document: Document) -> IO[bytes]:
    outer = document.open()
    packed = outer.seek(0, os.SEEK_END) if outer.seekable() else 0
    outer.seek(0)
    stream: IO[bytes] = _Whole(outer)  # type: ignore[assignment]
    return io.BufferedReader(BoundedStream(stream, packed=packed, path=document.place), 1 << 16)


class _Whole(gzip.GzipFile):
    """Closes what it reads from too."""

    def __init__(self, outer: IO[bytes]) -> None:
        super().__init__(fileobj=outer, mode="rb")
        self._outer = outer

    def close(self) -> None:
        super().close()
        self._outer.close()
