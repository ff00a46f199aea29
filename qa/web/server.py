"""The web application: the asking page, the other pages, the API, and the guard in front of all."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path

import gradio as gr
from fastapi import APIRouter, FastAPI, Request
from fastapi.exception_handlers import http_exception_handler
from fastapi.responses import Response
from starlette.exceptions import HTTPException
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from qa.errors import ArchiveError
from qa.i18n.locale import N_, _
from qa.review.permanent import PermanentAnswers
from qa.review.service import MOST_IMPORTS, StaffContext, last_ended
from qa.web.answers import answer_routes, report_routes
from qa.web.api.application import create_api
from qa.web.api.routes import answer_calls
from qa.web.api.staff import staff_calls
from qa.web.context import WebContext
from qa.web.controller import QuestionController
from qa.web.gradio_gate import GradioGate
from qa.web.guard import FAULT, NOTHING, STAFF, Guard, wants_page
from qa.web.limits import RateLimiter, TooManyRequests
from qa.web.locales import LocaleMiddleware
from qa.web.metrics import Access, ArchiveCollector, metrics_routes
from qa.web.page import IndexLayout, build_page
from qa.web.public import asking_routes, correction_routes, public_routes
from qa.web.requests import RequestMiddleware, fault_text
from qa.web.search import search_routes
from qa.web.service import ArchiveService, Limits, PageTexts
from qa.web.staff.archive import archive_routes, audit_routes
from qa.web.staff.auth import StaffAuth, TurnedAway
from qa.web.staff.checking import review_routes
from qa.web.staff.evaluation import evaluation_routes
from qa.web.staff.queue import queue_routes
from qa.web.staff.sign_in import account_routes, oidc_routes, sign_in_routes
from qa.web.timeline import timeline_routes

STATIC = Path(__file__).parent / "static"

NOT_NOW = N_("Not now")
UNREADABLE = N_("The archive can’t be read just now. Try again in a minute.")
JOURNAL_AWAY = N_("The archive’s journal can’t be used just now. Try again in a minute.")

# Each question is one POST; a page sends a few more to come back to, or to begin, a conversation.
_POSTS_PER_QUESTION = 4

# Each of those posts is followed by a stream of replies, and every page that is opened keeps one to say so.
_STREAMS_PER_QUESTION = 2 * _POSTS_PER_QUESTION

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
) -> FastAPI:
    """The whole application, ready to be served. It reads nothing but what is passed here.

    With `staff`, answers have permanent addresses, and there are pages of the staff. `embed_sites` are the origins
    that may frame the small page; without any it is shut. `metrics` says who may read them. `asking_page` is the one
    at /, which takes gradio a second to build.
    """
    context = WebContext.of(service, texts=replace(texts or PageTexts(), journal=staff is not None), limits=limits)
    app = _site(context, staff, embed_sites, metrics)
    if not asking_page:
        return app
    # gradio makes an event loop for each of its locks, and closes none, unless it is built while one is running.
    with ThreadPoolExecutor(max_workers=1) as builder:
        builder.submit(asyncio.run, _add_asking_page(app, context)).result()
    return app


def _site(context: WebContext, staff: StaffContext | None, embed_sites: Sequence[str], metrics: Access) -> FastAPI:
    texts, limits = context.texts, context.limits
    app = FastAPI(title=texts.title, docs_url=None, redoc_url=None, openapi_url=None)
    calls: list[APIRouter] = []
    for routes in (public_routes, search_routes, timeline_routes, asking_routes):
        app.include_router(routes(context))
    collector = ArchiveCollector(context.queue, coverage=context.coverage, filled=partial(_filled, staff))
    app.include_router(metrics_routes(context.metrics, collector, access=metrics))
    if staff is not None:
        answers = PermanentAnswers(staff.journal.records, staff.journal.reviews, context.service.article)
        auth = StaffAuth(staff.accounts, context)
        calls = [
            answer_calls(context, answers),
            staff_calls(context, staff.journal, staff.review_service, answers, auth=auth, prices=staff.prices),
        ]
        app.include_router(answer_routes(context, answers))
        app.include_router(report_routes(context, answers, staff.journal))
        app.include_router(
            correction_routes(context, journal=staff.journal, history=staff.history, sources=staff.sources)
        )
        for router in _staff_routes(context, staff, auth):
            app.include_router(router)

    @app.get(f"{STAFF}/{{rest:path}}", include_in_schema=False)
    def nothing(rest: str) -> Response:
        """Else the asking page, which takes all that is left, would be asked for it."""
        raise HTTPException(404)

    _handle_errors(app, context)
    app.mount("/api", create_api(context, calls))
    app.mount("/page", StaticFiles(directory=STATIC))
    posts = RateLimiter(limits.requests_per_minute * _POSTS_PER_QUESTION)
    app.add_middleware(
        Guard,
        limiter=posts,
        too_many=texts.too_many,
        lost=partial(_lost, context),
        failed=partial(context.message_page, 500, NOT_NOW, FAULT),
        embed_sites=embed_sites,
    )
    app.add_middleware(LocaleMiddleware)
    app.add_middleware(RequestMiddleware, finished=context.metrics.responded)
    return app


def gradio_of(app: FastAPI) -> gr.routes.App:
    """gradio's application within the whole; the page has another one beside that, which serves nobody."""
    (mounted,) = (
        route.app for route in app.routes if isinstance(route, Mount) and isinstance(route.app, gr.routes.App)
    )
    return mounted


async def _add_asking_page(app: FastAPI, context: WebContext) -> None:
    page = build_page(context, QuestionController(context))
    # gradio keeps files to the folder for them only on a page that it has launched itself.
    page.has_launched = True
    gr.mount_gradio_app(
        app,
        page,
        path="/",
        footer_links=[],
        run_history=False,
        ssr_mode=False,
        mcp_server=False,
        pwa=False,
        enable_monitoring=False,
        show_error=False,
        favicon_path=str(STATIC / "icon.svg"),
        theme=gr.themes.Base(font=["system-ui", "sans-serif"], font_mono=["ui-monospace", "monospace"]),
    )
    streams = RateLimiter(context.limits.requests_per_minute * _STREAMS_PER_QUESTION)
    gradio = gradio_of(app)
    gradio.add_middleware(GradioGate, page=page, streams=streams, too_many=context.texts.too_much)
    gradio.add_middleware(IndexLayout, context=context)


def _staff_routes(context: WebContext, staff: StaffContext, auth: StaffAuth) -> Iterator[APIRouter]:
    accounts, journal, review_service, provider = staff.accounts, staff.journal, staff.review_service, staff.provider
    yield sign_in_routes(context, accounts, auth, provider=provider)
    if provider is not None:
        yield oidc_routes(accounts, auth, provider)
    yield account_routes(context, accounts, journal.accounts, auth)
    yield queue_routes(context, journal, review_service, staff_overrides=staff.staff_overrides, admit=auth.member)
    yield review_routes(context, review_service, admit=auth.member, prices=staff.prices)
    yield archive_routes(context, staff.article_actions, journal, sources=staff.sources, admit=auth.member)
    yield evaluation_routes(context, journal, admit=auth.member, prices=staff.prices)
    yield audit_routes(context, journal.audit, auth)


def _filled(staff: StaffContext | None) -> datetime | None:
    """When an ingestion last ended, by the journal. Raises StoreError."""
    return last_ended(staff.journal.imports.newest(limit=MOST_IMPORTS)) if staff else None


def _lost(context: WebContext) -> Response:
    """The page for an address at which there is nothing."""
    return context.message_page(404, N_("No such page"), NOTHING)


def _handle_errors(app: FastAPI, context: WebContext) -> None:
    """The pages for requests that aren't let in, and while the archive or its journal can't be read."""

    def turned_away(request: Request, error: Exception) -> Response:
        assert isinstance(error, TurnedAway)
        return error.response

    def too_many(request: Request, error: Exception) -> Response:
        assert isinstance(error, TooManyRequests)
        return context.message_page(429, N_("Not so fast"), context.texts.too_much, retry_after=error.seconds)

    def unreadable(request: Request, error: Exception) -> Response:
        _log.error("a page could not be shown", exc_info=error)
        if not request.url.path.startswith(STAFF):
            return context.message_page(503, NOT_NOW, UNREADABLE)
        text = fault_text(JOURNAL_AWAY)
        return context.form_page("staff_message.html", status=503, heading=_(NOT_NOW), text=text)

    async def no_page(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        if error.status_code == 404 and wants_page(request.scope):
            return _lost(context)
        return await http_exception_handler(request, error)

    app.add_exception_handler(HTTPException, no_page)
    app.add_exception_handler(TurnedAway, turned_away)
    app.add_exception_handler(TooManyRequests, too_many)
    app.add_exception_handler(ArchiveError, unreadable)
