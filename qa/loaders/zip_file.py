"""ZIP files, read as the files that they hold, and web archives packed as WACZ, which hold the records of a crawl."""

from __future__ import annotations

import io
import posixpath
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from typing import IO
from zipfile import ZipFile, ZipInfo

from qa.errors import ReadError
from qa.loaders.companions import is_companion, is_page, pages_named
from qa.loaders.documents import Document, path_from
from qa.loaders.front_matter import is_sidecar
from qa.loaders.zip_archive import (
    ADVICE,
    MAX_MEMBERS,
    MemberStream,
    is_link,
    names_of,
    open_archive,
    overlapping,
    printable_name,
    seekable,
)
from qa.models.deliveries import WITHIN, Failure, Remark

DESCRIBED_IN = "datapackage.json"
MAX_CRAWLS = 10_000
MAX_UNPACKED = 50_000_000_000  # bytes of all members together

_CRAWL = re.compile(r"archive/[^/]+\.(?:warc|arc)(?:\.gz)?", re.IGNORECASE)


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

    Its crawls, in order, each to be read before the next is asked for. Raises ReadError for a broken ZIP file or one
    without crawls, and OSError.
    """
    with ExitStack() as open_files:
        archive = _archive(document, open_files)
        crawls = [info for info in archive.infolist() if _CRAWL.fullmatch(info.filename)]
        if not crawls:
            raise ReadError("a WACZ file with crawls was expected, found none in it; deliver it again")
        yield from _ZipMembers(document, archive, crawls[:MAX_CRAWLS], lambda member: True).read()


def is_wacz(names: Iterable[str]) -> bool:
    """Whether a ZIP file with members of these names is one."""
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
        unpacked = 0
        empty = True
        for name in sorted(self._named):
            info = self._named[name]
            place = f"{self._document.place}{WITHIN}{printable_name(info)}"
            unpacked += info.file_size
            if unpacked > MAX_UNPACKED:
                reason = f"at most {MAX_UNPACKED // 1_000_000_000} GB were expected to come out of it, found more"
                raise ReadError(f"{reason}; pack it in parts")
            try:
                if reason := self._refusal(info):
                    raise ReadError(reason, path=place)
                member = self._member(name)
                if is_companion(member) or self._is_part(name, member):
                    continue
                if not self._is_known(member):
                    passed_over[posixpath.splitext(printable_name(info))[1].lower() or "without an ending"] += 1
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
        if is_link(info):
            return "a file was expected, found a link; pack what it leads to"
        if info.header_offset in self._overlapping:
            return f"members of their own bytes were expected, found one that shares another's; {ADVICE}"
        return ""

    def _member(self, name: str) -> Document:
        info = self._named[name]
        place = f"{self._document.place}{WITHIN}{printable_name(info)}"

        def opened() -> IO[bytes]:
            return io.BufferedReader(MemberStream(self._archive, info, path=place), 1 << 16)

        return self._document.member(printable_name(info), opened, beside=lambda href: self._beside(name, href))

    def _beside(self, name: str, href: str) -> Document:
        path = posixpath.join(posixpath.dirname(name), path_from(href))
        if path not in self._named or (reason := self._refusal(self._named[path])):
            found = reason if path in self._named else f"a member {path[:120]} was expected, found none; pack it too"
            raise ReadError(found)
        return self._member(path)

    def _is_part(self, name: str, member: Document) -> bool:
        """Whether it is a page that is read with its issue. Raises ReadError where it breaks."""
        if not is_page(member):
            return False
        if self._pages is None:
            listings = [other for other in self._named if other.lower().endswith(".xml")]
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
