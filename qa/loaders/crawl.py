"""Web crawls (WARC, and the older ARC): the pages among their records, each read as a file of its own."""

import hashlib
import io
import logging
import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import IO, Any

import brotli
from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import BufferedReader, ChunkedDataReader
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeadersParser, StatusAndHeadersParserException

from qa.loaders.documents import BROKEN, Document
from qa.loaders.fields import iso
from qa.loaders.sniffing import FileHead
from qa.models.deliveries import Failure, Remark
from qa.text.cleaning import clean_line

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

_STATUS = re.compile(r"[\d.]*\s*(\d{3})\b")  # "1.1 200 OK"

# Why records are left out.
_REDIRECTS = "that lead elsewhere"
_REFUSED = "that the server did not answer with a page"
_SEEN = "that stood here before, word for word"
_ELSEWHERE = "whose content is in another file"
_OTHERS = "of formats that hold no articles"
_TOO_BIG = f"of more than {MAX_PAGE // 1_000_000} MB"
_LONGER = "that are longer than they say, of which what they say was read"
_BROKEN_ANSWER = "whose answer can't be understood"


class _LeftOut(Exception):
    """A record that holds no page to be read; says why."""


def unpack_crawl(document: Document) -> Iterator[Document | Failure | Remark]:
    """Web crawls (WARC, and the older ARC): the pages among their records, each read as a file of its own.

    A Failure stands where it breaks off, and a Remark counts what was left out.
    """
    # It mends addresses with spaces, and says so of each; a crawl has thousands.
    logging.getLogger("warcio").setLevel(logging.ERROR)
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
                member = None
                try:
                    member = _member(record, address, document, seen)
                except _LeftOut as error:
                    left_out[str(error)] += 1
                while record.raw_stream.read(_PIECE):
                    pass
                if missing := getattr(record.raw_stream, "limit", 0):
                    raise EOFError(f"{missing:,} bytes are missing")
                if member:
                    yield member
        except (ArchiveLoadFailed, *BROKEN) as error:
            what = clean_line(str(error)).replace("ERROR: ", "")[:200] or "the file ends"
            where = f"in record {number:,} ({address[:200]})" if address else f"behind record {number:,}"
            reason = f"a whole crawl was expected, found that it breaks off {where}: {what}; deliver it again"
            yield Failure(document.place, None, reason)
        else:
            if not number:
                yield Failure(document.place, None, "a crawl with records was expected, found none; deliver it again")
        left_out[_LONGER] += records.err_count
    if left_out := +left_out:
        counted = ", ".join(f"{count:,} {what}" for what, count in sorted(left_out.items()))
        yield Remark(document.place, None, f"records passed over or cut: {counted}")


class _Lines:
    """A stream that ends with an error where no line does for so long that reading one would fill the memory."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._since = 0
        self.close = stream.close

    def read(self, size: int = _PIECE) -> bytes:
        # What has come out of a packed file before it breaks would be lost by reading on for all that is asked for.
        data = self._stream.read1(size) if isinstance(self._stream, io.BufferedIOBase) else self._stream.read(size)
        last_break = data.rfind(b"\n")
        self._since = self._since + len(data) if last_break < 0 else len(data) - last_break
        if self._since > MAX_LINE:
            raise EOFError(f"no line ends within {MAX_LINE // 1_000_000} MB")
        return data


def _member(record: Any, address: str, document: Document, seen: set[bytes]) -> Document | None:
    """The page that a record holds; None for a record of another kind. Raises _LeftOut."""
    headers = record.rec_headers
    digest_header = (headers.get_header("WARC-Payload-Digest") or "-").strip().lower().encode()
    if record.rec_type == "revisit":
        raise _LeftOut(_SEEN if digest_header in seen else _ELSEWHERE)
    is_web = address.startswith(("http://", "https://"))
    status = ""
    if record.rec_type == "response" and is_web:
        status = _parse_answer(record)
        if status != "200":
            raise _LeftOut(_REDIRECTS if status.startswith("3") else _REFUSED if status else _BROKEN_ANSWER)
    elif record.rec_type != "resource":
        return None
    kind, _, rest = ((record.http_headers or headers).get_header("Content-Type") or "").partition(";")
    kind, charset = kind.strip().lower(), rest.lower().partition("charset=")[2].split(";")[0].strip("\"' ")[:40]
    data = b"" if kind.startswith(_NO_ARTICLES) else _content_of(record)
    known = {
        "url": address if is_web else "",
        "captured": iso(headers.get_header("WARC-Date")),
        "charset": charset,
        "http_status": int(status) if status else None,
    }
    known = {key: value for key, value in known.items() if value}
    member = document.member(address or f"record {record.rec_type}", data, name=_name(address, kind), known=known)
    head = FileHead.of(member)
    is_page = kind in _PAGES or head.is_html
    is_news = head.root in _NEWS_ROOTS or data.startswith(b"%PDF-")
    if head.is_json or head.is_json_lines:
        is_news = any(sign in data[:_PIECE] for sign in _NEWS_IN_JSON)
    if not data.strip() or not (is_page or is_news):
        raise _LeftOut(_OTHERS)
    # What was fetched counts, not what is said of it; that is remembered for the records that point back to it.
    digest = hashlib.sha256(data).digest()
    if digest in seen:
        raise _LeftOut(_SEEN)
    seen.update((digest, digest_header))
    seen.discard(b"-")
    return member


def _parse_answer(record: Any) -> str:
    """The status of the server's answer, whose headers the record has from now on; empty where it has none."""
    try:
        record.http_headers = StatusAndHeadersParser(["HTTP/"], verify=True).parse(record.raw_stream)
    except (StatusAndHeadersParserException, EOFError, ValueError, UnicodeError):
        return ""
    status = _STATUS.match(record.http_headers.statusline or "")
    return status[1] if status else ""


def _name(address: str, kind: str) -> str:
    path = address.partition("?")[0].partition("#")[0].rstrip("/")
    name = path.rpartition("/" if path.count("/") > 2 else "//")[2][-120:] or "page"
    return name if kind not in _PAGES or name.lower().endswith((".html", ".htm")) else f"{name}.html"


def _content_of(record: Any) -> bytes:
    """The content of a record whose headers are read. Raises _LeftOut, and what its stream raises."""
    headers = record.http_headers
    encoding, transfer = (
        (headers.get_header(name) or "").strip().lower() if headers else ""
        for name in ("Content-Encoding", "Transfer-Encoding")
    )
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
            raise _LeftOut(_TOO_BIG)
    return bytes(data)
