"""Documents: a file, or a member of a container such as a ZIP file, a crawl or a mailbox; unpacked within bounds."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import lzma
import os
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import IO
from urllib.parse import unquote
from zipfile import BadZipFile

from qa.errors import ReadError
from qa.loaders import encoding
from qa.loaders.cleaning import clean_line
from qa.loaders.encoding import Decoded, decode, path_text
from qa.models.deliveries import WITHIN, Original

SNIFFED_BYTES = 65_536
BROKEN = (EOFError, zlib.error, lzma.LZMAError, BadZipFile)
"""What the libraries raise for a packed file that breaks; that of gzip is an OSError besides."""

_PIECE = 1 << 20
_MAX_SHOWN = 120  # characters of a path that a message repeats

MAGIC = b"\x1f\x8b"
MAX_UNPACKED = 50_000_000_000  # bytes; an archive of a century of pages has less
MAX_RATIO = 1_000  # of what comes out to what went in; JSON of agencies packs 10 times, a page of blanks 500 times
FREE = 100_000_000  # bytes that may come out of however little


class UnpackedSize:
    """Bytes that came out of a file so far, archives within it included."""

    def __init__(self) -> None:
        self._total = 0

    def add(self, count: int) -> None:
        """Raises ReadError beyond what any delivery holds."""
        self._total += count
        if self._total > MAX_UNPACKED:
            reason = f"at most {MAX_UNPACKED // 1_000_000_000} GB were expected to come out of it, found more"
            raise ReadError(f"{reason}; pack it in parts")


def broken(error: Exception) -> ReadError:
    """The error of a packed file that breaks."""
    what = " ".join(str(error).split())[:200]
    return ReadError(f"a whole file was expected, found that gzip or ZIP breaks here ({what}); deliver it again")


@dataclass(frozen=True, slots=True)
class Document:
    """Bytes with a name. `place` is how messages call it; `inside` is its path within its container, if it has one.

    `open` gives its bytes from the start, each time it is called, and raises OSError. `known` is what its container
    knows of it, such as the address it was fetched from: what the document says itself replaces it. `depth` counts
    the containers around it, all of which share `unpacked`. `columns` says which column of a table is what, by the
    names of facts. `sibling`, where it lies among others, gives one of them by its path from here, and raises ReadError
    where there is none.
    """

    place: str
    name: str
    open: Callable[[], IO[bytes]]
    inside: str = ""
    known: Mapping[str, object] = field(default_factory=dict)
    depth: int = 0
    columns: Mapping[str, str] = field(default_factory=dict)
    sibling: Callable[[str], Document] | None = field(default=None, compare=False)
    unpacked: UnpackedSize = field(default_factory=UnpackedSize, compare=False)

    @classmethod
    def of_file(cls, path: Path) -> Document:
        return cls(path_text(path), path.name, lambda: path.open("rb"), sibling=lambda href: _sibling_file(path, href))

    def member(
        self,
        inside: str,
        open: Callable[[], IO[bytes]] | bytes,
        *,
        name: str = "",
        known: Mapping[str, object] = {},
        sibling: Callable[[str], Document] | None = None,
    ) -> Document:
        """Something inside this one. `name` is its file's name; what `inside` ends with, if not given."""
        opener = (lambda: BytesIO(open)) if isinstance(open, bytes) else open
        path = f"{self.inside}{WITHIN}{inside}" if self.inside else inside
        filename = name or inside.replace("\\", "/").rstrip("/").rpartition("/")[2] or inside
        place, knowledge = f"{self.place}{WITHIN}{inside}", {**self.known, **known}
        return replace(
            self,
            place=place,
            name=filename,
            open=opener,
            inside=path,
            known=knowledge,
            depth=self.depth + 1,
            sibling=sibling,
        )

    @property
    def stem(self) -> str:
        """The name without what says its format: ids are made from it."""
        return Path(without_gz(self.name)).stem

    def start(self, size: int = SNIFFED_BYTES) -> bytes:
        """The first bytes, fewer where it breaks before. Raises OSError, and what its packing raises if none come."""
        data = b""
        with self.open() as stream:
            read = getattr(stream, "read1", stream.read)
            try:
                while len(data) < size and (piece := read(size - len(data))):
                    data += piece
            except (OSError, *BROKEN):
                if not data:
                    raise
        return data

    def read(self, limit: int | None = None) -> bytes:
        """All bytes. Raises ReadError where there are none or more than the limit, and OSError."""
        limit = encoding.MAX_FILE_BYTES if limit is None else limit
        try:
            with self.open() as stream:
                data = stream.read(limit + 1)
        except (gzip.BadGzipFile, *BROKEN) as error:
            raise broken(error) from error
        if len(data) > limit:
            raise ReadError(
                f"an article of at most {limit // 1_000_000} MB was expected, found a larger file; "
                "split it into one file per article, or give it as JSON Lines, one article a line"
            )
        if not data:
            raise ReadError("text was expected, found an empty file; deliver it again")
        return data

    def text(self) -> Decoded:
        """The text of the whole. Raises ReadError if it is too big, empty or not text, and OSError."""
        decoded = decode(self.read())
        if not decoded.text.strip("\ufeff\x00 \t\r\n\v\f"):
            raise ReadError("text was expected, found only white space; deliver it again")
        return decoded

    def original(self, data: bytes, name: str | int = "") -> Original:
        """The original that a record of this document is, from its own bytes and its name within."""
        inside = WITHIN.join(filter(None, (self.inside, str(name))))
        return Original(hashlib.sha256(data).hexdigest(), inside)

    def sha256(self) -> str:
        """Of all bytes, which are read once, a piece at a time. Raises OSError."""
        digest = hashlib.sha256()
        with self.open() as stream:
            while piece := stream.read(_PIECE):
                digest.update(piece)
        return digest.hexdigest()


def without_gz(name: str) -> str:
    return name[: -len(".gz")] if name.lower().endswith(".gz") else name


def record_bytes(record: object) -> bytes:
    """A record that was parsed, as bytes that are the same for the same: its digest is made of them."""
    return json.dumps(record, ensure_ascii=False, sort_keys=True, default=str).encode("utf-8", "surrogatepass")


def path_from(href: str) -> str:
    """A path that leads from a document to one beside or below it, as one names the other. Raises ReadError."""
    path = unquote(href.strip()).replace("\\", "/").removeprefix("file://").removeprefix("file:")
    parts = [part for part in path.split("/") if part not in ("", ".")]
    if not parts or path.startswith("/") or ".." in parts or "\0" in path or ":" in parts[0]:
        label = clean_line(href)[:_MAX_SHOWN]
        raise ReadError(
            f'a file in the same folder or below was expected, found the path "{label}"; name it from there'
        )
    return "/".join(parts)


def _sibling_file(path: Path, href: str) -> Document:
    """A file in the folder of another or below, never outside, wherever links lead. Raises ReadError."""
    sibling = path.parent / path_from(href)
    if not Path(os.path.realpath(sibling)).is_relative_to(os.path.realpath(path.parent)):
        raise ReadError("a file in the same folder or below was expected, found a link that leads out; copy it there")
    if not sibling.is_file():
        raise ReadError(f'the file "{clean_line(href)[:_MAX_SHOWN]}" was expected, found none; deliver it too')
    return Document.of_file(sibling)


class GunzippedStream(io.RawIOBase):
    """What gzip packed into `packed`, within bounds. Raises ReadError beyond them."""

    def __init__(self, packed: IO[bytes]) -> None:
        super().__init__()
        self._packed = packed
        self._stream = gzip.GzipFile(fileobj=packed)
        self._size = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]
        # One piece at a time: what comes out of a file before the place where it is broken must not be lost.
        data = self._stream.read1(len(view))
        self._size += len(data)
        require_bounded(self._size, packed=self.packed)
        view[: len(data)] = data
        return len(data)

    @property
    def packed(self) -> int:
        """Bytes read of the outermost file that gzip packed: what is packed twice has no more room than once."""
        outer = getattr(self._packed, "raw", None)
        return outer.packed if isinstance(outer, GunzippedStream) else self._packed.tell()

    def close(self) -> None:
        self._stream.close()
        self._packed.close()
        super().close()


def require_bounded(size: int, *, packed: int) -> None:
    """Raises ReadError where more bytes come out of so many packed ones than out of any article."""
    limit = min(MAX_UNPACKED, max(FREE, packed * MAX_RATIO))
    if size > limit:
        reason = f"at most {limit // 1_000_000:,} MB were expected to come out of it, found more"
        raise ReadError(f"{reason}; unpack it yourself if that is right")


def gunzipped(document: Document) -> Document:
    """The document inside; the same place, for there is but one in it. Raises OSError."""
    stream = partial(io.BufferedReader, buffer_size=1 << 16)
    name, depth = without_gz(document.name), document.depth + 1
    return replace(document, name=name, open=lambda: stream(GunzippedStream(document.open())), depth=depth)


def is_gzip(document: Document) -> bool:
    """True if gzip has packed a document. Raises OSError."""
    return document.start(len(MAGIC)) == MAGIC
