"""The addresses beside the asking page: articles, how it works, and the pulse."""

from __future__ import annotations

import logging
from collections.abc import Callable

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, JSONResponse

from qa.answering.rights import article_within_rights
from qa.errors import ArchiveError, NotFound, Withdrawn
from qa.i18n.locale import N_, _
from qa.models.archive import Coverage
from qa.web.articles import article_html, tombstone_html
from qa.web.enquiry import SentenceSpans
from qa.web.printing import extent, sheet
from qa.web.room import PageTexts, ReadingRoom

NO_ARTICLE = N_("No such article")
NOTHING_HERE = N_("The archive holds no article at this address.")
NOT_NOW = N_("Not now")
UNREADABLE = N_("The archive can’t be read just now. Try again in a minute.")

_log = logging.getLogger(__name__)


def public_routes(room: ReadingRoom, *, sentence_spans: SentenceSpans, texts: PageTexts) -> APIRouter:
    """Everything a reader can open that needs no gradio."""
    router = APIRouter()

    @router.get("/article/{article_id:path}", response_class=HTMLResponse)
    def article(article_id: str, quoted: str = "") -> HTMLResponse:
        def page() -> str:
            found = article_within_rights(room.article(article_id))
            return article_html(found, sentence_spans(found.body), quoted=quoted, texts=texts)

        return page_of_article(page, texts)

    @router.get("/how", response_class=HTMLResponse)
    def how() -> HTMLResponse:
        return HTMLResponse(sheet("how.html", extent=extent(coverage_of(room)), texts=texts))

    @router.get("/health")
    def health() -> JSONResponse:
        coverage = coverage_of(room)
        if coverage is None:
            return JSONResponse({"status": "unavailable"}, 503)
        return JSONResponse({"status": "ok", "articles": coverage.articles})

    return router


def page_of_article(page: Callable[[], str], texts: PageTexts) -> HTMLResponse:
    """The page that is made of an article, or the one that says why there is none."""
    try:
        return HTMLResponse(page())
    except Withdrawn as taken:
        return HTMLResponse(tombstone_html(taken, texts=texts), 410)
    except NotFound:
        return plain_page(404, NO_ARTICLE, NOTHING_HERE, texts)
    except ArchiveError:
        _log.exception("an article could not be opened")
        return plain_page(503, NOT_NOW, UNREADABLE, texts)


def coverage_of(room: ReadingRoom) -> Coverage | None:
    """What the archive holds; None while it can't be read."""
    try:
        return room.coverage()
    except ArchiveError:
        _log.exception("the archive could not be read")
        return None


def examples_for(room: ReadingRoom, locale: str) -> tuple[str, ...]:
    """Questions worth trying; none while the archive can't be read."""
    try:
        return room.examples(locale)
    except ArchiveError:
        _log.exception("the archive could not be read")
        return ()


def plain_page(status: int, heading: str, text: str, texts: PageTexts) -> HTMLResponse:
    """A page of one sentence; both are messages."""
    return HTMLResponse(sheet("plain.html", heading=_(heading), text=_(text), texts=texts), status)
