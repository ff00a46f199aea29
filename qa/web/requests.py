"""What is known of each request: its id, and its line in the log, without who asked and without what was asked."""

from __future__ import annotations

import json
import logging
import re
import secrets
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from typing import Any, Literal, TypeVar, cast

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.errors import ArchiveError
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
    context, end = copy_context(), object()
    context.run(_request_id.set, request_id)
    while (step := context.run(next, steps, end)) is not end:
        yield cast(T, step)


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
            seconds, address = round(time.perf_counter() - begun, 3), _template(scope)
            level = logging.DEBUG if status < 400 and address.startswith(_QUIET) else logging.INFO
            values = {"method": scope["method"], "path": address, "status": status, "seconds": seconds}
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


LogFormat = Literal["text", "json"]


class TextLines(logging.Formatter):
    """A line for each record: when, how grave, of which part, for which request, what; where a fault came from below.

    The words of others' faults are left out: they may repeat a reader's question.
    """

    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def __init__(self) -> None:
        self.converter = time.gmtime
        super().__init__("%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:
        # What is between the words may come from a file: no line of it may look like one of the log.
        record.message = record.message.strip().replace("\r", "\\r").replace("\n", "\\n")
        record.request_id = current_request_id() or "-"
        return super().formatMessage(record)

    def formatException(self, ei: Any) -> str:
        lines, error, seen = list[str](), ei[1], set[int]()
        while error is not None and id(error) not in seen:
            seen.add(id(error))
            words = f": {error}" if isinstance(error, ArchiveError | OSError) else ""
            frames = "".join(traceback.format_tb(error.__traceback__))
            lines.insert(0, f"Traceback (most recent call last):\n{frames}{type(error).__qualname__}{words}")
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "\n\n".join(lines)


class JsonLines(TextLines):
    """The same as one JSON object a line; of a request also its method, address, status and seconds."""

    def format(self, record: logging.LogRecord) -> str:
        values: dict[str, object] = {
            "time": self.formatTime(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage().strip(),
            "request_id": current_request_id() or None,
            **getattr(record, "request", {}),
        }
        if record.exc_info:
            values["exception"] = self.formatException(record.exc_info)
        return json.dumps(values, ensure_ascii=False)


@contextmanager
def logged(form: LogFormat) -> Iterator[None]:
    """Sends what is logged, and the warnings of libraries, to standard error until the block ends."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines() if form == "json" else TextLines())
    root, package = logging.getLogger(), logging.getLogger("qa")
    level = package.level
    root.addHandler(handler)
    package.setLevel(logging.INFO)
    logging.captureWarnings(True)
    try:
        yield
    finally:
        logging.captureWarnings(False)
        package.setLevel(level)
        root.removeHandler(handler)
