"""The members of a ZIP file as they can be read: their names, which are never used as paths, and their bytes."""

from __future__ import annotations

import io
import lzma
import os
import re
import stat
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO
from zipfile import BadZipFile, ZipFile, ZipInfo

from qa.errors import ReadError
from qa.loaders.bounded import BoundedStream
from qa.loaders.cleaning import clean_line

_BROKEN = (BadZipFile, EOFError, zlib.error, lzma.LZMAError, ValueError)
_DRIVE = re.compile(r"^[A-Za-z]:")
_MAX_NAME = 500  # characters of a name that are shown
_HEADER_BYTES = 30  # before the name of a member, where its bytes begin


def shown_name(info: ZipInfo) -> str:
    """The name as a message and the archive's entry give it; nothing is ever written or read under it."""
    name = _DRIVE.sub("", info.filename.replace("\\", "/"))
    parts = (clean_line(part) for part in name.split("/"))
    return "/".join(part for part in parts if part not in ("", ".", ".."))[:_MAX_NAME] or "(a member without a name)"


def is_link(info: ZipInfo) -> bool:
    """Whether it was a link where it was packed; what it holds is then the path that it led to."""
    return stat.S_ISLNK(info.external_attr >> 16)


def overlapping(infos: list[ZipInfo]) -> set[int]:
    """Where members begin whose bytes lie in another's: small files that unpack to very large ones are built so."""
    found: set[int] = set()
    end, before = -1, -1
    for info in sorted(infos, key=lambda info: info.header_offset):
        if info.header_offset < end:
            found |= {before, info.header_offset}
        reach = info.header_offset + _HEADER_BYTES + len(info.orig_filename) + info.compress_size
        if reach > end:
            end, before = reach, info.header_offset
    return found


class MemberStream(io.RawIOBase):
    """A member's bytes. It can be moved in: backwards it is unpacked anew. Raises ReadError where it breaks."""

    def __init__(self, archive: ZipFile, info: ZipInfo, *, path: str) -> None:
        super().__init__()
        self._archive = archive
        self._info = info
        self._path = path
        self._stream = self._opened()
        self._at = 0
        self._wanted = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._wanted

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Nothing is unpacked before the next read: whoever asks for the size moves to the end and back."""
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._wanted, os.SEEK_END: self._info.file_size}[whence]
        self._wanted = max(0, start + offset)
        return self._wanted

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]
        with _told(self._path):
            if self._wanted < self._at:
                self._stream.close()
                self._stream, self._at = self._opened(), 0
            while self._at < self._wanted:
                skipped = self._stream.read(min(self._wanted - self._at, 1 << 16))
                if not skipped:
                    return 0
                self._at += len(skipped)
            data = self._stream.read(len(view))
        view[: len(data)] = data
        self._at += len(data)
        self._wanted = self._at
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._stream.close()
        super().close()

    def _opened(self) -> IO[bytes]:
        with _told(self._path):
            stream = self._archive.open(self._info)
            return io.BufferedReader(BoundedStream(stream, packed=self._info.compress_size, path=self._path), 1 << 16)


@contextmanager
def _told(path: str) -> Iterator[None]:
    """What the library raises for a broken member, as a ReadError with its place."""
    try:
        yield
    except RuntimeError as error:
        what = " ".join(str(error).split()) or "an unknown way of packing"
        reason = f"a member packed as ZIP programs do was expected, found an odd one ({what}); pack it anew"
        raise ReadError(reason, path=path) from error
    except _BROKEN as error:
        what = " ".join(str(error).split())[:200]
        reason = f"a whole member was expected, found that it breaks ({what}); deliver it again"
        raise ReadError(reason, path=path) from error


def names_of(infos: list[ZipInfo]) -> Iterator[str]:
    """The names as they are stored, with slashes."""
    return (info.filename.replace("\\", "/") for info in infos)
