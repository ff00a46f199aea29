"""The pages about the archive: how it works, its health, and the corrections."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse

from qa.models.notices import NoticeEntry
from qa.review.notices import corrections
from qa.store.journal.opening import Journal
from qa.web.context import WebContext
from qa.web.forms import Form, Pagination
from qa.web.links import article_link
from qa.web.templating import extent

ROWS = 50
"""Corrections on a page."""


def public_routes(context: WebContext) -> APIRouter:
    router = APIRouter()

    @router.get("/how", response_class=HTMLResponse)
    def how() -> HTMLResponse:
        return context.page("how.html", extent=extent(context.coverage()))

    @router.get("/health")
    def health() -> JSONResponse:
        coverage = context.coverage()
        if coverage is None:
            return JSONResponse({"status": "unavailable"}, 503)
        return JSONResponse({"status": "ok", "articles": coverage.articles})

    return router


def correction_routes(
    context: WebContext, *, journal: Journal, history: Callable[[], Sequence[NoticeEntry]]
) -> APIRouter:
    """The page of corrections, newest first; `history` gives all notices on articles in the order they were written."""
    router = APIRouter()

    @router.get("/corrections", response_class=HTMLResponse)
    def listed(request: Request) -> HTMLResponse:
        form = Form(page=Form.read(request.query_params).page)
        notices = [entry.notice for entry in history()]
        rows = corrections(journal.reviews.decided(), notices, context.service.article, link=article_link)
        page = Pagination.of(len(rows), size=ROWS, wanted=form.page)
        return context.page("corrections.html", form=form, page=page, rows=rows[page.start : page.stop])

    return router
