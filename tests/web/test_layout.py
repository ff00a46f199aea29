"""gradio's index page in the dress of the reading room."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from qa.models.replies import Inference
from qa.web.context import MODEL_TAGLINE, TAGLINE, PageTexts
from qa.web.limits import Limits
from qa.web.page import laid_out
from qa.web.server import create_app

from .conftest import ROOMY, create_pages
from .fake_room import FakeRoom
from .test_turns import Elements


def test_what_answers_here_is_read_without_script(client: TestClient) -> None:
    page = Elements(client.get("/").text)
    assert "Ask the archive" in page.words
    assert TAGLINE in page.words
    assert "31 articles, 28 November 2001 to 8 April 2014" in page.words
    assert {"lang": "en"}.items() <= page.all("html")[0].items()
    assert len(page.all("h1")) == 1
    assert page.all("a", "skip")
    assert any(region.get("aria-live") == "polite" for region in page.all("div"))


def test_where_a_language_model_writes_the_page_says_so_before_the_first_question(room: FakeRoom) -> None:
    texts = PageTexts(model="fake:<b>model</b>")
    client = TestClient(create_app(room, texts=texts, limits=ROOMY))
    assert MODEL_TAGLINE in Elements(client.get("/").text).words
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


def test_the_page_has_one_packed_stylesheet_of_its_own_and_no_script_for_frames(client: TestClient) -> None:
    page = client.get("/")
    assert page.headers["content-encoding"] == "gzip"
    assert "iframeResizer.contentWindow" not in page.text
    own = [link["href"] for link in Elements(page.text).all("link") if str(link["href"]).startswith("/page/")]
    assert own == ["/page/icon.svg", "/page/asking.css", *own[2:]]
    sheet = client.get("/page/asking.css")
    assert (sheet.headers["content-type"], sheet.headers["content-encoding"]) == ("text/css; charset=utf-8", "gzip")
    assert sheet.text.index(":root") < sheet.text.index("gradio-app") < sheet.text.index("#asking")
    assert client.get("/page/asking.css", headers={"if-none-match": sheet.headers["etag"]}).status_code == 304


def test_before_the_first_question_the_page_is_a_form_and_links_and_fetches_no_script_of_gradio() -> None:
    examples = ["When did <b>it</b> begin?", "1", "2", "3", "4"]
    page = Elements(TestClient(create_app(FakeRoom(examples=examples), limits=ROOMY)).get("/").text)
    asked = [link["href"] for link in page.all("a") if str(link["href"]).startswith("/ask?")]
    assert asked == [
        "/ask?question=When%20did%20%3Cb%3Eit%3C%2Fb%3E%20begin%3F",
        *(f"/ask?question={n}" for n in "123"),
    ]
    assert not page.all("b")
    assert [form["action"] for form in page.all("form")] == ["/ask"]
    (program,) = (script for script in page.all("script") if str(script.get("src")).startswith("./assets/"))
    assert page.all("template")
    assert program["type"] == "module"


def test_the_help_line_is_shown_only_where_there_is_one(client: TestClient) -> None:
    assert 'class="help"' not in client.get("/").text
    texts = PageTexts(title="<b>T</b>", help="Report <here>")
    helped = TestClient(create_app(FakeRoom(), texts=texts))
    for path in ("/", "/how"):
        page = Elements(helped.get(path).text)
        assert "Report <here>" in page.words
        assert not page.all("b")


def test_hostile_examples_stay_words() -> None:
    room = FakeRoom(examples=["</script><script>pwned</script>"])
    text = TestClient(create_app(room)).get("/").text
    assert "<script>pwned" not in text
    assert "pwned" in text


def test_a_headline_that_was_withdrawn_is_no_longer_offered() -> None:
    """The page is sent with the examples of that moment."""
    offered = ["When did it begin?", "A headline that was withdrawn"]
    room = FakeRoom(examples=offered)
    client = TestClient(create_app(room, limits=ROOMY))
    assert offered[1] in client.get("/").text
    room._examples = offered[:1]
    later = client.get("/").text
    assert (offered[0] in later, offered[1] in later) == (True, False)


def test_without_script_a_question_takes_dates_and_what_is_left_out(client: TestClient, room: FakeRoom) -> None:
    sent = {"question": "Who was arrested in Operación Cerbero?", "from": "2005", "until": "2005-03"}
    page = Elements(client.get("/ask", params=sent).text)
    assert [box["value"] for box in page.all("input") if box.get("name") in sent] == list(sent.values())
    links = [str(link["href"]) for link in page.all("a") if "/ask?" in str(link["href"])]
    whole = "/ask?question=Who%20was%20arrested%20in%20Operaci%C3%B3n%20Cerbero%3F"
    assert links[:2] == [
        f"{whole}&from=2005-01-01&until=2005-03-31&without=rewriting&without=event",
        f"{whole}&without=rewriting",
    ]
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
        laid_out("<html></html>", nonce="n", coverage=None, texts=PageTexts(), examples=())


def test_the_log_says_where_the_index_failed(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("qa.web.page.laid_out", lambda *values, **more: 1 / 0)
    assert client.get("/").status_code == 500
    assert any(record.exc_info for record in caplog.records)
