"""gradio's index page in the dress of the reading room."""

from __future__ import annotations

import json

import httpx
import pytest
from starlette.testclient import TestClient

from qa.models.replies import Inference
from qa.web.page import laid_out
from qa.web.server import create_app
from qa.web.service import Limits, PageTexts

from .conftest import ROOMY, create_pages, served
from .fake_room import FakeRoom
from .test_turns import Elements


def test_what_answers_here_is_read_without_script(client: TestClient) -> None:
    page = Elements(client.get("/").text)
    assert "Ask the archive" in page.words
    assert PageTexts().tagline in page.words
    assert "31 articles · 28 Nov 2001 to 8 Apr 2014" in page.words
    assert {"lang": "en"}.items() <= page.all("html")[0].items()
    assert len(page.all("h1")) == 1
    assert page.all("a", "skip")
    assert any(region.get("aria-live") == "polite" for region in page.all("div"))


def test_where_a_language_model_writes_the_page_says_so_before_the_first_question(room: FakeRoom) -> None:
    texts = PageTexts(model="fake:<b>model</b>")
    client = TestClient(create_app(room, texts=texts, limits=ROOMY))
    assert texts.model_tagline in Elements(client.get("/").text).words
    how = Elements(client.get("/how").text)
    assert "fake:<b>model</b>" in how.words
    assert "No language model writes" not in how.words
    assert how.all("b") == []


def test_nothing_advertises_or_names_another_host(client: TestClient) -> None:
    text = client.get("/").text
    assert "<title>Ask the archive</title>" in text
    for words in (
        "twitter:",
        "og:",
        "manifest.json",
        "raw.githubusercontent",
        "@Gradio",
        "googleapis",
        "cdnjs",
    ):
        assert words not in text


def test_the_help_line_is_shown_only_where_there_is_one(client: TestClient) -> None:
    assert 'class="help"' not in client.get("/").text
    texts = PageTexts(title="<b>T</b>", help="Report <here>", help_url="https://help.example/?a=1&b=2")
    helped = TestClient(create_app(FakeRoom(), texts=texts))
    for path in ("/", "/how"):
        page = Elements(helped.get(path).text)
        assert "Report <here>" in page.words
        assert any(link.get("href") == "https://help.example/?a=1&b=2" for link in page.all("a"))
        assert not page.all("b")
    unsafe = TestClient(create_app(FakeRoom(), texts=PageTexts(help="x", help_url="javascript:1")))
    assert "javascript:1" not in unsafe.get("/how").text


def test_hostile_examples_stay_words() -> None:
    room = FakeRoom(examples=["</script><script>pwned</script>"])
    text = TestClient(create_app(room)).get("/").text
    assert "<script>pwned" not in text
    assert "pwned" in text


def test_a_headline_that_was_withdrawn_is_no_longer_offered() -> None:
    """The page asks for its examples whenever it is opened."""
    offered = ["When did it begin?", "A headline that was withdrawn"]
    room = FakeRoom(examples=offered)
    with served(create_app(room, limits=ROOMY)) as address, httpx.Client(base_url=address) as http:
        config = http.get("/config").json()
        (opening,) = [one["id"] for one in config["dependencies"] if [what for _, what in one["targets"]] == ["load"]]
        room._examples = offered[:1]
        http.post("/gradio_api/queue/join", json={"data": ["en"], "fn_index": opening, "session_hash": "a"})
        with http.stream("GET", "/gradio_api/queue/data", params={"session_hash": "a"}) as events:
            told = next(line for line in events.iter_lines() if "process_completed" in line)
    first, second = json.loads(told[5:])["output"]["data"]
    assert (first["value"], first["visible"]) == ("When did it begin?", True)
    assert (second["value"], second["visible"]) == ("", False)


def test_without_script_a_question_takes_dates_and_what_is_left_out(client: TestClient, room: FakeRoom) -> None:
    sent = {"question": "Who was arrested in Operación Cerbero?", "from": "2005", "until": "2005-03"}
    page = Elements(client.get("/ask", params=sent).text)
    assert [box["value"] for box in page.all("input") if box.get("name") in sent] == list(sent.values())
    links = [str(link["href"]) for link in page.all("a") if "/ask?" in str(link["href"])]
    whole = "/ask?question=Who%20was%20arrested%20in%20Operaci%C3%B3n%20Cerbero%3F"
    assert links[:2] == [f"{whole}&from=2005-01-01&until=2005-03-31&without=event", whole]
    assert "Limited to:" not in Elements(client.get(f"{whole}&without=event&without=nothing").text).words
    assert [question.without for question, _ in room.asked] == [(), (Inference.EVENT,)]
    wrong = client.get("/ask", params=sent | {"from": "soon"})
    (box,) = (box for box in Elements(wrong.text).all("input") if box.get("aria-invalid"))
    assert (wrong.status_code, box["name"], box["value"]) == (400, "from", "soon")


def test_a_question_is_answered_without_script_within_the_same_limits() -> None:
    client = TestClient(create_pages(FakeRoom(), limits=Limits(requests_per_minute=2)))
    page = client.get("/ask", params={"question": "Who was arrested?"})
    assert "form-action 'self'" in page.headers["content-security-policy"]
    assert Elements(page.text).all("p", "direct")
    assert client.get("/ask", params={"question": " "}).status_code == 400
    client.get("/ask", params={"question": "Who was arrested?"})
    assert client.get("/ask", params={"question": "Who was arrested?"}).status_code == 429


@pytest.mark.parametrize("path", ["/nowhere", "/staff/nowhere", "/page/nowhere.css"])
def test_an_unknown_address_is_a_page_for_browsers_and_json_for_programs(client: TestClient, path: str) -> None:
    reply = client.get(path, headers={"accept": "text/html,*/*;q=0.8"})
    assert reply.status_code == 404
    page = Elements(reply.text)
    assert "There is nothing at this address." in page.words
    assert {"/", "/search", "/timeline"} <= {link["href"] for link in page.all("a")}
    told = client.get(path, headers={"accept": "application/json"})
    assert told.status_code == 404
    assert told.json()


def test_another_gradio_is_noticed() -> None:
    with pytest.raises(ValueError, match="check this gradio version"):
        laid_out("<html></html>", nonce="n", coverage="", texts=PageTexts())
