"""What is done for each request: its id, locale and line in the log, and the guard.

gradio brings file serving, uploads, proxies and more. The page needs none of it, so what isn't named is shut.
"""

import json
import logging
import re
import secrets
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Literal, TypeVar, cast
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.errors import ArchiveError
from qa.i18n.locale import ENGLISH, N_, _, find_locale, locales, native_name, use_locale
from qa.web.limits import DATA, GRADIO, HEARTBEAT, JOIN, TOO_MANY, TOO_MUCH, RateLimiter, host_of

T = TypeVar("T")

HEADER = "X-Request-ID"
CLOSED = 499  # in log and metrics, where whoever asked left before there was a status; nginx has the same
_WELL_FORMED = re.compile(r"[A-Za-z0-9_-]{8,64}")  # what proxies make: UUIDs, or as many hexadecimal digits

# Addresses without a route of ours; gradio's own routes aren't seen from here.
_FILES = ("/page/", "/assets/", "/static/", HEARTBEAT)
_WHOLE = frozenset({"/", "/config", "/theme.css", "/favicon.ico", JOIN, DATA})
# Asked every few seconds, or a hundred at once for one page: logged where they fail alone.
_QUIET = ("/health", "/metrics", "/config", "/theme.css", "/favicon.ico", *_FILES)

EMBED = "/embed"  # the one page that other sites may frame, if the host names them
LANG = "lang"  # the query parameter that names a locale, and the cookie
_A_YEAR = 365 * 24 * 3600
_MOST_ACCEPTED = 20  # languages of a browser that are looked at; it names five
_RANGE = re.compile(r"([A-Za-z0-9_-]+)\s*(?:;\s*q=([01](?:\.[0-9]{0,3})?))?")  # a language and its weight (RFC 9110)
# Addresses below these have no words of a page, or English ones.
_NOT_PAGES = ("/api/", "/assets/", "/static/", GRADIO, "/page/", "/health", "/metrics")

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

_request_id: ContextVar[str] = ContextVar("request_id", default="")
# The query of a page's address; None after a form was sent: a link to the same page would lose what was typed.
_query: ContextVar[str | None] = ContextVar("query", default=None)
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


def _template(scope: Scope) -> str:
    """The address as its route has it, such as /article/{article_id:path}; a dash where there is nothing."""
    if template := getattr(scope.get("route"), "path", ""):
        return f"{scope.get('root_path', '')}{template}"
    path: str = scope["path"]
    folder = next((folder for folder in _FILES if path.startswith(folder)), None)
    return f"{folder}…" if folder else path if path in _WHOLE else "-"


def locale_links() -> list[tuple[str, str, str]]:
    """Tag and own name of each locale, English first, and the address of the same page in it; none of a single one."""
    if (query := _query.get()) is None or len(locales()) == 1:
        return []
    rest = [pair for pair in parse_qsl(query) if pair[0] != LANG]
    return [(tag, native_name(tag), f"?{urlencode([*rest, (LANG, tag)])}") for tag in locales()]


def locale_in_address() -> bool:
    """True where the address itself names a locale: a form that leads on from it has to, too."""
    return find_locale(dict(parse_qsl(_query.get() or "")).get(LANG, "")) is not None


def _accepted(request: HTTPConnection) -> str:
    """The locale that the browser prefers, of those it names first of equal weight; English where it accepts none."""
    accepted = request.headers.get("accept-language", "").split(",")[:_MOST_ACCEPTED]
    named = (match for match in map(_RANGE.fullmatch, map(str.strip, accepted)) if match)
    weighed = [(float(match[2] or 1), tag) for match in named if (tag := find_locale(match[1]))]
    weight, tag = max(weighed, key=itemgetter(0), default=(0.0, ""))
    return tag if weight else ENGLISH


@dataclass
class Guard:
    """Gives each request its id, its locale and a line in the log, lets named addresses through, refuses the rest."""

    app: ASGIApp
    rate: int  # how often a client may send in a minute; it may open twice as many streams, of replies or heartbeats
    lost: Callable[[], Response]  # the page for an unknown address
    failed: Callable[[], Response]  # the page for a fault of this software
    finished: Callable[[int], None]  # is told the status
    embed_sites: Sequence[str] = ()  # the origins that may frame the small page; without any it is shut

    def __post_init__(self) -> None:
        self._posts, self._streams = RateLimiter(self.rate), RateLimiter(2 * self.rate)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        begun, status, request = time.perf_counter(), CLOSED, HTTPConnection(scope)
        sent_id, client = request.headers.get(HEADER, ""), request.client
        # A trusted proxy gives an id: uvicorn gives the address that such a one names the port 0.
        trusted = client and client.port == 0 and _WELL_FORMED.fullmatch(sent_id)
        # gradio answers in another context, and gets the id with the request. The next request has its own context, so
        # that nothing needs to be put back.
        scope["request_id"] = sent_id if trusted else secrets.token_hex(6)
        _request_id.set(scope["request_id"])
        locale, chosen, is_page = ENGLISH, None, not scope["path"].startswith(_NOT_PAGES)
        if is_page:  # its locale is named by the address or the cookie, else accepted by the browser
            chosen = find_locale(request.query_params.get(LANG, ""))
            locale = chosen or find_locale(request.cookies.get(LANG, "")) or _accepted(request)
            _query.set(scope["query_string"].decode("latin-1") if scope["method"] in {"GET", "HEAD"} else None)

        async def headed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status, headers = message["status"], MutableHeaders(scope=message)
                self._complete(headers, scope)
                if is_page:
                    headers.add_vary_header("Accept-Language, Cookie")
                if is_page and headers.get("content-type", "").startswith("text/html"):
                    headers["Content-Language"] = locale
                if chosen and scope["path"] != EMBED:  # what another site chose for its frame is no reader's choice
                    headers.append("Set-Cookie", f"{LANG}={locale}; Path=/; Max-Age={_A_YEAR}; SameSite=Lax; HttpOnly")
            await send(message)

        with use_locale(locale):
            try:
                if error := self._refusal(request):
                    lost = error.status_code == 404 and wants_page(scope)
                    await (self.lost() if lost else rejection(scope, error))(scope, receive, headed)
                else:
                    await self.app(scope, _bounded(receive, _largest(scope["path"])), headed)
            except Exception:  # whoever serves the application logs it
                if status == CLOSED:
                    page = self.failed() if wants_page(scope) else rejection(scope, HTTPException(500, FAULT))
                    await page(scope, receive, headed)
                raise
            finally:
                self.finished(status)
                seconds, address = round(time.perf_counter() - begun, 3), _template(scope)
                level = logging.DEBUG if status < 400 and address.startswith(_QUIET) else logging.INFO
                values = {"method": scope["method"], "path": address, "status": status, "seconds": seconds}
                _log.log(level, "%(method)s %(path)s %(status)d %(seconds).3f s", values, extra={"request": values})

    def _refusal(self, request: HTTPConnection) -> HTTPException | None:
        """Why a request isn't let through; the detail is a message."""
        path, method, headers = request.scope["path"], request.scope["method"], request.headers
        if not _OPEN.fullmatch(path) or (path == EMBED and not self.embed_sites):
            return HTTPException(404, NOTHING)
        # The programs' interface says itself what each of its addresses takes.
        if method not in _METHODS and not path.startswith(_API):
            return HTTPException(405, N_("This address can only be read."), {"allow": ", ".join(_METHODS)})
        if len(headers) > MOST_HEADERS:
            return HTTPException(431, N_("The browser sends too many headers. Leave some out."))
        if sum(map(len, headers.getlist("cookie"))) > LARGEST_COOKIES:
            return HTTPException(431, N_("The browser sends too many cookies. Clear those of this address."))
        seconds = 0
        if method == "POST":
            length = headers.get("content-length", "0")
            if not (length.isascii() and length.isdigit() and len(length) < 12 and int(length) <= _largest(path)):
                return HTTPException(413, TOO_LARGE)
            seconds = self._posts.take(host_of(request))
        elif path == DATA or path.startswith(HEARTBEAT):
            seconds = self._streams.take(host_of(request))
        text = TOO_MANY if method == "POST" else TOO_MUCH
        return HTTPException(429, text, {"retry-after": str(seconds)}) if seconds else None

    def _complete(self, headers: MutableHeaders, scope: Scope) -> None:
        """Adds what every response has; where a page says otherwise of its policy or of caches, that stays."""
        path: str = scope["path"]
        framed = path == EMBED and bool(self.embed_sites)
        sites = f"frame-ancestors {' '.join(self.embed_sites)}"
        policy = FORM_POLICY.replace("frame-ancestors 'none'", sites) if framed else QUIET_POLICY
        headers.setdefault("Content-Security-Policy", policy)
        if path == STAFF or path.startswith(f"{STAFF}/"):
            # The staff's pages are for one member, and not for whoever uses the same browser next.
            headers["Cache-Control"] = "no-store"
        elif not path.startswith("/assets/"):
            # An article that was withdrawn must not live on in a browser; gradio's assets are named by their content.
            headers.setdefault("Cache-Control", "no-cache")
        headers.update({**(_FRAMED if framed else _HEADERS), HEADER: scope["request_id"]})


class Compression(GZipMiddleware):
    """Packs what is sent, for those who take that, but not streams of events, nor what the staff is sent.

    Of packed replies with a secret in them, as the keys of the staff's forms, its letters can be told by their length.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_staffs = scope["type"] == "http" and scope["path"].startswith((STAFF, f"{_API}staff/"))
        await (self.app(scope, receive, send) if is_staffs else super().__call__(scope, receive, send))


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


class TextLines(logging.Formatter):
    """A line for each record and below it where a fault came from, without words that may repeat a question."""

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
        values: dict[str, object] = {"time": self.formatTime(record), "level": record.levelname.lower()}
        values |= {"logger": record.name, "message": record.getMessage().strip()}
        values |= {"request_id": current_request_id() or None, **getattr(record, "request", {})}
        if record.exc_info:
            values["exception"] = self.formatException(record.exc_info)
        return json.dumps(values, ensure_ascii=False)


@contextmanager
def logged(form: Literal["text", "json"]) -> Iterator[None]:
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
