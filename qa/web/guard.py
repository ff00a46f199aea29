"""The guard: which addresses are open, how large and how frequent a request may be, the headers of every response.

gradio brings file serving, uploads, proxies and more. The page needs none of it, so what isn't named is shut.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.i18n.locale import N_, _
from qa.web.connections import DATA, GRADIO, HEARTBEAT
from qa.web.limits import TOO_MANY, TOO_MUCH, RateLimiter, host_of
from qa.web.requests import EMBED, current_request_id, fault_text

SESSION = "[a-z0-9]{1,32}"  # gradio's script draws one at random: 6 to 15 characters in three million, most often 11
_FILE = r"[A-Za-z0-9_-][A-Za-z0-9_.-]{0,199}"  # of files that are served; a disk takes names of 255 bytes

# No address holds a line break: the routers behind would take it for the end of one.
_OPEN = re.compile(
    r"/|/staff(?:/[\w./-]+)?|/ask|/how|/search|/timeline|/health|/metrics|/embed|/article/.+|/versions/.+"
    r"|/answer/[A-Za-z0-9_.-]{1,60}(?:/report)?|/answers/export|/corrections"
    r"|/api/(?:ask|search|docs|openapi\.json|articles/.+|answers/.+|staff/[\w/-]+)"
    rf"|/theme\.css|/config|/favicon\.ico|/assets/{_FILE}|/static/(?:js|img)/{_FILE}|/page/{_FILE}"
    rf"|{GRADIO}(?:queue/(?:join|data)|heartbeat/{SESSION})"
)

LARGEST_BODY = 500_000  # a conversation of six long turns, sealed, is about 60 kB
LARGEST_API_BODY = 64_000  # programs send a question and a few dates
LARGEST_COOKIES = 8_192  # the staff’s cookie has a hundred characters; a browser sends along those of other pages
MOST_HEADERS = 100  # a browser sends twenty, and the proxies on the way a few more

NOTHING = N_("There is nothing at this address.")
FAULT = N_("Something went wrong here, and was noted. Try again, or later.")
TOO_LARGE = N_("That is too much to send at once.")

# Pages without gradio: no script at all, nothing from elsewhere.
QUIET_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
# Pages with a form that leads to this host, and those whose form can be filled in by keys, with this host's script.
FORM_POLICY = QUIET_POLICY.replace("form-action 'none'", "form-action 'self'")
KEYED_POLICY = f"{FORM_POLICY}; script-src 'self'"

STAFF = "/staff"  # the pages of the staff, and all below it
_API = "/api/"

_METHODS = ("GET", "HEAD", "POST", "OPTIONS")
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), browsing-topics=()",
}
# X-Frame-Options can't name sites, so the policy alone says who may frame. A site that isolates itself frames only what
# lets itself be loaded from elsewhere.
_FRAMED = _HEADERS | {"Cross-Origin-Resource-Policy": "cross-origin"}
del _FRAMED["X-Frame-Options"]


class Watched:
    """Sends on, and knows whether a response has begun."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.begun = False

    async def __call__(self, message: Message) -> None:
        self.begun = True
        await self._send(message)


@dataclass
class Guard:
    """Lets named addresses through and refuses the rest; an ASGI application around another.

    `posts` limits how often a client may send, `streams` how often it may open a stream: of replies, or of a page's
    heartbeat. `lost` makes the page for an unknown address, `failed` that for a fault of this software. `embed_sites`
    are the origins that may frame the small page; without any it is shut.
    """

    app: ASGIApp
    posts: RateLimiter
    streams: RateLimiter
    lost: Callable[[], Response]
    failed: Callable[[], Response]
    embed_sites: Sequence[str] = ()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        headed = Watched(self._with_headers(scope["path"], send))
        try:
            self._check(scope)
        except HTTPException as error:
            page = self.lost() if error.status_code == 404 and wants_page(scope) else None
            await (page or rejection(scope, error))(scope, receive, headed)
            return
        try:
            await self.app(scope, _bounded(receive, _largest(scope["path"])), headed)
        except Exception:  # whoever serves the application logs it
            if not headed.begun:
                page = self.failed() if wants_page(scope) else rejection(scope, HTTPException(500, FAULT))
                await page(scope, receive, headed)
            raise

    def _check(self, scope: Scope) -> None:
        """Raises HTTPException for a request that isn't let through; its detail is a message."""
        path, method, headers = scope["path"], scope["method"], Headers(scope=scope)
        if not _OPEN.fullmatch(path) or (path == EMBED and not self.embed_sites):
            raise HTTPException(404, NOTHING)
        # The programs' interface says itself what each of its addresses takes.
        if method not in _METHODS and not path.startswith(_API):
            raise HTTPException(405, N_("This address can only be read."), {"allow": ", ".join(_METHODS)})
        if len(headers) > MOST_HEADERS:
            raise HTTPException(431, N_("The browser sends too many headers. Leave some out."))
        if sum(map(len, headers.getlist("cookie"))) > LARGEST_COOKIES:
            raise HTTPException(431, N_("The browser sends too many cookies. Clear those of this address."))
        if method == "POST":
            length = headers.get("content-length", "0")
            if not (length.isascii() and length.isdigit() and len(length) < 12 and int(length) <= _largest(path)):
                raise HTTPException(413, TOO_LARGE)
            self._count(scope, self.posts, TOO_MANY)
        elif path == DATA or path.startswith(HEARTBEAT):
            self._count(scope, self.streams, TOO_MUCH)

    def _count(self, scope: Scope, limiter: RateLimiter, text: str) -> None:
        if seconds := limiter.take(host_of(HTTPConnection(scope))):
            raise HTTPException(429, text, {"retry-after": str(seconds)})

    def _with_headers(self, path: str, send: Send) -> Send:
        framed = path == EMBED and bool(self.embed_sites)
        sites = f"frame-ancestors {' '.join(self.embed_sites)}"
        policy = FORM_POLICY.replace("frame-ancestors 'none'", sites) if framed else QUIET_POLICY

        async def headed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("Content-Security-Policy", policy)
                if path == STAFF or path.startswith(f"{STAFF}/"):
                    # The staff's pages are for one member, and not for whoever uses the same browser next.
                    headers["Cache-Control"] = "no-store"
                elif not path.startswith("/assets/"):
                    # An article that was withdrawn must not live on in a browser; gradio's assets are named by their
                    # content.
                    headers.setdefault("Cache-Control", "no-cache")
                headers.update(_FRAMED if framed else _HEADERS)
            await send(message)

        return headed


def _largest(path: str) -> int:
    return LARGEST_API_BODY if path.startswith(_API) else LARGEST_BODY


def _bounded(receive: Receive, largest: int) -> Receive:
    """The same request; who reads on after more than `largest` bytes of its body raises HTTPException."""
    received = 0

    async def bounded() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > largest:
            raise HTTPException(413, TOO_LARGE)
        return message

    return bounded


def rejection(scope: Scope, error: HTTPException) -> Response:
    """The response to a request that isn't let through, as JSON; the detail of `error` is a message."""
    why = _(error.detail)
    values = {"error": why, "request_id": current_request_id()}
    if not scope["path"].startswith(_API):  # gradio's page shows `detail` to the reader
        values["detail"] = fault_text(error.detail) if error.status_code >= 500 else why
    return JSONResponse(values, error.status_code, headers=error.headers)


def wants_page(scope: Scope) -> bool:
    """True where a browser asks for a page: programs take JSON."""
    return "text/html" in Headers(scope=scope).get("accept", "") and not scope["path"].startswith((_API, GRADIO))


def content_kind(request: Request) -> str:
    """The media type of what was sent, without its parameters."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def from_here(request: Request) -> bool:
    """True where the browser says that a page of this site sent a form. One that says nothing at all isn't believed."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    # Browsers of before send the origin with every form that is posted.
    origin, host = urlsplit(request.headers.get("origin", "")), request.headers.get("host", "")
    return bool(host) and origin.scheme in {"http", "https"} and origin.netloc == host


def base_of(request: Request) -> str:
    """The address of this site as the reader's browser has it, without a slash at its end."""
    return f"{request.url.scheme}://{request.url.netloc}"
