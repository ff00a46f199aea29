"""In which language a page is: as its address or its switch says, else as the browser asks for, else English."""

from __future__ import annotations

from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.i18n.catalogues import locales, own_name, spoken
from qa.i18n.locale import current_locale, use_locale
from qa.web.guard import EMBED

PARAMETER = "lang"
"""Name of the part of an address, and of the cookie, that says a language."""

_A_YEAR = 365 * 24 * 3600

_MOST_ASKED = 20
"""Languages of a browser that are looked at; it names five."""

_NOT_PAGES = ("/api/", "/assets/", "/static/", "/gradio_api/", "/page/", "/health")
"""Addresses below these have no words of a page, or English ones."""

_query: ContextVar[str | None] = ContextVar("query", default=None)
"""What stands behind the question mark of a page's address; None where no page is asked for: a link to what answered a
form would lead nowhere, or lose what was typed."""


@dataclass(frozen=True, slots=True)
class Switch:
    """A language to choose: its tag, its name in itself, the address of the same page in it."""

    tag: str
    name: str
    href: str
    chosen: bool


def switches() -> list[Switch]:
    """One for each language that there are words in, English first; none where the page has one language only."""
    query = _query.get()
    if query is None:
        return []
    others = [pair for pair in parse_qsl(query) if pair[0] != PARAMETER]
    return [
        Switch(tag, own_name(tag), f"?{urlencode([*others, (PARAMETER, tag)])}", tag == current_locale())
        for tag in locales()
    ]


def named() -> bool:
    """Whether the address itself says a language: a form that leads on from it has to, too."""
    return _set_in(_query.get() or "") is not None


class Locales:
    """Sets the language of each page and says it in its headers; an ASGI application around another."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(_NOT_PAGES):
            await self._app(scope, receive, send)
            return
        headers, query = Headers(scope=scope), scope["query_string"].decode("latin-1")
        set_now = _set_in(query)
        tag = set_now or _kept_in(headers) or _asked_for(headers.get("accept-language", ""))
        # What another site chose for its frame is no choice of the reader's.
        keep = set_now is not None and scope["path"] != EMBED
        # What comes after this request has a context of its own, so that nothing needs to be put back.
        _query.set(query if scope["method"] in {"GET", "HEAD"} else None)
        with use_locale(tag):
            await self._app(scope, receive, _headed(send, tag, keep=keep))


def _headed(send: Send, tag: str, *, keep: bool) -> Send:
    async def headed(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            if headers.get("content-type", "").startswith("text/html"):
                headers["Content-Language"] = tag
            for name in ("Accept-Language", "Cookie"):
                headers.add_vary_header(name)
            if keep:
                headers.append("Set-Cookie", f"{PARAMETER}={tag}; Path=/; Max-Age={_A_YEAR}; SameSite=Lax; HttpOnly")
        await send(message)

    return headed


def _set_in(query: str) -> str | None:
    """The language that an address names, the last where it names several."""
    named = [value for name, value in parse_qsl(query) if name == PARAMETER]
    return spoken(named[-1]) if named else None


def _kept_in(headers: Headers) -> str | None:
    try:
        cookie = SimpleCookie(headers.get("cookie", "")).get(PARAMETER)
    except CookieError:
        return None
    return spoken(cookie.value) if cookie else None


def _asked_for(accepted: str) -> str:
    """The first of the languages that a browser likes best; English where there are words in none of them."""
    liked = sorted(_weighed(accepted), key=lambda pair: -pair[1])
    return next((tag for name, weight in liked if weight > 0 and (tag := spoken(name))), locales()[0])


def _weighed(accepted: str) -> Iterator[tuple[str, float]]:
    """The languages of the header and their weights, 0 to 1, in its order."""
    for part in accepted.split(",")[:_MOST_ASKED]:
        name, _, weight = part.partition(";")
        digits = weight.strip().removeprefix("q=")
        try:
            yield name, float(digits) if digits else 1.0
        except ValueError:
            continue
