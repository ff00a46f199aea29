"""What is known of a request: its id in headers, errors and the log; who asked and what is in none of them."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest
from starlette.responses import Response, StreamingResponse
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from qa.web.requests import Compression, Guard, current_request_id, locale_links, with_request_id
from tests.web.conftest import ROOMY, create_pages
from tests.web.fake_room import FakeRoom

BEHIND_PROXY, DIRECT = ("203.0.113.7", 0), ("203.0.113.7", 51_234)
GIVEN = "5f2b6c1e-9d8a-4c57-8f0e-3a1b2c3d4e5f"


@pytest.fixture(scope="module")
def pages() -> Any:
    return create_pages(FakeRoom(), limits=ROOMY)


@pytest.mark.parametrize(
    ("client", "sent", "kept"),
    [
        (BEHIND_PROXY, GIVEN, True),
        (DIRECT, GIVEN, False),
        (BEHIND_PROXY, "short", False),
        (BEHIND_PROXY, "a" * 65, False),
        (BEHIND_PROXY, "line%0aline-and-more", False),
    ],
)
def test_an_id_is_taken_from_a_trusted_proxy_alone(pages: Any, client: Any, sent: str, kept: bool) -> None:
    reply = TestClient(pages, client=client).get("/health", headers={"x-request-id": sent})
    assert (reply.headers["x-request-id"] == sent) is kept
    assert len(reply.headers["x-request-id"]) >= 12


@pytest.mark.parametrize(
    ("tag", "words"),
    [
        ("en", "If you tell the archive about it, give this number: "),
        ("es", "Si avisa al archivo, indique este número: "),
    ],
)
@pytest.mark.parametrize("question", ["broken", "bug"])
def test_the_page_of_a_fault_shows_the_number(pages: Any, tag: str, words: str, question: str) -> None:
    reply = TestClient(pages).get("/ask", params={"question": question, "lang": tag})
    assert reply.status_code == 503
    assert f"{words}{reply.headers['x-request-id']}." in reply.text
    unusable = TestClient(pages).get("/ask", params={"question": "refused", "lang": tag})
    assert words not in unusable.text


class FaultyRoom(FakeRoom):
    def coverage(self) -> Any:
        raise ZeroDivisionError("a secret detail")


def test_a_fault_that_nobody_foresaw_is_a_page_with_the_number_or_json() -> None:
    client = TestClient(create_pages(FaultyRoom(), limits=ROOMY), raise_server_exceptions=False)
    for accepted, words in (("text/html", "<h1>Not now</h1>"), ("*/*", '"error":"Something went wrong here')):
        reply = client.get("/how", headers={"accept": accepted})
        assert reply.status_code == 500
        assert words in reply.text
        assert reply.headers["x-request-id"] in reply.text
        assert "default-src 'none'" in reply.headers["content-security-policy"]
        assert "secret" not in reply.text
    assert client.get("/api/ask?question=bug").json()["request_id"]


def test_a_line_tells_of_a_request_without_who_and_what(pages: Any, caplog: pytest.LogCaptureFixture) -> None:
    client = TestClient(pages, client=BEHIND_PROXY)
    with caplog.at_level(logging.INFO, logger="qa"):
        for path in ("/ask?question=Who+was+arrested", "/article/secret-name", "/api/search?q=secret", "/secret"):
            client.get(path, headers={"x-request-id": GIVEN})
        client.get("/health")
        client.get("/page/paper.css")
    lines = [record.getMessage().rsplit(" ", 2)[0] for record in caplog.records]
    assert lines == [
        "GET /ask 200",
        "GET /article/{article_id:path} 404",
        "GET /api/search 200",
        "GET - 404",
    ]
    values = vars(caplog.records[0])["request"]
    assert list(values) == ["method", "path", "status", "seconds"]
    assert not any(word in str(vars(record)) for record in caplog.records for word in ("secret", "arrested", "203.0"))


def test_who_leaves_before_an_answer_is_counted() -> None:
    statuses = list[int]()

    async def silent(scope: Scope, receive: Receive, send: Send) -> None:
        return

    async def nothing(*_: object) -> Any:
        raise AssertionError

    scope = {"type": "http", "method": "GET", "path": "/ask", "query_string": b"", "headers": [], "client": DIRECT}
    guard = Guard(silent, rate=1, lost=Response, failed=Response, finished=statuses.append)
    asyncio.run(guard(scope, nothing, nothing))
    assert statuses == [499]


def test_what_follows_on_a_connection_has_no_address_of_before() -> None:
    """uvicorn may answer it in the same context."""
    seen = list[int]()

    async def page(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(len(locale_links()))

    async def nothing(*_: object) -> Any:
        raise AssertionError

    async def both() -> None:
        guard = Guard(page, rate=9, lost=Response, failed=Response, finished=lambda status: None)
        for method in ("GET", "POST"):
            about = {"method": method, "path": "/ask", "query_string": b"question=mine", "headers": []}
            await guard({"type": "http", "client": DIRECT, **about}, nothing, nothing)

    asyncio.run(both())
    assert seen == [2, 0]


def test_steps_are_each_made_for_their_request() -> None:
    first, second = (with_request_id(name, (current_request_id() for _ in range(2))) for name in ("first", "second"))
    assert [next(first), next(second), next(first), current_request_id()] == ["first", "second", "first", ""]


def test_what_is_sent_is_packed_but_no_stream_and_nothing_of_the_staff() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        kind = "text/event-stream" if scope["path"].endswith("data") else "text/html"
        await StreamingResponse(iter(["words " * 500]), media_type=kind)(scope, receive, send)

    client = TestClient(Compression(app))
    paths = ("/how", "/api/ask", "/gradio_api/queue/data", "/staff/review/1", "/api/staff/answers")
    assert [client.get(path).headers.get("content-encoding") for path in paths] == ["gzip", "gzip", None, None, None]
    assert "content-encoding" not in client.get("/how", headers={"accept-encoding": "identity"}).headers
