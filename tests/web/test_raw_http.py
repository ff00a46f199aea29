"""Requests that no well-behaved client sends, byte by byte, to the served application."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest

from .conftest import ROOMY, create_pages, served
from .fake_room import FakeRoom


@dataclass(frozen=True)
class Reply:
    """A reply as it came: its status, headers in lower case, and body."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def error(self) -> str:
        said = json.loads(self.body)
        assert list(said) == ["error", "request_id"]
        return str(said["error"])


class Wire:
    """A connection for each request, closed after the reply."""

    def __init__(self, address: str) -> None:
        self._port = urlsplit(address).port

    def send(self, request: bytes) -> Reply:
        with socket.create_connection(("127.0.0.1", self._port), timeout=10) as connection:
            connection.sendall(request)
            parts = []
            while part := connection.recv(65_536):
                parts.append(part)
        head, _, body = b"".join(parts).partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in lines[1:])
        return Reply(int(lines[0].split()[1]), headers, body)

    def get(self, path: str, *headers: str) -> Reply:
        lines = [f"GET {path} HTTP/1.1", "Host: localhost", "Connection: close", *headers]
        return self.send("\r\n".join([*lines, "", ""]).encode("latin-1"))

    def post(self, path: str, body: bytes, *headers: str, kind: str = "application/json") -> Reply:
        sized = headers or (f"Content-Length: {len(body)}",)
        lines = [f"POST {path} HTTP/1.1", "Host: localhost", "Connection: close", f"Content-Type: {kind}", *sized]
        return self.send("\r\n".join([*lines, "", ""]).encode("latin-1") + body)


@pytest.fixture(scope="module")
def wire() -> Iterator[Wire]:
    with served(create_pages(FakeRoom(), limits=ROOMY, embed_sites=("https://news.example",))) as address:
        yield Wire(address)


def chunked(size: int, times: int) -> bytes:
    return b"".join(b"%x\r\n%s\r\n" % (size, b"x" * size) for _ in range(times)) + b"0\r\n\r\n"


def test_a_body_may_be_large_but_not_larger(wire: Wire) -> None:
    def padded(size: int) -> bytes:
        start = b'{"question": "Who was arrested?"'
        return start + b" " * (size - len(start) - 1) + b"}"

    assert wire.post("/api/ask", padded(64_000)).status == 200
    reply = wire.post("/api/ask", padded(64_001))
    assert (reply.status, reply.error) == (413, "That is too much to send at once.")


@pytest.mark.parametrize("path", ["/api/ask", "/api/search"])
def test_a_body_without_a_length_is_cut_off_too(wire: Wire, path: str) -> None:
    reply = wire.post(path, chunked(1_000, 70), "Transfer-Encoding: chunked")
    assert (reply.status, reply.error) == (413, "That is too much to send at once.")


@pytest.mark.parametrize("length", ["99999999999999999999", "-1", "1e3", "٣"])
def test_a_length_that_is_none(wire: Wire, length: str) -> None:
    request = f"POST /api/ask HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{{}}"
    assert wire.send(request.encode()).status in {400, 413}


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"{'question': 'Who?'}", b"\xff\xfe", b"\x00", b"[" * 60_000, b'{"question":' * 5_000,
        b'{"question": 1' + b"0" * 6_000 + b"}", b"null", b"NaN", b'"Who?"', b"{}", b"\xed\xa0\x80",
    ],
    ids=lambda body: repr(body[:20]),
)  # fmt: skip
def test_bad_json_is_refused_in_plain_words(wire: Wire, body: bytes) -> None:
    reply = wire.post("/api/ask", body)
    assert reply.status == 422
    assert len(reply.error) < 200


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (rb'{"question": "\ud800 Who was arrested?"}', 422),
        (rb'{"question": "Who\u0000 was\u0000 arrested?"}', 200),
        (rb'{"question": "Who was arrested \ud83d\udcf0 \u202e\u0301?"}', 200),
        ('{"question": "¿A cuántos arrested?"}'.encode(), 200),
        (rb'{"question": "\u0000\u0000"}', 400),
        (rb'{"\ud800": "x", "question": "Who?"}', 422),
        (rb'{"question": "Who?", "from": "\u0662\u0660\u0660\u0665"}', 400),
    ],
)
def test_unusual_characters(wire: Wire, body: bytes, status: int) -> None:
    reply = wire.post("/api/ask", body)
    assert reply.status == status
    said: dict[str, Any] = json.loads(reply.body.decode("utf-8"))
    assert said["question"] if status == 200 else said["error"]
    assert b"\\u0000" not in reply.body
    assert b"\x00" not in reply.body


@pytest.mark.parametrize("text", ["%00", "%ff%fe", "%ED%A0%80", "%F0%9F%93%B0", "%C3", "%E2%80%AE"])
@pytest.mark.parametrize("path", ["/api/ask?question=court", "/api/search?q=court", "/embed?question=court"])
def test_unusual_characters_in_an_address(wire: Wire, path: str, text: str) -> None:
    reply = wire.get(path + text)
    assert reply.status == 200
    reply.body.decode("utf-8")
    assert b"\x00" not in reply.body


@pytest.mark.parametrize(
    "path",
    [
        "/api/ask?question=Who%0d%0aSet-Cookie:%20a=b%0d%0a%0d%0a<html>",
        "/api/search?q=court&from=2005%0d%0aX-Pwned:%201",
        "/api/search?q=court&limit=5%0d%0aX-Pwned:%201",
        "/api/articles/x%0d%0aX-Pwned:%201",
        "/api/x%0d%0aX-Pwned:%201",
        "/embed?question=x%0d%0aX-Pwned:%201",
        "/article/x%0d%0aX-Pwned:%201",
    ],
)
def test_a_parameter_never_becomes_a_header(wire: Wire, path: str) -> None:
    reply = wire.get(path)
    assert reply.status in {200, 400, 404, 422}
    assert not {"x-pwned", "set-cookie"} & set(reply.headers)


@pytest.mark.parametrize("kind", ["text/html", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_other_kinds_of_body_are_refused(wire: Wire, kind: str) -> None:
    reply = wire.post("/api/ask", b'{"question": "Who?"}', kind=kind)
    assert reply.status == 415
    assert kind.split(";")[0] in reply.error


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd", "..%2f..%2fetc%2fpasswd", "....//....//etc/passwd", "%2e%2e/%2e%2e/server.py",
        "/etc/passwd", "%5c..%5cwindows", "2006-headline/../withheld", "2006-headline%00", "2006-headline%0a",
        "2006-headline%2f", "withheld", "%ff", "a" * 4_000, "' OR 1=1 --".replace(" ", "%20"), "%25s%25n",
    ],
)  # fmt: skip
def test_an_id_is_a_name_and_no_path(wire: Wire, name: str) -> None:
    reply = wire.get(f"/api/articles/{name}")
    assert reply.status == 404
    assert reply.error in {"The archive holds no article of that id.", "There is nothing at this address."}
    assert b"root:" not in reply.body


def test_every_reply_of_the_interface_carries_the_headers(wire: Wire) -> None:
    for path in ("/api/ask?question=Who?", "/api/search", "/api/docs", "/api/openapi.json", "/api/nothing"):
        headers = wire.get(path).headers
        assert headers["x-frame-options"] == "deny"
        assert headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in headers["content-security-policy"]
        assert headers["cache-control"] == "no-cache"


def test_a_method_in_a_header_or_parameter_changes_nothing(wire: Wire) -> None:
    reply = wire.get("/api/articles/2006-headline?_method=DELETE", "X-HTTP-Method-Override: DELETE")
    assert reply.status == 200
