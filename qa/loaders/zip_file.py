"""ZIP files, read as the files that they hold, and web archives packed as WACZ, which hold the records of a crawl."""

import io
import posixpath
import re
import stat
import struct
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from tempfile import SpooledTemporaryFile
from typing import IO
from zipfile import BadZipFile, ZipFile, ZipInfo

from qa.errors import ReadError
from qa.loaders.documents import BROKEN, Document, broken, path_from, require_bounded
from qa.loaders.front_matter import is_sidecar
from qa.loaders.newspaper_issue import pages_named
from qa.loaders.sniffing import is_companion, passed_over_text
from qa.models.deliveries import Failure, Remark
from qa.text.cleaning import clean_line

MAX_MEMBERS = 1_000_000
MAX_DIRECTORY = 400 * MAX_MEMBERS  # bytes of the list of members at the end, which is held whole
MAX_NESTED = 5_000_000_000  # bytes of a ZIP file inside something else, which has to be laid down to be read
HELD = 20_000_000  # bytes of such a one that stay in memory
_TAIL = 65_557  # bytes in which the end of the directory stands: its record and the longest comment
_ADVICE = "pack it anew, or deliver it again"

_MAX_NAME = 500  # characters of a name that are shown
_HEADER_BYTES = 30  # before the name of a member, where its bytes begin
_CRAWL = re.compile(r"archive/[^/]+\.(?:warc|arc)(?:\.gz)?", re.IGNORECASE)


def unpack_zip(document: Document, *, is_known: Callable[[Document], bool]) -> Iterator[Document | Failure | Remark]:
    """Its members that are `is_known`, each to be read before the next is asked for; others are counted.

    Raises ReadError for what is no whole ZIP file.
    """
    with _archive(document) as archive:
        infos = archive.infolist()
        names = {info.filename for info in infos}
        if len(infos) > MAX_MEMBERS:
            reason = f"at most {MAX_MEMBERS:,} members were expected, found {len(infos):,}; pack them in parts"
            raise ReadError(reason)
        if "[Content_Types].xml" in names or {"mimetype", "content.xml"} <= names:
            raise ReadError("articles were expected, found an Office document; save it as PDF or text")
        if "datapackage.json" in names:  # of a WACZ only the records hold pages, the rest is an index of them
            infos = _crawls(archive) or infos
        yield from _ZipMembers(document, archive, infos).read(is_known)


def unpack_wacz(document: Document) -> Iterator[Document | Failure | Remark]:
    """Web archives packed as WACZ: a ZIP file with the records of a crawl in its folder `archive`."""
    with _archive(document) as archive:
        if not (crawls := _crawls(archive)):
            raise ReadError("a WACZ file with crawls was expected, found none in it; deliver it again")
        yield from _ZipMembers(document, archive, crawls).read(lambda member: True)


def _crawls(archive: ZipFile) -> list[ZipInfo]:
    return [info for info in archive.infolist() if _CRAWL.fullmatch(info.filename)]


@contextmanager
def _archive(document: Document) -> Iterator[ZipFile]:
    with document.open() if document.depth == 0 else _laid_down(document) as stream:
        try:
            if _directory_bytes(stream) > MAX_DIRECTORY:
                reason = f"at most {MAX_MEMBERS:,} members were expected, found a longer list; pack them in parts"
                raise ReadError(reason)
            archive = ZipFile(stream)
        except (BadZipFile, EOFError, struct.error, ValueError, NotImplementedError, IndexError) as error:
            what = " ".join(str(error).split())[:200]
            reason = f"a whole ZIP file was expected, found that it breaks off or is damaged ({what}); {_ADVICE}"
            raise ReadError(reason) from error
        with archive:
            yield archive


def _laid_down(document: Document) -> IO[bytes]:
    """The bytes of a member so that they can be read from the end, in a file without a name."""
    copy: IO[bytes] = SpooledTemporaryFile(max_size=HELD)  # noqa: SIM115 – the caller closes it
    with document.open() as stream:
        while piece := stream.read(1 << 20):
            copy.write(piece)
            if copy.tell() > MAX_NESTED:
                reason = f"a ZIP file of at most {MAX_NESTED // 1_000_000_000} GB within another was expected"
                raise ReadError(f"{reason}, found a larger one; unpack it yourself")
    copy.seek(0)
    return copy


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


class _ZipMembers:
    def __init__(self, document: Document, archive: ZipFile, infos: list[ZipInfo]) -> None:
        self._document = document
        self._archive = archive
        wanted = [(name, info) for info in infos if _is_wanted(name := info.filename.replace("\\", "/"))]
        # Where a name stands twice the later one counts: so files are replaced in an archive.
        self._named = dict(wanted)
        self._replaced = len(wanted) - len(self._named)
        self._overlapping = _overlapping(infos)

    def read(self, is_known: Callable[[Document], bool]) -> Iterator[Document | Failure | Remark]:
        passed_over: Counter[str] = Counter()
        empty = True
        place = self._document.place
        for name in sorted(self._named):
            member = self._member(name)
            self._document.count_unpacked(self._named[name].file_size)
            try:
                self._require_readable(self._named[name])
                if is_companion(member) or (name.lower().endswith(".xml") and name in self._pages):
                    continue
                if not is_known(member):
                    passed_over[posixpath.splitext(member.name)[1].lower() or "without an ending"] += 1
                    continue
                yield member
            except (ReadError, *BROKEN) as error:
                error = error if isinstance(error, ReadError) else broken(error)
                yield Failure(error.path or member.place, error.line, error.reason)
            empty = False
        if empty:
            count = f"{passed_over.total():,} other files" if passed_over else "no files"
            yield Failure(place, None, f"articles were expected, found {count}; deliver another ZIP file")
        elif passed_over:
            yield Remark(place, None, passed_over_text(passed_over))
        if self._replaced:
            yield Remark(place, None, f"{self._replaced:,} members stand twice in it; the later of each is read")

    @cached_property
    def _pages(self) -> frozenset[str]:
        return frozenset(
            posixpath.join(posixpath.dirname(name), page)
            for name in self._named
            if name.lower().endswith(".xml")
            for page in pages_named(self._member(name))
        )

    def _require_readable(self, info: ZipInfo) -> None:
        """Raises ReadError for what is no file of its own, is encrypted or unpacks beyond bounds."""
        if info.flag_bits & 1:
            raise ReadError("a member without a password was expected, found an encrypted one; pack it without")
        if stat.S_ISLNK(info.external_attr >> 16):
            raise ReadError("a file was expected, found a link; pack what it leads to")
        if info.header_offset in self._overlapping:
            raise ReadError(f"members of their own bytes were expected, found one that shares another's; {_ADVICE}")
        require_bounded(info.file_size, packed=info.compress_size)

    def _member(self, name: str) -> Document:
        info = self._named[name]

        def opened() -> IO[bytes]:
            self._require_readable(info)
            try:
                return self._archive.open(info)
            except (RuntimeError, ValueError) as error:
                what = " ".join(str(error).split()) or "an unknown way of packing"
                reason = f"a member packed as ZIP programs do was expected, found an odd one ({what}); pack it anew"
                raise ReadError(reason) from error

        return self._document.member(_printable(name), opened, sibling=lambda href: self._sibling(name, href))

    def _sibling(self, name: str, href: str) -> Document:
        path = posixpath.join(posixpath.dirname(name), path_from(href))
        if path not in self._named:
            raise ReadError(f"a member {path[:120]} was expected, found none; pack it too")
        return self._member(path)


def _is_wanted(name: str) -> bool:
    parts = name.split("/")
    hidden = any(part.startswith(".") and part not in (".", "..") for part in parts)
    return not (name.endswith("/") or "__MACOSX" in parts or hidden or is_sidecar(name))


def _printable(name: str) -> str:
    """The name for messages and the archive's entry; nothing is ever written or read under it."""
    parts = (clean_line(part) for part in re.sub("^[A-Za-z]:", "", name).split("/"))
    return "/".join(part for part in parts if part not in ("", ".", ".."))[:_MAX_NAME] or "(a member without a name)"


def _overlapping(infos: list[ZipInfo]) -> set[int]:
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
