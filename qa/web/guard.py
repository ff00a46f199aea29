"""The door: which addresses are open, how large and how frequent a request may be, what every reply carries.

gradio brings file serving, uploads, proxies and more. The page needs none of it, so what isn't named is shut.
"""

from __future__ import annotations

import json
import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.web.throttle import Throttle

_OPEN = re.compile(
    r"/|/staff(?:/[\w./-]+)?|/how|/search|/timeline|/health|/api/ask|/article/.+|/page/[\w.-]+"
    r"|/theme\.css|/config|/favicon\.ico|/assets/[\w.-]+|/static/(?:js|img)/[\w.-]+"
    r"|/gradio_api/(?:queue/(?:join|data|status)|heartbeat/\w+|startup-events|cancel|reset)/?",
    re.DOTALL,
)

# A conversation of six long turns, sealed, is about 60 kB.
LARGEST_BODY = 500_000

# The desk's cookie has a hundred characters; a browser sends along those of other pages of this host.
LARGEST_COOKIES = 8_192

# Pages without gradio: no script at all, nothing from elsewhere.
QUIET_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

# Pages with a form that leads to this host.
FORM_POLICY = QUIET_POLICY.replace("form-action 'none'", "form-action 'self'")

# Pages whose form can be filled in by keys, with this host's script.
KEYED_POLICY = f"{FORM_POLICY}; script-src 'self'"

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), browsing-topics=()",
}


class Guard:
    """Lets named addresses through and refuses the rest; an ASGI application around another."""

    def __init__(self, app: ASGIApp, *, throttle: Throttle, too_many: str) -> None:
        self._app = app
        self._throttle = throttle
        self._too_many = too_many

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        headed = _with_headers(scope["path"], send)
        refusal = self._refusal(scope)
        if refusal is None:
            await self._app(scope, _bounded(receive), headed)
        else:
            await _refuse(headed, *refusal)

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        if not _OPEN.fullmatch(scope["path"]):
            return 404, "There is nothing at this address."
        if scope["method"] not in {"GET", "HEAD", "POST", "OPTIONS"}:
            return 405, "This address can only be read."
        headers = Headers(scope=scope)
        if sum(map(len, headers.getlist("cookie"))) > LARGEST_COOKIES:
            return 431, "The browser sends too many cookies. Clear those of this address."
        if scope["method"] == "POST":
            length = headers.get("content-length", "0")
            if not length.isdigit() or int(length) > LARGEST_BODY:
                return 413, "That is too much to send at once."
            if not self._throttle.admits(scope["client"][0] if scope.get("client") else None):
                return 429, self._too_many
        return None


def _bounded(receive: Receive) -> Receive:
    """The same request, cut off as soon as its body is larger than allowed."""
    received = 0

    async def bounded() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        return {"type": "http.disconnect"} if received > LARGEST_BODY else message

    return bounded


def _with_headers(path: str, send: Send) -> Send:
    # An article that was withdrawn must not live on in a browser; gradio's assets are named by their content.
    cached = path.startswith("/assets/")
    # What the desk shows is for one member, and not for whoever sits down at the same browser next.
    private = path == "/staff" or path.startswith("/staff/")

    async def headed(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.setdefault("Content-Security-Policy", QUIET_POLICY)
            if private:
                headers["Cache-Control"] = "no-store"
            elif not cached:
                headers.setdefault("Cache-Control", "no-cache")
            for name, value in _HEADERS.items():
                headers[name] = value
        await send(message)

    return headed


async def _refuse(send: Send, status: int, why: str) -> None:
    # gradio's page shows `detail` to the reader.
    body = json.dumps({"error": why, "detail": why}, ensure_ascii=False).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    if status == 429:
        headers.append((b"retry-after", b"60"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
