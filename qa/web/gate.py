"""The gate before gradio: what reaches it are requests as the page's own script makes them, and no others.

gradio trusts file paths, sessions and addresses that it is sent, and meets what it doesn't expect with a traceback.
"""

from __future__ import annotations

import logging
from urllib.parse import parse_qs

import gradio as gr
import httpx
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.i18n.locale import N_
from qa.web.events import Payload, events_of, payload_of
from qa.web.guard import GRADIO, Refused, refuse
from qa.web.throttle import Throttle, host_of

JOIN = f"{GRADIO}queue/join"
DATA = f"{GRADIO}queue/data"
HEARTBEAT = f"{GRADIO}heartbeat/"

# Of what a browser sends gradio needs how to pack a reply, what the browser has already, and under which address this
# host is known. It takes an `Origin` for a reason to open its replies to other sites.
_HEADERS_PASSED = frozenset(
    (
        b"accept-encoding",
        b"host",
        b"if-modified-since",
        b"if-none-match",
        b"range",
        b"x-forwarded-for",
        b"x-forwarded-host",
        b"x-forwarded-proto",
    )
)

# As much of a failure as one line of the log takes.
_LONGEST_FAILURE = 200

_UNKNOWN = N_("That isn’t what this page sends. Load the page again, then ask once more.")
_NO_SESSION = N_("There is no such conversation here. Load the page again, then ask once more.")
_NO_HOST = N_("The request names an address that can’t be one.")
_FAILED = N_("The page can’t be shown just now. Try again in a minute.")

_log = logging.getLogger(__name__)


class Gate:
    """Hands on to gradio what its page sends, with nothing else on it; an ASGI application around gradio's."""

    def __init__(self, app: ASGIApp, *, page: gr.Blocks, streams: Throttle, too_many: str) -> None:
        """`streams` says how often a client may open a stream: one of replies, or one that says that it is there."""
        self._app = app
        self._queue = page._queue
        self._events = events_of(page)
        self._streams = streams
        self._too_many = too_many

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            passed, receive = await self._passed(scope, receive)
        except HTTPException as refused:
            await refuse(send, Refused(refused.status_code, refused.detail, tuple((refused.headers or {}).items())))
        else:
            await self._answered(passed, receive, send)

    async def _passed(self, scope: Scope, receive: Receive) -> tuple[Scope, Receive]:
        """The request with nothing on it that gradio doesn't need. Raises HTTPException where it isn't the page's."""
        path, passed = scope["path"], {**scope, "headers": _headers_passed(scope), "query_string": b""}
        if path == DATA or path.startswith(HEARTBEAT):
            self._count(scope)
        if path == DATA:
            passed["query_string"] = f"session_hash={self._session(scope)}".encode()
        elif path == JOIN and scope["method"] == "POST":
            return _posting(await self._payload(scope, receive), passed, receive)
        return passed, receive

    def _count(self, scope: Scope) -> None:
        host = host_of(HTTPConnection(scope))
        if not self._streams.admits(host):
            raise HTTPException(429, self._too_many, {"retry-after": str(self._streams.wait(host))})

    def _session(self, scope: Scope) -> str:
        """The session whose replies are asked for, where gradio has one of that name."""
        query: bytes = scope["query_string"]
        named = parse_qs(query.decode("latin-1")).get("session_hash", [])
        if len(named) != 1 or named[0] not in self._queue.pending_messages_per_session:
            raise HTTPException(404, _NO_SESSION)
        return named[0]

    async def _payload(self, scope: Scope, receive: Receive) -> Payload:
        kind = Headers(scope=scope).get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/json":
            raise HTTPException(415, _UNKNOWN)
        try:
            return payload_of(await _body(receive), self._events)
        except ValueError:
            raise HTTPException(400, _UNKNOWN) from None

    async def _answered(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Whatever gradio makes of it; a failure becomes one line of the log and, where it still can, a plain reply."""
        begun = False

        async def sent(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, sent)
        except Exception as failure:
            _log.error("gradio failed at %s: %s", scope["path"], ascii(failure)[:_LONGEST_FAILURE])
            _log.debug("how gradio failed", exc_info=True)
            if begun:
                await send({"type": "http.response.body", "body": b""})
            else:
                await refuse(send, Refused(500, _FAILED))


def _headers_passed(scope: Scope) -> list[tuple[bytes, bytes]]:
    headers = [pair for pair in scope["headers"] if pair[0] in _HEADERS_PASSED]
    for name, value in headers:
        if name in {b"host", b"x-forwarded-host"} and not _is_address(value.decode("latin-1").partition(",")[0]):
            raise HTTPException(400, _NO_HOST)
    return headers


def _is_address(host: str) -> bool:
    """Whether gradio can make the addresses of its page from this host."""
    try:
        return str(httpx.URL(f"http://{host.strip()}/").copy_with(query=None)).isprintable()
    except (httpx.InvalidURL, ValueError):
        return False


def _posting(payload: Payload, scope: Scope, receive: Receive) -> tuple[Scope, Receive]:
    """The request with this payload as its body, written anew, so that gradio reads what was checked."""
    body = payload.model_dump_json().encode()
    about = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    read = False

    async def received() -> Message:
        nonlocal read
        if read:
            return await receive()
        read = True
        return {"type": "http.request", "body": body, "more_body": False}

    return {**scope, "headers": [*scope["headers"], *about]}, received


async def _body(receive: Receive) -> bytes:
    """The whole body of a request; empty where the client has gone."""
    parts: list[bytes] = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return b""
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(parts)
