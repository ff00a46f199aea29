"""The addresses beside the asking page: articles, how it works, the JSON answer, and the pulse."""

from __future__ import annotations

import hashlib
import logging
import time
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse

from qa.domain.archive import Coverage
from qa.domain.replies import Question
from qa.errors import ArchiveError, NotFound, QuestionError, Withdrawn
from qa.web.articles import article_html, tombstone_html
from qa.web.asking import question_from
from qa.web.enquiry import SentenceSpans
from qa.web.printing import extent, sheet
from qa.web.room import Limits, PageTexts, ReadingRoom
from qa.web.throttle import Throttle

_log = logging.getLogger(__name__)


def public_routes(
    room: ReadingRoom, *, sentence_spans: SentenceSpans, throttle: Throttle, texts: PageTexts, limits: Limits
) -> APIRouter:
    """Everything a reader can open that needs no gradio."""
    router = APIRouter()

    @router.get("/article/{article_id:path}", response_class=HTMLResponse)
    def article(article_id: str, quoted: str = "") -> HTMLResponse:
        try:
            found = room.article(article_id)
        except Withdrawn as taken:
            return HTMLResponse(tombstone_html(taken, texts=texts), 410)
        except NotFound:
            return plain_page(404, "No such article", "The archive holds no article at this address.", texts)
        except ArchiveError:
            _log.exception("an article could not be opened")
            return plain_page(503, "Not now", "The archive can’t be read just now. Try again in a minute.", texts)
        return HTMLResponse(article_html(found, sentence_spans(found.body), quoted=quoted, texts=texts))

    @router.get("/how", response_class=HTMLResponse)
    def how() -> HTMLResponse:
        return HTMLResponse(sheet("how.html", extent=extent(coverage_of(room)), texts=texts))

    @router.get("/api/ask")
    def ask(
        request: Request,
        question: str = "",
        first: Annotated[str, Query(alias="from")] = "",
        last: Annotated[str, Query(alias="until")] = "",
    ) -> JSONResponse:
        if not throttle.admits(request.client.host if request.client else None):
            return JSONResponse({"error": texts.too_many}, 429, headers={"Retry-After": "60"})
        return _answered(room, (question, first, last), limits)

    @router.get("/health")
    def health() -> JSONResponse:
        coverage = coverage_of(room)
        if coverage is None:
            return JSONResponse({"status": "unavailable"}, 503)
        return JSONResponse({"status": "ok", "articles": coverage.articles})

    return router


def coverage_of(room: ReadingRoom) -> Coverage | None:
    """What the archive holds; None while it can't be read."""
    try:
        return room.coverage()
    except ArchiveError:
        _log.exception("the archive could not be read")
        return None


def plain_page(status: int, heading: str, text: str, texts: PageTexts) -> HTMLResponse:
    """A page of one sentence."""
    return HTMLResponse(sheet("plain.html", heading=heading, text=text, texts=texts), status)


def question_id(question: Question) -> str:
    """16 hexadecimal digits, the same whenever the same is asked."""
    parts = (question.text, str(question.published_from), str(question.published_until))
    return hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()[:16]


def _answered(room: ReadingRoom, typed: tuple[str, str, str], limits: Limits) -> JSONResponse:
    try:
        question = question_from(*typed, longest=limits.question_length)
        begun = time.perf_counter()
        reply = room.reply(question)
        seconds = time.perf_counter() - begun
        return JSONResponse(room.reply_json(reply, id=question_id(question), seconds=seconds))
    except QuestionError as error:
        return JSONResponse({"error": str(error)}, 400)
    except ArchiveError:
        _log.exception("a question could not be answered")
        return JSONResponse({"error": "The archive can’t be searched just now. Try again in a minute."}, 503)
