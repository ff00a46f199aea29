"""ZIP files, read as the files that they hold, and web archives packed as WACZ, which hold the records of a crawl."""

from __future__ import annotations

import io
import lzma
import os
import posixpath
import re
import stat
import struct
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from tempfile import SpooledTemporaryFile
from typing import IO
from zipfile import BadZipFile, ZipFile, ZipInfo

from qa.errors import ReadError
from qa.loaders.cleaning import clean_line
from qa.loaders.companions import is_companion, is_page, pages_named
from qa.loaders.documents import Document, path_from, require_bounded
from qa.loaders.front_matter import is_sidecar
from qa.models.deliveries import WITHIN, Failure, Remark

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

DESCRIBED_IN = "datapackage.json"
MAX_CRAWLS = 10_000

_CRAWL = re.compile(r"archive/[^/]+\.(?:warc|arc)(?:\.gz)?", re.IGNORECASE)


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
    """The length of the list of members, as the end of the file says."""
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


def _printable_name(info: ZipInfo) -> str:
    """The name for messages and the archive's entry; nothing is ever written or read under it."""
    name = _DRIVE.sub("", info.filename.replace("\\", "/"))
    parts = (clean_line(part) for part in name.split("/"))
    return "/".join(part for part in parts if part not in ("", ".", ".."))[:_MAX_NAME] or "(a member without a name)"


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
    """A member's bytes within bounds, seekable. Raises ReadError where it breaks."""

    def __init__(self, archive: ZipFile, info: ZipInfo, *, path: str) -> None:
        super().__init__()
        require_bounded(info.file_size, packed=info.compress_size)
        self._path = path
        with _as_read_errors(path):
            self._stream = archive.open(info)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        with _as_read_errors(self._path):
            return self._stream.seek(offset, whence)

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]
        with _as_read_errors(self._path):
            data = self._stream.read(len(view))
        view[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._stream.close()
        super().close()


@contextmanager
def _as_read_errors(path: str) -> Iterator[None]:
    """Errors of the library for a broken member, as a ReadError with its place."""
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


def unpack_zip(document: Document, *, is_known: Callable[[Document], bool]) -> Iterator[Document | Failure | Remark]:
    """Its members, each to be read before the next is asked for. Raises ReadError for what is no whole ZIP file.

    `is_known` tells whether a member is of a format that can be read; others are passed over and counted.
    """
    with ExitStack() as open_files:
        archive = _archive(document, open_files)
        infos = archive.infolist()
        if len(infos) > MAX_MEMBERS:
            reason = f"at most {MAX_MEMBERS:,} members were expected, found {len(infos):,}; pack them in parts"
            raise ReadError(reason)
        _refuse_office(archive, infos, document.place)
        if is_wacz(names_of(infos)):  # only its records hold pages, the rest is an index of them
            infos = [info for info in infos if _CRAWL.fullmatch(info.filename)]
        yield from _ZipMembers(document, archive, infos, is_known).read()


def unpack_wacz(document: Document) -> Iterator[Document | Failure | Remark]:
    """Web archives packed as WACZ: a ZIP file with the records of a crawl in its folder `archive`.

    Its crawls, in order, each to be read before the next is asked for.
    """
    with ExitStack() as open_files:
        archive = _archive(document, open_files)
        crawls = [info for info in archive.infolist() if _CRAWL.fullmatch(info.filename)]
        if not crawls:
            raise ReadError("a WACZ file with crawls was expected, found none in it; deliver it again")
        yield from _ZipMembers(document, archive, crawls[:MAX_CRAWLS], lambda member: True).read()


def is_wacz(names: Iterable[str]) -> bool:
    """True if a ZIP file with members of these names is one."""
    names = set(names)
    return DESCRIBED_IN in names and any(map(_CRAWL.fullmatch, names))


def _archive(document: Document, open_files: ExitStack) -> ZipFile:
    stream = open_files.enter_context(seekable(document))
    return open_files.enter_context(open_archive(stream))


class _ZipMembers:
    """The files of one archive that are to be read."""

    def __init__(
        self, document: Document, archive: ZipFile, infos: list[ZipInfo], is_known: Callable[[Document], bool]
    ) -> None:
        self._document = document
        self._archive = archive
        self._is_known = is_known
        # Where a name stands twice the later one counts: so files are replaced in an archive.
        self._named = {name: info for name, info in zip(names_of(infos), infos, strict=True) if _is_wanted(name)}
        self._replaced = sum(map(_is_wanted, names_of(infos))) - len(self._named)
        self._overlapping = overlapping(infos)
        self._pages: frozenset[str] | None = None

    def read(self) -> Iterator[Document | Failure | Remark]:
        passed_over: Counter[str] = Counter()
        empty = True
        for name in sorted(self._named):
            info = self._named[name]
            place = f"{self._document.place}{WITHIN}{_printable_name(info)}"
            self._document.unpacked.add(info.file_size)
            try:
                if reason := self._refusal(info):
                    raise ReadError(reason, path=place)
                member = self._member(name)
                if is_companion(member) or self._is_part(name, member):
                    continue
                if not self._is_known(member):
                    passed_over[posixpath.splitext(_printable_name(info))[1].lower() or "without an ending"] += 1
                    continue
            except ReadError as error:
                empty = False
                yield Failure(error.path or place, error.line, error.reason)
                continue
            empty = False
            yield member
        yield from self._remarks(passed_over, empty=empty)

    def _remarks(self, passed_over: Counter[str], *, empty: bool) -> Iterator[Failure | Remark]:
        place = self._document.place
        kinds = ", ".join(f"{count:,} {ending}" for ending, count in sorted(passed_over.items())[:20])
        if empty:
            count = f"{passed_over.total():,} other files" if passed_over else "no files"
            yield Failure(place, None, f"articles were expected, found {count}; deliver another ZIP file")
        elif passed_over:
            yield Remark(place, None, f"passed over, for they are of no format known: {kinds}")
        if self._replaced:
            yield Remark(place, None, f"{self._replaced:,} members stand twice in it; the later of each is read")

    def _refusal(self, info: ZipInfo) -> str:
        if info.flag_bits & 1:
            return "a member without a password was expected, found an encrypted one; pack it without"
        if stat.S_ISLNK(info.external_attr >> 16):
            return "a file was expected, found a link; pack what it leads to"
        if info.header_offset in self._overlapping:
            return f"members of their own bytes were expected, found one that shares another's; {ADVICE}"
        return ""

    def _member(self, name: str) -> Document:
        info = self._named[name]
        place = f"{self._document.place}{WITHIN}{_printable_name(info)}"

        def opened() -> IO[bytes]:
            return io.BufferedReader(MemberStream(self._archive, info, path=place), 1 << 16)

        return self._document.member(_printable_name(info), opened, sibling=lambda href: self._sibling(name, href))

    def _sibling(self, name: str, href: str) -> Document:
        path = posixpath.join(posixpath.dirname(name), path_from(href))
        if path not in self._named or (reason := self._refusal(self._named[path])):
            actual = reason if path in self._named else f"a member {path[:120]} was expected, found none; pack it too"
            raise ReadError(actual)
        return self._member(path)

    def _is_part(self, name: str, member: Document) -> bool:
        """True if it is a page that is read with its issue. Raises ReadError where it breaks."""
        if not is_page(member):
            return False
        if self._pages is None:
            listings = [member_name for member_name in self._named if member_name.lower().endswith(".xml")]
            self._pages = frozenset(
                posixpath.join(posixpath.dirname(listing), page)
                for listing in listings
                if not self._refusal(self._named[listing])
                for page in pages_named(self._member(listing))
            )
        return name in self._pages


def _is_wanted(name: str) -> bool:
    parts = name.split("/")
    hidden = any(part.startswith(".") and part not in (".", "..") for part in parts)
    return not (name.endswith("/") or "__MACOSX" in parts or hidden or is_sidecar(name))


def _refuse_office(archive: ZipFile, infos: list[ZipInfo], place: str) -> None:
    names = {info.filename: info for info in infos if info.filename in ("[Content_Types].xml", "mimetype")}
    kind = b""
    if "mimetype" in names and not names["mimetype"].flag_bits & 1:
        with MemberStream(archive, names["mimetype"], path=place) as stream:
            kind = stream.read(100) or b""
    if "[Content_Types].xml" in names or kind.startswith(b"application/vnd.oasis"):
        raise ReadError("articles were expected, found an Office document; save it as PDF or text")
