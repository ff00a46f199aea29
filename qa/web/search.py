"""The search page: articles by their words, without a question, an answer or a script."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from starlette.concurrency import run_in_threadpool

from qa.errors import ArchiveError, Busy, QuestionError
from qa.i18n.forms import language_name
from qa.i18n.locale import N_, _
from qa.i18n.messages import error_words
from qa.models.archive import ListedArticle, Origins, Source
from qa.models.dates import Dates
from qa.models.replies import Question
from qa.retrieval.results import Result, newest_first, results
from qa.web.anchors import language_tag
from qa.web.enquiry import SentenceSpans
from qa.web.forms import Form, InvalidForm, Pages, bounded, checked, form_page, nothing_asked
from qa.web.public import NOT_NOW, plain_page
from qa.web.room import Limits, PageTexts, ReadingRoom
from qa.web.rows import Row, row_of_listed, row_of_result
from qa.web.throttle import Throttle, host_of
from qa.web.waiting import WaitingRoom

MOST_PASSAGES = 200
"""Passages that are looked through: of an archive about one case, more are no longer about the words."""

MOST_NEAREST = 3
"""Articles shown where none has the words."""

UNSEARCHABLE = N_("The archive can’t be searched just now. Try again in a minute.")

ROWS = 20
"""Articles on a page."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Found:
    """What the page lists. `nearest`: no article has the words, these come near them in meaning.

    `cut`: more passages may have the words than were looked through.
    """

    rows: tuple[Row, ...]
    total: int
    pages: Pages
    nearest: bool = False
    cut: bool = False


def search_routes(
    room: ReadingRoom,
    *,
    sentence_spans: SentenceSpans,
    throttle: Throttle,
    waiting: WaitingRoom,
    texts: PageTexts,
    limits: Limits,
) -> APIRouter:
    router = APIRouter()
    desk = SearchDesk(room, sentence_spans, texts, limits.question_length)

    def page(form: Form, *, wanted: Dates | None = None, **more: Any) -> HTMLResponse:
        try:
            return desk.page(form, found=desk.found(form, wanted) if wanted else None, **more)
        except QuestionError as error:
            return desk.page(form, status=400, refusal=InvalidForm("q", error_words(error)))
        except ArchiveError:
            _log.exception("the archive could not be searched")
            return plain_page(503, NOT_NOW, UNSEARCHABLE, texts)

    @router.get("/search", response_class=HTMLResponse)
    async def search(request: Request) -> HTMLResponse:
        form, host = Form.read(request.query_params), host_of(request)
        wanted = checked(form, longest=limits.question_length)
        if isinstance(wanted, InvalidForm):
            return await run_in_threadpool(page, form, status=400, refusal=wanted)
        if nothing_asked(form, wanted):
            return await run_in_threadpool(page, form)
        if not throttle.admits(host):
            refusal = InvalidForm("", _(texts.too_much))
            return await run_in_threadpool(page, form, status=429, refusal=refusal, wait=throttle.wait(host))
        try:
            async with waiting.place(host):
                return await run_in_threadpool(page, form, wanted=wanted)
        except Busy as error:
            refusal = InvalidForm("", _(texts.busy))
            return await run_in_threadpool(page, form, status=503, refusal=refusal, wait=error.seconds)

    return router


class SearchDesk:
    """Looks for what was typed and lays it out."""

    def __init__(self, room: ReadingRoom, sentence_spans: SentenceSpans, texts: PageTexts, longest: int) -> None:
        self._room = room
        self._sentence_spans = sentence_spans
        self._texts = texts
        self._longest = longest

    def found(self, form: Form, wanted: Dates) -> Found:
        """The articles that have the words, or with no words all that pass. Raises QuestionError, StoreError."""
        if not form.q:
            return self._listed(form, wanted)
        question = Question(form.q, wanted.first, wanted.last, wanted.outlet, wanted.language)
        hits = self._room.search(question, limit=MOST_PASSAGES)
        near = results(hits, form.q)
        named = [result for result in near if result.words]
        if form.sort == "date":
            named = newest_first(named)
        shown = named or near[:MOST_NEAREST]
        pages = Pages.of(len(shown), size=ROWS, wanted=form.page)
        return Found(
            self._rows(shown[pages.start : pages.stop]),
            len(named),
            pages,
            nearest=bool(near) and not named,
            cut=len(hits) == MOST_PASSAGES,
        )

    def page(
        self,
        form: Form,
        *,
        found: Found | None = None,
        refusal: InvalidForm | None = None,
        status: int = 200,
        wait: int = 0,
    ) -> HTMLResponse:
        """The page with the boxes as they were filled in. Raises StoreError."""
        origins = self._room.origins()
        return form_page(
            "search.html",
            status=status,
            wait=wait,
            form=bounded(form, longest=self._longest),
            refusal=refusal,
            found=found,
            origins=origins,
            languages=_languages(origins, form.language),
            longest=self._longest,
            texts=self._texts,
        )

    def _listed(self, form: Form, wanted: Dates) -> Found:
        listed = sorted(self._room.listed(wanted), key=lambda one: _day(one.source), reverse=True)
        pages = Pages.of(len(listed), size=ROWS, wanted=form.page)
        return Found(self._rows(listed[pages.start : pages.stop]), len(listed), pages)

    def _rows(self, shown: Sequence[Result | ListedArticle]) -> tuple[Row, ...]:
        return tuple(
            row_of_result(one, self._room, self._sentence_spans)
            if isinstance(one, Result)
            else row_of_listed(one, self._room, self._sentence_spans)
            for one in shown
        )


def _day(source: Source) -> str:
    """Sorts by publication; undated ones come before all days."""
    return source.published.isoformat() if source.published else ""


def _languages(origins: Origins, chosen: str) -> list[tuple[str, str]]:
    """Tag and name of each language to choose from, by name; what was chosen is among them."""
    tags = {tag.lower().split("-")[0] for tag in origins.languages if language_tag(tag)}
    if language_tag(chosen):
        tags.add(chosen)
    return sorted(((tag, language_name(tag)) for tag in tags), key=lambda pair: pair[1])
