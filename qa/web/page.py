"""The asking page: gradio's controls, wired to the controller."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import gradio as gr
from markupsafe import escape
from starlette.concurrency import iterate_in_threadpool, run_in_threadpool

from qa.errors import Busy
from qa.i18n.catalogues import ENGLISH, locales
from qa.i18n.locale import N_
from qa.web.context import WebContext
from qa.web.controller import Conversation, ConversationView, QuestionController

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
        controls = Controls(context, controller)
        if controls.examples:
            page.load(controls.current_examples, [controls.locale], controls.examples, **_QUIETLY)
    page.queue(max_size=limits.queue_size, api_open=False, default_concurrency_limit=limits.concurrency)
    page.state_session_capacity = SESSIONS
    return page


class Controls:
    """The parts of the page, drawn in reading order, and what happens when they are used."""

    def __init__(self, context: WebContext, controller: QuestionController) -> None:
        self._context = context
        self._controller = controller
        texts, limits = context.texts, context.limits
        examples = context.service.examples(ENGLISH)[:EXAMPLES_SHOWN]
        most = max(len(context.service.examples(tag)[:EXAMPLES_SHOWN]) for tag in locales())
        hidden = max(most - len(examples), 0)
        self.state = gr.State(Conversation())
        self.conversation = _html("conversation")
        with gr.Column(elem_id="enquiry"):
            self.notice = _html("notice")
            with gr.Row(elem_id="asking"):
                self.question = gr.Textbox(
                    label=texts.question_label,
                    placeholder=texts.question_hint,
                    lines=1,
                    max_lines=4,
                    max_length=limits.question_length,
                    container=True,
                    elem_id="question",
                    html_attributes=gr.InputHTMLAttributes(autocomplete="off", enterkeyhint="search"),
                )
                self.ask = gr.Button(N_("Ask"), variant="primary", elem_id="ask")
            with gr.Row(elem_id="more"):
                with gr.Accordion(N_("Filter by date"), open=False, elem_id="dates"):
                    _html("dates-hint", str(escape(texts.date_hint)))
                    self.first = _date_box(N_("Published from"), "first")
                    self.last = _date_box(N_("Published until"), "last")
                self.anew = gr.Button(N_("New conversation"), elem_id="anew", visible=False)
        with gr.Column(elem_id="examples", visible=bool(examples or hidden)) as self.example_column:
            _html("examples-heading", N_("<h2>Start here</h2>"))
            self.examples = [
                gr.Button(example, visible=bool(example), elem_classes=EXAMPLE)
                for example in (*examples, *[""] * hidden)
            ]
        self.sealed = gr.Textbox(label="Kept conversation", visible="hidden", elem_id="restore")
        self.locale = gr.Textbox(ENGLISH, label="Language of the page", visible="hidden", elem_id=LOCALE)
        self._wire()

    def current_examples(self, tag: str) -> dict[gr.Button, gr.Button]:
        """The buttons with today's examples: the page was drawn once, and the archive may have changed since."""
        examples = self._context.service.examples(tag or ENGLISH)
        return {
            button: gr.Button(examples[place] if place < len(examples) else "", visible=place < len(examples))
            for place, button in enumerate(self.examples)
        }

    def _wire(self) -> None:
        for source, triggers in [(self.question, [self.question.submit, self.ask.click])] + [
            (button, [button.click]) for button in self.examples
        ]:
            gr.on(
                triggers,
                self._ask,
                [source, self.first, self.last, self.state, self.locale],
                self._outputs(),
                show_progress="hidden",
                api_visibility="private",
                concurrency_limit=None,  # the request queue says who is next
                concurrency_id="asking",
            )
        gr.on([self.anew.click], self._begin, None, self._outputs(), **_QUIETLY)
        gr.on([self.sealed.change], self._restore, [self.sealed], self._outputs(), **_QUIETLY)

    def _outputs(self) -> list[gr.blocks.Block]:
        return [self.state, self.conversation, self.notice, self.question, self.example_column, self.anew]

    async def _ask(
        self, text: str, first: str, last: str, conversation: Conversation, tag: str, request: gr.Request
    ) -> AsyncIterator[tuple[Any, ...]]:
        host = request.client.host if request.client else None
        text, tag = text or "", tag or ENGLISH
        views = self._controller.ask(text, first or "", last or "", conversation, host=host, tag=tag)
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
