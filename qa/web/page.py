"""The asking page: its conversations, gradio's controls for them, the layout of the index, and the gate before gradio.

gradio trusts what it is sent, and meets what it doesn't expect with a traceback: only what the page's own script sends
passes, as it is read off the built page.
"""

import hashlib
import json
import logging
import re
import secrets
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, Self

import gradio as gr
import httpx
from fastapi import FastAPI
from itsdangerous import BadData, URLSafeSerializer
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup, escape
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import iterate_in_threadpool, run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.answering.analysis import LONGEST_QUESTION
from qa.errors import Busy, QuestionError
from qa.i18n.forms import published_text
from qa.i18n.locale import ENGLISH, N_, _, current_locale, use_locale, with_locale
from qa.models.archive import Coverage
from qa.models.journal import Channel
from qa.models.replies import Question
from qa.web.answers import turn_of
from qa.web.context import PageTexts, Values, WebContext, refusal, render, render_line
from qa.web.forms import SearchForm, question_from, typed
from qa.web.limits import DATA, JOIN, TOO_MANY
from qa.web.requests import EMBED, LARGEST_BODY, SESSION, content_kind, rejection, with_request_id

STATIC = Path(__file__).parent / "static"
SHEETS = ("paper", "page", "turns", "cards", "tables", "question")  # the stylesheets of the asking page, in their order
MOST_EXAMPLES = 4
EXAMPLE = "example"  # class of the buttons that ask an example question
LOCALE = "locale"  # id of the part that holds the locale of the page

_QUIETLY: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
_ASKING = _QUIETLY | {"concurrency_limit": None, "concurrency_id": "asking"}  # the request queue says who is next
_ADVERTISING = re.compile(r'<meta\s+(?:property="og:|name="twitter:)[^>]*>|<link\s+rel="manifest"[^>]*>')
_SCRIPT = re.compile(r"<script(?=[\s>])")
# It would ask the page around for more room; there is none around, for no site may frame this page.
_RESIZER = r"<script>\s*\(\(\) => \{(?:(?!</script>).)*?iframeResizer(?:(?!</script>).)*?</script>"
_PROGRAM = r'<script type="module"[^>]*></script>'  # which fetches the others, and draws the controls
_CONFIG = r"(?<=window\.gradio_config = )\{.*?\}(?=;</script>)"
_SEEN = ("label", "placeholder", "value", "title")  # the words of a control
# What gradio's page may load: its own host only, scripts by file or nonce, and the inline style that it needs.
_POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'self'; form-action 'self'; "
    "frame-ancestors 'none'"
)

# Of what a browser sends gradio needs how to pack a reply, what the browser has already, and under which address this
# host is known. It takes an `Origin` for a reason to open its replies to other sites.
_HEADERS_PASSED = {b"accept-encoding", b"host", b"if-modified-since", b"if-none-match", b"range"}
_HEADERS_PASSED |= {b"x-forwarded-for", b"x-forwarded-host", b"x-forwarded-proto"}
_UNKNOWN = N_("That isn’t what this page sends. Load the page again, then ask once more.")
_NO_SESSION = N_("There is no such conversation here. Load the page again, then ask once more.")
_FAILED = N_("The page can’t be shown just now. Try again in a minute.")
_Id = Annotated[int, Field(ge=0, lt=1_000_000)]  # of gradio's events and components, more than any page has
_log = logging.getLogger(__name__)


async def add_asking_page(app: FastAPI, context: WebContext) -> None:
    """Mounts the page at /, behind its gate."""
    page = build_page(context)
    # gradio keeps files to the folder for them only on a page that it has launched itself.
    page.has_launched = True
    off = dict.fromkeys(("run_history", "ssr_mode", "mcp_server", "pwa", "enable_monitoring", "show_error"), False)
    theme = gr.themes.Base(font=["system-ui", "sans-serif"], font_mono=["ui-monospace", "monospace"])
    icon = str(STATIC / "icon.svg")
    gr.mount_gradio_app(app, page, path="/", footer_links=[], favicon_path=icon, theme=theme, **off)
    gradio_of(app).add_middleware(GradioGate, page=page, context=context)


def add_stylesheet(app: FastAPI) -> None:
    """The stylesheets of the asking page as one."""
    sheet = "\n".join((STATIC / f"{name}.css").read_text("utf-8") for name in SHEETS)
    headers = {"ETag": f'"{hashlib.sha256(sheet.encode()).hexdigest()[:32]}"'}

    @app.api_route("/page/asking.css", methods=["GET", "HEAD"])
    def stylesheet(request: Request) -> Response:
        known = request.headers.get("if-none-match", "").split(",")
        if headers["ETag"] in (tag.strip().removeprefix("W/") for tag in known):
            return Response(status_code=304, headers=headers)
        return Response(sheet, media_type="text/css", headers=headers)


def add_question_pages(app: FastAPI, context: WebContext) -> None:
    """The question box for readers without script, and that for other sites' frames: the guard says which may."""

    def answered(question: Question, channel: Channel) -> Markup:
        return turn_of(context, 1, context.reply(question, channel=channel))

    @app.get("/ask", response_class=HTMLResponse)
    @app.get(EMBED, response_class=HTMLResponse)
    async def ask(request: Request, question: str | None = None) -> HTMLResponse:
        framed, form = request.url.path == EMBED, SearchForm.model_validate(request.query_params)
        values: Values = {"turn": "", "form": form.bounded(), "box": typed(question or "")[:LONGEST_QUESTION]}
        try:
            if question is not None:
                without = request.query_params.getlist("without")
                parsed = question_from(question, form.first, form.last, without=without)
                context.admit(request)
                channel = Channel.EMBED if framed else Channel.PAGE
                values["turn"] = await context.queued(request, answered, parsed, channel)
        except Exception as error:
            values |= refusal(error)
        # The guard says what a frame may load.
        return context.page("embed.html", **values) if framed else context.form_page("ask.html", **values)


def gradio_of(app: FastAPI) -> gr.routes.App:
    """gradio's application within the whole; the page has another one beside that, which serves nobody."""
    mounts = (route.app for route in app.routes if isinstance(route, Mount))
    (mounted,) = (inner for inner in mounts if isinstance(inner, gr.routes.App))
    return mounted


def build_page(context: WebContext) -> gr.Blocks:
    """The page as gradio blocks, not yet served: the controls in reading order, and what happens when they are used."""
    limits = context.limits
    page = gr.Blocks(analytics_enabled=False, title=context.texts.title)
    # Every request in our queue is a job to gradio, so that its own, first come first served, never fills.
    page.max_threads = limits.concurrency + limits.queue_size
    with page:
        state = gr.State(Conversation())
        conversation = _html("conversation")
        with gr.Column(elem_id="enquiry"):
            notice = _html("notice")
            with gr.Row(elem_id="asking"):
                question = gr.Textbox(
                    label=N_("Your question"), placeholder=N_("A question in plain words"), lines=1, max_lines=4,
                    max_length=LONGEST_QUESTION, container=True, elem_id="question",
                    html_attributes=gr.InputHTMLAttributes(autocomplete="off", enterkeyhint="search"),
                )  # fmt: skip
                ask = gr.Button(N_("Ask"), variant="primary", elem_id="ask")
            with gr.Row(elem_id="more"):
                with gr.Accordion(N_("Filter by date"), open=False, elem_id="dates"):
                    _html("dates-hint", N_("A year, a month or a day: 2005, 2005-03 or 2005-03-17."))
                    first = _date_box(N_("Published from"), "first")
                    last = _date_box(N_("Published until"), "last")
                anew = gr.Button(N_("New conversation"), elem_id="anew", visible=False)
        with gr.Column(elem_id="examples") as example_column:
            _html("introduction", str(escape(context.texts.what_this_is)))
            _html("examples-heading", N_("<h2>Start here</h2>"))
            # What they ask is put into the page whenever it is sent.
            examples = [gr.Button("", visible=False, elem_classes=EXAMPLE) for _ in range(MOST_EXAMPLES)]
        sealed = gr.Textbox(label="Kept conversation", visible="hidden", elem_id="restore")
        locale = gr.Textbox(ENGLISH, label="Language of the page", visible="hidden", elem_id=LOCALE)
        without = gr.Textbox(label="What is left out", max_length=50, visible="hidden", elem_id="without")
        # As `_outputs_of` gives them.
        outputs = [state, conversation, notice, question, without, example_column, anew]
        controller = QuestionController(context)
        asking = {question: [question.submit, ask.click]} | {button: [button.click] for button in examples}
        for source, triggers in asking.items():
            inputs = [source, first, last, state, locale, without]
            gr.on(triggers, controller._ask, inputs, outputs, **_ASKING)
        gr.on([anew.click], controller._restore, None, outputs, **_QUIETLY)
        gr.on([sealed.change], controller._restore, [sealed], outputs, **_QUIETLY)
    page.queue(max_size=limits.queue_size, api_open=False, default_concurrency_limit=limits.concurrency)
    # Pages that gradio remembers: it forgets none by itself, and each takes 100 kB with six turns. A page that was
    # forgotten goes on with an empty conversation.
    page.state_session_capacity = 1_000
    return page


@dataclass(frozen=True, slots=True)
class Conversation:
    """The last turns, oldest first, each its question and escaped HTML; and a count of those forgotten too."""

    turns: tuple[tuple[str, str], ...] = ()
    questions_asked: int = 0

    @property
    def questions(self) -> tuple[str, ...]:
        return tuple(question for question, _ in self.turns)

    @property
    def html(self) -> str:
        """Every turn as a block of its own, so that a new one leaves the others' place on the page alone."""
        return "\n\n".join(html for _, html in self.turns)

    def with_turn(self, question: str, html: str, *, keep: int) -> Self:
        """The conversation with one more turn, of which the newest `keep` stay."""
        return replace(self, turns=(*self.turns, (question, html))[-keep:], questions_asked=self.questions_asked + 1)


@dataclass(frozen=True, slots=True)
class ConversationView:
    """What the page shows: the conversation, a notice to the reader as HTML, and what is in the question box."""

    conversation: Conversation
    html: str
    notice: str = ""
    box: str = ""


class QuestionController:
    """Answers the page's questions. It keeps nothing of a reader: the browser keeps the conversation, sealed."""

    def __init__(self, context: WebContext) -> None:
        self._context = context
        key, sha256 = secrets.token_bytes(32), {"digest_method": hashlib.sha256}
        self._serializer = URLSafeSerializer(key, salt="qa.conversation", signer_kwargs=sha256)

    def views(
        self, text: str, first: str, last: str, conversation: Conversation, *, host: str | None, without: str = ""
    ) -> Iterator[ConversationView]:
        """That it is searched, the reply as it grows, the whole; `without` names by words what is left out."""
        context = self._context
        try:
            question = question_from(text, first, last, without=without.split())
            if context.limiter.take(host):
                raise QuestionError(_(TOO_MANY))
            number, before = conversation.questions_asked + 1, conversation.html
            published = published_text(question.published_from, question.published_until)
            html = render_line("waiting.html", turn=f"turn-{number}", question=question, dates=published)
            yield ConversationView(conversation, f"{before}\n\n{html}".strip())
            for update in context.stream(question, channel=Channel.PAGE, history=conversation.questions):
                html = turn_of(context, number, update, asked=conversation.questions)
                if update.growing:
                    yield ConversationView(conversation, f"{before}\n\n{html}".strip())
            # A follow-up goes on from the question as it was asked, not from what was left out of it.
            asked = (question.without and update.reply.understood_as) or question.text
            yield self._sealed(conversation.with_turn(asked, html, keep=context.limits.history_turns))
        except Exception as error:
            yield self._failed(error, text, conversation)

    def restored(self, sealed: str) -> ConversationView:
        """The view of a conversation that the browser kept; an empty one where it can't be trusted."""
        try:
            turns, questions_asked = self._serializer.loads(sealed.encode("utf-8", "replace"))
        except BadData:
            turns, questions_asked = [], 0
        return self._sealed(Conversation(tuple((question, html) for question, html in turns), questions_asked))

    def seal(self, conversation: Conversation) -> str:
        """The conversation as text that a browser can keep but not alter."""
        return str(self._serializer.dumps([conversation.turns, conversation.questions_asked]))

    async def _ask(
        self, text: str, first: str, last: str, conversation: Conversation, tag: str, without: str, request: gr.Request
    ) -> AsyncIterator[tuple[Any, ...]]:
        host = request.client.host if request.client else None
        text, tag = text or "", tag or ENGLISH
        views = self.views(text, first or "", last or "", conversation, host=host, without=without or "")
        # Asked for its scope itself, gradio's request makes JSON of it.
        request_id = request.request.scope["request_id"] if request.request else ""
        views = with_request_id(request_id, with_locale(tag, views))
        begun = await run_in_threadpool(next, views)
        yield _outputs_of(begun)
        if begun.notice:
            return
        try:
            async with self._context.queue.slot(host):
                async for view in iterate_in_threadpool(views):
                    yield _outputs_of(view)
        except Busy as error:
            with use_locale(tag):
                view = self._failed(error, text, conversation)
            yield _outputs_of(view)

    def _restore(self, sealed: str | None = None) -> tuple[Any, ...]:
        return _outputs_of(self.restored(sealed or ""))

    def _failed(self, error: Exception, text: str, conversation: Conversation) -> ConversationView:
        """The view where there is no reply: the question stays in the box."""
        notice = render_line("notice.html", text=refusal(error)["refusal"]["text"])
        return replace(self._sealed(conversation), notice=notice, box=text)

    def _sealed(self, conversation: Conversation) -> ConversationView:
        kept = render_line("kept.html", sealed=self.seal(conversation))
        return ConversationView(conversation, f"{conversation.html}\n\n{kept}" if conversation.turns else "")


def _outputs_of(view: ConversationView) -> tuple[Any, ...]:
    begun, nothing_left_out = bool(view.html), ""  # what is left out is left out of one question alone
    parts = (gr.Column(visible=not begun), gr.Button(visible=begun))
    return (view.conversation, view.html, view.notice, view.box, nothing_left_out, *parts)


def _html(name: str, value: str = "") -> gr.Markdown:
    """A place for escaped HTML: gr.HTML evaluates a template in the browser, which the page's policy forbids."""
    return gr.Markdown(value, elem_id=name, sanitize_html=False, latex_delimiters=[], container=False)


def _date_box(label: str, name: str) -> gr.Textbox:
    return gr.Textbox(label=label, lines=1, max_lines=1, max_length=10, elem_id=name)


def laid_out(index: str, *, nonce: str, coverage: Coverage | None, texts: PageTexts, examples: Sequence[str]) -> str:
    """The index page with the masthead, without advertising. Raises ValueError where gradio made another."""
    head, foot = render("head.html", texts=texts), render("foot.html", texts=texts)
    questions = [Question(text) for text in examples[:MOST_EXAMPLES]]
    masthead = render("masthead.html", texts=texts, coverage=coverage, examples=questions)
    changes: dict[str, Callable[[str], str]] = {
        r'<html\s+lang="en"': lambda tag: tag.replace('"en"', f'"{current_locale()}"'),
        _CONFIG: lambda config: _localized(config, examples),
        _RESIZER: lambda script: "",
        # Not fetched until the page's own script takes it out of there: `wake` in page.js.
        _PROGRAM: lambda script: f'<template id="program">{script}</template>',
        "</head>": lambda tag: head + tag,
        r"<body[^>]*>": lambda tag: tag + masthead,
        "</body>": lambda tag: foot + tag,
    }
    html = _ADVERTISING.sub("", index)
    for place, change in changes.items():
        before, *found = re.split(f"({place})", html, flags=re.DOTALL)
        if len(found) != 2:
            text = f"gradio's index page has {len(found) // 2} of {place}, expected 1: check this gradio version"
            raise ValueError(text)
        html = before + change(found[0]) + found[1]
    return _SCRIPT.sub(f'<script nonce="{nonce}"', html)


def _localized(config: str, examples: Sequence[str]) -> str:
    """gradio's description of its controls, as JSON, their words and the examples in the current locale."""
    described = json.loads(config)
    title, questions = described["title"], iter(examples)
    described["title"] = _(title)
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


class Payload(BaseModel):
    """The body that gradio's own script posts to `queue/join`."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    data: list[str | None]
    fn_index: _Id
    session_hash: str = Field(pattern=f"^{SESSION}$")
    trigger_id: _Id | None = None
    # A box that changed says its text a second time; nothing of the page asks for that, so it isn't passed on.
    event_data: str | None = Field(None, exclude=True)


def payload_of(body: bytes, page: gr.Blocks) -> Payload:
    """A posted body, as one of the page's events sends it. Raises ValueError for anything else."""
    payload = Payload.model_validate_json(body)
    event = page.fns.get(payload.fn_index)
    if event is None or payload.trigger_id not in {None, *(part for part, _ in event.targets)}:
        raise ValueError("an event that the page does not have")
    if len(payload.data) != len(event.inputs) or not all(map(_fits, event.inputs, payload.data)):
        raise ValueError("values that the page does not send")
    return payload


def _fits(component: object, value: str | None) -> bool:
    """True for a value as the page sends it: text where the component holds text, and of its length at most."""
    if value is None or not isinstance(component, gr.Textbox | gr.Button):
        return value is None
    return len(value) <= (getattr(component, "max_length", None) or LARGEST_BODY)


@dataclass
class GradioGate:
    """Hands on to gradio what its page sends, with nothing else on it, and lays out its index; around gradio's."""

    app: ASGIApp
    page: gr.Blocks
    context: WebContext

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            passed, received = await self._passed(Request(scope, receive))
            is_index = passed["path"] == "/" and passed["method"] == "GET"
            await (self._index if is_index else self.app)(passed, received, watched)
        except HTTPException as error:
            await rejection(scope, error)(scope, receive, send)
        except Exception as failure:
            # One line of the log, for the index, which is laid out here, also where; a plain response where it can be.
            _log.error("gradio failed: %s", type(failure).__qualname__, exc_info=scope["path"] == "/" or None)
            _log.debug("how gradio failed", exc_info=True)
            if begun:
                await send({"type": "http.response.body", "body": b""})
            else:
                await rejection(scope, HTTPException(500, _FAILED))(scope, receive, send)

    async def _index(self, scope: Scope, receive: Receive, send: Send) -> None:
        index = bytearray()

        async def collect(message: Message) -> None:
            index.extend(message.get("body", b""))

        uncompressed = [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]
        await self.app({**scope, "headers": uncompressed}, receive, collect)
        nonce, texts = secrets.token_urlsafe(16), self.context.texts
        coverage = await run_in_threadpool(self.context.coverage)
        examples = await run_in_threadpool(self.context.examples, current_locale())
        html = laid_out(index.decode(), nonce=nonce, coverage=coverage, texts=texts, examples=examples)
        headers = {"Content-Security-Policy": _POLICY.format(nonce=nonce), "Cache-Control": "no-cache"}
        await HTMLResponse(html, headers=headers)(scope, receive, send)

    async def _passed(self, request: Request) -> tuple[Scope, Receive]:
        """The request with nothing on it that gradio doesn't need. Raises HTTPException where it isn't the page's."""
        path = request.scope["path"]
        passed = {**request.scope, "headers": _headers_passed(request.scope), "query_string": b""}
        if path == DATA:
            names = request.query_params.getlist("session_hash")
            if len(names) != 1 or names[0] not in self.page._queue.pending_messages_per_session:
                raise HTTPException(404, _NO_SESSION)
            passed["query_string"] = f"session_hash={names[0]}".encode()
        elif path == JOIN and request.method == "POST":
            if content_kind(request) != "application/json":
                raise HTTPException(415, _UNKNOWN)
            try:
                payload = payload_of(await request.body(), self.page)
            except (ValueError, ClientDisconnect):
                raise HTTPException(400, _UNKNOWN) from None
            body = payload.model_dump_json().encode()  # written anew, so that gradio reads what was checked
            passed["headers"] += [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
            messages = iter([{"type": "http.request", "body": body, "more_body": False}])

            async def received() -> Message:
                return next(messages, None) or await request.receive()

            return passed, received
        return passed, request.receive


def _headers_passed(scope: Scope) -> list[tuple[bytes, bytes]]:
    """Raises HTTPException where gradio can't make the addresses of its page from the host that is named."""
    headers = [pair for pair in scope["headers"] if pair[0] in _HEADERS_PASSED]
    for host in (value.decode("latin-1").partition(",")[0] for name, value in headers if name.endswith(b"host")):
        with suppress(httpx.InvalidURL, ValueError):
            if str(httpx.URL(f"http://{host.strip()}/").copy_with(query=None)).isprintable():
                continue
        raise HTTPException(400, N_("The request names an address that can’t be one."))
    return headers
