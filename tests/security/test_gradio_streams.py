"""Streams of gradio's queue: only of sessions that there are, and not without end."""

from __future__ import annotations

import itertools
import json
import logging
import socket
import time
from urllib.parse import urlsplit

import httpx
import pytest

from qa.web.limits import Limits
from tests.web.conftest import served

from .conftest import Site, site_with

DATA = "/gradio_api/queue/data"
HEARTBEAT = "/gradio_api/heartbeat"
JOIN = "/gradio_api/queue/join"


def raw(address: str, request: str) -> bytes:
    with socket.create_connection(("127.0.0.1", urlsplit(address).port), timeout=10) as connection:
        connection.sendall(request.encode("latin-1"))
        return connection.recv(65_536)


def complaints(caplog: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    return [record for record in caplog.records if record.levelno >= logging.WARNING]


QUERIES = [
    "session_hash=zzzzzzzzzzz", "", "session_hash=", "session_hash=a&session_hash=b", "session_hash=%00",
    "session_hash=" + "a" * 4_000, "fn_index=-1&session_hash=x", "session_hash=%ff",
]  # fmt: skip


def test_a_session_that_is_none_is_a_plain_404(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    with served(site.app) as address:
        replies = [httpx.get(f"{address}{DATA}?{query}") for query in QUERIES]
    assert [reply.status_code for reply in replies] == [404] * len(QUERIES)
    assert all(set(reply.json()) == {"error", "detail", "request_id"} for reply in replies)
    assert complaints(caplog) == []


@pytest.mark.parametrize("name", ["..", "A", "a" * 33, "a-b", "a%0ab", "é", "a/b", ""])
def test_a_heartbeat_is_of_a_session(shared_site: Site, name: str) -> None:
    assert shared_site.client().get(f"{HEARTBEAT}/{name}").status_code == 404


@pytest.mark.parametrize("session", ["nobody", "known"])
def test_streams_are_counted_whoever_opens_them(session: str, monkeypatch: pytest.MonkeyPatch) -> None:
    site = site_with(Limits(requests_per_minute=1), monkeypatch)
    with served(site.app) as address:
        replies = [httpx.get(f"{address}{DATA}", params={"session_hash": session}) for _ in range(9)]
        assert [reply.status_code for reply in replies] == [404] * 8 + [429]
        assert int(replies[-1].headers["retry-after"]) >= 1
        assert b" 429 " in raw(address, f"GET {HEARTBEAT}/abcdefgh HTTP/1.1\r\nHost: localhost\r\n\r\n")


def test_a_reader_at_the_limit_of_questions_is_not_held_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """As many questions as a minute allows, the page opened anew for each, all from one address."""
    site = site_with(Limits(requests_per_minute=10), monkeypatch)
    asking = site.event("_ask", "submit")
    with served(site.app) as address:
        for number in range(10):
            session = f"reader{number}"
            assert b" 200 " in raw(address, f"GET {HEARTBEAT}/{session} HTTP/1.1\r\nHost: localhost\r\n\r\n")
            data = ["How many were arrested?", None, None, None, "en", ""]
            body = {"data": data, "fn_index": asking, "session_hash": session}
            assert httpx.post(address + JOIN, json=body).status_code == 200
            reply = httpx.get(address + DATA, params={"session_hash": session}, timeout=20)
            assert reply.status_code == 200
            assert "process_completed" in reply.text
            assert "arrested" in reply.text


def test_streams_that_break_off_leave_no_traceback(
    site: Site, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """Two streams of one session, both cut off: gradio forgets the session twice."""
    site.room._delay = 0.5
    body = {"data": ["How many were arrested?", None, None, None, "en", ""], "fn_index": 0, "session_hash": "twice"}
    with served(site.app) as address:
        assert httpx.post(address + JOIN, json=body).status_code == 200
        port = urlsplit(address).port
        streams = [socket.create_connection(("127.0.0.1", port), timeout=10) for _ in range(3)]
        for stream in streams:
            stream.sendall(f"GET {DATA}?session_hash=twice HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        time.sleep(0.2)
        for stream in streams:
            stream.close()
        time.sleep(1.5)
        assert httpx.get(f"{address}/health").status_code == 200
    out = capfd.readouterr()
    assert "Traceback" not in out.err + out.out
    assert len(complaints(caplog)) <= len(streams)
    assert all(record.exc_info is None for record in complaints(caplog))


HOSTS = ["999.999.999.999", "a b", "[", "a:99999", "a/b?c", "xn--"]


def test_an_address_that_is_none_is_met_plainly(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    with served(site.app) as address:
        for path, host in itertools.product(["/", "/config"], HOSTS):
            for named in (f"Host: {host}", f"Host: localhost\r\nX-Forwarded-Host: {host}"):
                reply = raw(address, f"GET {path} HTTP/1.1\r\n{named}\r\nConnection: close\r\n\r\n")
                assert reply.split()[1] in {b"200", b"400"}, (path, named)
        assert b" 200 " in raw(address, "GET / HTTP/1.1\r\nHost: [::1]:7860\r\nConnection: close\r\n\r\n")
        assert b" 200 " in raw(address, "GET / HTTP/1.1\r\nHost: archiv.exämple\r\nConnection: close\r\n\r\n")
    assert complaints(caplog) == []


@pytest.mark.parametrize(
    "path", ["/?page=nowhere", "/?deep_link=abcdef", "/config?page=x&deep_link=../../x", "/?lang=es"]
)
def test_what_the_page_does_not_take_from_its_address_is_left_out(shared_site: Site, path: str) -> None:
    reply = shared_site.client().get(path)
    assert reply.status_code == 200
    assert '"deep_link_state":"invalid"' not in reply.text.replace(" ", "")


def test_other_sites_read_nothing(shared_site: Site) -> None:
    """gradio opens its replies to any site that asks."""
    client = shared_site.client()
    for path in ("/", "/config"):
        headers = client.get(path, headers={"origin": "https://elsewhere.example"}).headers
        assert not {name for name in headers if name.startswith("access-control")}
    asked = {"origin": "https://elsewhere.example", "access-control-request-method": "POST"}
    reply = client.options(JOIN, headers=asked)
    assert not {name for name in reply.headers if name.startswith("access-control")}


def test_a_failure_within_gradio_is_one_line(
    site: Site, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*arguments: object, **options: object) -> None:
        raise RuntimeError("secret\nline" + "x" * 10_000)

    monkeypatch.setattr(type(site.page._queue), "push", broken)
    body = {"data": ["Who?", None, None, None, "en", ""], "fn_index": 0, "session_hash": "abc"}
    reply = site.client().post(JOIN, content=json.dumps(body), headers={"content-type": "application/json"})
    assert reply.status_code == 500
    assert "secret" not in reply.text
    (record,) = complaints(caplog)
    assert "\n" not in record.getMessage()
    assert len(record.getMessage()) < 300
