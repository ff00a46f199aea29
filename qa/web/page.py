"""The asking page: gradio's controls, wired to the controller, and the layout of the index page around them.

gradio draws its controls with script. Title, what answers here and the extent of the archive are put into the page
itself, so that they are read at once and without script; advertising is taken out, and every script gets the nonce.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

import gradio as gr
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import escape
from starlette.concurrency import iterate_in_threadpool, run_in_threadpool
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.errors import Busy
from qa.i18n.catalogues import ENGLISH
from qa.i18n.locale import N_, _, current_locale
from qa.web.context import WebContext
from qa.web.controller import Conversation, ConversationView, QuestionController
from qa.web.requests import with_request_id
from qa.web.service import DATE_HINT, QUESTION_HINT, QUESTION_LABEL, PageTexts
from qa.web.templating import extent, render

EXAMPLES_SHOWN = 4

EXAMPLE = "example"
"""Class of the buttons that ask an example question."""

SESSIONS = 1_000
"""Pages that gradio remembers: it forgets none by itself, and each takes 100 kB with six turns. A page that was
forgotten goes on with an empty conversation."""

LOCALE = "locale"
"""Id of the part that holds the locale of the page."""


def build_page(context: WebContext, controller: QuestionController) -> gr.Blocks:
    """The page as gradio blocks, not yet served."""
    limits = context.limits
    page = gr.Blocks(analytics_enabled=False, title=context.texts.title)
    # Every request in the queue is a job to gradio; its own queue, first come first served and without an end, never
    # fills.
    page.max_threads = limits.concurrency + limits.queue_size
    with page:
        Controls(context, controller)
    page.queue(max_size=limits.queue_size, api_open=False, default_concurrency_limit=limits.concurrency)
    page.state_session_capacity = SESSIONS
    return page


class Controls:
    """The parts of the page, drawn in reading order, and what happens when they are used."""

    def __init__(self, context: WebContext, controller: QuestionController) -> None:
        self._context = context
        self._controller = controller
        self.state = gr.State(Conversation())
        self.conversation = _html("conversation")
        with gr.Column(elem_id="enquiry"):
            self.notice = _html("notice")
            with gr.Row(elem_id="asking"):
                self.question = gr.Textbox(
                    label=QUESTION_LABEL,
                    placeholder=QUESTION_HINT,
                    lines=1,
                    max_lines=4,
                    max_length=context.limits.question_length,
                    container=True,
                    elem_id="question",
                    html_attributes=gr.InputHTMLAttributes(autocomplete="off", enterkeyhint="search"),
                )
                self.ask = gr.Button(N_("Ask"), variant="primary", elem_id="ask")
            with gr.Row(elem_id="more"):
                with gr.Accordion(N_("Filter by date"), open=False, elem_id="dates"):
                    _html("dates-hint", DATE_HINT)
                    self.first = _date_box(N_("Published from"), "first")
                    self.last = _date_box(N_("Published until"), "last")
                self.anew = gr.Button(N_("New conversation"), elem_id="anew", visible=False)
        with gr.Column(elem_id="examples") as self.example_column:
            _html("introduction", str(escape(context.texts.what_this_is)))
            _html("examples-heading", N_("<h2>Start here</h2>"))
            # What they ask is put into the page whenever it is sent.
            self.examples = [gr.Button("", visible=False, elem_classes=EXAMPLE) for _ in range(EXAMPLES_SHOWN)]
        self.sealed = gr.Textbox(label="Kept conversation", visible="hidden", elem_id="restore")
        self.locale = gr.Textbox(ENGLISH, label="Language of the page", visible="hidden", elem_id=LOCALE)
        self.without = gr.Textbox(label="What is left out", max_length=50, visible="hidden", elem_id="without")
        self._wire()

    def _wire(self) -> None:
        outputs = [
            *(self.state, self.conversation, self.notice, self.question, self.without),
            *(self.example_column, self.anew),
        ]
        for source, triggers in [(self.question, [self.question.submit, self.ask.click])] + [
            (button, [button.click]) for button in self.examples
        ]:
            gr.on(
                triggers,
                self._ask,
                [source, self.first, self.last, self.state, self.locale, self.without],
                outputs,
                concurrency_limit=None,  # the request queue says who is next
                concurrency_id="asking",
                **_QUIETLY,
            )
        gr.on([self.anew.click], self._begin, None, outputs, **_QUIETLY)
        gr.on([self.sealed.change], self._restore, [self.sealed], outputs, **_QUIETLY)

    async def _ask(
        self,
        text: str,
        first: str,
        last: str,
        conversation: Conversation,
        tag: str,
        without: str,
        request: gr.Request,
    ) -> AsyncIterator[tuple[Any, ...]]:
        host = request.client.host if request.client else None
        text, tag = text or "", tag or ENGLISH
        views = self._controller.ask(
            text, first or "", last or "", conversation, host=host, tag=tag, without=without or ""
        )
        # Asked for its scope itself, gradio's request makes JSON of it.
        views = with_request_id(request.request.scope["request_id"] if request.request else "", views)
        begun = await run_in_threadpool(next, views)
        yield _outputs_of(begun)
        if begun.notice:
            return
        try:
            async with self._context.queue.slot(host):
                async for view in iterate_in_threadpool(views):
                    yield _outputs_of(view)
        except Busy:
            yield _outputs_of(self._controller.busy(text, conversation, tag=tag))

    def _begin(self) -> tuple[Any, ...]:
        return _outputs_of(ConversationView(Conversation(), ""))

    def _restore(self, sealed: str | None) -> tuple[Any, ...]:
        return _outputs_of(self._controller.restore(sealed or ""))


_QUIETLY: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}


def _outputs_of(view: ConversationView) -> tuple[Any, ...]:
    begun = bool(view.html)
    return (
        view.conversation,
        view.html,
        view.notice,
        view.box,
        "",  # what is left out is left out of one question alone
        gr.Column(visible=not begun),
        gr.Button(visible=begun),
    )


def _html(name: str, value: str = "") -> gr.Markdown:
    """A place for HTML that `templating` has escaped.

    gr.HTML evaluates a template in the browser, which the page's policy would have to allow; gr.Markdown
    passes a block of HTML through as it is, and redraws only the blocks that changed.
    """
    return gr.Markdown(value, elem_id=name, sanitize_html=False, latex_delimiters=[], container=False)


def _date_box(label: str, name: str) -> gr.Textbox:
    return gr.Textbox(label=label, lines=1, max_lines=1, max_length=10, elem_id=name)


_ADVERTISING = re.compile(r'<meta\s+(?:property="og:|name="twitter:)[^>]*>|<link\s+rel="manifest"[^>]*>')
_SCRIPT = re.compile(r"<script(?=[\s>])")
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
        "img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'self'; form-action 'self'; "
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
    html = _put(html, re.compile("</body>"), lambda tag: render("foot.html", texts=texts) + tag)
    return _SCRIPT.sub(f'<script nonce="{nonce}"', html)


def localized_config(config: str, examples: Sequence[str] = ()) -> str:
    """gradio's description of its controls, as JSON, their words and the examples in the current locale."""
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
        elif props.get("elem_id") == "examples-heading":
            props["visible"] = bool(examples)
    # Inside a script no text may end it.
    return str(htmlsafe_json_dumps(described))


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
