"""The small page for other sites' frames: a question, and its reply as in the conversation. It needs no script."""

from __future__ import annotations

import logging
import re

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from markupsafe import Markup
from starlette.concurrency import run_in_threadpool

from qa.errors import Busy, QuestionError
from qa.i18n.locale import _
from qa.i18n.messages import error_words
from qa.models.journal import Channel
from qa.models.replies import Question
from qa.web.asking import question_from, typed
from qa.web.enquiry import Enquiry
from qa.web.guard import EMBED
from qa.web.printing import sheet
from qa.web.room import Limits, PageTexts, ReadingRoom
from qa.web.telling import told
from qa.web.throttle import Throttle, host_of
from qa.web.waiting import WaitingRoom

_LINK = re.compile(r"<a (?=[^>]*\bhref=)")

_log = logging.getLogger(__name__)


def embed_routes(
    room: ReadingRoom,
    *,
    enquiry: Enquiry,
    throttle: Throttle,
    waiting: WaitingRoom,
    texts: PageTexts,
    limits: Limits,
) -> APIRouter:
    """The page; which sites may frame it is the guard's business."""
    router = APIRouter()

    def page(box: str = "", *, turn: str = "", refusal: str = "", status: int = 200, wait: int = 0) -> HTMLResponse:
        longest = limits.question_length
        html = sheet("embed.html", box=box[:longest], turn=turn, refusal=refusal, longest=longest, texts=texts)
        return HTMLResponse(html, status, headers={"Retry-After": str(wait)} if wait else {})

    def answered(asked: Question) -> str:
        return enquiry.shown(1, told(room, asked, channel=Channel.EMBED))

    @router.get(EMBED, response_class=HTMLResponse)
    async def embed(request: Request, question: str | None = None) -> HTMLResponse:
        if question is None:
            return page()
        box = typed(question)
        try:
            asked = question_from(question, "", "", longest=limits.question_length)
            host = host_of(request)
            if not throttle.admits(host):
                return page(box, refusal=_(texts.too_many), status=429, wait=throttle.wait(host))
            async with waiting.place(host):
                turn = await run_in_threadpool(answered, asked)
            return page(box, turn=opened_apart(turn))
        except Busy as error:
            return page(box, refusal=_(texts.busy), status=503, wait=error.seconds)
        except QuestionError as error:
            return page(box, refusal=error_words(error), status=400)
        except Exception:
            _log.exception("a question from a frame could not be answered")
            return page(box, refusal=_(texts.trouble), status=503)

    return router


def opened_apart(html: str) -> Markup:
    """A turn's HTML, its links opening outside the frame. What articles say is escaped in it, so it never is a link."""
    return Markup(_LINK.sub('<a target="_blank" rel="noopener" ', html))
