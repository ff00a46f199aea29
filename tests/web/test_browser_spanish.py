"""The page as a reader uses it in Spanish, and its switch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from .conftest import QUESTION
from .fake_room import FakeRoom
from .test_browser import ask

pytestmark = pytest.mark.browser

Open = Callable[..., Any]


def test_asking_in_spanish(open_page: Open, site_room: FakeRoom) -> None:
    page = open_page(locale="es-ES")
    complaints = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    assert (page.title(), page.evaluate("document.documentElement.lang")) == ("Pregunte al archivo", "es")
    page.get_by_role("button", name="Preguntar").click()
    page.wait_for_selector("#notice .said")
    assert page.inner_text("#notice .said").startswith("La pregunta está vacía.")
    ask(page, "court", ".answered")
    assert page.get_attribute("#turn-1", "lang") == "es"
    assert page.inner_text("#turn-1 .answer .credit") == "La Voz de Galicia, 2 de enero de 2007"
    assert page.get_attribute("#turn-1 blockquote .quoted", "lang") == "en"
    assert site_room.asked[-1][0].locale == "es"
    page.click("#turn-1 .cite")
    page.wait_for_selector(".sentence:target")
    page.get_by_role("link", name="Volver a la respuesta").first.click()
    page.wait_for_selector("#turn-1.answered")
    page.get_by_role("button", name="Nueva conversación").click()
    page.wait_for_selector("#turn-1", state="detached")
    assert complaints == []


def test_a_reply_in_another_language_than_the_page_says_so(open_page: Open) -> None:
    """Of a room that reads the question's language as the archive does, both turns would be of their own."""
    page = open_page()
    ask(page, "court", ".answered")
    assert page.get_attribute("#turn-1", "lang") == "en"
    page.get_by_role("link", name="Español").click()
    page.get_by_label("Su pregunta").wait_for()
    page.wait_for_selector("#turn-1[lang=en]")
    ask(page, "zebra", "#turn-2.declined")
    assert page.get_attribute("#turn-2", "lang") == "es"
    assert "El archivo no responde a esto." in page.inner_text("#turn-2")
    assert page.inner_text("#turn-1 .as-of >> nth=1") == "Newest source: 2 January 2007"


def test_the_switch_works_by_keyboard_without_script_and_stays(open_page: Open) -> None:
    page = open_page("/search?q=court", java_script_enabled=False)
    switch = page.get_by_role("navigation", name="Language of the page").get_by_role("link", name="Español")
    switch.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=court&lang=es")
    assert page.get_by_label("Palabras").input_value() == "court"
    page.get_by_role("link", name="Cronología").click()
    page.get_by_role("heading", name="Cronología").wait_for()
    page.get_by_role("navigation", name="Idioma de la página").get_by_role("link", name="English").click()
    page.get_by_role("heading", name="Timeline").wait_for()


@pytest.mark.parametrize("path", ["/", "/search?q=arrested&from=2005", "/timeline", "/how"])
@pytest.mark.parametrize("width", [390, 320])
def test_spanish_fits_a_phone(open_page: Open, path: str, width: int) -> None:
    page = open_page(path, width=width, height=844, locale="es-ES")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    sizes = page.eval_on_selector_all(
        "button, summary, select, nav a, .locales a",
        "all => all.filter(e => e.offsetParent).map(e => [e.outerHTML, e.getBoundingClientRect().height])",
    )
    assert [text for text, height in sizes if height < 43.9] == []


def test_two_tabs_may_be_in_two_languages(open_page: Open, site_room: FakeRoom) -> None:
    """A tab goes on in the language that it was opened in, whatever another one was switched to."""
    english = open_page()
    spanish = english.context.new_page()
    spanish.goto(english.url + "?lang=es")
    spanish.get_by_label(QUESTION).wait_for()
    ask(english, "zebra", "#turn-1.declined")
    assert english.get_attribute("#turn-1", "lang") == "en"
    ask(spanish, "zebra", "#turn-1.declined")
    assert spanish.get_attribute("#turn-1", "lang") == "es"
