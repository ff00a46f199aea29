"""A server that speaks the protocol of chat completions and does what it is told, well or badly, over real HTTP."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import MappingProxyType
from typing import Any

Script = Callable[["Exchange"], None]
"""What the server does with one request."""


class Exchange:
    """One request and the ways to answer it."""

    def __init__(self, handler: BaseHTTPRequestHandler, request: dict[str, Any], number: int) -> None:
        self._handler = handler
        self.request = request
        self.number = number  # of the request, from 1, since the server began
        self.stopped: threading.Event = handler.server.stopped  # type: ignore[attr-defined]

    @property
    def system(self) -> str:
        return str(self.request["messages"][0]["content"])

    @property
    def user(self) -> str:
        return str(self.request["messages"][-1]["content"])

    def status(self, code: int, headers: Mapping[str, str] = MappingProxyType({})) -> None:
        """An error of HTTP, with a message that no reader should see."""
        body = json.dumps({"error": {"message": "secret <b>detail</b> of the server", "code": code}}).encode()
        self._handler.send_response(code)
        self._handler.send_header("Content-Type", "application/json")
        self._handler.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self._handler.send_header(name, value)
        self._handler.end_headers()
        self._handler.wfile.write(body)

    def begin(self) -> None:
        self._handler.send_response(200)
        self._handler.send_header("Content-Type", "text/event-stream")
        self._handler.send_header("Transfer-Encoding", "chunked")
        self._handler.end_headers()

    def piece(self, text: str, *, usage: int | None = None, cached: int = 0, finish: str | None = None) -> None:
        delta = {"index": 0, "delta": {"role": "assistant", "content": text}, "finish_reason": finish}
        event: dict[str, Any] = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "scripted"}
        event["choices"] = [delta]
        if usage is not None:
            event["choices"] = []
            event["usage"] = {
                "prompt_tokens": usage - 1,
                "completion_tokens": 1,
                "total_tokens": usage,
                "prompt_tokens_details": {"cached_tokens": cached},
            }
        self.raw(f"data: {json.dumps(event)}\n\n")

    def raw(self, text: str) -> None:
        data = text.encode()
        self._handler.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self._handler.wfile.flush()

    def done(self, *, finish: str | None = "stop") -> None:
        """The proper end; without `finish`, one that doesn't say why it ended."""
        if finish:
            self.piece("", finish=finish)
        self.raw("data: [DONE]\n\n")
        self._handler.wfile.write(b"0\r\n\r\n")

    def cut(self) -> None:
        """The connection breaks in the middle of the stream."""
        self._handler.wfile.flush()
        self._handler.connection.close()

    def says(self, text: str, *, size: int = 12) -> None:
        """A whole reply, in pieces of `size` characters."""
        self.begin()
        for start in range(0, len(text), size):
            self.piece(text[start : start + size])
        self.done()

    def waits(self, seconds: float) -> None:
        """Keeps silent, but not beyond the end of the test."""
        self.stopped.wait(seconds)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        server: Any = self.server
        with server.lock:
            server.requests.append(request)
            number = len(server.requests)
        try:
            server.script(Exchange(self, request, number))
        except (BrokenPipeError, ConnectionResetError, ValueError, OSError):
            pass  # the client went away, or the script cut the connection
        self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""


class Scripted:
    """A running server: its address, and the requests that came."""

    def __init__(self, server: Any) -> None:
        self._server = server

    @property
    def url(self) -> str:
        host, port = self._server.server_address[:2]
        return f"http://{host}:{port}/v1"

    @property
    def requests(self) -> list[dict[str, Any]]:
        return list(self._server.requests)


@contextmanager
def scripted(script: Script) -> Iterator[Scripted]:
    """A server that follows a script until the block ends."""
    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    server.script, server.requests, server.lock, server.stopped = script, [], threading.Lock(), threading.Event()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield Scripted(server)
    finally:
        server.stopped.set()
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)


def dribbles(exchange: Exchange) -> None:
    """A piece now and then, for ever."""
    exchange.begin()
    while not exchange.stopped.is_set():
        exchange.piece("a ")
        time.sleep(0.05)
