"""The public page of corrections: what was put right, newest first."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from qa.errors import ArchiveError
from qa.models.notices import NoticeEntry
from qa.review.notices import corrections
from qa.store.journal.opening import Journal
from qa.web.anchors import article_link
from qa.web.forms import Form, Pages
from qa.web.printing import sheet
from qa.web.public import NOT_NOW, UNREADABLE, plain_page
from qa.web.room import PageTexts, ReadingRoom

ROWS = 50
"""Corrections on a page."""

History = Callable[[], Sequence[NoticeEntry]]
"""All notices on articles, in the order they were written."""

_log = logging.getLogger(__name__)


def correction_routes(room: ReadingRoom, *, journal: Journal, history: History, texts: PageTexts) -> APIRouter:
    router = APIRouter()

    @router.get("/corrections", response_class=HTMLResponse)
    def listed(request: Request) -> HTMLResponse:
        form = Form(page=Form.read(request.query_params).page)
        try:
            notices = [entry.notice for entry in history()]
            fixed = corrections(journal.reviews.decided(), notices, room.article, link=article_link)
        except ArchiveError:
            _log.exception("the corrections could not be listed")
            return plain_page(503, NOT_NOW, UNREADABLE, texts)
        page = Pages.of(len(fixed), size=ROWS, wanted=form.page)
        rows = fixed[page.start : page.stop]
        return HTMLResponse(sheet("corrections.html", form=form, page=page, rows=rows, texts=texts))

    return router
