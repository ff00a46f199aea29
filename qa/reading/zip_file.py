"""A ZIP file is read as the files that it holds, in the order of their names."""

from __future__ import annotations

import io
import posixpath
import struct
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from tempfile import SpooledTemporaryFile
from typing import IO
from zipfile import BadZipFile, ZipFile, ZipInfo

from qa.domain.deliveries import WITHIN, Failure, Remark
from qa.errors import ReadError
from qa.reading.documents import Document, path_from
from qa.reading.newspaper_parts import is_page, pages_named
from qa.reading.notes import is_note
from qa.reading.sidecar import is_sidecar
from qa.reading.wacz import is_wacz
from qa.reading.zip_members import MemberStream, is_link, names_of, overlapping, shown_name

MAX_MEMBERS = 1_000_000
MAX_UNPACKED = 50_000_000_000  # bytes of all members together
MAX_DIRECTORY = 400 * MAX_MEMBERS  # bytes of the list of members at the end, which is held whole
MAX_NESTED = 5_000_000_000  # bytes of a ZIP file inside something else, which has to be laid down to be read
HELD = 20_000_000  # bytes of such a one that stay in memory

_TAIL = 65_557  # bytes in which the end of the directory stands: its record and the longest comment
_ADVICE = "pack it anew, or deliver it again"


def unpack_zip(document: Document, *, is_known: Callable[[Document], bool]) -> Iterator[Document | Failure | Remark]:
    """Its members, each to be read before the next is asked for. Raises ReadError for what is no whole ZIP file.

    `is_known` tells whether a member is of a format that can be read; others are passed over and counted.
    """
    with ExitStack() as open_files:
        stream = open_files.enter_context(_movable(document))
        archive = open_files.enter_context(_opened(stream, document.place))
        infos = archive.infolist()
        if len(infos) > MAX_MEMBERS:
            reason = f"at most {MAX_MEMBERS:,} members were expected, found {len(infos):,}; pack them in parts"
            raise ReadError(reason, path=document.place)
        _refuse_office(archive, infos, document.place)
        if is_wacz(names_of(infos)):  # only its records hold pages, the rest is an index of them
            infos = [info for info in infos if _is_of_crawl(info)]
        yield from _Members(document, archive, infos, is_known).read()


class _Members:
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
        unpacked = 0
        found = False
        for name in sorted(self._named):
            info = self._named[name]
            place = f"{self._document.place}{WITHIN}{shown_name(info)}"
            unpacked += info.file_size
            if unpacked > MAX_UNPACKED:
                reason = f"at most {MAX_UNPACKED // 1_000_000_000} GB were expected to come out of it, found more"
                raise ReadError(f"{reason}; pack it in parts", path=self._document.place)
            try:
                if reason := self._why_not(info):
                    raise ReadError(reason, path=place)
                member = self._member(name)
                if is_note(member) or self._is_part(name, member):
                    continue
                if not self._is_known(member):
                    passed_over[posixpath.splitext(shown_name(info))[1].lower() or "without an ending"] += 1
                    continue
            except ReadError as error:
                found = True
                yield Failure(error.path or place, error.line, error.reason)
                continue
            found = True
            yield member
        yield from self._remarks(passed_over, found=found)

    def _remarks(self, passed_over: Counter[str], *, found: bool) -> Iterator[Failure | Remark]:
        place = self._document.place
        kinds = ", ".join(f"{count:,} {ending}" for ending, count in sorted(passed_over.items())[:20])
        if not found:
            held = f"{passed_over.total():,} other files" if passed_over else "no files"
            yield Failure(place, None, f"articles were expected, found {held}; deliver another ZIP file")
        elif passed_over:
            yield Remark(place, None, f"passed over, for they are of no format known: {kinds}")
        if self._replaced:
            yield Remark(place, None, f"{self._replaced:,} members stand twice in it; the later of each is read")

    def _why_not(self, info: ZipInfo) -> str:
        if info.flag_bits & 1:
            return "a member without a password was expected, found an encrypted one; pack it without"
        if is_link(info):
            return "a file was expected, found a link; pack what it leads to"
        if info.header_offset in self._overlapping:
            return f"members of their own bytes were expected, found one that shares another's; {_ADVICE}"
        return ""

    def _member(self, name: str) -> Document:
        info = self._named[name]
        shown = shown_name(info)
        place = f"{self._document.place}{WITHIN}{shown}"

        def opened() -> IO[bytes]:
            return io.BufferedReader(MemberStream(self._archive, info, path=place), 1 << 16)

        return self._document.member(shown, opened, beside=lambda href: self._beside(name, href))

    def _beside(self, name: str, href: str) -> Document:
        path = posixpath.join(posixpath.dirname(name), path_from(href))
        if path not in self._named or (reason := self._why_not(self._named[path])):
            found = reason if path in self._named else f"a member {path[:120]} was expected, found none; pack it too"
            raise ReadError(found)
        return self._member(path)

    def _is_part(self, name: str, member: Document) -> bool:
        """Whether it is a page that is read with its issue. Raises ReadError where it breaks."""
        if not is_page(member):
            return False
        if self._pages is None:
            listings = [(one, self._member(one)) for one in self._named if one.lower().endswith(".xml")]
            self._pages = frozenset(
                posixpath.join(posixpath.dirname(one), page)
                for one, listing in listings
                if not self._why_not(self._named[one])
                for page in pages_named(listing)
            )
        return name in self._pages


def _is_wanted(name: str) -> bool:
    parts = name.split("/")
    hidden = any(part.startswith(".") and part not in (".", "..") for part in parts)
    return not (name.endswith("/") or "__MACOSX" in parts or hidden or is_sidecar(name))


def _is_of_crawl(info: ZipInfo) -> bool:
    name = info.filename
    return name.startswith("archive/") and name.lower().endswith((".warc", ".warc.gz", ".arc", ".arc.gz"))


def _refuse_office(archive: ZipFile, infos: list[ZipInfo], place: str) -> None:
    names = {info.filename: info for info in infos if info.filename in ("[Content_Types].xml", "mimetype")}
    kind = b""
    if "mimetype" in names and not names["mimetype"].flag_bits & 1:
        with MemberStream(archive, names["mimetype"], path=place) as stream:
            kind = stream.read(100) or b""
    if "[Content_Types].xml" in names or kind.startswith(b"application/vnd.oasis"):
        raise ReadError("articles were expected, found an Office document; save it as PDF or text", path=place)


def _movable(document: Document) -> IO[bytes]:
    """The bytes so that they can be read from the end: those of a member are laid down first, without a name."""
    if document.depth == 0:
        return document.open()
    laid: IO[bytes] = SpooledTemporaryFile(max_size=HELD)  # noqa: SIM115 – the caller closes it
    size = 0
    with document.open() as stream:
        while piece := stream.read(1 << 20):
            size += len(piece)
            if size > MAX_NESTED:
                reason = f"a ZIP file of at most {MAX_NESTED // 1_000_000_000} GB within another was expected"
                raise ReadError(f"{reason}, found a larger one; unpack it yourself", path=document.place)
            laid.write(piece)
    laid.seek(0)
    return laid


def _opened(stream: IO[bytes], place: str) -> ZipFile:
    """Raises ReadError for what is no whole ZIP file."""
    try:
        if _directory_bytes(stream) > MAX_DIRECTORY:
            reason = f"at most {MAX_MEMBERS:,} members were expected, found a longer list; pack them in parts"
            raise ReadError(reason, path=place)
        return ZipFile(stream)
    except (BadZipFile, EOFError, struct.error, ValueError, NotImplementedError, IndexError) as error:
        what = " ".join(str(error).split())[:200]
        reason = f"a whole ZIP file was expected, found that it breaks off or is damaged ({what}); {_ADVICE}"
        raise ReadError(reason, path=place) from error


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
