"""The interface for other programs: an application of its own, at /api."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import HTMLResponse

from qa.web.api.description import completed
from qa.web.api.door import Door
from qa.web.api.page import docs_html
from qa.web.api.refusals import install
from qa.web.api.routes import api_routes
from qa.web.enquiry import SentenceSpans
from qa.web.room import Limits, PageTexts, ReadingRoom
from qa.web.waiting import WaitingRoom

VERSION = "1"
"""Of the interface: it grows by addresses and fields, and changes none."""

_WHAT = (
    "Questions, passages and articles of a news archive. Every reply carries its references: verbatim quotes, their "
    'place in the article, and who published it and when. Errors are one shape, {"error": "plain words"}.'
)


class Api(FastAPI):
    """An application whose description holds the schema of replies."""

    def openapi(self) -> dict[str, Any]:
        if self.openapi_schema is None:
            self.openapi_schema = completed(super().openapi())
        return self.openapi_schema


def create_api(
    room: ReadingRoom,
    *,
    door: Door,
    sentence_spans: SentenceSpans,
    texts: PageTexts,
    limits: Limits,
    more: Sequence[APIRouter] = (),
    waiting: WaitingRoom | None = None,
) -> FastAPI:
    """What is mounted at /api. `more` are further calls; who adds them sees to their door.

    `waiting` is the room that those who ask elsewhere wait in too; without one, this interface has its own.
    """
    app = Api(
        title=texts.title,
        version=VERSION,
        description=_WHAT,
        servers=[{"url": "/api"}],
        root_path_in_servers=False,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    install(app)
    app.include_router(
        api_routes(
            room, door=door, waiting=waiting or WaitingRoom.within(limits), sentence_spans=sentence_spans, limits=limits
        )
    )
    for router in more:
        app.include_router(router)

    @app.get("/docs", include_in_schema=False)
    def docs(request: Request) -> HTMLResponse:
        return HTMLResponse(docs_html(app.openapi(), host=str(request.base_url), texts=texts))

    app.openapi()  # now, so that no two first callers make it at once
    return app
