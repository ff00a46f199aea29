"""Feeds are hostile: they lead nowhere inside the house, and take neither the archive nor its time."""

from __future__ import annotations

import gzip
import json
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpcore
import pytest

from qa.archive import fetching, ingesting
from qa.archive.fetching import fetched, is_public
from qa.errors import ReadError
from qa.store.locking import folder_lock
from tests.cli.conftest import Qa, run, use
from tests.fakes import FakeEncoder

Answer = Callable[[BaseHTTPRequestHandler], None]
RSS = (
    b'<rss version="2.0"><channel><title>Post</title><item><title>Fair</title><guid>fair</guid>'
    b"<description>The fair opened on Monday.</description></item></channel></rss>"
)
LOCAL = ("127.0.0.1",)


@contextmanager
def served(answer: Answer) -> Iterator[str]:
    """A server on this machine; every request is answered alike."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            try:
                answer(self)
            except OSError:
                pass  # whoever asked has left

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def body(data: bytes, **headers: str) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(data)

    return answer


def to(address: str) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(302)
        handler.send_header("Location", address)
        handler.end_headers()

    return answer


@pytest.fixture
def qa(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Qa:
    """`qa` with a quick encoder and an archive of the test's own."""
    for name in [name for name in os.environ if name.startswith("QA_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("QA_HOME", str(tmp_path / "data"))
    use(FakeEncoder(), monkeypatch)
    return run


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """Names and the addresses that they lead to, the next one each time they are looked up."""
    listed: dict[str, list[str]] = {}
    looking_up = socket.getaddrinfo

    def look_up(host: Any, port: Any, *args: Any, **kwargs: Any) -> Any:
        if host in listed:
            addresses = listed[host]
            host = addresses.pop(0) if len(addresses) > 1 else addresses[0]
        return looking_up(host, port, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return listed


INSIDE = [
    "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%1", "fc00::1", "ff02::1", "::ffff:127.0.0.1",
    "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "2001:db8::1",
]  # fmt: skip


def test_addresses_inside_are_told_from_public_ones() -> None:
    assert [address for address in INSIDE if is_public(address)] == []
    assert all(map(is_public, ["93.184.215.14", "2606:2800:21f:cb07::1", "::ffff:93.184.215.14"]))


def test_a_feed_inside_the_house_is_not_asked() -> None:
    asked: list[str] = []
    with served(lambda handler: asked.append(handler.path)) as address:
        port = address.rpartition(":")[2]
        for host in ("127.0.0.1", "localhost", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "0.0.0.0", "[::1]"):
            with pytest.raises(ReadError, match=r"public address was expected.*intranet_hosts|Invalid IPv4"):
                fetched(f"http://{host}:{port}/feed")
    assert asked == []


@pytest.mark.parametrize(
    "host", ["localhost", "2130706433", "0x7f000001", "[::ffff:127.0.0.1]", "0.0.0.0", "inside.example"]
)
def test_no_redirect_leads_inside_the_house(host: str, names: dict[str, list[str]]) -> None:
    names["inside.example"] = ["127.0.0.1"]
    asked: list[str] = []
    with served(lambda handler: asked.append(handler.path)) as inside:
        target = f"http://{host}:{inside.rpartition(':')[2]}/secret"
        refused = pytest.raises(ReadError, match="public address was expected")
        with served(to(target)) as address, served(to(f"{address}/")) as first, refused:
            fetched(first, intranet_hosts=LOCAL)
    assert asked == []


def test_a_name_that_leads_elsewhere_a_moment_later_leads_nobody_astray(
    names: dict[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    names["rebinding.example"] = ["93.184.215.14", "127.0.0.1"]
    connected: list[str] = []
    connect = httpcore.SyncBackend.connect_tcp
    hosts: list[str] = []

    def answer(handler: BaseHTTPRequestHandler) -> None:
        hosts.append(handler.headers["Host"])
        body(RSS)(handler)

    with served(answer) as address:
        port = int(address.rpartition(":")[2])

        def to_the_server(self: httpcore.SyncBackend, host: str, port: int, *args: Any, **kwargs: Any) -> Any:
            connected.append(host)
            return connect(self, "127.0.0.1", port, *args, **kwargs)

        monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", to_the_server)
        assert fetched(f"http://rebinding.example:{port}/") == RSS
    assert connected == ["93.184.215.14"]
    assert hosts == [f"rebinding.example:{port}"]


def test_a_host_of_the_intranet_that_is_named_is_asked() -> None:
    with served(body(RSS)) as address:
        assert fetched(address, intranet_hosts=LOCAL) == RSS


def test_no_proxy_of_the_environment_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    with served(lambda handler: asked.append(handler.path)) as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy)
        with pytest.raises(ReadError):
            fetched("http://192.168.7.7:1/feed")
    assert asked == []


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://127.0.0.1/feed", "gopher://127.0.0.1/", "unix:/run/x"])
def test_a_redirect_to_no_web_address_is_refused(target: str) -> None:
    with served(to(target)) as address, pytest.raises(ReadError, match=r"http:// or https://|the feed was expected"):
        fetched(address, intranet_hosts=LOCAL)


def test_redirects_come_to_an_end() -> None:
    with served(to("/again")) as address, pytest.raises(ReadError, match="5 redirects"):
        fetched(address, intranet_hosts=LOCAL)


def _a_byte_now_and_then(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    for _ in range(60):
        handler.wfile.write(b" ")
        time.sleep(0.05)


def _a_header_now_and_then(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    for number in range(60):
        handler.wfile.write(f"X-{number}: 1\r\n".encode())
        time.sleep(0.05)


def _redirects_now_and_then(handler: BaseHTTPRequestHandler) -> None:
    time.sleep(0.2)
    to("/again")(handler)


@pytest.mark.parametrize("answer", [_a_byte_now_and_then, _a_header_now_and_then, _redirects_now_and_then])
def test_a_feed_that_takes_its_time_is_given_up(answer: Answer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "TOTAL_SECONDS", 0.5)
    started = time.monotonic()
    with served(answer) as address:
        with pytest.raises(ReadError, match=r"within 0.5 s|timed out"):
            fetched(address, intranet_hosts=LOCAL)
        assert time.monotonic() - started < 5


@pytest.mark.parametrize("packing", ["gzip, gzip", "br", "zstd"])
def test_what_is_packed_twice_or_in_a_new_way_is_not_unpacked(packing: str) -> None:
    data = gzip.compress(gzip.compress(RSS))
    with served(body(data, Content_Encoding=packing)) as address, pytest.raises(ReadError, match="packed"):
        fetched(address, intranet_hosts=LOCAL)


def test_a_feed_is_bounded_unpacked_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "MAX_FILE_BYTES", 1_000_000)
    data = gzip.compress(b" " * 50_000_000)
    with served(body(data, Content_Encoding="gzip")) as address, pytest.raises(ReadError, match="at most 1 MB"):
        fetched(address, intranet_hosts=LOCAL)


def listed(folder: Path, *feeds: str, more: str = "") -> Path:
    path = folder / "archive.toml"
    path.write_text(f'[[source]]\nname = "post"\nfeeds = {json.dumps(feeds)}\nintranet_hosts = ["127.0.0.1"]\n{more}')
    return path


def each_of(bodies: Sequence[bytes]) -> Answer:
    """Answers the address `/3` by the third of them."""
    return lambda handler: body(bodies[int(handler.path.lstrip("/"))])(handler)


NO_FEEDS = (
    b"<!doctype html><html><head><title>Sorry</title></head><body><p>We are down for repairs.</p></body></html>",
    b'{"title": "Sorry", "text": "We are down for repairs.", "outlet": "Reuters"}',
    b'[{"title": "Sorry", "text": "We are down for repairs."}]',
    b'{"id": "a", "title": "Sorry", "text": "Down."}\n{"id": "b", "title": "Sorry", "text": "Down."}\n',
    b"Sorry\n\nWe are down for repairs.\n",
    b"---\ntitle: Sorry\n---\nWe are down for repairs.\n",
    b"id,title,text\na,Sorry,Down\nb,Sorry,Down\n",
    b"From: a@b.example\nSubject: Sorry\nDate: Thu, 17 Mar 2005 10:00:00 +0000\n\nWe are down.\n",
    b"<rss><channel><title>Post</title></channel></rss>",
    b"<news><item>Sorry</item></news>",
    b"",
)
FEEDS = (
    RSS,
    gzip.compress(RSS),
    b'{"version": "https://jsonfeed.org/version/1.1", "title": "Post", "items": [{"id": "fete", "title": "Fair",'
    b' "content_text": "The fair opened."}]}',
)


def test_what_is_no_feed_is_no_article(qa: Qa, tmp_path: Path) -> None:
    with served(each_of(NO_FEEDS)) as address:
        feeds = [f"{address}/{number}" for number in range(len(NO_FEEDS))]
        told = qa("sync", "--sources", listed(tmp_path, *feeds), "--json")
        assert (told.code, told.json["added"]) == (1, 0)
        assert [failure["path"] for failure in told.json["failed"]] == feeds
        assert all("expected" in failure["reason"] for failure in told.json["failed"])
        assert qa("sync", "--sources", listed(tmp_path, *feeds), "--json").json["failed"] == told.json["failed"]


def test_feeds_are_read(qa: Qa, tmp_path: Path) -> None:
    with served(each_of(FEEDS)) as address:
        feeds = [f"{address}/{number}" for number in range(len(FEEDS))]
        report = qa("sync", "--sources", listed(tmp_path, *feeds), "--json").json
    assert (report["added"], report["unchanged"], report["failed"]) == (2, 1, [])


def test_a_publisher_that_a_feed_claims_is_not_its_outlet(qa: Qa, tmp_path: Path) -> None:
    claiming = RSS.replace(b"<title>Post</title>", b"<title>The Agency</title>").replace(
        b"<item>", b"<item><source url='http://a.example/'>The Agency</source>"
    )
    with served(body(claiming)) as address:
        qa("sync", "--sources", listed(tmp_path, address, more='outlet = "A Blog"\n'))
    assert [one["outlet"] for one in qa("list", "--json").json] == ["A Blog"]


def test_the_archive_is_free_while_a_feed_is_fetched(qa: Qa, tmp_path: Path) -> None:
    home = tmp_path / "data"
    home.mkdir()
    free: list[bool] = []

    def answer(handler: BaseHTTPRequestHandler) -> None:
        with folder_lock(home, alone=True):
            free.append(True)
        body(RSS)(handler)

    with served(answer) as address:
        assert qa("sync", "--sources", listed(tmp_path, address), "--json").json["added"] == 1
    assert free == [True]
    assert not [path.name for path in home.iterdir() if path.name.startswith("tmp")]


def test_of_all_feeds_none_is_held_in_memory_until_it_is_read(
    qa: Qa, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[int] = []
    count = 0

    class Body(bytes):
        def __del__(self) -> None:
            nonlocal count
            count -= 1

    def fetched(address: str, **_: object) -> bytes:
        nonlocal count
        count += 1
        return Body(RSS.replace(b"fair<", address[-1:].encode() + b"<"))

    filling = ingesting.filling

    def noted(*given: Any, **options: Any) -> Any:
        held.append(count)
        return filling(*given, **options)

    monkeypatch.setattr(fetching, "fetched", fetched)
    monkeypatch.setattr(ingesting, "filling", noted)
    feeds = [f"http://feeds.example/{number}" for number in range(3)]
    assert qa("sync", "--sources", listed(tmp_path, *feeds), "--json").json["added"] == 3
    assert held == [0]
