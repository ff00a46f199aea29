"""Mutated requests to gradio's addresses: `python -m tests.security.fuzzing --requests 10000 --seed 1`.

Requests that the page makes, with their method, path, headers and body changed at random, sent byte by byte to an
archive that is really served. Afterwards it has to be well, to have logged no traceback and written no file.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import socket
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from .serving import Served, served_archive
from .test_gradio_routes import OPEN, SHUT

WELL_WITHIN = 1.0
"""Seconds within which the served archive says that it is well, whatever was sent before."""

LOOKED_AT_EVERY = 50
"""Requests after which that is asked."""

REPLIES_WITHIN = 0.5
"""Seconds after which a request that may be half a one is left."""

SESSION = "k3j5h6g7f8d"

FILES = [
    "/dev/zero", "/dev/stdin", "/etc/passwd", "/proc/self/environ", "data/journal.sqlite3", "../data/journal.sqlite3",
]  # fmt: skip

VALUES: list[Any] = [
    *({"path": path, "meta": {"_type": "gradio.FileData"}} for path in FILES),
    {"url": "http://127.0.0.1:1/x", "path": "http://127.0.0.1:1/x", "meta": {"_type": "gradio.FileData"}},
    {"path": "/etc/passwd", "is_stream": True, "meta": {"_type": "gradio.FileData"}},
    {"__type__": "update", "value": "x"}, {"value": {"path": "/etc/passwd"}}, {}, [], [[[]]], None, True, False,
    -1, 0, 1, 7, 99, 2**31, 2**63, 10**400, -(10**30), 0.5, 1e308, float("nan"), float("inf"),
    "", "x" * 100_000, "\ud800", "\x00", "\r\nX-Injected: 1", "../../etc/passwd", "%s%n", "null", "é", "\u202e",
    SESSION,
]  # fmt: skip

SEGMENTS = [
    "", ".", "..", "%2e%2e", "%2f", "%00", "%ff", "é", "x" * 5_000, "a;b", "a%0d%0aX-Injected:%201", "-1", "nan", "~",
    "a b", SESSION,
]  # fmt: skip

METHODS = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "CONNECT", "get", "GRADIO"]

HEADERS = [
    ("Content-Type", ["application/json", "text/plain", "multipart/form-data; boundary=x", "multipart/form-data"]),
    ("Content-Type", ["application/json; charset=utf-16", "", "é"]),
    ("Content-Length", ["0", "-1", "5", "99999999999", "1e3", ""]),
    ("Transfer-Encoding", ["chunked", "gzip", "identity"]),
    ("Host", ["999.999.999.999", "[", "a b", "a:99999", "", "xn--", "..", "evil.example"]),
    ("X-Forwarded-Host", ["999.1.1.1", "[::", "a/b", "evil.example", "\x01"]),
    ("X-Forwarded-Proto", ["https", "gopher", "https,http"]),
    ("X-Forwarded-For", ["::::", "1.2.3.4", "unknown"]),
    ("X-Gradio-Server", ["http://[", "http://evil.example", "file:///etc/passwd"]),
    ("Origin", ["null", "https://evil.example", "http://[", "é"]),
    ("Range", ["bytes=0-", "bytes=9-1", "bytes=" + "0-1," * 200, "x"]),
    ("Accept-Encoding", ["br", "gzip;q=2", "*", ""]),
    ("If-None-Match", ["*", '"x"', "x" * 500]),
    ("If-Modified-Since", ["never", "Mon, 99 Foo 9999 99:99:99 GMT"]),
    ("Cookie", ["access-token-x=1", "=;=;", "a" * 9_000]),
    ("Authorization", ["Bearer x", "Basic !"]),
    ("Expect", ["100-continue", "x"]),
    ("Upgrade", ["websocket"]),
    ("Connection", ["upgrade", "keep-alive"]),
]  # fmt: skip

QUERIES = [
    "session_hash=x", f"session_hash={SESSION}", "session_hash=", "deep_link=abc", "deep_link=../../x", "page=nowhere",
    "fn_index=-1", "__theme=dark", "view=api", "lang=es", "lang=%ff", "%", "&&&", "x" * 5_000,
]  # fmt: skip


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    query: str = ""
    headers: tuple[tuple[str, str], ...] = (("Host", "localhost"), ("Connection", "close"))
    body: bytes = b""

    def encoded(self) -> bytes:
        headers = list(self.headers)
        if self.body and not {"content-length", "transfer-encoding"} & {name.lower() for name, _ in headers}:
            headers.append(("Content-Length", str(len(self.body))))
        target = f"{self.path}?{self.query}" if self.query else self.path
        lines = [f"{self.method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in headers), "", ""]
        return "\r\n".join(lines).encode("utf-8", "replace") + self.body


@dataclass
class Outcome:
    """What came of the requests: statuses by how often, and the slowest that it said it was well, in seconds."""

    statuses: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0


def fuzz(served: Served, *, requests: int, seed: int) -> Outcome:
    """Sends so many mutated requests. Raises AssertionError with the last ones where the archive is no longer well."""
    drawn, outcome = random.Random(seed), Outcome()
    recent: list[Request] = []
    for number in range(1, requests + 1):
        recent.append(mutated(drawn))
        outcome.statuses[_status(served.port, recent[-1].encoded())] += 1
        if number % LOOKED_AT_EVERY == 0 or number == requests:
            shown = [request.encoded()[:300] for request in recent]
            try:
                outcome.slowest = max(outcome.slowest, served.health_seconds())
            except Exception as error:
                raise AssertionError(f"no longer well after one of {shown}") from error
            recent.clear()
    return outcome


def mutated(drawn: random.Random) -> Request:
    """A request of the page, changed in one to four places."""
    request = drawn.choice(_ORDINARY)(drawn)
    for _ in range(drawn.randint(1, 4)):
        request = drawn.choice(_CHANGES)(drawn, request)
    return request


def _event(drawn: random.Random) -> Request:
    number = drawn.randrange(8)
    data = [["Who was arrested?", None, None, None, "en", ""]] * 5 + [[], ["kept"], []]
    body = {"data": data[number], "fn_index": number, "trigger_id": None, "session_hash": SESSION}
    return replace(_json_post("/gradio_api/queue/join"), body=json.dumps(body).encode())


def _json_post(path: str) -> Request:
    request = Request("POST", path)
    return replace(request, headers=(*request.headers, ("Content-Type", "application/json")))


def _stream(drawn: random.Random) -> Request:
    session = drawn.choice([SESSION, "unknown", "reader1"])
    if drawn.random() < 0.5:
        return Request("GET", "/gradio_api/queue/data", f"session_hash={session}")
    return Request("GET", f"/gradio_api/heartbeat/{session}")


def _route(drawn: random.Random) -> Request:
    method, _, path = drawn.choice(sorted(OPEN | SHUT)).partition(" ")
    filled = re.sub(r"\{[^}]*\}", lambda _: drawn.choice(SEGMENTS), path)
    return _json_post(filled) if method == "POST" else Request(method, filled)


def _other_method(drawn: random.Random, request: Request) -> Request:
    return replace(request, method=drawn.choice(METHODS))


def _other_path(drawn: random.Random, request: Request) -> Request:
    segments = request.path.split("/")
    place = drawn.randrange(len(segments) + 1)
    if drawn.random() < 0.5:
        segments.insert(place, drawn.choice(SEGMENTS))
    else:
        segments[place : place + 1] = [drawn.choice(SEGMENTS)]
    path = "/".join(segments)
    return replace(request, path=path if drawn.random() < 0.2 else path.replace(" ", "%20"))


def _other_query(drawn: random.Random, request: Request) -> Request:
    return replace(request, query="&".join(drawn.choices(QUERIES, k=drawn.randint(1, 3))))


def _other_header(drawn: random.Random, request: Request) -> Request:
    name, values = drawn.choice(HEADERS)
    headers = request.headers if drawn.random() < 0.1 else tuple(one for one in request.headers if one[0] != name)
    return replace(request, headers=(*headers, (name, drawn.choice(values))))


def _other_value(drawn: random.Random, request: Request) -> Request:
    """Somewhere in the JSON of the body another value, one less, or one more."""
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError):
        return _other_bytes(drawn, request)
    if not isinstance(body, dict) or not body:
        return _other_bytes(drawn, request)
    name = drawn.choice([*body, "data", "oauth_token", "batched", "event_data", "event_id", "simple_format"])
    values = body.get(name)
    if isinstance(values, list) and values and drawn.random() < 0.7:
        body[name] = [*values]
        body[name][drawn.randrange(len(values))] = drawn.choice(VALUES)
    elif drawn.random() < 0.2:
        body.pop(name, None)
    else:
        body[name] = drawn.choice(VALUES)
    return replace(request, body=json.dumps(body).encode())


def _other_bytes(drawn: random.Random, request: Request) -> Request:
    body = request.body or b'{"data": []}'
    place = drawn.randrange(len(body))
    return replace(
        request,
        body=drawn.choice(
            [
                body[:place],
                body[:place] + bytes(drawn.randrange(256) for _ in range(4)) + body[place:],
                body[:-1] + b', "fn_index": 1}',
                b"[" * 50_000,
                b'{"data":' * 20_000,
                body.decode("latin-1").encode("utf-16"),
                b"\xef\xbb\xbf" + body,
                b"--x\r\nContent-Disposition: form-data; name=files; filename=a\r\n\r\na\r\n--x--\r\n",
                b"",
                b"1" + b"0" * 5_000,
            ]
        ),
    )


_ORDINARY: list[Callable[[random.Random], Request]] = [_event, _event, _event, _stream, _route]
_CHANGES: list[Callable[[random.Random, Request], Request]] = [
    _other_method, _other_path, _other_query, _other_header, _other_header, _other_value, _other_value, _other_value,
    _other_bytes,
]  # fmt: skip


def _status(port: int, request: bytes) -> str:
    """The status that is answered with; a stream is left after its first part."""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        try:
            connection.sendall(request)
            connection.settimeout(REPLIES_WITHIN)
            reply = connection.recv(65_536)
        except TimeoutError:
            return "no reply in time"
        except OSError:
            return "cut off"
    return reply.split(b" ")[1].decode("latin-1") if reply.startswith(b"HTTP/") else "cut off"


def faults(served: Served, outcome: Outcome, *, requests: int) -> Iterator[str]:
    """What the requests left behind that they shouldn't have."""
    log = served.log.read_text(encoding="utf-8", errors="replace")
    if "Traceback" in log:
        yield f"a traceback in the log: {log[log.index('Traceback') :][:3_000]}"
    lines = [line for line in log.splitlines() if " qa.web.requests " not in line]
    if len(lines) > requests + LOOKED_AT_EVERY:
        yield f"{len(lines)} lines in the log, but for those of requests"
    if outcome.slowest >= WELL_WITHIN:
        yield f"it took {outcome.slowest:.1f} s to say that it is well"
    if outcome.statuses["500"]:
        yield f"{outcome.statuses['500']} internal errors"
    if files := [*served.files_outside(), *served.files_in_scratch()]:
        yield f"files: {files}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, served_archive(Path(folder), requests_per_minute=10**6) as served:
        begun = time.monotonic()
        outcome = fuzz(served, requests=chosen.requests, seed=chosen.seed)
        print(f"{chosen.requests} requests in {time.monotonic() - begun:.0f} s: {dict(outcome.statuses.most_common())}")
        print(f"slowest to be well: {outcome.slowest:.2f} s; {served.log.read_text().count(chr(10))} lines in the log")
        found = list(faults(served, outcome, requests=chosen.requests))
        lines = served.log.read_text(encoding="utf-8", errors="replace").splitlines()
        print("log:", Counter(re.sub(r"[^ ]*/[^ ]*", "…", line)[:100] for line in lines).most_common(8))
    for fault in found:
        print("FAULT", fault)
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
