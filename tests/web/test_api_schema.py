"""The programs' interface keeps to its own description, whatever is sent that this allows or forbids."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest
import schemathesis
from schemathesis.specs.openapi.checks import positive_data_acceptance
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.web.server import create_app

from .conftest import ROOMY
from .fake_room import FakeRoom

EXAMPLES = 150
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


app = Counting(create_app(FakeRoom(), limits=ROOMY))
schema = schemathesis.openapi.from_asgi("/api/openapi.json", app)


@pytest.fixture(scope="module", autouse=True)
def _what_was_reached() -> Iterator[None]:
    """Checks that check nothing would pass too: every kind of reply has to have been seen."""
    yield
    seen = {status for _, status in app.replies}
    assert {200, 400, 404, 405, 415, 422} <= seen, app.replies
    assert not [reply for reply in app.replies if reply[1] >= 500]


@schema.parametrize()
@hypothesis.settings(max_examples=EXAMPLES, deadline=None, derandomize=True, database=None)
def test_replies_keep_to_the_description(case: Any) -> None:
    # A question may keep to its type and still be refused: it has no word, or its dates are the wrong way round.
    case.call_and_validate(excluded_checks=[positive_data_acceptance])
