"""The programs' interface: what it gives, what it keeps to itself, and how it says no."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from starlette.testclient import TestClient

from qa.errors import NotFound, StoreError
from qa.models.archive import Article, Correction, Status
from qa.web.limits import Limits

from .conftest import ROOMY, create_pages
from .fake_room import COURT, HOSTILE, SUMMARY, FakeRoom
from .test_turns import Elements

ROOT = Path(__file__).parents[2]


def validator(described: dict[str, Any], name: str) -> jsonschema.Draft202012Validator:
    schema = {**described, "$ref": f"#/components/schemas/{name}"}
    return jsonschema.Draft202012Validator(schema, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER)


@pytest.fixture(scope="module")
def room() -> FakeRoom:
    """One for all tests: making the whole application takes a second."""
    return FakeRoom()


@pytest.fixture(scope="module")
def client(room: FakeRoom) -> TestClient:
    return TestClient(create_pages(room, limits=ROOMY), raise_server_exceptions=False)


@pytest.fixture(scope="module")
def described(client: TestClient) -> dict[str, Any]:
    reply: dict[str, Any] = client.get("/api/openapi.json").json()
    return reply


def test_a_question_by_body_and_by_address_get_the_same(client: TestClient, room: FakeRoom) -> None:
    query = {"question": "Who was arrested?", "from": "2005", "until": "2005-03"}
    got, sent = client.get("/api/ask", params=query), client.post("/api/ask", json=query)
    assert (got.status_code, sent.status_code) == (200, 200)
    assert {**got.json(), "seconds": 0} == {**sent.json(), "seconds": 0}
    assert room.asked[-1] == room.asked[-2]
    assert room.asked[-1][0].published_until == date(2005, 3, 31)


@pytest.mark.parametrize("question", ["Who was arrested?", "Is he guilty?", "What was the outcome?", "Any zebra?"])
def test_replies_keep_to_the_published_schema(client: TestClient, described: dict[str, Any], question: str) -> None:
    reply = client.get("/api/ask", params={"question": question}).json()
    validator(described, "Reply").validate(reply)
    published = json.loads((ROOT / "qa" / "web" / "api" / "reply.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(published).validate(reply)
    assert not validator(described, "Reply").is_valid({**reply, "more": 1})


def test_passages_are_slices_with_their_source_and_place(client: TestClient, room: FakeRoom) -> None:
    query = {"q": " forecast  ministry ", "from": "2005", "until": "2005-03", "outlet": "reuters", "language": "en"}
    reply = client.get("/api/search", params=query)
    assert reply.json() == client.post("/api/search", json=query).json()
    assert reply.json()["query"] == "forecast ministry"
    (passage,) = reply.json()["passages"]
    body = client.get(f"/api/articles/{passage['source']['article_id']}").json()["body"]
    assert body[passage["start"] : passage["end"]] == passage["text"]
    assert passage["source"]["credit"] == "Summary of a report in Reuters, 16 March 2005"
    assert passage["page"] == "/article/2005-03-16-reuters#s1"
    assert client.get(passage["page"]).status_code == 200
    asked = room.searched[-1]
    assert (asked.published_from, asked.published_until) == (date(2005, 1, 1), date(2005, 3, 31))
    assert (asked.outlet, asked.language) == ("reuters", "en")


def test_as_many_passages_as_are_wanted(client: TestClient) -> None:
    assert len(client.get("/api/search", params={"q": "court", "limit": 2}).json()["passages"]) == 2
    assert len(client.post("/api/search", json={"q": "court", "limit": 50}).json()["passages"]) == 5


class ForgetfulRoom(FakeRoom):
    """Its articles are taken away between the search and the reply."""

    def article(self, article_id: str) -> Article:
        raise NotFound(article_id)


def test_passages_of_an_article_that_goes_meanwhile_are_left_out() -> None:
    client = TestClient(create_pages(ForgetfulRoom(), limits=ROOMY))
    assert client.get("/api/search?q=court").json()["passages"] == []


def test_an_article_with_its_sentences_as_its_page_numbers_them(client: TestClient, described: dict[str, Any]) -> None:
    article = client.get("/api/articles/2005-03-17-el-pais").json()
    validator(described, "Article").validate(article)
    assert (article["title"], article["published"]) == (SUMMARY.source.title, "2005-03-17")
    assert (article["url"], article["event_date"]) == (SUMMARY.source.url, "2005-03-16")
    assert article["body"] == SUMMARY.body
    page = Elements(client.get(article["page"]).text)
    places = [span["id"] for span in page.all("span", "sentence") if "id" in span]
    assert [f"s{sentence['number']}" for sentence in article["sentences"]] == places
    for sentence in article["sentences"]:
        assert article["body"][sentence["start"] : sentence["end"]] == sentence["text"]


def test_a_corrected_article_says_so_and_the_editors_fields_stay_inside() -> None:
    source = replace(COURT.source, status=Status.CORRECTED, corrections=(Correction("It was Vigo.", date(2007, 1, 4)),))
    article = replace(COURT, source=source, extra={"desk": "secret"}, embargo=datetime(2000, 1, 1, tzinfo=UTC))
    client = TestClient(create_pages(FakeRoom(articles=[article]), limits=ROOMY))
    reply = client.get("/api/articles/2007-01-02-court")
    assert reply.json()["status"] == "corrected"
    assert reply.json()["corrections"] == [{"text": "It was Vigo.", "date": "2007-01-04", "printed_in": ""}]
    assert client.get("/api/search?q=court").json()["passages"][0]["source"]["corrections"]
    for kept in ("secret", "extra", "desk", "embargo", "withdrawal", "digest"):
        assert kept not in reply.text


def test_an_article_of_hostile_shape_is_data(client: TestClient) -> None:
    reply = client.get("/api/articles/evil%2F%22%3Cid%3E%3F%23")
    assert reply.status_code == 200
    assert reply.headers["content-type"] == "application/json"
    assert reply.json()["body"] == HOSTILE.body
    assert reply.json()["url"] is None
    assert client.get(reply.json()["page"]).status_code == 200


def test_a_withdrawn_article_says_why_a_withheld_one_nothing(client: TestClient) -> None:
    gone = client.get("/api/articles/withdrawn")
    assert gone.status_code == 410
    assert "withdrawn from the archive on 3 May 2026" in gone.json()["error"]
    assert "Reason: <b>Named</b> in error." in gone.json()["error"]
    withheld, unknown = client.get("/api/articles/withheld"), client.get("/api/articles/nothing")
    assert (withheld.status_code, withheld.json()["error"]) == (404, unknown.json()["error"])
    first, second = ({**reply.headers, "x-request-id": ""} for reply in (withheld, unknown))
    assert first == second


@pytest.mark.parametrize(
    ("method", "path", "sent", "status", "words"),
    [
        ("GET", "/api/search", {}, 422, "“q” is missing"),
        ("GET", "/api/search?q=", {}, 422, "“q” is empty"),
        ("GET", "/api/search?q=%20", {}, 400, "“q” is empty"),
        ("GET", "/api/search?q=%3F", {}, 400, "no word"),
        ("GET", "/api/search?q=a&limit=51", {}, 422, "“limit” must be a whole number from 1 to 50; found “51”"),
        ("GET", "/api/search?q=a&limit=0", {}, 422, "found “0”"),
        ("GET", "/api/search?q=a&limit=many", {}, 422, "found “many”"),
        ("GET", "/api/search?q=a&from=soon", {}, 400, "“soon” isn’t a date"),
        ("GET", "/api/search?q=a&language=%3Cb%3E", {}, 400, "language"),
        ("GET", "/api/search?q=a&sort=date", {}, 422, "no field “sort”"),
        ("GET", f"/api/search?q={'x' * 1_001}", {}, 400, "1,001 characters"),
        ("POST", "/api/search", {"json": {"q": "a", "limit": True}}, 422, "found true"),
        ("POST", "/api/search", {"json": {"q": "a", "limit": "5"}}, 422, "found “5”"),
        ("POST", "/api/ask", {"json": {"question": None}}, 422, "must be text; found null"),
        ("POST", "/api/ask", {"json": {"question": ["a"]}}, 422, "found a list"),
        ("POST", "/api/ask", {"json": {"question": "Who?", "form": "2005"}}, 422, "no field “form”"),
        ("POST", "/api/ask", {"json": {"question": "Who?", "from": "2006", "until": "2005"}}, 400, "wrong way"),
        ("POST", "/api/ask", {"json": ["Who?"]}, 422, "one JSON object"),
        ("POST", "/api/ask", {"data": {"question": "Who?"}}, 415, "Content-Type: application/json"),
        ("POST", "/api/ask", {"content": b"{}", "headers": {"content-type": "text/json"}}, 415, "“text/json”"),
        ("GET", "/api/ask", {}, 422, "“question” is missing"),
        ("GET", "/api/ask?question=", {}, 422, "“question” is empty"),
        ("GET", "/api/ask?question=Who%3F&form=2005", {}, 422, "no field “form”"),
        ("GET", "/api/ask?question=Who%3F&without=me", {}, 422, "“without” must be one or more of"),
        ("PUT", "/api/ask", {"json": {}}, 405, "GET and POST only"),
        ("DELETE", "/api/articles/2006-headline", {}, 405, "GET only"),
        ("POST", "/api/openapi.json", {}, 405, "GET only"),
        ("GET", "/api/nothing", {}, 404, "nothing at this address"),
        ("GET", "/api/ask/", {}, 404, "nothing at this address"),
        ("GET", "/api/answers/a1", {}, 404, "nothing at this address"),
        ("GET", "/api/ask?question=refused", {}, 400, "can’t be asked as it stands"),
        ("GET", "/api/ask?question=broken", {}, 503, "Try again in a minute"),
        ("GET", "/api/ask?question=bug", {}, 500, "Something went wrong"),
    ],
)
def test_every_no_is_one_shape_in_plain_words(
    client: TestClient, method: str, path: str, sent: dict[str, Any], status: int, words: str
) -> None:
    reply = client.request(method, path, **sent)
    assert reply.status_code == status
    assert reply.headers["content-type"] == "application/json"
    assert list(reply.json()) == ["error", "request_id"]
    assert reply.json()["request_id"] == reply.headers["x-request-id"]
    assert words in reply.json()["error"]
    assert "secret" not in reply.text
    if status == 405:
        assert set(reply.headers["allow"].split(", ")) == set(words.split(" only")[0].split(" and "))


class ClosedRoom(FakeRoom):
    def article(self, article_id: str) -> Article:
        raise StoreError(f"the disk of {article_id} is gone")


def test_an_archive_that_cannot_be_read() -> None:
    reply = TestClient(create_pages(ClosedRoom(), limits=ROOMY)).get("/api/articles/x")
    assert (reply.status_code, list(reply.json())) == (503, ["error", "request_id"])
    assert "disk" not in reply.text


def test_too_many_calls_are_told_how_long_to_wait() -> None:
    client = TestClient(create_pages(FakeRoom(), limits=Limits(requests_per_minute=4)))
    paths = [
        "/api/ask?question=Who?",
        "/api/search?q=court",
        "/api/articles/2006-headline",
        "/embed",
        "/api/ask",
        "/api/ask",
    ]
    replies = [client.get(path) for path in paths]
    assert [reply.status_code for reply in replies] == [200, 200, 200, 404, 422, 429]
    assert 1 <= int(replies[-1].headers["retry-after"]) <= 15
    wait = replies[-1].headers["retry-after"]
    assert replies[-1].json()["error"] == f"That is a lot in a short time. Wait {wait} seconds, then ask again."
    assert client.get("/api/docs").status_code == 200


def test_the_description_is_whole(described: dict[str, Any]) -> None:
    assert set(described["paths"]) == {"/ask", "/search", "/articles/{article_id}"}
    assert described["servers"] == [{"url": "/api"}]
    names = set(described["components"]["schemas"])
    used = {part.split("/")[-1] for part in _references(described)}
    assert used <= names
    assert not any("$defs" in part for part in _references(described))
    for calls in described["paths"].values():
        for call in calls.values():
            errors = {status: reply for status, reply in call["responses"].items() if status != "200"}
            assert {"422", "429", "500", "503"} <= set(errors)
            assert all(
                reply["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/Error"}
                for reply in errors.values()
            )
            assert "Retry-After" in call["responses"]["429"]["headers"]


def test_the_docs_page_shows_every_call_and_needs_no_script(client: TestClient, described: dict[str, Any]) -> None:
    reply = client.get("/api/docs", headers={"Host": "archive.example"})
    assert reply.status_code == 200
    assert "<script" not in reply.text
    assert "://" not in reply.text.replace("http://archive.example", "")
    assert "script-src" not in reply.headers["content-security-policy"]
    page = Elements(reply.text)
    assert page.words.count("curl ") == 5
    for path, calls in described["paths"].items():
        for method in calls:
            assert f"{method.upper()} /api{path}" in page.words
    ids = {str(one["id"]) for _, one in page.elements if one.get("id")}
    links = {str(a["href"])[1:] for a in page.all("a") if str(a.get("href")).startswith("#")}
    assert links <= ids


def test_what_the_docs_page_tells_to_try_works(client: TestClient) -> None:
    words = Elements(client.get("/api/docs").text).words
    tries = [line for line in words.splitlines() if line.startswith(("curl 'http", "curl http"))]
    statuses = [client.get(line.split("curl ")[1].strip("'")).status_code for line in tries]
    assert statuses == [200, 200, 404]


@pytest.mark.parametrize("host", ["<script>alert(1)</script>", "a'; rm -rf /", 'evil"onload=x', "$(id)"])
def test_a_hostile_host_is_not_put_into_an_example(client: TestClient, host: str) -> None:
    page = client.get("/api/docs", headers={"Host": host}).text
    assert host not in page
    assert "rm -rf" not in page
    assert "$(id)" not in page


def _references(value: object) -> list[str]:
    if isinstance(value, dict):
        own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        return own + [found for part in value.values() for found in _references(part)]
    if isinstance(value, list):
        return [found for part in value for found in _references(part)]
    return []
