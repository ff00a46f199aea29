"""What holds other files: ZIP files, web crawls (WARC, and the older ARC), and WACZ, which is a ZIP file of crawls."""

import hashlib
import io
import logging
import posixpath
import re
import stat
import struct
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from tempfile import SpooledTemporaryFile
from typing import IO, Any
from zipfile import BadZipFile, ZipFile, ZipInfo

import brotli
from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import BufferedReader, ChunkedDataReader
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeadersParser, StatusAndHeadersParserException

from qa.errors import ReadError
from qa.loaders.documents import BROKEN, Document, path_from, require_bounded
from qa.loaders.fields import iso
from qa.loaders.metadata import RecordContext, present
from qa.loaders.newspaper_issue import pages_named
from qa.loaders.sniffing import FileHead, is_companion
from qa.loaders.text_files import is_sidecar
from qa.models.deliveries import Failure, Remark
from qa.text.cleaning import clean_line

MAX_MEMBERS = 1_000_000
MAX_DIRECTORY = 400 * MAX_MEMBERS  # bytes of the list of members at the end, which is held whole
MAX_NESTED = 5_000_000_000  # bytes of a ZIP file inside something else, which has to be laid down to be read
HELD = 20_000_000  # bytes of such a one that stay in memory
_MAX_NAME = 500  # characters of a name that are shown
_ADVICE = "pack it anew, or deliver it again"
_CRAWL = re.compile(r"archive/[^/]+\.(?:warc|arc)(?:\.gz)?", re.IGNORECASE)
MAX_PAGE = 20_000_000  # bytes of one record's content when unpacked
MAX_LINE = 100_000_000  # bytes between two line breaks; pictures and films have one every few hundred
_PIECE = 1 << 16
_PAGES = ("text/html", "application/xhtml+xml")
_NO_ARTICLES = (
    *("image/", "video/", "audio/", "font/", "text/css", "application/font", "application/x-font"),
    *("text/javascript", "application/javascript", "application/x-javascript", "application/zip"),
)
_NEWS_ROOTS = ("rss", "feed", "rdf", "nitf", "newsml", "newsmessage", "newsitem", "packageitem", "knowledgeitem")
_NEWS_IN_JSON = (b'"@type"', b'"versioncreated"', b'"versionCreated"', b'"jsonfeed.org', b"//jsonfeed.org/")
# It mends addresses with spaces, and says so of each; a crawl has thousands.
logging.getLogger("warcio").setLevel(logging.ERROR)
_SEEN, _BROKEN_ANSWER = "that stood here before, word for word", "whose answer can't be understood"


def unpack_zip(context: RecordContext) -> Iterator[Document | Remark]:
    """A ZIP file is read as the files that it holds, in the order of their names."""
    with _archive(context.document) as archive:
        infos, names = archive.infolist(), set(archive.namelist())
        if len(infos) > MAX_MEMBERS:
            raise ReadError(f"at most {MAX_MEMBERS:,} members were expected, found {len(infos):,}; pack them in parts")
        if "[Content_Types].xml" in names or {"mimetype", "content.xml"} <= names:
            raise ReadError("articles were expected, found an Office document; save it as PDF or text")
        if "datapackage.json" in names:  # of a WACZ only the records hold pages, the rest is an index of them
            infos = [info for info in infos if _CRAWL.fullmatch(info.filename)] or infos
        yield from _ZipMembers(context.document, archive, infos).read()


def unpack_wacz(context: RecordContext) -> Iterator[Document | Remark]:
    """Web archives packed as WACZ: a ZIP file with the records of a crawl in its folder `archive`."""
    with _archive(context.document) as archive:
        crawls = [info for info in archive.infolist() if _CRAWL.fullmatch(info.filename)]
        if not crawls:
            raise ReadError("a WACZ file with crawls was expected, found none in it; deliver it again")
        yield from _ZipMembers(context.document, archive, crawls).read()


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
    stream.seek(max(0, size - 65_657))  # two records stand at the end, and behind them the longest comment
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
        self._document, self._archive, self._overlapping = document, archive, _overlapping(infos)
        self._named: dict[str, ZipInfo] = {}
        self._replaced = 0
        for info in infos:
            name = info.filename.replace("\\", "/")
            parts = name.split("/")
            is_hidden = any(part.startswith(".") and part not in (".", "..") for part in parts)
            if not (name.endswith("/") or "__MACOSX" in parts or is_hidden or is_sidecar(name)):
                # Where a name stands twice the later one counts: so files are replaced in an archive.
                self._replaced += name in self._named
                self._named[name] = info

    def read(self) -> Iterator[Document | Remark]:
        """The members that hold articles, each to be read before the next is asked for. Raises ReadError."""
        folders = {name: posixpath.dirname(name) for name in self._named if name.lower().endswith(".xml")}
        named = {posixpath.join(folders[name], page) for name in folders for page in pages_named(self._member(name))}
        pages = named & folders.keys()
        empty = True
        for name, info in sorted(self._named.items()):
            self._document.count_unpacked(info.file_size)
            if name not in pages and not is_companion(member := self._member(name)):
                empty = False
                yield member
        if empty:
            raise ReadError("articles were expected, found no files; deliver another ZIP file")
        if self._replaced:
            text = f"{self._replaced:,} members stand twice in it; the later of each is read"
            yield Remark(self._document.place, None, text)

    def _member(self, name: str) -> Document:
        info = self._named[name]

        def opened() -> IO[bytes]:
            if info.flag_bits & 1:
                raise ReadError("a member without a password was expected, found an encrypted one; pack it without")
            if stat.S_ISLNK(info.external_attr >> 16):
                raise ReadError("a file was expected, found a link; pack what it leads to")
            if info.header_offset in self._overlapping:
                raise ReadError(f"members of their own bytes were expected, found one that shares another's; {_ADVICE}")
            require_bounded(info.file_size, packed=info.compress_size)
            try:
                return self._archive.open(info)
            except (RuntimeError, ValueError) as error:
                what = " ".join(str(error).split()) or "an unknown way of packing"
                reason = f"a member packed as ZIP programs do was expected, found an odd one ({what}); pack it anew"
                raise ReadError(reason) from error

        def sibling(href: str) -> Document:
            path = posixpath.join(posixpath.dirname(name), path_from(href))
            if path not in self._named:
                raise ReadError(f"a member {path[:120]} was expected, found none; pack it too")
            return self._member(path)

        # The name for messages and the archive's entry; nothing is ever written or read under it.
        parts = [clean_line(part) for part in re.sub("^[A-Za-z]:", "", name).split("/")]
        printable = "/".join(part for part in parts if part not in ("", ".", ".."))[:_MAX_NAME]
        return self._document.member(printable or "(a member without a name)", opened, sibling=sibling)


def _overlapping(infos: list[ZipInfo]) -> set[int]:
    """Where members begin whose bytes lie in another's: small files that unpack to very large ones are built so."""
    places: set[int] = set()
    end, before = -1, -1
    for info in sorted(infos, key=lambda info: info.header_offset):
        if info.header_offset < end:
            places |= {before, info.header_offset}
        # 30 bytes stand before the name of a member, where its bytes begin.
        reach = info.header_offset + 30 + len(info.orig_filename) + info.compress_size
        if reach > end:
            end, before = reach, info.header_offset
    return places


class _LeftOut(Exception):
    """A record that holds no page to be read; says why, as the report counts them."""


def unpack_crawl(context: RecordContext) -> Iterator[Document | Failure | Remark]:
    """Web crawls (WARC, and the older ARC): the pages among their records, each read as a file of its own."""
    document = context.document
    left_out: Counter[str] = Counter()
    seen: set[bytes] = set()
    number, address = 0, ""
    with document.open() as stream:
        # Their content isn't looked at yet; `err_count` tells how many were longer than they said.
        records = ArchiveIterator(_Lines(stream), no_record_parse=True, arc2warc=True)
        records.INC_RECORD = ""  # what it would print of each
        try:
            for record in records:
                number += 1
                address = clean_line(record.rec_headers.get_header("WARC-Target-URI") or "").strip("<>")[:2_000]
                if record.length is None:
                    raise EOFError("its length isn't told")
                try:
                    member = _page_in(record, address, document, seen)
                except _LeftOut as error:
                    member = None
                    left_out[str(error)] += 1
                while record.raw_stream.read(_PIECE):
                    pass
                if missing := getattr(record.raw_stream, "limit", 0):
                    raise EOFError(f"{missing:,} bytes are missing")
                if member:
                    yield member
            if not number:
                yield Failure(document.place, None, "a crawl with records was expected, found none; deliver it again")
        except (ArchiveLoadFailed, *BROKEN) as error:
            what = clean_line(str(error)).replace("ERROR: ", "")[:200] or "the file ends"
            where = f"in record {number:,} ({address[:200]})" if address else f"behind record {number:,}"
            reason = f"a whole crawl was expected, found that it breaks off {where}: {what}; deliver it again"
            yield Failure(document.place, None, reason)
        left_out["that are longer than they say, of which what they say was read"] += records.err_count
    if left_out := +left_out:
        counted = ", ".join(f"{count:,} {what}" for what, count in sorted(left_out.items()))
        yield Remark(document.place, None, f"records passed over or cut: {counted}")


class _Lines:
    """A stream that ends with an error where no line does for so long that reading one would fill the memory."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream, self._since, self.close = stream, 0, stream.close

    def read(self, size: int = _PIECE) -> bytes:
        # What has come out of a packed file before it breaks would be lost by reading on for all that is asked for.
        data = self._stream.read1(size) if isinstance(self._stream, io.BufferedIOBase) else self._stream.read(size)
        last_break = data.rfind(b"\n")
        self._since = self._since + len(data) if last_break < 0 else len(data) - last_break
        if self._since > MAX_LINE:
            raise EOFError(f"no line ends within {MAX_LINE // 1_000_000} MB")
        return data


def _page_in(record: Any, address: str, document: Document, seen: set[bytes]) -> Document | None:
    """The page that a record holds; None for a record of another kind. Raises _LeftOut."""
    headers = record.rec_headers
    digest_header = (headers.get_header("WARC-Payload-Digest") or "-").strip().lower().encode()
    if record.rec_type == "revisit":
        raise _LeftOut(_SEEN if digest_header in seen else "whose content is in another file")
    is_web = address.startswith(("http://", "https://"))
    is_answer = record.rec_type == "response" and is_web
    if is_answer:
        try:
            record.http_headers = StatusAndHeadersParser(["HTTP/"], verify=True).parse(record.raw_stream)
        except (StatusAndHeadersParserException, EOFError, ValueError, UnicodeError) as error:
            raise _LeftOut(_BROKEN_ANSWER) from error
        status = re.match(r"[\d.]*\s*(\d{3})\b", record.http_headers.statusline or "")  # "1.1 200 OK"
        if not status:
            raise _LeftOut(_BROKEN_ANSWER)
        if status[1] != "200":
            is_elsewhere = status[1].startswith("3")
            raise _LeftOut("that lead elsewhere" if is_elsewhere else "that the server did not answer with a page")
    elif record.rec_type != "resource":
        return None
    kind, _, rest = ((record.http_headers or headers).get_header("Content-Type") or "").partition(";")
    kind, charset = kind.strip().lower(), rest.lower().partition("charset=")[2].split(";")[0].strip("\"' ")[:40]
    data = b"" if kind.startswith(_NO_ARTICLES) else _content_of(record)
    path = address.partition("?")[0].partition("#")[0].rstrip("/")
    name = path.rpartition("/" if path.count("/") > 2 else "//")[2][-120:] or "page"
    if kind in _PAGES and not name.lower().endswith((".html", ".htm")):
        name += ".html"
    url, captured = address if is_web else "", iso(headers.get_header("WARC-Date"))
    known = {"url": url, "captured": captured, "charset": charset, "http_status": 200 if is_answer else None}
    member = document.member(address or f"record {record.rec_type}", data, name=name, known=present(known))
    head = FileHead(member)
    is_page = kind in _PAGES or head.is_html
    is_news = head.root in _NEWS_ROOTS or data.startswith(b"%PDF-")
    if head.is_json or head.is_json_lines:
        is_news = any(sign in data[:_PIECE] for sign in _NEWS_IN_JSON)
    if not data.strip() or not (is_page or is_news):
        raise _LeftOut("of formats that hold no articles")
    # What was fetched counts, not what is said of it; that is remembered for the records that point back to it.
    digest = hashlib.sha256(data).digest()
    if digest in seen:
        raise _LeftOut(_SEEN)
    seen |= {digest, digest_header} - {b"-"}
    return member


def _content_of(record: Any) -> bytes:
    """The content of a record whose headers are read. Raises _LeftOut, and what its stream raises."""
    headers, names = record.http_headers, ("Content-Encoding", "Transfer-Encoding")
    encoding, transfer = ((headers.get_header(name) or "").strip().lower() if headers else "" for name in names)
    reader = ChunkedDataReader if "chunked" in transfer else BufferedReader
    # What looks unpacked is taken as it is: some crawlers unpack it, and keep the server's headers.
    packed = next((name for name in ("gzip", "deflate") if name in encoding), None)
    data = _bounded(reader(record.raw_stream, decomp_type=packed, read_all_members=True).read, _PIECE)
    if encoding != "br":
        return data
    unpacker = brotli.Decompressor()

    def unpacked(packed: bytes) -> bytes:
        # The library's own reader has no bound, and a few bytes of this packing can hold gigabytes.
        return b"" if unpacker.is_finished() else unpacker.process(packed, output_buffer_limit=_PIECE)

    try:
        return unpacked(data) + _bounded(unpacked, b"")
    except brotli.error as error:
        if data.lstrip()[:1] in (b"<", b"{", b"[", b"%"):
            return data
        raise _LeftOut(_BROKEN_ANSWER) from error


def _bounded(read: Callable[[Any], bytes], asked: object) -> bytes:
    """All that comes out of something. Raises _LeftOut where it is more than a page has."""
    data = bytearray()
    while piece := read(asked):
        data += piece
        if len(data) > MAX_PAGE:
            raise _LeftOut(f"of more than {MAX_PAGE // 1_000_000} MB")
    return bytes(data)
