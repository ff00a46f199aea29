"""The programs' interface keeps to its own description, whatever is sent that this allows or forbids."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import hypothesis
import pytest
import schemathesis
from schemathesis.specs.openapi.checks import positive_data_acceptance
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import Response
from starlette.routing import Mount
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.web.api.application import create_api
from qa.web.context import WebContext
from qa.web.requests import Guard
from tests.tiers import share_of

from .conftest import ROOMY
from .fake_room import FakeRoom

EXAMPLES = share_of(150)
"""Of each call and kind of data, which takes all calls together about 10 seconds."""


class Counting:
    """An application that counts its replies by method and status."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.replies: Counter[tuple[str, int]] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                self.replies[scope["method"], message["status"]] += 1
            await send(message)

        await self._app(scope, receive, counted)


def interface() -> Starlette:
    """The interface behind the guard, without gradio: it is made whenever tests are collected."""
    api = create_api(WebContext(FakeRoom(sound=True), limits=replace(ROOMY, requests_per_minute=1_000_000)))
    statuses = list[int]()
    middleware = Middleware(Guard, rate=1_000_000, lost=Response, failed=Response, finished=statuses.append)
    return Starlette(routes=[Mount("/api", api)], middleware=[middleware])


app = Counting(interface())
schema = schemathesis.openapi.from_asgi("/api/openapi.json", app)


SETTINGS = hypothesis.settings(max_examples=EXAMPLES, deadline=None, derandomize=True, database=None)


def check(case: Any) -> None:
    """Asks, and holds the reply against the description.

    What keeps to its type may be refused all the same: a question without a word, dates the wrong way round.
    """
    case.call_and_validate(excluded_checks=[positive_data_acceptance])


@pytest.fixture(scope="module", autouse=True)
def _what_was_replied() -> Iterator[None]:
    """Checks that check nothing would pass too: every kind of reply has to have been seen."""
    yield
    assert {200, 400, 404, 405, 415, 422} <= {status for _, status in app.replies}, app.replies
    assert not [reply for reply in app.replies if reply[1] >= 500], app.replies


# One function for each call: under one name they would all have one id, of which a divided run takes only the first.


@schema.include(path="/ask", method="GET").parametrize()
@SETTINGS
def test_asking_by_address(case: Any) -> None:
    check(case)


@schema.include(path="/ask", method="POST").parametrize()
@SETTINGS
def test_asking_by_body(case: Any) -> None:
    check(case)


@schema.include(path="/search", method="GET").parametrize()
@SETTINGS
def test_searching_by_address(case: Any) -> None:
    check(case)


@schema.include(path="/search", method="POST").parametrize()
@SETTINGS
def test_searching_by_body(case: Any) -> None:
    check(case)


@schema.include(path="/articles/{article_id}", method="GET").parametrize()
@SETTINGS
def test_reading(case: Any) -> None:
    check(case)


def test_there_are_no_other_calls() -> None:
    calls = {found.ok().label for found in schema.get_all_operations()}
    assert calls == {"GET /ask", "POST /ask", "GET /search", "POST /search", "GET /articles/{article_id}"}
