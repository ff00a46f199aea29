"""Locale negotiation: the page's address or cookie, else what the browser accepts, else English."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.i18n.catalogues import find_locale, locales, native_name
from qa.i18n.locale import current_locale, use_locale
from qa.web.guard import EMBED

PARAMETER = "lang"
"""Name of the query parameter, and of the cookie."""

_A_YEAR = 365 * 24 * 3600

_MOST_ACCEPTED = 20
"""Languages of a browser that are looked at; it names five."""

_NOT_PAGES = ("/api/", "/assets/", "/static/", "/gradio_api/", "/page/", "/health", "/metrics")
"""Addresses below these have no words of a page, or English ones."""

_query: ContextVar[str | None] = ContextVar("query", default=None)
"""The query of a page's address; None after a form was sent: a link to the same page would lose what was typed."""


@dataclass(frozen=True, slots=True)
class LocaleLink:
    """A locale to choose: its tag, its name in itself, the address of the same page in it."""

    tag: str
    name: str
    href: str
    chosen: bool


def locale_links() -> list[LocaleLink]:
    """One for each locale, English first; none where the page has one locale only."""
    query = _query.get()
    if query is None:
        return []
    rest = [pair for pair in parse_qsl(query) if pair[0] != PARAMETER]
    return [
        LocaleLink(tag, native_name(tag), f"?{urlencode([*rest, (PARAMETER, tag)])}", tag == current_locale())
        for tag in locales()
    ]


def locale_in_address() -> bool:
    """True where the address itself names a locale: a form that leads on from it has to, too."""
    return find_locale(dict(parse_qsl(_query.get() or "")).get(PARAMETER, "")) is not None


class LocaleMiddleware:
    """Sets the locale of each page and names it in the headers of the response."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(_NOT_PAGES):
            await self._app(scope, receive, send)
            return
        request = HTTPConnection(scope)
        chosen = find_locale(request.query_params.get(PARAMETER, ""))
        tag = chosen or find_locale(request.cookies.get(PARAMETER, "")) or _accepted(request)
        # What another site chose for its frame is no choice of the reader's.
        remember = chosen is not None and scope["path"] != EMBED
        # What comes after this request has a context of its own, so that nothing needs to be put back.
        _query.set(scope["query_string"].decode("latin-1") if scope["method"] in {"GET", "HEAD"} else None)
        with use_locale(tag):
            await self._app(scope, receive, _with_headers(send, tag, remember=remember))


def _with_headers(send: Send, tag: str, *, remember: bool) -> Send:
    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            if headers.get("content-type", "").startswith("text/html"):
                headers["Content-Language"] = tag
            for name in ("Accept-Language", "Cookie"):
                headers.add_vary_header(name)
            if remember:
                headers.append("Set-Cookie", f"{PARAMETER}={tag}; Path=/; Max-Age={_A_YEAR}; SameSite=Lax; HttpOnly")
        await send(message)

    return sent


def _accepted(request: HTTPConnection) -> str:
    """The locale that the browser prefers, of those it names first of equal weight; English where it accepts none."""
    weights: dict[str, float] = {}
    for part in request.headers.get("accept-language", "").split(",")[:_MOST_ACCEPTED]:
        name, _, weight = part.partition(";")
        digits = weight.strip().removeprefix("q=")
        try:
            tag = find_locale(name) or ""
            weights[tag] = max(weights.get(tag, 0.0), float(digits) if digits else 1.0)
        except ValueError:
            continue
    preferred = sorted((tag for tag, weight in weights.items() if tag and weight > 0), key=lambda tag: -weights[tag])
    return next(iter(preferred), locales()[0])
