"""Decompression within bounds: what gzip has packed is read as what it holds, and no small file unpacks without end."""

from __future__ import annotations

import gzip
import io
import os
from dataclasses import replace
from typing import IO

from qa.errors import ReadError
from qa.loaders.documents import Document

MAGIC = b"\x1f\x8b"
MAX_UNPACKED = 50_000_000_000  # bytes; an archive of a century of pages has less
MAX_RATIO = 1_000  # of what comes out to what went in; JSON of agencies packs 10 times, a page of blanks 500 times
FREE = 100_000_000  # bytes that may come out of however little


class BoundedStream(io.RawIOBase):
    """Reads from `stream`, which unpacks `packed` bytes, until the bounds. Raises ReadError beyond them.

    `source` is the stream that `stream` reads from in turn; both are closed with this one.
    """

    def __init__(self, stream: IO[bytes], *, packed: int, source: IO[bytes] | None = None) -> None:
        super().__init__()
        self._stream = stream
        self._source = source
        self._limit = min(MAX_UNPACKED, max(FREE, packed * MAX_RATIO))
        self._size = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]
        # One piece at a time: what comes out of a file before the place where it is broken must not be lost.
        read = getattr(self._stream, "read1", self._stream.read)
        data: bytes = read(len(view))
        self._size += len(data)
        if self._size > self._limit:
            reason = f"at most {self._limit // 1_000_000:,} MB were expected to come out of it, found more"
            raise ReadError(f"{reason}; unpack it yourself if that is right")
        view[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._stream.close()
        if self._source:
            self._source.close()
        super().close()


def gunzipped(document: Document) -> Document:
    """The document inside; the same place, for there is but one in it. Raises OSError."""
    name = document.name
    inner = name[: -len(".gz")] if name.lower().endswith(".gz") else name
    return replace(document, name=inner, open=lambda: _open(document), depth=document.depth + 1)


def is_gzip(document: Document) -> bool:
    """Whether gzip has packed a document. Raises OSError."""
    return document.start(len(MAGIC)) == MAGIC


def _open(document: Document) -> IO[bytes]:
    outer = document.open()
    packed = outer.seek(0, os.SEEK_END) if outer.seekable() else 0
    outer.seek(0)
    stream: IO[bytes] = gzip.GzipFile(fileobj=outer)  # type: ignore[assignment]
    bounded = BoundedStream(stream, packed=packed, source=outer)
    return io.BufferedReader(bounded, 1 << 16)
