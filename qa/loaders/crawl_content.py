"""What a server sent, as a crawl has kept it: put together from its chunks, and unpacked as far as is bounded."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Any

import brotli
from warcio.bufferedreaders import ChunkedDataReader

MAX_PAGE = 20_000_000  # bytes of one record's content when unpacked
_PIECE = 1 << 16
_PLAIN = ("", "identity", "utf-8", "none", "binary", "8bit")


class Unreadable(Exception):
    """What was sent is not packed as its headers say, or in a way that isn't known."""


class TooBig(Exception):
    """More comes out than is read of one page."""


def content_of(record: Any) -> bytes:
    """The content of a record whose headers are read. Raises Unreadable and TooBig, and what its stream raises."""
    headers = record.http_headers
    said = (headers.get_header("Content-Encoding") or "").lower() if headers else ""
    chunked = "chunked" in (headers.get_header("Transfer-Encoding") or "").lower() if headers else False
    data = _all_of(ChunkedDataReader(record.raw_stream) if chunked else record.raw_stream)
    for encoding in reversed([one.strip() for one in said.split(",")]):
        data = _unpacked(data, encoding)
    return data


def _all_of(stream: Any) -> bytes:
    pieces: list[bytes] = []
    size = 0
    while piece := stream.read(_PIECE):
        pieces.append(piece)
        size += len(piece)
        if size > MAX_PAGE:
            raise TooBig
    return b"".join(pieces)


def _unpacked(data: bytes, encoding: str) -> bytes:
    """Some crawlers keep what they have unpacked themselves, with the server's headers."""
    if encoding in _PLAIN or not data:
        return data
    if encoding in ("gzip", "x-gzip"):
        return _inflated(data, 31) if data.startswith(b"\x1f\x8b") else data
    looks_plain = data.lstrip()[:1] in (b"<", b"{", b"[")
    ways: dict[str, tuple[Callable[[], bytes], ...]] = {
        "deflate": (lambda: _inflated(data, 15), lambda: _inflated(data, -15)),
        "br": (lambda: _without_brotli(data),),
    }
    for way in () if looks_plain and encoding not in ("deflate", "br") else ways.get(encoding, ()):
        try:
            return way()
        except Unreadable:
            continue
    if looks_plain:
        return data
    raise Unreadable


def _inflated(data: bytes, window: int) -> bytes:
    """All members one after the other; of one that breaks off what there is."""
    whole = b""
    while data:
        unpacker = zlib.decompressobj(window)
        try:
            whole += unpacker.decompress(data, MAX_PAGE + 1 - len(whole))
        except zlib.error as error:
            if whole:
                return whole  # what follows a member may be filling
            raise Unreadable from error
        if len(whole) > MAX_PAGE:
            raise TooBig
        data = unpacker.unused_data
    return whole


def _without_brotli(data: bytes) -> bytes:
    unpacker = brotli.Decompressor()
    whole, given = b"", data
    try:
        while not unpacker.is_finished():
            piece: bytes = unpacker.process(given, output_buffer_limit=_PIECE)
            whole += piece
            if len(whole) > MAX_PAGE:
                raise TooBig
            if not piece and unpacker.can_accept_more_data():
                break
            given = b""
    except brotli.error as error:
        raise Unreadable from error
    if not whole:
        raise Unreadable
    return whole
