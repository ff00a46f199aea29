"""The small page for other sites' frames: a question and its reply, without script."""

from __future__ import annotations

import logging
import re
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from markupsafe import Markup

from qa.errors import Busy, QuestionError
from qa.i18n.locale import _
from qa.i18n.messages import error_text
from qa.models.journal import Channel
from qa.models.replies import Question
from qa.web.context import WebContext
from qa.web.controller import QuestionController
from qa.web.forms import question_from, typed
from qa.web.guard import EMBED
from qa.web.limits import host_of

_LINK = re.compile(r"<a (?=[^>]*\bhref=)")

_log = logging.getLogger(__name__)


def embed_routes(context: WebContext) -> APIRouter:
    """The page; the guard says which sites may frame it."""
    router = APIRouter()
    controller = QuestionController(context)
    texts, longest = context.texts, context.limits.question_length

    def page(
        box: str = "", *, turn: str = "", refusal: str = "", status: int = 200, retry_after: int = 0
    ) -> HTMLResponse:
        values: dict[str, Any] = {"box": box[:longest], "turn": turn, "refusal": refusal, "longest": longest}
        return context.page("embed.html", status=status, retry_after=retry_after, **values)

    def answered(question: Question) -> str:
        return controller.turn(1, context.reply(question, channel=Channel.EMBED))

    @router.get(EMBED, response_class=HTMLResponse)
    async def embed(request: Request, question: str | None = None) -> HTMLResponse:
        if question is None:
            return page()
        box = typed(question)
        try:
            parsed = question_from(question, "", "", longest=longest)
            if seconds := context.limiter.take(host_of(request)):
                return page(box, refusal=_(texts.too_many), status=429, retry_after=seconds)
            return page(box, turn=in_new_tabs(await context.queued(request, answered, parsed)))
        except Busy as error:
            return page(box, refusal=_(texts.busy), status=503, retry_after=error.seconds)
        except QuestionError as error:
            return page(box, refusal=error_text(error), status=400)
        except Exception:
            _log.exception("a question from a frame could not be answered")
            return page(box, refusal=_(texts.trouble), status=503)

    return router


def in_new_tabs(html: str) -> Markup:
    """A turn's HTML, its links opening outside the frame. What articles say is escaped in it, so it never is a link."""
    return Markup(_LINK.sub('<a target="_blank" rel="noopener" ', html))
