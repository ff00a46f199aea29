"""What is known of each request: its id, and its line in the log, without who asked and without what was asked."""

from __future__ import annotations

import logging
import re
import secrets
import time
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import TypeVar

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.i18n.locale import _
from qa.web.connections import GRADIO, HEARTBEAT

T = TypeVar("T")

HEADER = "X-Request-ID"

CLOSED = 499
"""The status in log and metrics where whoever asked left before there was any; nginx has the same."""

# What proxies make: UUIDs, or as many hexadecimal digits.
_WELL_FORMED = re.compile(r"[A-Za-z0-9_-]{8,64}")

# Addresses without a route of ours; gradio's own routes aren't seen from here.
_FILES = ("/page/", "/assets/", "/static/", HEARTBEAT)
_WHOLE = frozenset({"/", "/config", "/theme.css", "/favicon.ico", f"{GRADIO}queue/join", f"{GRADIO}queue/data"})

# Asked every few seconds, or a hundred at once for one page: logged where they fail alone.
_QUIET = ("/health", "/metrics", "/config", "/theme.css", "/favicon.ico", *_FILES)

_request_id: ContextVar[str] = ContextVar("request_id", default="")

_log = logging.getLogger(__name__)


def current_request_id() -> str:
    """The id of the request that is answered; empty outside of one."""
    return _request_id.get()


def with_request_id(request_id: str, steps: Iterator[T]) -> Iterator[T]:
    """The same steps, each of them made for a request: gradio works for one in the context of another."""
    while True:
        token = _request_id.set(request_id)
        try:
            step = next(steps)
        except StopIteration:
            return
        finally:
            _request_id.reset(token)
        yield step


def fault_text(message: str) -> str:
    """A message about a fault, and the number by which the archive finds it in its log."""
    words, number = _(message), current_request_id()
    report = _("If you tell the archive about it, give this number: {number}.", number=number)
    return f"{words} {report}" if number else words


class RequestMiddleware:
    """Gives each request its id, counts it and logs it; an ASGI application around all others."""

    def __init__(self, app: ASGIApp, *, finished: Callable[[int], None]) -> None:
        """`finished` is told the status of each response."""
        self._app = app
        self._finished = finished

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun, status, request_id = time.perf_counter(), CLOSED, _id_for(scope)
        # gradio answers in another context, and gets the id with the request. What comes after it has its own, so that
        # nothing needs to be put back.
        scope["request_id"] = request_id
        _request_id.set(request_id)

        async def sent(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[HEADER] = request_id
            await send(message)

        try:
            await self._app(scope, receive, sent)
        finally:
            self._finished(status)
            _put_line(scope, status, seconds=time.perf_counter() - begun)


def _put_line(scope: Scope, status: int, *, seconds: float) -> None:
    address = _template(scope)
    level = logging.DEBUG if status < 400 and address.startswith(_QUIET) else logging.INFO
    values = {"method": scope["method"], "path": address, "status": status, "seconds": round(seconds, 3)}
    _log.log(level, "%(method)s %(path)s %(status)d %(seconds).3f s", values, extra={"request": values})


def _id_for(scope: Scope) -> str:
    """The id that a trusted proxy gave, else a new one.

    Where a trusted proxy says whom it speaks for, uvicorn has put that address in the place of the proxy's, with 0 for
    a port; a connection always has another. One that names a port, too, gets a new id.
    """
    sent = Headers(scope=scope).get(HEADER, "")
    client = scope.get("client")
    trusted = client is not None and client[1] == 0
    return sent if trusted and _WELL_FORMED.fullmatch(sent) else secrets.token_hex(6)


def _template(scope: Scope) -> str:
    """The address as its route has it, such as /article/{article_id:path}; a dash where there is nothing."""
    if template := getattr(scope.get("route"), "path", ""):
        return f"{scope.get('root_path', '')}{template}"
    path: str = scope["path"]
    folder = next((folder for folder in _FILES if path.startswith(folder)), None)
    return f"{folder}…" if folder else path if path in _WHOLE else "-"
