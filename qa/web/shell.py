"""gradio's index page in the dress of the reading room.

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
from qa.web.page import EXAMPLE, TONGUE
from qa.web.printing import extent, sheet
from qa.web.public import coverage_of, examples_for
from qa.web.room import PageTexts, ReadingRoom

_ADVERTISING = re.compile(r'<meta\s+(?:property="og:|name="twitter:)[^>]*>|<link\s+rel="manifest"[^>]*>')
_SCRIPT = re.compile(r"<script(?=[\s>])")
_UNSAFE = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}
_BODY = re.compile(r"<body[^>]*>")
_HTML = re.compile(r'<html\s+lang="en"')
_CONFIG = re.compile(r"(?<=window\.gradio_config = )\{.*?\}(?=;</script>)")

# What a reader sees of a control.
_SEEN = ("label", "placeholder", "value", "title")


class Shell:
    """Dresses the index page, leaves everything else as it is; an ASGI application around another."""

    def __init__(self, app: ASGIApp, *, room: ReadingRoom, texts: PageTexts) -> None:
        self._app = app
        self._room = room
        self._texts = texts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != "/" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        reply = await _whole(self._app, _uncompressed(scope), receive)
        if reply.status_code != 200:
            await reply(scope, receive, send)
            return
        nonce = secrets.token_urlsafe(16)
        held = extent(await run_in_threadpool(coverage_of, self._room))
        examples = await run_in_threadpool(examples_for, self._room, current_locale())
        html = dressed(bytes(reply.body).decode(), nonce=nonce, held=held, texts=self._texts, examples=examples)
        headers = {"Content-Security-Policy": policy(nonce), "Cache-Control": "no-cache"}
        await HTMLResponse(html, headers=headers)(scope, receive, send)


def policy(nonce: str) -> str:
    """What gradio's page may load: its own host only, and scripts by file or by nonce.

    gradio sets style attributes and adds style elements as it draws, so inline style can't be closed.
    """
    return (
        f"default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'self'; form-action 'none'; "
        "frame-ancestors 'none'"
    )


def dressed(index: str, *, nonce: str, held: str, texts: PageTexts, examples: Sequence[str] = ()) -> str:
    """The index page with the masthead and without the advertising.

    Raises ValueError where gradio's page no longer has the places that this relies on.
    """
    html = _ADVERTISING.sub("", index)
    html = _put(html, _HTML, lambda found: found.replace('"en"', f'"{current_locale()}"'))
    html = _put(html, _CONFIG, lambda found: in_words(found, examples))
    html = _put(html, re.compile("</head>"), lambda found: sheet("head.html", texts=texts) + found)
    html = _put(html, _BODY, lambda found: found + sheet("masthead.html", texts=texts, extent=held))
    html = _put(html, re.compile("</body>"), lambda found: sheet("foot.html") + found)
    return _SCRIPT.sub(f'<script nonce="{nonce}"', html)


def in_words(config: str, examples: Sequence[str] = ()) -> str:
    """gradio's description of its controls, as JSON, with their words and the examples in the language of the page."""
    if current_locale() == ENGLISH:
        return config
    described = json.loads(config)
    title = described["title"]
    described["title"] = _(title)
    questions = iter(examples)
    for control in described["components"]:
        seen = control["props"]
        if EXAMPLE in (seen.get("elem_classes") or ()):
            seen["value"] = next(questions, "")
            seen["visible"] = bool(seen["value"])
            continue
        for name in _SEEN:
            if isinstance(seen.get(name), str):
                seen[name] = current_locale() if seen.get("elem_id") == TONGUE and name == "value" else _(seen[name])
    # Inside a script no text may end it.
    return json.dumps(described).translate(_UNSAFE)


def _put(html: str, place: re.Pattern[str], change: Callable[[str], str]) -> str:
    html, times = place.subn(lambda found: change(found[0]), html)
    if times != 1:
        raise ValueError(f"gradio's index page has {times} of {place.pattern}, expected 1: check this gradio version")
    return html


def _uncompressed(scope: Scope) -> Scope:
    return {**scope, "headers": [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]}


async def _whole(app: ASGIApp, scope: Scope, receive: Receive) -> Response:
    """What an application answers with, once it is whole."""
    reply = Response()
    parts: list[bytes] = []

    async def collect(message: Message) -> None:
        if message["type"] == "http.response.start":
            reply.status_code, reply.raw_headers = message["status"], list(message.get("headers", []))
        elif message["type"] == "http.response.body":
            parts.append(message.get("body", b""))

    await app(scope, receive, collect)
    reply.body = b"".join(parts)
    return reply
