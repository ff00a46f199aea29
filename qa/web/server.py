"""The web application: the asking page, the articles, and the door in front of both."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import gradio as gr
from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

from qa.domain.notices import Entry
from qa.language.sentences import sentence_spans
from qa.review.accounts import Accounts
from qa.storage.journal.opening import Journal
from qa.web.answers import answer_routes
from qa.web.api.application import create_api
from qa.web.api.door import throttled
from qa.web.corrections import History, correction_routes
from qa.web.embed import embed_routes
from qa.web.enquiry import Enquiry
from qa.web.guard import Guard
from qa.web.page import build_page
from qa.web.public import public_routes
from qa.web.room import Limits, PageTexts, ReadingRoom
from qa.web.search import search_routes
from qa.web.shell import Shell
from qa.web.staff.routes import staff_routes
from qa.web.staff.session import Door, turn_away
from qa.web.throttle import Throttle
from qa.web.timeline import timeline_routes

if TYPE_CHECKING:
    from qa.review.openid import Provider

STATIC = Path(__file__).parent / "static"

_TEXTS = PageTexts()
_LIMITS = Limits()

# Each question is one POST; a page sends a few more to come back to, or to begin, a conversation.
_POSTS_PER_QUESTION = 4


def _no_notices() -> Sequence[Entry]:
    return ()


def create_app(
    room: ReadingRoom,
    *,
    journal: Journal | None = None,
    accounts: Accounts | None = None,
    provider: Provider | None = None,
    history: History = _no_notices,
    texts: PageTexts = _TEXTS,
    limits: Limits = _LIMITS,
    embed_sites: Sequence[str] = (),
) -> FastAPI:
    """The whole application, ready to be served. Nothing is read but what is given here.

    With a journal, answers have addresses that stay; `history` gives the notices that are listed as corrections.
    With a journal there is a staff desk too; `accounts` says who may enter it, unset those of the journal, and
    `provider` is where they may sign in elsewhere.
    `embed_sites` are the origins that may frame the small page; without any it is shut.
    """
    texts = replace(texts, journal=journal is not None)
    # gradio makes an event loop for each of its locks, and closes none, unless it is built while one is running.
    with ThreadPoolExecutor(max_workers=1) as aside:
        return aside.submit(
            asyncio.run, _built(room, journal, accounts, provider, history, texts, limits, embed_sites)
        ).result()


async def _built(
    room: ReadingRoom,
    journal: Journal | None,
    accounts: Accounts | None,
    provider: Provider | None,
    history: History,
    texts: PageTexts,
    limits: Limits,
    embed_sites: Sequence[str],
) -> FastAPI:
    throttle = Throttle(limits.requests_per_minute)
    enquiry = Enquiry(room, sentence_spans=sentence_spans, throttle=throttle, texts=texts, limits=limits)
    app = FastAPI(title=texts.title, docs_url=None, redoc_url=None, openapi_url=None)
    app.include_router(public_routes(room, sentence_spans=sentence_spans, texts=texts))
    app.include_router(embed_routes(room, enquiry=enquiry, throttle=throttle, texts=texts, limits=limits))
    for routes in (search_routes, timeline_routes):
        app.include_router(routes(room, sentence_spans=sentence_spans, throttle=throttle, texts=texts, limits=limits))
    door = throttled(throttle)
    app.mount("/api", create_api(room, door=door, sentence_spans=sentence_spans, texts=texts, limits=limits))
    if journal is not None:
        app.include_router(
            answer_routes(
                room,
                journal=journal,
                sentence_spans=sentence_spans,
                throttle=throttle,
                texts=texts,
            )
        )
        app.include_router(correction_routes(room, journal=journal, history=history, texts=texts))
        entrance = accounts or Accounts(journal.accounts)
        turn_away(app, texts=texts)
        app.include_router(staff_routes(journal, entrance, Door(entrance, texts=texts), texts=texts, provider=provider))
    app.mount("/page", StaticFiles(directory=STATIC))
    page = build_page(enquiry, examples=room.examples, texts=texts, limits=limits)
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
    app.add_middleware(Shell, room=room, texts=texts)
    posts = Throttle(limits.requests_per_minute * _POSTS_PER_QUESTION)
    app.add_middleware(Guard, throttle=posts, too_many=texts.too_many, embed_sites=embed_sites)
    return app
