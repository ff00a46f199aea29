"""The small page for other sites' frames."""

from __future__ import annotations

import pytest
from httpx import Response
from starlette.testclient import TestClient

from qa.errors import SettingsError
from qa.settings import Settings, read_settings
from qa.web.context import PageTexts
from qa.web.limits import Limits

from .conftest import ROOMY, create_pages
from .fake_room import FakeRoom
from .test_turns import Elements

SITES = ("https://news.example", "https://forum.example:8443")


def framed(room: FakeRoom, *, limits: Limits = ROOMY, texts: PageTexts | None = None) -> TestClient:
    app = create_pages(room, limits=limits, texts=texts or PageTexts(), embed_sites=SITES)
    return TestClient(app, raise_server_exceptions=False)


@pytest.fixture(scope="module")
def room() -> FakeRoom:
    return FakeRoom()


@pytest.fixture(scope="module")
def embedding(room: FakeRoom) -> TestClient:
    return framed(room)


def test_without_sites_there_is_no_such_page() -> None:
    reply = TestClient(create_pages(FakeRoom(), limits=ROOMY)).get("/embed")
    assert reply.status_code == 404
    assert reply.headers["x-frame-options"] == "DENY"
    assert "frame-ancestors 'none'" in reply.headers["content-security-policy"]


@pytest.mark.parametrize("path", ["/embed", "/embed?question=Who+was+arrested", "/embed?question="])
def test_the_named_sites_alone_may_frame_it(embedding: TestClient, path: str) -> None:
    headers = embedding.get(path).headers
    policy = headers["content-security-policy"]
    assert "frame-ancestors https://news.example https://forum.example:8443" in policy.split("; ")
    assert "form-action 'self'" in policy
    assert "script" not in policy
    assert "unsafe" not in policy
    assert "x-frame-options" not in headers
    assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "path", ["/", "/search", "/how", "/article/2006-headline", "/api/docs", "/api/ask", "/embed/", "/embed/x", "/Embed"]
)
def test_nothing_else_may_be_framed(embedding: TestClient, path: str) -> None:
    headers = embedding.get(path).headers
    assert headers["x-frame-options"] == "DENY"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]


def test_a_form_that_works_without_script(embedding: TestClient, room: FakeRoom) -> None:
    asked = len(room.asked)
    reply = embedding.get("/embed")
    assert reply.status_code == 200
    assert "<script" not in reply.text
    page = Elements(reply.text)
    assert {"method": "get", "action": "/embed"}.items() <= page.all("form")[0].items()
    (box,) = page.all("input")
    assert box["name"] == "question"
    assert box["id"] == page.all("label")[0]["for"]
    assert len(room.asked) == asked


def test_the_reply_is_that_of_the_conversation_and_its_links_open_apart(embedding: TestClient) -> None:
    reply = embedding.get("/embed", params={"question": "Who was arrested?"})
    assert reply.status_code == 200
    page = Elements(reply.text)
    assert "19 people had been arrested so far" in page.words
    assert "/article/2005-03-16-reuters?quoted=2#s2" in {link["href"] for link in page.all("a")}
    assert page.all("base") == [{"target": "_blank"}]
    assert [form.get("target") for form in page.all("form")] == ["_self"]
    assert 'value="Who was arrested?"' in reply.text


def test_a_refusal_shows_the_nearest(embedding: TestClient) -> None:
    page = Elements(embedding.get("/embed?question=zebra").text)
    assert "The archive doesn’t answer this." in page.words
    assert not [link for link in page.all("a") if "target" in link]


def test_hostile_text_is_only_text(embedding: TestClient) -> None:
    reply = embedding.get("/embed", params={"question": 'evil"><script>window.pwned=1</script><a href="x">'})
    page = Elements(reply.text)
    assert page.all("script") == page.all("img") == page.all("b") == []
    assert "<script>window.pwned=1</script>" in page.words
    assert "x" not in {link["href"] for link in page.all("a")}
    assert not [name for _, attributes in page.elements for name in attributes if name.startswith("on")]


@pytest.mark.parametrize(
    ("question", "status", "words"),
    [
        ("", 400, "The question is empty"),
        ("x" * 1_001, 400, "1,001 characters"),
        ("refused", 400, "can’t be asked as it stands"),
        ("broken", 503, "try again in a minute"),
        ("bug", 503, "try again in a minute"),
    ],
)
def test_what_goes_wrong_is_said_beside_the_box(embedding: TestClient, question: str, status: int, words: str) -> None:
    reply = embedding.get("/embed", params={"question": question})
    assert reply.status_code == status
    assert words in Elements(reply.text).words
    assert "secret" not in reply.text
    (box,) = Elements(reply.text).all("input")
    wrong = ("true", "refused") if status == 400 else (None, None)
    assert (box.get("aria-invalid"), box.get("aria-describedby")) == wrong
    assert len(box["value"] or "") <= 1_000


def test_too_many_questions_are_told_how_long_to_wait(room: FakeRoom) -> None:
    client = framed(room, limits=Limits(requests_per_minute=2))
    replies = [client.get("/embed", params={"question": "Who?"}) for _ in range(3)]
    assert [reply.status_code for reply in replies] == [200, 200, 429]
    assert replies[2].headers["retry-after"] == "30"
    assert client.get("/embed").status_code == 200


def own_words(reply: Response) -> tuple[str, str]:
    """The language that the page says it is in, and the word on its button."""
    page = Elements(reply.text)
    assert page.all("html")[0]["lang"] == reply.headers["content-language"]
    return str(page.all("html")[0]["lang"]), "Preguntar" if "Preguntar" in page.words else "Ask"


@pytest.mark.parametrize(("lang", "word"), [("es", "Preguntar"), ("en", "Ask"), ("es-MX", "Preguntar")])
def test_the_site_chooses_the_language_before_the_reader_does(room: FakeRoom, lang: str, word: str) -> None:
    other = "en" if lang.startswith("es") else "es"
    client = framed(room)
    reply = client.get("/embed", params={"lang": lang}, headers={"accept-language": other, "cookie": f"lang={other}"})
    assert own_words(reply) == (lang[:2], word)
    (carried, _) = Elements(reply.text).all("input")
    assert {"type": "hidden", "name": "lang", "value": lang[:2]}.items() <= carried.items()


def test_the_site_s_choice_is_not_kept_for_the_reader_s_own_pages(room: FakeRoom) -> None:
    client = framed(room)
    reply = client.get("/embed?lang=es")
    assert "set-cookie" not in reply.headers
    assert client.get("/how").headers["content-language"] == "en"
    client.get("/how?lang=en")
    assert own_words(client.get("/embed?lang=es")) == ("es", "Preguntar")
    assert own_words(client.get("/embed", headers={"accept-language": "es"})) == ("en", "Ask")


@pytest.mark.parametrize("lang", ["", "xx", "ES%00", "es%22%3E%3Cb%3E", "e" * 5_000, "es&lang=xx"])
def test_a_language_without_words_is_as_if_none_was_named(room: FakeRoom, lang: str) -> None:
    client = framed(room)
    for tag, word in (("es", "Preguntar"), ("en", "Ask")):
        reply = client.get(f"/embed?lang={lang}", headers={"accept-language": tag})
        assert own_words(reply) == (tag, word)
        assert [box["name"] for box in Elements(reply.text).all("input")] == ["question"]
        assert lang not in reply.text or len(lang) < 3


@pytest.mark.parametrize(
    ("question", "status", "words"),
    [("zebra", 200, "El archivo no responde a esto."), ("", 400, "Escriba"), ("broken", 503, "un minuto")],
)
def test_what_is_asked_in_it_is_told_in_the_chosen_language(
    room: FakeRoom, question: str, status: int, words: str
) -> None:
    reply = framed(room).get("/embed", params={"lang": "es", "question": question}, headers={"accept-language": "en"})
    assert reply.status_code == status
    assert own_words(reply) == ("es", "Preguntar")
    assert words in Elements(reply.text).words


def test_the_reply_is_in_the_chosen_language(room: FakeRoom) -> None:
    reply = framed(room).get("/embed?lang=es&question=zebra", headers={"accept-language": "en"})
    assert Elements(reply.text).all("section")[0]["lang"] == "es"
    assert room.asked[-1][0].locale == "es"


def test_where_help_is_found_is_said(room: FakeRoom) -> None:
    page = framed(room, texts=PageTexts(help="Where to <b>report</b>")).get("/embed").text
    assert "Where to &lt;b&gt;report" in page


def test_the_setting_takes_origins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("QA_EMBED_SITES", raising=False)
    assert Settings().embed_sites == ()
    monkeypatch.setenv("QA_EMBED_SITES", " https://News.example, http://localhost:8000 ,")
    assert read_settings().embed_sites == ("https://news.example", "http://localhost:8000")


@pytest.mark.parametrize(
    "wrong",
    [
        "news.example", "https://news.example/", "https://news.example/path", "*", "https://*.example",
        "https://a.example; script-src *", "https://a.example 'self'", "https://a.example\r\nX: y", "data:",
        "https://", "https://user@a.example", "https://a.example:port",
    ],
)  # fmt: skip
def test_what_is_no_origin_is_refused_with_an_example(monkeypatch: pytest.MonkeyPatch, wrong: str) -> None:
    monkeypatch.setenv("QA_EMBED_SITES", wrong)
    with pytest.raises(SettingsError, match=r"QA_EMBED_SITES.*such as https://news\.example"):
        read_settings()
