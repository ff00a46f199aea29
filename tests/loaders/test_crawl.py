from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import brotli
import pytest

from qa.loaders import containers
from qa.models.deliveries import Delivery, Failure, Remark

Put = Callable[..., Path]
ReadAll = Callable[..., list[Delivery | Failure | Remark]]


def page(number: int) -> bytes:
    text = (
        f"<p>Crane number {number} was set up on the eastern quay on Tuesday, two weeks earlier than planned.</p>"
        "<p>It can lift forty tonnes, and ships will wait four hours instead of nine, said the port authority.</p>"
    )
    return (
        f"<html><head><title>Crane {number} is up</title></head><body><article>{text}</article></body></html>".encode()
    )


def record(kind: str, address: str, block: bytes, *, content: str = "application/http", more: str = "") -> bytes:
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {address}\r\nWARC-Date: 2017-03-06T04:02:06Z\r\n{more}"
        f"Content-Type: {content}\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def answer(
    number: int, body: bytes | None = None, *, status: str = "200 OK", kind: str = "text/html", more: str = ""
) -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n{more}\r\n".encode()
    return record("response", f"https://post.example/{number}", head + (page(number) if body is None else body))


def titles(records: list[Delivery | Failure | Remark]) -> list[str]:
    return [one.article.source.title for one in records if isinstance(one, Delivery)]


def remark(records: list[Delivery | Failure | Remark]) -> str:
    (found,) = [one.reason for one in records if type(one) is Remark]
    return found


def test_a_page_knows_where_and_when_it_was_fetched(put: Put, read_all: ReadAll) -> None:
    (delivery,) = read_all(put("a.warc", answer(1, kind="text/html; charset=UTF-8")))
    assert isinstance(delivery, Delivery)
    article = delivery.article
    assert (article.source.url, article.source.published) == ("https://post.example/1", None)
    assert article.extra["captured"] == "2017-03-06T04:02:06+00:00"
    assert delivery.path.endswith("a.warc > https://post.example/1")
    assert delivery.original is not None
    assert delivery.original.inside == "https://post.example/1"


@pytest.mark.parametrize("packed", [False, True])
def test_plain_and_packed_record_by_record(put: Put, read_all: ReadAll, packed: bool) -> None:
    records = [answer(1), record("request", "https://post.example/1", b"GET / HTTP/1.1\r\n\r\n"), answer(2)]
    data = b"".join(gzip.compress(one) if packed else one for one in records)
    assert titles(read_all(put("a.warc.gz" if packed else "a.warc", data))) == ["Crane 1 is up", "Crane 2 is up"]


def test_what_servers_packed_is_unpacked(put: Put, read_all: ReadAll) -> None:
    raw = zlib.compressobj(wbits=-15)
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(page(5)), page(5))
    data = b"".join(
        (
            answer(1, gzip.compress(page(1)), more="Content-Encoding: gzip\r\n"),
            answer(2, brotli.compress(page(2)), more="Content-Encoding: br\r\n"),
            answer(3, zlib.compress(page(3)), more="Content-Encoding: deflate\r\n"),
            answer(4, raw.compress(page(4)) + raw.flush(), more="Content-Encoding: deflate\r\n"),
            answer(5, chunked, more="Transfer-Encoding: chunked\r\n"),
            answer(6, page(6), more="Content-Encoding: gzip\r\n"),
        )
    )
    assert titles(read_all(put("a.warc", data))) == [f"Crane {number} is up" for number in range(1, 7)]


def test_what_is_left_out_is_counted(put: Put, read_all: ReadAll) -> None:
    revisit = "WARC-Payload-Digest: sha1:ABC\r\n"
    data = b"".join(
        (
            answer(1),
            answer(2, page(1)),
            answer(3, b"", status="301 Moved"),
            answer(4, status="404 Not Found"),
            answer(5, b"\x89PNG", kind="image/png"),
            answer(6, b"User-agent: *", kind="text/plain"),
            answer(7, b"\x00\x01", more="Content-Encoding: br\r\n"),
            record("revisit", "https://post.example/1", b"", more=revisit),
            record("response", "https://post.example/8", b"no answer at all"),
        )
    )
    records = read_all(put("a.warc", data))
    assert titles(records) == ["Crane 1 is up"]
    said = remark(records)
    for expected in (
        "1 that stood here before",
        "1 that lead elsewhere",
        "1 that the server did not answer with a page",
        "3 of formats that hold no articles",
        "1 whose answer can't be understood",
        "1 whose content is in another file",
    ):
        assert expected in said


def test_a_revisit_of_what_stands_in_the_file_is_one_that_stood_here(put: Put, read_all: ReadAll) -> None:
    digest = "WARC-Payload-Digest: sha1:ABC\r\n"
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
    first = record("response", "https://post.example/1", head + page(1), more=digest)
    records = read_all(put("a.warc", first + record("revisit", "https://post.example/1", b"", more=digest)))
    assert "1 that stood here before" in remark(records)


def test_records_with_one_digest_and_other_words_are_both_read(put: Put, read_all: ReadAll) -> None:
    digest = "WARC-Payload-Digest: sha1:ABC\r\n"
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
    both = [record("response", f"https://post.example/{n}", head + page(n), more=digest) for n in (1, 2)]
    assert len(titles(read_all(put("a.warc", b"".join(both))))) == 2


def test_pages_without_an_answer_and_feeds_are_read(put: Put, read_all: ReadAll) -> None:
    feed = b"<rss><channel><item><title>From a feed</title></item></channel></rss>"
    data = record("resource", "https://post.example/1", page(1), content="text/html") + answer(
        2, feed, kind="application/rss+xml"
    )
    assert titles(read_all(put("a.warc", data))) == ["Crane 1 is up", "From a feed"]


@pytest.mark.parametrize("packed", [False, True])
def test_of_a_file_that_breaks_off_the_whole_records_are_read(put: Put, read_all: ReadAll, packed: bool) -> None:
    pack = gzip.compress if packed else bytes
    data = pack(answer(1)) + pack(answer(2))
    records = read_all(put("a.warc", data[:-60]))
    assert titles(records) == ["Crane 1 is up"]
    (failure,) = [one for one in records if isinstance(one, Failure)]
    assert "breaks off in record 2 (https://post.example/2)" in failure.reason


@pytest.mark.parametrize("data", [b"WARC/1.0\r\n", b"WARC/1.0\r\nWARC-Type: response\r\n\r\n", b"WARC/9.9\r\n\r\nx"])
def test_what_is_hardly_a_crawl_is_refused(put: Put, read_all: ReadAll, data: bytes) -> None:
    (failure,) = read_all(put("a.warc", data))
    assert isinstance(failure, Failure)
    assert "a whole crawl was expected" in failure.reason


def test_pages_without_end_are_left_out(put: Put, read_all: ReadAll, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(containers, "MAX_PAGE", 100_000)
    filled = b" " * 1_000_000
    data = b"".join(
        (
            answer(1, gzip.compress(filled), more="Content-Encoding: gzip\r\n"),
            answer(2, brotli.compress(filled), more="Content-Encoding: br\r\n"),
            answer(3, filled),
            answer(4),
        )
    )
    records = read_all(put("a.warc", data))
    assert titles(records) == ["Crane 4 is up"]
    assert remark(records).startswith("records passed over or cut: 3 of more than")


def test_arc(put: Put, read_all: ReadAll) -> None:
    described = b"1 0 Post\nURL IP-address Archive-date Content-type Archive-length\n\n"
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + page(1)
    data = b"filedesc://a.arc 0.0.0.0 20020102030405 text/plain %d\n%s" % (len(described), described)
    data += b"\nhttps://post.example/1 192.0.2.1 20020102030405 text/html %d\n%s\n" % (len(block), block)
    (delivery,) = read_all(put("a.arc", data))
    assert isinstance(delivery, Delivery)
    assert delivery.article.extra["captured"] == "2002-01-02T03:04:05+00:00"


def packed_archive(*names: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        for name in names:
            packed.writestr(name, gzip.compress(answer(1)) if name.endswith(".gz") else "{}")
    return stream.getvalue()


@pytest.mark.parametrize("name", ["a.wacz", "a.zip"])
def test_wacz(put: Put, read_all: ReadAll, name: str) -> None:
    data = packed_archive("pages/pages.jsonl", "archive/data.warc.gz", "datapackage.json")
    (delivery,) = read_all(put(name, data))
    assert isinstance(delivery, Delivery)
    assert delivery.path.endswith(f"{name} > archive/data.warc.gz > https://post.example/1")


def test_wacz_that_is_none_is_refused(put: Put, read_all: ReadAll) -> None:
    damaged = (b"PK\x03\x04x", "it breaks off or is damaged")
    for data, expected in ((packed_archive("datapackage.json"), "found none"), damaged):
        (failure,) = read_all(put("a.wacz", data))
        assert isinstance(failure, Failure)
        assert expected in failure.reason
