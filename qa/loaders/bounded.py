"""A stream that ends with an error where more comes out of a packed file than any archive holds."""

from __future__ import annotations

import io
from typing import IO

from qa.errors import ReadError

MAX_UNPACKED = 50_000_000_000  # bytes; an archive of a century of pages has less
MAX_RATIO = 1_000  # of what comes out to what went in; JSON of agencies packs 10 times, a page of blanks 500 times
FREE = 100_000_000  # bytes that may come out of however little


class BoundedStream(io.RawIOBase):
    """Reads from `stream`, which unpacks `packed` bytes, until the bounds. Raises ReadError beyond them.

    `beneath` is the stream that it reads from in turn; both are closed with this one.
    """

    def __init__(self, stream: IO[bytes], *, packed: int, path: str, beneath: IO[bytes] | None = None) -> None:
        super().__init__()
        self._stream = stream
        self._beneath = beneath
        self._most = min(MAX_UNPACKED, max(FREE, packed * MAX_RATIO))
        self._path = path
        self._seen = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]
        # One piece at a time: what comes out of a file before the place where it is broken must not be lost.
        read = getattr(self._stream, "read1", self._stream.read)
        data: bytes = read(len(view))
        self._seen += len(data)
        if self._seen > self._most:
            reason = f"at most {self._most // 1_000_000:,} MB were expected to come out of it, found more"
            raise ReadError(f"{reason}; unpack it yourself if that is right", path=self._path)
        view[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._stream.close()
        if self._beneath:
            self._beneath.close()
        super().close()
