"""The addresses that need no gradio, and the door in front of all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from starlette.testclient import TestClient

from qa.errors import StoreError
from qa.models.archive import Article, Coverage
from qa.web.context import PageTexts
from qa.web.limits import Limits
from qa.web.server import create_app

from .conftest import create_pages
from .fake_room import FakeRoom


def test_an_article_opens(client: TestClient) -> None:
    reply = client.get("/article/2005-03-17-el-pais?quoted=2")
    assert reply.status_code == 200
    assert 'id="s2"' in reply.text
    assert '<html lang="en">' in reply.text


def test_an_id_of_any_shape_opens(client: TestClient) -> None:
    reply = client.get("/article/evil%2F%22%3Cid%3E%3F%23")
    assert reply.status_code == 200
    assert "<script" not in reply.text


def test_no_such_article(client: TestClient) -> None:
    reply = client.get("/article/nothing")
    assert reply.status_code == 404
    assert "The archive holds no article at this address." in reply.text


def test_a_withheld_article_is_as_one_that_never_was(client: TestClient) -> None:
    reply, unknown = client.get("/article/withheld"), client.get("/article/nothing")
    assert (reply.status_code, reply.text) == (404, unknown.text)
    first, second = ({**told.headers, "x-request-id": ""} for told in (reply, unknown))
    assert first == second


def test_a_withdrawn_article_leaves_a_stone_with_the_reason(client: TestClient) -> None:
    reply = client.get("/article/withdrawn")
    assert reply.status_code == 410
    assert "withdrawn from the archive on 3 May 2026" in reply.text
    assert "&lt;b&gt;Named&lt;/b&gt; in error." in reply.text


def test_how_it_works(client: TestClient) -> None:
    reply = client.get("/how")
    assert reply.status_code == 200
    assert "31 articles, 28 November 2001 to 8 April 2014" in reply.text


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        (PageTexts(), False),
        (PageTexts(model="lab:model"), False),
        (PageTexts(model="lab:model", translates=True), True),
        (PageTexts(translates=True), False),
    ],
)
def test_how_it_works_tells_of_translations_where_they_are_made(texts: PageTexts, told: bool) -> None:
    with TestClient(create_pages(FakeRoom(), texts=texts)) as client:
        assert ("It also translates quotations" in client.get("/how").text) is told
        assert ("También traduce las citas" in client.get("/how", params={"lang": "es"}).text) is told


def test_health(client: TestClient) -> None:
    assert client.get("/health").json() == {"status": "ok", "articles": 31}


def test_while_models_are_loaded_pages_are_there_and_health_says_so() -> None:
    with TestClient(create_app(FakeRoom(), asking_page=False, is_loaded=lambda: False)) as client:
        health = client.get("/health")
        assert (health.status_code, health.json()) == (503, {"status": "loading"})
        assert client.get("/how").status_code == 200


def test_the_answer_as_json(client: TestClient, room: FakeRoom) -> None:
    reply = client.get("/api/ask", params={"question": "Who was arrested?", "from": "2005", "until": "2005-03"})
    assert reply.status_code == 200
    assert reply.json()["answered"] is True
    assert len(reply.json()["id"]) == 16
    question, history = room.asked[0]
    assert (question.published_from, question.published_until) == (date(2005, 1, 1), date(2005, 3, 31))
    assert history == ()


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"question": "x" * 1_001}, "1,001 characters"),
        ({"question": "Who?", "from": "soon"}, "isn’t a date"),
        ({"question": "Who?", "from": "2006", "until": "2005"}, "wrong way round"),
    ],
)
def test_a_bad_question_as_json(client: TestClient, query: dict[str, str], words: str) -> None:
    reply = client.get("/api/ask", params=query)
    assert reply.status_code == 400
    assert words in reply.json()["error"]


def test_a_failure_as_json_tells_nothing_inner(client: TestClient) -> None:
    reply = client.get("/api/ask", params={"question": "broken"})
    assert reply.status_code == 503
    assert "secret" not in reply.text


def test_too_many_questions_as_json() -> None:
    client = TestClient(create_pages(FakeRoom(), limits=Limits(requests_per_minute=2)))
    replies = [client.get("/api/ask", params={"question": "Who?"}) for _ in range(3)]
    assert [reply.status_code for reply in replies] == [200, 200, 429]
    assert "Wait 30 seconds" in replies[2].json()["error"]
    assert replies[2].headers["retry-after"] == "30"


class ClosedRoom(FakeRoom):
    def coverage(self) -> Coverage:
        raise StoreError("the disk is gone")

    def article(self, article_id: str) -> Article:
        raise StoreError(f"the disk of {article_id} is gone")


def test_an_archive_that_cannot_be_read() -> None:
    client = TestClient(create_app(ClosedRoom()))
    assert client.get("/health").status_code == 503
    assert client.get("/article/x").status_code == 503
    assert client.get("/").status_code == 200
    assert "disk" not in client.get("/article/x").text


@pytest.mark.parametrize(
    "path", ["/", "/how", "/article/nothing", "/health", "/page/page.css", "/nowhere", "/theme.css"]
)
def test_every_reply_carries_the_headers(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-eval" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cache-control"] == "no-cache"


def test_script_runs_only_by_file_or_nonce(client: TestClient) -> None:
    first, second = client.get("/"), client.get("/")
    policy = first.headers["content-security-policy"]
    scripts = policy.split("script-src ")[1].split(";")[0]
    assert "unsafe-inline" not in scripts
    nonce = scripts.split("nonce-")[1].rstrip("'")
    assert first.text.count(f'<script nonce="{nonce}"') == first.text.count("<script")
    assert nonce not in second.text
    assert "script-src" not in client.get("/how").headers["content-security-policy"]


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/file/etc/passwd",
        "/file=/etc/passwd",
        "/gradio_api/upload",
        "/gradio_api/proxy=https://example.org/",
        "/gradio_api/info",
        "/gradio_api/openapi.json",
        "/gradio_api/call/ask",
        "/gradio_api/run/predict",
        "/gradio_api/runs",
        "/gradio_api/vibe-edit",
        "/gradio_api/deep_link",
        "/monitoring",
        "/manifest.json",
        "/docs",
        "/openapi.json",
        "/svelte/x.js",
        "/static/../../etc/passwd",
        "/page/%2e%2e/server.py",
        "/page/..%2Fserver.py",
        "/assets/..%2F..%2Findex.html",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_the_page_does_not_need_is_shut(client: TestClient, path: str, method: str) -> None:
    reply = client.request(method, path)
    assert reply.status_code in {404, 405}
    assert "root:" not in reply.text


def test_an_upload_is_refused(client: TestClient) -> None:
    assert client.post("/gradio_api/upload", files={"files": ("a.txt", b"a")}).status_code == 404


def test_a_large_body_is_refused(client: TestClient) -> None:
    assert client.post("/gradio_api/queue/join", content=b"x" * 600_000).status_code == 413

    def pieces() -> Iterator[bytes]:
        for _ in range(12):
            yield b"x" * 50_000

    assert client.post("/gradio_api/queue/join", content=pieces()).status_code >= 400


def test_other_methods_are_refused(client: TestClient) -> None:
    assert client.delete("/article/x").status_code == 405


def test_too_many_posts() -> None:
    client = TestClient(create_pages(FakeRoom(), limits=Limits(requests_per_minute=1)), raise_server_exceptions=False)
    replies = [client.post("/gradio_api/queue/join", json={}) for _ in range(5)]
    assert [reply.status_code == 429 for reply in replies] == [False] * 4 + [True]
    assert 1 <= int(replies[-1].headers["retry-after"]) <= 15
