"""The web application: the asking page, the articles, and the door in front of both."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import gradio as gr
from fastapi import FastAPI
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from qa.review.permanent import PermanentAnswers
from qa.review.service import StaffContext
from qa.text.sentences import sentence_spans
from qa.web.answers import answer_routes
from qa.web.api.answers import answer_calls
from qa.web.api.application import create_api
from qa.web.api.door import throttled
from qa.web.api.staff import staff_calls
from qa.web.corrections import correction_routes
from qa.web.embed import embed_routes
from qa.web.enquiry import Enquiry
from qa.web.gate import Gate
from qa.web.guard import Guard
from qa.web.locales import Locales
from qa.web.page import build_page
from qa.web.public import public_routes
from qa.web.room import Limits, PageTexts, ReadingRoom
from qa.web.search import search_routes
from qa.web.shell import Shell
from qa.web.staff.routes import staff_routes
from qa.web.staff.session import Door, turn_away
from qa.web.throttle import Throttle
from qa.web.timeline import timeline_routes
from qa.web.versions import version_routes
from qa.web.waiting import WaitingRoom

STATIC = Path(__file__).parent / "static"

_TEXTS = PageTexts()
_LIMITS = Limits()

# Each question is one POST; a page sends a few more to come back to, or to begin, a conversation.
_POSTS_PER_QUESTION = 4

# Each of those posts is followed by a stream of replies, and every page that is opened keeps one to say so.
_STREAMS_PER_QUESTION = 2 * _POSTS_PER_QUESTION


def create_app(
    room: ReadingRoom,
    *,
    office: StaffContext | None = None,
    texts: PageTexts = _TEXTS,
    limits: Limits = _LIMITS,
    embed_sites: Sequence[str] = (),
) -> FastAPI:
    """The whole application, ready to be served. Nothing is read but what is given here.

    With an office answers have addresses that stay, and there is a staff desk. `embed_sites` are the origins that may
    frame the small page; without any it is shut.
    """
    texts = replace(texts, journal=office is not None)
    # gradio makes an event loop for each of its locks, and closes none, unless it is built while one is running.
    with ThreadPoolExecutor(max_workers=1) as aside:
        return aside.submit(asyncio.run, _built(room, office, texts, limits, embed_sites)).result()


async def _built(
    room: ReadingRoom, office: StaffContext | None, texts: PageTexts, limits: Limits, embed_sites: Sequence[str]
) -> FastAPI:
    throttle = Throttle(limits.requests_per_minute)
    waiting = WaitingRoom.within(limits)
    enquiry = Enquiry(room, sentence_spans=sentence_spans, throttle=throttle, texts=texts, limits=limits)
    app = FastAPI(title=texts.title, docs_url=None, redoc_url=None, openapi_url=None)
    app.include_router(version_routes(room, texts=texts))
    app.include_router(public_routes(room, sentence_spans=sentence_spans, texts=texts))
    app.include_router(
        embed_routes(room, enquiry=enquiry, throttle=throttle, waiting=waiting, texts=texts, limits=limits)
    )
    app.include_router(
        search_routes(
            room, sentence_spans=sentence_spans, throttle=throttle, waiting=waiting, texts=texts, limits=limits
        )
    )
    app.include_router(
        timeline_routes(room, sentence_spans=sentence_spans, throttle=throttle, texts=texts, limits=limits)
    )
    door = throttled(throttle)
    more = []
    if office is not None:
        answers = PermanentAnswers(office.journal.records, office.journal.reviews, room.article)
        staff = Door(office.accounts, texts=texts)
        more += [
            answer_calls(answers, door=door),
            staff_calls(office.journal, office.desk, answers, staff=staff, door=door),
        ]
        shown = answer_routes(answers, office.journal, sentence_spans=sentence_spans, throttle=throttle, texts=texts)
        app.include_router(shown)
        app.include_router(correction_routes(room, journal=office.journal, history=office.history, texts=texts))
        turn_away(app, texts=texts)
        app.include_router(
            staff_routes(office, room, door=staff, sentence_spans=sentence_spans, texts=texts, limits=limits)
        )
    api = create_api(
        room, door=door, waiting=waiting, sentence_spans=sentence_spans, texts=texts, limits=limits, more=more
    )
    app.mount("/api", api)
    app.mount("/page", StaticFiles(directory=STATIC))
    page = build_page(enquiry, waiting=waiting, examples=room.examples, texts=texts, limits=limits)
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
    streams = Throttle(limits.requests_per_minute * _STREAMS_PER_QUESTION)
    gradio_of(app).add_middleware(Gate, page=page, streams=streams, too_many=texts.too_much)
    app.add_middleware(Shell, room=room, texts=texts)
    posts = Throttle(limits.requests_per_minute * _POSTS_PER_QUESTION)
    app.add_middleware(Guard, throttle=posts, too_many=texts.too_many, embed_sites=embed_sites)
    app.add_middleware(Locales)
    return app


def gradio_of(app: FastAPI) -> gr.routes.App:
    """gradio's application within the whole; the page has another one beside that, which serves nobody."""
    (mounted,) = (
        route.app for route in app.routes if isinstance(route, Mount) and isinstance(route.app, gr.routes.App)
    )
    return mounted
