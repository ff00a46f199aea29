"""In which language a page is given out, and what its headers say of it."""

from __future__ import annotations

import json
import re

import pytest
from starlette.testclient import TestClient

from qa.web.context import PageTexts
from qa.web.server import create_app

from .conftest import ROOMY, create_pages
from .fake_room import COURT, FakeRoom
from .test_turns import Elements

PAGES = ["/", "/how", "/search", "/timeline", "/article/2006-headline", "/versions/2007-01-02-court", "/article/no"]
SPANISH = {"accept-language": "es-MX,es;q=0.9,en;q=0.8"}
FRENCH = {"accept-language": "fr-FR,fr;q=0.9,es;q=0.5,en;q=0.4"}


def language(client: TestClient, path: str = "/how", **headers: str) -> str:
    """The language that a page says it is in, twice."""
    reply = client.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    tag = Elements(reply.text).all("html")[0]["lang"]
    assert reply.headers["content-language"] == tag
    return str(tag)


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_in_the_language_of_the_browser(client: TestClient, path: str) -> None:
    reply = client.get(path, headers=SPANISH)
    page = Elements(reply.text)
    assert page.all("html")[0]["lang"] == reply.headers["content-language"] == "es"
    assert {"Accept-Language", "Cookie"} <= set(reply.headers["vary"].split(", "))
    assert "Pregunte al archivo" in page.words
    assert "How it works" not in page.words
    assert client.get(path).headers["content-language"] == "en"


@pytest.mark.parametrize("path", PAGES)
def test_the_address_of_every_page_can_say_its_language(client: TestClient, path: str) -> None:
    assert language(client, f"{path}?lang=es", accept_language="en") == "es"
    assert language(client, f"{path}?lang=en", accept_language="es") == "en"


@pytest.mark.parametrize(
    ("accepted", "tag"),
    [
        ("", "en"),
        ("es", "es"),
        ("ca, es;q=0.7, en;q=0.8", "en"),
        ("fr-FR, fr;q=0.9, es;q=0.5, en;q=0.4", "es"),
        ("es-419, en;q=0.5", "es"),
        ("es;q=0, en;q=0.1", "en"),
        ("es;q=x, ;;;, *", "en"),
        ("," * 9_000, "en"),
    ],
)
def test_the_browser_s_best_language_that_there_are_words_in(client: TestClient, accepted: str, tag: str) -> None:
    assert language(client, accept_language=accepted) == tag


def test_the_switch_is_remembered_and_goes_before_the_browser(client: TestClient) -> None:
    reply = client.get("/search?q=court&lang=es")
    assert "lang=es; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly" in reply.headers["set-cookie"]
    assert language(client, "/timeline", accept_language="en") == "es"
    assert language(client, "/how?lang=en") == "en"
    assert language(client) == "en"
    assert "set-cookie" not in client.get("/how").headers


@pytest.mark.parametrize(
    "path", ["/", "/search?q=court+%22x%22&from=2005&lang=es", "/article/2007-01-02-court?quoted=1"]
)
def test_the_switch_leads_to_the_same_page_and_names_languages_in_themselves(client: TestClient, path: str) -> None:
    (other,) = [link for link in Elements(client.get(path, headers={"cookie": ""}).text).all("a") if "hreflang" in link]
    query = path.partition("?")[2].replace("&lang=es", "")
    chosen = "en" if "lang=es" in path else "es"
    assert other["href"] == "?" + "&".join(filter(None, (query, f"lang={chosen}")))
    assert other["lang"] == other["hreflang"] == chosen
    assert all(f">{name}<" in client.get(path).text for name in ("English", "Español"))


@pytest.mark.parametrize("value", ["xx", "", "es%22%3E%3Cb%3E", "../en", "es%00"])
def test_a_language_that_there_are_no_words_in_changes_nothing(client: TestClient, value: str) -> None:
    reply = client.get(f"/how?lang={value}")
    assert reply.headers["content-language"] == "en"
    assert "<b>" not in reply.text
    assert language(client, cookie=f"lang={value}") == "en"


def test_the_controls_of_the_asking_page_have_their_words_in_the_page(client: TestClient) -> None:
    text = client.get("/", headers=SPANISH).text
    config = json.loads(re.findall(r"gradio_config = (\{.*?\});</script>", text)[0])
    controls = {one["props"].get("elem_id"): one["props"] for one in config["components"]}
    assert (controls["question"]["label"], controls["ask"]["value"]) == ("Su pregunta", "Preguntar")
    assert controls["locale"]["value"] == "es"
    examples = [one["props"] for one in config["components"] if "example" in (one["props"].get("elem_classes") or ())]
    assert [one["value"] for one in examples if one["visible"]] == ["¿Cuántas personas fueron detenidas en España?"]
    assert 'data-link="Copiar enlace"' in text


def test_hostile_examples_stay_words_in_every_language() -> None:
    room = FakeRoom(examples=["</script><script>pwned</script>", "&<!--"])
    text = TestClient(create_app(room)).get("/", headers=SPANISH).text
    assert "<script>pwned" not in text
    assert "<!--" not in text.partition("gradio_config")[2].partition("</script>")[0]


def test_what_the_host_set_stays_as_it_is() -> None:
    client = TestClient(
        create_pages(FakeRoom(), texts=PageTexts(title="La hemeroteca", help="Where to report"), limits=ROOMY)
    )
    page = Elements(client.get("/how", headers=SPANISH).text)
    assert "La hemeroteca" in page.words
    assert "Where to report" in page.words


def test_articles_keep_their_words_and_say_their_language(client: TestClient) -> None:
    text = client.get("/article/2007-01-02-court?quoted=1", headers=SPANISH).text
    assert COURT.body.split(". ")[0] in text
    assert '<div class="body" lang="en">' in text
    assert "La Voz de Galicia, 2 de enero de 2007 · inglés" in text
    assert '<a class="place" href="#s1" lang="es">' in text


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/search?from=soon", 400, "«soon» no es una fecha"),
        ("/search?from=2006&until=2005", 400, "Las fechas están al revés: el 1 de enero de 2006 es posterior al 31 de"),
        ("/search?q=zebra", 200, "Ningún artículo contiene estas palabras."),
        ("/search?q=broken", 503, "Ahora mismo no se puede leer el archivo."),
        ("/article/withdrawn", 410, "Este artículo fue retirado del archivo el 3 de mayo de 2026."),
        ("/timeline", 200, "Publicado el 2 de enero de 2007"),
        ("/timeline", 200, "Fase de la que se informa: detención, 16 de marzo de 2005."),
        ("/nowhere", 404, "No hay nada en esta dirección."),
    ],
)
def test_refusals_and_lists_in_spanish(client: TestClient, path: str, status: int, words: str) -> None:
    reply = client.get(path, headers=SPANISH)
    assert reply.status_code == status
    assert words in reply.text


@pytest.mark.parametrize("path", ["/api/docs", "/api/search?q=court", "/api/articles/withdrawn", "/health"])
def test_programs_are_told_the_same_whatever_a_browser_asks_for(client: TestClient, path: str) -> None:
    reply = client.get(f"{path}{'&' if '?' in path else '?'}lang=es", headers=SPANISH)
    assert "set-cookie" not in reply.headers
    if "search" not in path:  # which takes no other words than its own
        answers = [answer.text.replace(answer.headers["x-request-id"], "") for answer in (reply, client.get(path))]
        assert answers[0] == answers[1]
