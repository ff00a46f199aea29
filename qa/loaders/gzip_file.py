"""A file that gzip has packed is read as what it holds."""

from __future__ import annotations

import gzip
import io
import os
from dataclasses import replace
from typing import IO

from qa.loaders.bounded import BoundedStream
from qa.loaders.documents import Document

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
    stream: IO[bytes] = gzip.GzipFile(fileobj=outer)  # type: ignore[assignment]
    bounded = BoundedStream(stream, packed=packed, path=document.place, beneath=outer)
    return io.BufferedReader(bounded, 1 << 16)
