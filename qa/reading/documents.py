"""Something to read: a file, or a member of a container such as a ZIP file, a crawl or a mailbox."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import IO

from qa.errors import ReadError
from qa.reading import encoding
from qa.reading.encoding import Decoded, path_text, text_of_all

SNIFFED_BYTES = 65_536
WITHIN = " > "
"""Between a container and its member where a place is printed."""

_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Document:
    """Bytes with a name. `place` is how messages call it; `inside` is its path within its container, if it has one.

    `open` gives its bytes from the start, each time it is called, and raises OSError. `said` is what its container
    knows of it, such as the address it was fetched from: it lies beneath what the document says itself. `depth` counts
    the containers around it.
    """

    place: str
    name: str
    open: Callable[[], IO[bytes]]
    inside: str = ""
    said: Mapping[str, object] = field(default_factory=dict)
    depth: int = 0

    @classmethod
    def of_file(cls, path: Path) -> Document:
        return cls(path_text(path), path.name, lambda: path.open("rb"))

    def member(
        self, inside: str, open: Callable[[], IO[bytes]] | bytes, *, name: str = "", said: Mapping[str, object] = {}
    ) -> Document:
        """Something inside this one. `name` is its file's name; what `inside` ends with, if not given."""
        opener = (lambda: BytesIO(open)) if isinstance(open, bytes) else open
        path = f"{self.inside}{WITHIN}{inside}" if self.inside else inside
        named = name or inside.replace("\\", "/").rstrip("/").rpartition("/")[2] or inside
        return Document(f"{self.place}{WITHIN}{inside}", named, opener, path, {**self.said, **said}, self.depth + 1)

    @property
    def stem(self) -> str:
        """The name without what says its format: ids are made from it."""
        plain = self.name[: -len(".gz")] if self.name.lower().endswith(".gz") else self.name
        return Path(plain).stem

    def start(self, size: int = SNIFFED_BYTES) -> bytes:
        """The first bytes. Raises OSError."""
        with self.open() as stream:
            return stream.read(size)

    def read(self, limit: int | None = None) -> bytes:
        """All bytes. Raises ReadError where there are none or more than the limit, and OSError."""
        limit = encoding.MAX_FILE_BYTES if limit is None else limit
        with self.open() as stream:
            data = stream.read(limit + 1)
        if len(data) > limit:
            raise ReadError(
                f"an article of at most {limit // 1_000_000} MB was expected, found a larger file; "
                "split it into one file per article, or give it as JSON Lines, one article a line",
                path=self.place,
            )
        if not data:
            raise ReadError("text was expected, found an empty file; deliver it again", path=self.place)
        return data

    def text(self) -> Decoded:
        """The text of the whole. Raises ReadError if it is too big, empty or not text, and OSError."""
        return text_of_all(self.read(), path=self.place)

    def sha256(self) -> str:
        """Of all bytes, which are read once, a piece at a time. Raises OSError."""
        digest = hashlib.sha256()
        with self.open() as stream:
            while piece := stream.read(_PIECE):
                digest.update(piece)
        return digest.hexdigest()
