"""ZIP archives and their members, opened within bounds; members' names are shown and never used as paths."""

from __future__ import annotations

import io
import lzma
import os
import re
import stat
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import SpooledTemporaryFile
from typing import IO
from zipfile import BadZipFile, ZipFile, ZipInfo

from qa.errors import ReadError
from qa.loaders.cleaning import clean_line
from qa.loaders.decompression import BoundedStream
from qa.loaders.documents import Document

MAX_MEMBERS = 1_000_000
MAX_DIRECTORY = 400 * MAX_MEMBERS  # bytes of the list of members at the end, which is held whole
MAX_NESTED = 5_000_000_000  # bytes of a ZIP file inside something else, which has to be laid down to be read
HELD = 20_000_000  # bytes of such a one that stay in memory
_TAIL = 65_557  # bytes in which the end of the directory stands: its record and the longest comment
ADVICE = "pack it anew, or deliver it again"

_BROKEN = (BadZipFile, EOFError, zlib.error, lzma.LZMAError, ValueError)
_DRIVE = re.compile(r"^[A-Za-z]:")
_MAX_NAME = 500  # characters of a name that are shown
_HEADER_BYTES = 30  # before the name of a member, where its bytes begin


def seekable(document: Document) -> IO[bytes]:
    """The bytes so that they can be read from the end: those of a member are laid down first, without a name."""
    if document.depth == 0:
        return document.open()
    copy: IO[bytes] = SpooledTemporaryFile(max_size=HELD)  # noqa: SIM115 – the caller closes it
    size = 0
    with document.open() as stream:
        while piece := stream.read(1 << 20):
            size += len(piece)
            if size > MAX_NESTED:
                reason = f"a ZIP file of at most {MAX_NESTED // 1_000_000_000} GB within another was expected"
                raise ReadError(f"{reason}, found a larger one; unpack it yourself")
            copy.write(piece)
    copy.seek(0)
    return copy


def open_archive(stream: IO[bytes]) -> ZipFile:
    """Raises ReadError for what is no whole ZIP file."""
    try:
        if _directory_bytes(stream) > MAX_DIRECTORY:
            reason = f"at most {MAX_MEMBERS:,} members were expected, found a longer list; pack them in parts"
            raise ReadError(reason)
        return ZipFile(stream)
    except (BadZipFile, EOFError, struct.error, ValueError, NotImplementedError, IndexError) as error:
        what = " ".join(str(error).split())[:200]
        reason = f"a whole ZIP file was expected, found that it breaks off or is damaged ({what}); {ADVICE}"
        raise ReadError(reason) from error


def _directory_bytes(stream: IO[bytes]) -> int:
    """What the end of the file says of how long the list of members is."""
    size = stream.seek(0, io.SEEK_END)
    stream.seek(max(0, size - _TAIL - 100))
    tail = stream.read()
    end = tail.rfind(b"PK\x05\x06")
    if end < 0 or len(tail) < end + 22:
        raise BadZipFile("no list of its members at the end")
    length: int = struct.unpack_from("<L", tail, end + 12)[0]
    large = tail.rfind(b"PK\x06\x06", 0, end)
    if length == 0xFFFFFFFF and large >= 0 and len(tail) >= large + 48:
        length = struct.unpack_from("<Q", tail, large + 40)[0]
    return length


def printable_name(info: ZipInfo) -> str:
    """The name as a message and the archive's entry give it; nothing is ever written or read under it."""
    name = _DRIVE.sub("", info.filename.replace("\\", "/"))
    parts = (clean_line(part) for part in name.split("/"))
    return "/".join(part for part in parts if part not in ("", ".", ".."))[:_MAX_NAME] or "(a member without a name)"


def is_link(info: ZipInfo) -> bool:
    """Whether it was a link where it was packed; what it holds is then the path that it led to."""
    return stat.S_ISLNK(info.external_attr >> 16)


def overlapping(infos: list[ZipInfo]) -> set[int]:
    """Where members begin whose bytes lie in another's: small files that unpack to very large ones are built so."""
    places: set[int] = set()
    end, before = -1, -1
    for info in sorted(infos, key=lambda info: info.header_offset):
        if info.header_offset < end:
            places |= {before, info.header_offset}
        reach = info.header_offset + _HEADER_BYTES + len(info.orig_filename) + info.compress_size
        if reach > end:
            end, before = reach, info.header_offset
    return places


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
        with _as_read_errors(self._path):
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
        with _as_read_errors(self._path):
            stream = self._archive.open(self._info)
            return io.BufferedReader(BoundedStream(stream, packed=self._info.compress_size), 1 << 16)


@contextmanager
def _as_read_errors(path: str) -> Iterator[None]:
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


def names_of(infos: list[ZipInfo]) -> list[str]:
    """The names as they are stored, with slashes."""
    return [info.filename.replace("\\", "/") for info in infos]
