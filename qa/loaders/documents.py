"""Documents: a file, or a member of a container such as a ZIP file, a crawl or a mailbox; unpacked within bounds."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import lzma
import os
import re
import zlib
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO
from urllib.parse import unquote
from zipfile import BadZipFile

from qa.errors import ReadError
from qa.loaders import encoding
from qa.loaders.encoding import Decoded, decode, path_text
from qa.models.archive import Original
from qa.models.deliveries import WITHIN
from qa.text.cleaning import clean_line

BROKEN = (gzip.BadGzipFile, EOFError, zlib.error, lzma.LZMAError, BadZipFile)  # what breaking packed files raise
MAX_UNPACKED = 50_000_000_000  # bytes; an archive of a century of pages has less
MAX_RATIO = 1_000  # of what comes out to what went in; JSON of agencies packs 10 times, a page of blanks 500 times
FREE = 100_000_000  # bytes that may come out of however little

_GZ = re.compile(r"\.gz\Z", re.IGNORECASE)
Opener = Callable[[], IO[bytes]]
Siblings = Callable[[str], "Document"] | None


def broken(error: Exception) -> ReadError:
    """The error of a packed file that breaks."""
    what = " ".join(str(error).split())[:200]
    return ReadError(f"a whole file was expected, found that gzip or ZIP breaks here ({what}); deliver it again")


@dataclass(frozen=True, slots=True)
class Document:
    """Bytes with a name; `open` gives them from the start, each time it is called, and raises OSError."""

    place: str  # how messages call it
    name: str
    open: Opener
    inside: str = ""  # its path within its container, if it has one
    known: Mapping[str, object] = field(default_factory=dict)  # by its container; what it says itself counts more
    depth: int = 0  # containers around it
    columns: Mapping[str, str] = field(default_factory=dict)  # of a table, by the names of facts
    sibling: Siblings = field(default=None, compare=False)  # by its path from here; raises ReadError if there is none
    unpacked: Counter[str] = field(default_factory=Counter, compare=False)  # shared by all in the outermost container

    @classmethod
    def of_file(cls, path: Path) -> Document:
        return cls(path_text(path), path.name, lambda: path.open("rb"), sibling=lambda href: _sibling_file(path, href))

    def member(
        self,
        inside: str,
        open: Opener | bytes,
        *,
        name: str = "",
        known: Mapping[str, object] = {},
        sibling: Siblings = None,
    ) -> Document:
        """Something inside this one. `name` is its file's name; what `inside` ends with, if not given."""
        return replace(
            self,
            place=f"{self.place}{WITHIN}{inside}",
            name=name or inside.replace("\\", "/").rstrip("/").rpartition("/")[2] or inside,
            open=(lambda: io.BytesIO(open)) if isinstance(open, bytes) else open,
            inside=f"{self.inside}{WITHIN}{inside}" if self.inside else inside,
            known={**self.known, **known},
            depth=self.depth + 1,
            sibling=sibling,
        )

    @property
    def stem(self) -> str:
        """The name without what says its format: ids are made from it."""
        return Path(_GZ.sub("", self.name)).stem

    def start(self, size: int = 65_536) -> bytes:
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
        limit = limit or encoding.MAX_FILE_BYTES
        try:
            with self.open() as stream:
                data = stream.read(limit + 1)
        except BROKEN as error:
            raise broken(error) from error
        if len(data) > limit:
            advice = "split it into one file per article, or give it as JSON Lines, one article a line"
            reason = f"an article of at most {limit // 1_000_000} MB was expected, found a larger file"
            raise ReadError(f"{reason}; {advice}")
        if not data:
            raise ReadError("text was expected, found an empty file; deliver it again")
        return data

    def text(self) -> Decoded:
        """The text of the whole, and notices. Raises ReadError if it is too big, empty or not text, and OSError."""
        text, notices = decode(self.read())
        if not text.strip("\ufeff\x00 \t\r\n\v\f"):
            raise ReadError("text was expected, found only white space; deliver it again")
        return text, notices

    def original(self, record: object, name: str | int = "") -> Original:
        """The original that a record of this document is: its own bytes, or what they were parsed as."""
        if not isinstance(record, bytes):
            text = json.dumps(record, ensure_ascii=False, sort_keys=True, default=str)
            record = text.encode("utf-8", "surrogatepass")
        return Original(hashlib.sha256(record).hexdigest(), WITHIN.join(filter(None, (self.inside, str(name)))))

    def sha256(self) -> str:
        """Of all bytes, which are read once, a piece at a time. Raises OSError."""
        with self.open() as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()  # type: ignore[arg-type]

    def count_unpacked(self, size: int) -> None:
        """Raises ReadError where more comes out of the outermost container than any delivery holds."""
        self.unpacked["bytes"] += size
        if self.unpacked["bytes"] > MAX_UNPACKED:
            reason = f"at most {MAX_UNPACKED // 1_000_000_000} GB were expected to come out of it, found more"
            raise ReadError(f"{reason}; pack it in parts")


def path_from(href: str) -> str:
    """A path that leads from a document to one beside or below it, as one names the other. Raises ReadError."""
    path = unquote(href.strip()).replace("\\", "/").removeprefix("file://").removeprefix("file:")
    parts = [part for part in path.split("/") if part not in ("", ".")]
    if not parts or path.startswith("/") or ".." in parts or "\0" in path or ":" in parts[0]:
        actual = f'found the path "{clean_line(href)[:120]}"; name it from there'
        raise ReadError(f"a file in the same folder or below was expected, {actual}")
    return "/".join(parts)


def _sibling_file(path: Path, href: str) -> Document:
    """A file in the folder of another or below, never outside, wherever links lead. Raises ReadError."""
    sibling = path.parent / path_from(href)
    if not Path(os.path.realpath(sibling)).is_relative_to(os.path.realpath(path.parent)):
        raise ReadError("a file in the same folder or below was expected, found a link that leads out; copy it there")
    if not sibling.is_file():
        raise ReadError(f'the file "{clean_line(href)[:120]}" was expected, found none; deliver it too')
    return Document.of_file(sibling)


class GunzippedStream(gzip.GzipFile):
    """What gzip packed into a stream, within bounds. Raises ReadError beyond them."""

    def __init__(self, packed: IO[bytes]) -> None:
        super().__init__(fileobj=packed, mode="rb")
        self._packed = packed

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]
        # One piece at a time: what comes out of a file before the place where it is broken must not be lost.
        data = self.read1(len(view))
        require_bounded(self.tell(), packed=self.packed)
        view[: len(data)] = data
        return len(data)

    @property
    def packed(self) -> int:
        """Bytes read of the outermost file that gzip packed: what is packed twice has no more room than once."""
        outer = getattr(self._packed, "raw", None)
        return outer.packed if isinstance(outer, GunzippedStream) else self._packed.tell()

    def close(self) -> None:
        super().close()
        self._packed.close()


def require_bounded(size: int, *, packed: int) -> None:
    """Raises ReadError where more bytes come out of so many packed ones than out of any article."""
    limit = min(MAX_UNPACKED, max(FREE, packed * MAX_RATIO))
    if size > limit:
        reason = f"at most {limit // 1_000_000:,} MB were expected to come out of it, found more"
        raise ReadError(f"{reason}; unpack it yourself if that is right")


def gunzipped(document: Document) -> Document | None:
    """The document that gzip packed into this one, at the same place; None where it didn't. Raises OSError."""
    if document.start(2) != b"\x1f\x8b":
        return None
    opened = document.open
    return replace(
        document,
        name=_GZ.sub("", document.name),
        open=lambda: io.BufferedReader(GunzippedStream(opened()), 1 << 16),
        depth=document.depth + 1,
    )
