"""The web application: the asking page, the other pages, the API, and the guard in front of all."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial

from fastapi import APIRouter, FastAPI, Request
from fastapi.exception_handlers import http_exception_handler
from fastapi.responses import Response
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles

from qa.errors import ArchiveError, NotFound, Withdrawn
from qa.i18n.locale import N_, _
from qa.review.permanent import PermanentAnswers
from qa.review.service import StaffContext
from qa.web.answers import add_answer_pages, add_report_pages
from qa.web.api.application import create_api, staff_calls
from qa.web.context import ArchiveService, PageTexts, WebContext
from qa.web.limits import TOO_MUCH, Limits, TooManyRequests
from qa.web.metrics import Access, ArchiveCollector, add_metrics
from qa.web.page import STATIC, add_asking_page, add_question_pages, add_stylesheet
from qa.web.public import add_public_pages, add_search_page
from qa.web.requests import FAULT, NOTHING, STAFF, Compression, Guard, fault_text, wants_page
from qa.web.staff.auth import StaffAuth, TurnedAway, add_account_pages, add_oidc_pages
from qa.web.staff.review import add_archive_pages, add_queue_pages, add_review_pages

NOT_NOW = N_("Not now")
UNREADABLE = N_("The archive can’t be read just now. Try again in a minute.")
JOURNAL_AWAY = N_("The archive’s journal can’t be used just now. Try again in a minute.")

_log = logging.getLogger(__name__)


def create_app(
    service: ArchiveService,
    *,
    staff: StaffContext | None = None,
    texts: PageTexts | None = None,
    limits: Limits | None = None,
    embed_sites: Sequence[str] = (),
    metrics: Access = "local",
    asking_page: bool = True,
    is_loaded: Callable[[], bool] = lambda: True,
) -> FastAPI:
    """The whole application, ready to be served; building its `asking_page` takes a second.

    With `staff`, answers have permanent addresses, and there are pages of the staff. `embed_sites` are the origins that
    may frame the small page, `is_loaded` says whether the models are there.
    """
    texts = replace(texts or PageTexts(), journal=staff is not None)
    context = WebContext(service, texts, limits or Limits(), is_loaded)
    app = _site(context, staff, embed_sites, metrics)
    if asking_page:
        # gradio makes an event loop for each of its locks, and closes none, unless it is built while one is running.
        with ThreadPoolExecutor(max_workers=1) as builder:
            builder.submit(asyncio.run, add_asking_page(app, context)).result()
    return app


def _site(context: WebContext, staff: StaffContext | None, embed_sites: Sequence[str], metrics: Access) -> FastAPI:
    app = FastAPI(title=context.texts.title, docs_url=None, redoc_url=None, openapi_url=None)
    for add_pages in (add_public_pages, add_search_page, add_question_pages):
        add_pages(app, context)
    answers, calls = None, list[APIRouter]()
    if staff is not None:
        answers = PermanentAnswers(staff.journal, context.service.article)
        auth = StaffAuth(staff.accounts, context)
        calls = [staff_calls(context, staff, answers, auth)]
        add_answer_pages(app, context, answers)
        add_report_pages(app, context, answers, staff)
        accounts = (add_account_pages, add_oidc_pages)
        for add_staff_pages in (*accounts, add_queue_pages, add_review_pages, add_archive_pages):
            add_staff_pages(app, context, staff, auth)
    filled = staff.journal.imports.last_ended if staff else lambda: None
    collector = ArchiveCollector(context.queue, coverage=context.coverage, filled=filled)
    add_metrics(app, context.metrics, collector, access=metrics)

    @app.get(f"{STAFF}/{{rest:path}}", include_in_schema=False)
    def nothing(rest: str) -> Response:
        """Else the asking page, which takes all that is left, would be asked for it."""
        raise HTTPException(404)

    lost = partial(context.message_page, 404, N_("No such page"), NOTHING)
    _handle_errors(app, context, lost)
    app.mount("/api", create_api(context, answers, *calls))
    add_stylesheet(app)
    app.mount("/page", StaticFiles(directory=STATIC))
    # Each question is one POST; a page sends a few more to come back to, or to begin, a conversation. Each of those is
    # followed by a stream of replies, and every page that is opened keeps one to say so.
    rate, count = 4 * context.limits.requests_per_minute, context.metrics.responded
    failed = partial(context.message_page, 500, NOT_NOW, FAULT)
    app.add_middleware(Compression)
    app.add_middleware(Guard, rate=rate, lost=lost, failed=failed, finished=count, embed_sites=embed_sites)
    return app


def _handle_errors(app: FastAPI, context: WebContext, lost: Callable[[], Response]) -> None:
    """The pages for requests that aren't let in, and while the archive or its journal can't be read."""

    @app.exception_handler(TurnedAway)
    def turned_away(request: Request, error: TurnedAway) -> Response:
        return error.response

    @app.exception_handler(ArchiveError)
    def unreadable(request: Request, error: ArchiveError) -> Response:
        if isinstance(error, TooManyRequests):
            return context.message_page(429, N_("Not so fast"), TOO_MUCH, headers={"Retry-After": str(error.seconds)})
        if isinstance(error, Withdrawn):
            return context.page("tombstone.html", status=410, reason=error.reason, day=error.day)
        if isinstance(error, NotFound) and request.url.path.startswith(("/article/", "/versions/")):
            nowhere = N_("The archive holds no article at this address.")
            return context.message_page(404, N_("No such article"), nowhere)
        _log.error("a page could not be shown", exc_info=error)
        if not request.url.path.startswith(STAFF):
            return context.message_page(503, NOT_NOW, UNREADABLE)
        return context.staff_message(503, _(NOT_NOW), fault_text(JOURNAL_AWAY))

    @app.exception_handler(HTTPException)
    async def no_page(request: Request, error: HTTPException) -> Response:
        if error.status_code == 404 and wants_page(request.scope):
            return lost()
        return await http_exception_handler(request, error)
