"""Connections that take the server's time and give nothing for it: each ends, and others are served meanwhile."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
import uvicorn
from starlette.testclient import TestClient

from qa.web.limits import LARGEST_HEAD, ConnectionBounds, connection_options
from qa.web.requests import MOST_HEADERS
from qa.web.server import create_app
from tests.web.fake_room import FakeRoom

SHORT = ConnectionBounds(headers=0.6, body=0.6, idle=0.5, taking=0.6, reply=1.5, page=3)
PATIENCE = 8.0
"""Seconds after which a test takes a connection for one that never ends."""

LARGE = 20_000_000


async def app(scope: Any, receive: Any, send: Any) -> None:
    """Echoes the length of a body; streams a byte each 0.1 s at /stream and below /gradio_api/heartbeat."""
    if scope["type"] != "http":
        return
    length, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        length += len(message["body"])
        more = message.get("more_body", False)
    await send({"type": "http.response.start", "status": 200, "headers": []})
    if scope["path"] == "/large":
        await send({"type": "http.response.body", "body": b"x" * LARGE})
    elif scope["path"] in {"/stream", "/gradio_api/heartbeat/x"}:
        for _ in range(int(scope["query_string"] or 200)):
            await send({"type": "http.response.body", "body": b".", "more_body": True})
            await asyncio.sleep(0.1)
        await send({"type": "http.response.body", "body": b""})
    elif scope["path"] == "/client":
        await send({"type": "http.response.body", "body": str(scope["client"][0]).encode()})
    else:
        await send({"type": "http.response.body", "body": str(length).encode()})


@contextlib.contextmanager
def serving(bounds: ConnectionBounds, proxies: tuple[str, ...] = ()) -> Iterator[int]:
    """The port of the application above, served within bounds."""
    options = connection_options(bounds=bounds, proxies=proxies) | {"timeout_graceful_shutdown": 1}
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="off", **options))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield listening.getsockname()[1]
        server.should_exit = True
        thread.join(timeout=5)


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with serving(SHORT) as number:
        yield number


def opened(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)


def ended(connection: socket.socket, *, drip: bytes = b"") -> tuple[float, bytes]:
    """Seconds until the other side ended a connection, into which a drop falls each 0.1 s, and what it said."""
    begun, reply = time.monotonic(), b""
    connection.settimeout(0.1)
    while time.monotonic() - begun < PATIENCE:
        try:
            if drip:
                connection.sendall(drip)
            part = connection.recv(65_536)
            reply += part
            if not part:
                break
            if drip:
                time.sleep(0.1)
        except TimeoutError:
            continue
        except OSError:
            break
    return time.monotonic() - begun, reply


SLOW = {
    "nothing": (b"", b""),
    "half a head": (b"GET / HTTP/1.1\r\nHost: x\r\n", b""),
    "head by drops": (b"GET / HTTP/1.1\r\nHost: x\r\n", b"a: b\r\n"),
    "a byte": (b"G", b""),
    "no body": (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n", b""),
    "body by drops": (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n", b"x"),
    "chunks": (b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
    "chunk's length": (b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n", b"1"),
}
"""What a connection begins with, and what falls into it by drops."""


def test_what_comes_too_slowly_is_ended(port: int) -> None:
    def lasting(kind: str) -> float:
        begun, drip = SLOW[kind]
        with opened(port) as connection:
            connection.sendall(begun)
            return ended(connection, drip=drip)[0]

    with ThreadPoolExecutor(len(SLOW)) as pool:
        seconds = dict(zip(SLOW, pool.map(lasting, SLOW), strict=True))
    assert max(seconds.values()) < PATIENCE / 2, seconds


def test_the_second_request_of_a_connection_has_no_more_time_than_the_first(port: int) -> None:
    with opened(port) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert connection.recv(65_536).startswith(b"HTTP/1.1 200")
        time.sleep(0.2)
        connection.sendall(b"GET / HTTP/1.1\r\n")
        seconds, reply = ended(connection, drip=b"a: b\r\n")
    assert seconds < PATIENCE / 2
    assert b"200" not in reply.split(b"\r\n")[0]


def test_an_idle_connection_is_ended(port: int) -> None:
    with opened(port) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        seconds, reply = ended(connection)
    assert reply.startswith(b"HTTP/1.1 200")
    assert seconds < PATIENCE / 2


def test_who_takes_nothing_of_a_reply_is_let_go() -> None:
    with serving(replace(SHORT, reply=60)) as port, opened(port) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        connection.sendall(b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n")
        time.sleep(1.5)
        _, reply = ended(connection)
    assert len(reply) < LARGE


def test_a_slow_reader_who_goes_on_gets_all() -> None:
    with serving(replace(SHORT, reply=60)) as port, opened(port) as connection:
        connection.sendall(b"GET /large HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        got = 0
        while part := connection.recv(1_000_000):
            got += len(part)
            time.sleep(0.05)
    assert got > LARGE


@pytest.mark.parametrize(("path", "least", "most"), [("/stream", 1.0, 3.0), ("/gradio_api/heartbeat/x", 2.0, 6.0)])
def test_a_stream_lasts_for_its_time_and_no_longer(port: int, path: str, least: float, most: float) -> None:
    with opened(port) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        seconds, reply = ended(connection)
    assert least < seconds < most
    assert b"." in reply


def test_a_stream_outlasts_the_time_of_headers_and_body(port: int) -> None:
    with opened(port) as connection:
        connection.sendall(b"GET /stream?10 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        _, reply = ended(connection)
    assert reply.count(b".") >= 10
    assert reply.endswith(b"0\r\n\r\n")


def test_a_body_that_comes_in_time_is_read(port: int) -> None:
    with opened(port) as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\nConnection: close\r\n\r\n")
        connection.sendall(b"x" * 100_000)
        _, reply = ended(connection)
    assert b"100000" in reply


@pytest.mark.parametrize(
    "head",
    [b"a: b\r\n" * 20_000, b"a" * 200_000, b"a: " + b"b" * 200_000 + b"\r\n"],
    ids=["many", "no end of a name", "a long value"],
)
def test_large_heads_are_refused_and_hardly_read(port: int, head: bytes) -> None:
    with opened(port) as connection, contextlib.suppress(OSError):
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n" + head + b"\r\n")
        _, reply = ended(connection)
        assert not reply.startswith(b"HTTP/1.1 200")
    with opened(port) as connection:
        fits = b"a: " + b"b" * (LARGEST_HEAD // 2) + b"\r\n"
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + fits + b"\r\n")
        assert ended(connection)[1].startswith(b"HTTP/1.1 200")


def test_connections_are_bounded_in_all() -> None:
    with serving(replace(SHORT, headers=PATIENCE, connections=5, per_client=100)) as port:
        crowd = [opened(port) for _ in range(5)]
        time.sleep(0.3)
        with opened(port) as late:
            assert ended(late)[1].startswith(b"HTTP/1.1 503")
        crowd.pop().close()
        time.sleep(0.3)
        with opened(port) as again:
            again.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            assert ended(again)[1].startswith(b"HTTP/1.1 200")
        for connection in crowd:
            connection.close()


@pytest.mark.parametrize(("proxies", "status"), [((), b"503"), (("127.0.0.1",), b"200")])
def test_one_address_has_a_share_and_a_proxy_speaks_for_many(proxies: tuple[str, ...], status: bytes) -> None:
    with serving(replace(SHORT, headers=PATIENCE, connections=50, per_client=3), proxies) as port:
        crowd = [opened(port) for _ in range(3)]
        time.sleep(0.3)
        with opened(port) as late, contextlib.suppress(OSError):
            late.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            assert ended(late)[1].split()[1] == status
        for connection in crowd:
            connection.close()


def test_two_requests_in_one_packet_are_both_answered(port: int) -> None:
    with opened(port) as connection:
        one = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
        connection.sendall(one + one.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
        assert ended(connection)[1].count(b"HTTP/1.1 200") == 2


def test_many_small_headers_are_refused_in_words() -> None:
    page = TestClient(create_app(FakeRoom(), asking_page=False))
    assert page.get("/health", headers=[(f"x-{number}", "1") for number in range(MOST_HEADERS)]).status_code == 431
    assert page.get("/health", headers=[(f"x-{number}", "1") for number in range(MOST_HEADERS // 2)]).status_code == 200


@pytest.mark.parametrize("method", [b"HEAD", b"POST"])
def test_a_malformed_body_is_refused_without_a_failure(
    port: int, method: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    with opened(port) as connection:
        connection.sendall(method + b" / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")
        assert ended(connection)[1].startswith(b"HTTP/1.1 400")
    assert [record for record in caplog.records if record.name == "asyncio"] == []
