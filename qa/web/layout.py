"""The layout of gradio's index page.

gradio draws its controls with script. Around them the title, what answers here and the extent of the archive
are put into the page itself, so that they are read first, at once, and without script. What advertises
gradio is taken out, and every script gets the nonce without which the policy lets none run.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable, Sequence

from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.i18n.catalogues import ENGLISH
from qa.i18n.locale import _, current_locale
from qa.web.context import WebContext
from qa.web.page import EXAMPLE, LOCALE
from qa.web.service import PageTexts
from qa.web.templating import extent, render

_ADVERTISING = re.compile(r'<meta\s+(?:property="og:|name="twitter:)[^>]*>|<link\s+rel="manifest"[^>]*>')
_SCRIPT = re.compile(r"<script(?=[\s>])")
_UNSAFE = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}
_BODY = re.compile(r"<body[^>]*>")
_HTML = re.compile(r'<html\s+lang="en"')
_CONFIG = re.compile(r"(?<=window\.gradio_config = )\{.*?\}(?=;</script>)")

# The words of a control.
_SEEN = ("label", "placeholder", "value", "title")


class IndexLayout:
    """Lays out the index page, leaves everything else as it is; an ASGI application around another."""

    def __init__(self, app: ASGIApp, *, context: WebContext) -> None:
        self._app = app
        self._context = context

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != "/" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        response = await _collected(self._app, _uncompressed(scope), receive)
        if response.status_code == 200:
            nonce = secrets.token_urlsafe(16)
            coverage = extent(await run_in_threadpool(self._context.coverage))
            examples = await run_in_threadpool(self._context.examples, current_locale())
            html = laid_out(
                bytes(response.body).decode(),
                nonce=nonce,
                coverage=coverage,
                texts=self._context.texts,
                examples=examples,
            )
            headers = {"Content-Security-Policy": policy(nonce), "Cache-Control": "no-cache"}
            response = HTMLResponse(html, headers=headers)
        await response(scope, receive, send)


def policy(nonce: str) -> str:
    """What gradio's page may load: its own host only, and scripts by file or by nonce.

    gradio sets style attributes and adds style elements as it draws, so inline style can't be closed.
    """
    return (
        f"default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'self'; form-action 'none'; "
        "frame-ancestors 'none'"
    )


def laid_out(index: str, *, nonce: str, coverage: str, texts: PageTexts, examples: Sequence[str] = ()) -> str:
    """The index page with the masthead and without the advertising.

    Raises ValueError where gradio's page no longer has the places that this relies on.
    """
    html = _ADVERTISING.sub("", index)
    html = _put(html, _HTML, lambda tag: tag.replace('"en"', f'"{current_locale()}"'))
    html = _put(html, _CONFIG, lambda config: localized_config(config, examples))
    html = _put(html, re.compile("</head>"), lambda tag: render("head.html", texts=texts) + tag)
    html = _put(html, _BODY, lambda tag: tag + render("masthead.html", texts=texts, extent=coverage))
    html = _put(html, re.compile("</body>"), lambda tag: render("foot.html") + tag)
    return _SCRIPT.sub(f'<script nonce="{nonce}"', html)


def localized_config(config: str, examples: Sequence[str] = ()) -> str:
    """gradio's description of its controls, as JSON, their words and the examples in the current locale."""
    if current_locale() == ENGLISH:
        return config
    described = json.loads(config)
    title = described["title"]
    described["title"] = _(title)
    questions = iter(examples)
    for control in described["components"]:
        props = control["props"]
        if EXAMPLE in (props.get("elem_classes") or ()):
            props["value"] = next(questions, "")
            props["visible"] = bool(props["value"])
            continue
        props |= {name: _(props[name]) for name in _SEEN if isinstance(props.get(name), str)}
        if props.get("elem_id") == LOCALE:
            props["value"] = current_locale()
    # Inside a script no text may end it.
    return json.dumps(described).translate(_UNSAFE)


def _put(html: str, place: re.Pattern[str], change: Callable[[str], str]) -> str:
    html, times = place.subn(lambda match: change(match[0]), html)
    if times != 1:
        raise ValueError(f"gradio's index page has {times} of {place.pattern}, expected 1: check this gradio version")
    return html


def _uncompressed(scope: Scope) -> Scope:
    return {**scope, "headers": [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]}


async def _collected(app: ASGIApp, scope: Scope, receive: Receive) -> Response:
    """The whole response of an application."""
    response = Response()
    parts: list[bytes] = []

    async def collect(message: Message) -> None:
        if message["type"] == "http.response.start":
            response.status_code, response.raw_headers = message["status"], list(message.get("headers", []))
        elif message["type"] == "http.response.body":
            parts.append(message.get("body", b""))

    await app(scope, receive, collect)
    response.body = b"".join(parts)
    return response
