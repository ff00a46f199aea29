"""The asking page before its first question: small, plain, and the live page's place until that is there."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from qa.models.replies import Inference, Question

from .conftest import QUESTION
from .fake_room import FakeRoom
from .test_accessibility import violations
from .test_browser import in_sight

pytestmark = pytest.mark.browser

Open = Callable[..., Any]


def test_it_is_small(browser: Any, site: str) -> None:
    """200 kB in 40 requests are promised; it is 28 kB in 5."""
    page = browser.new_page()
    sizes: dict[str, float] = {}
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    network.on("Network.requestWillBeSent", lambda sent: sizes.setdefault(sent["requestId"], 0))
    network.on("Network.loadingFinished", lambda end: sizes.update({end["requestId"]: end["encodedDataLength"]}))
    page.goto(site)
    page.wait_for_timeout(1_500)
    assert page.get_by_label(QUESTION).is_editable()
    page.close()
    assert len(sizes) <= 6
    assert 0 < sum(sizes.values()) <= 32_000


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (390, "light"), (390, "dark")])
def test_it_says_what_it_is_and_axe_finds_nothing(open_page: Open, width: int, scheme: str) -> None:
    page = open_page(live=False, width=width, height=900, color_scheme=scheme, reduced_motion="reduce")
    for selector in ("h1", ".introduction", ".extent", "#plain-question", ".send button", ".examples li:last-child"):
        assert in_sight(page, selector), selector
    assert page.locator(".examples a").count() == 4
    page.get_by_text("Filter by date").click()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_live_page_stands_where_it_stood(open_page: Open) -> None:
    page = open_page(live=False)
    pairs = [("#plain-question", "#question textarea"), (".send button", "#ask"), (".examples a", ".example")]
    before = [page.locator(plain).first.bounding_box() for plain, _ in pairs]
    page.focus("#plain-question")
    page.wait_for_selector("#plain", state="detached")
    page.locator(".example").first.wait_for()
    after = [page.locator(live).first.bounding_box() for _, live in pairs]
    for old, new in zip(before, after, strict=True):
        assert abs(old["y"] - new["y"]) <= 6
        assert abs(old["x"] - new["x"]) <= 2


def test_who_types_at_once_is_not_disturbed_and_answered_in_the_conversation(open_page: Open) -> None:
    page = open_page(live=False)
    page.keyboard.press("/")
    page.keyboard.type("How many people were arrested?")
    page.wait_for_selector("#question textarea", state="attached")
    page.wait_for_timeout(300)
    assert page.evaluate("document.activeElement.id") == "plain-question"
    assert page.input_value("#plain-question") == "How many people were arrested?"
    page.keyboard.press("Enter")
    page.wait_for_selector("#turn-1.answered")
    assert page.evaluate("document.activeElement.tagName") == "TEXTAREA"
    assert page.get_by_label(QUESTION).input_value() == ""
    assert page.url.endswith("/")


def test_what_is_asked_before_the_live_page_is_there_waits_for_it(open_page: Open, site_room: FakeRoom) -> None:
    page = open_page(live=False)
    page.get_by_text("Filter by date").click()
    page.get_by_label("Published from").fill("2005")
    page.get_by_label(QUESTION).fill("Who was arrested?")
    page.get_by_role("button", name="Ask").click()
    assert page.text_content("#announcer") == "Searching the archive…"
    page.wait_for_selector("#turn-1.answered")
    assert str(site_room.asked[-1][0].published_from) == "2005-01-01"
    other = open_page(live=False)
    other.get_by_role("link", name="Which court kept the proceedings?").click()
    other.wait_for_selector("#turn-1.answered")
    assert site_room.asked[-1][0].text == "Which court kept the proceedings?"


def test_the_live_page_is_not_used_before_it_is_whole(open_page: Open) -> None:
    """gradio draws each kind of control as soon as that one's file is there."""
    page = open_page("/how")

    def late(route: Any) -> None:
        time.sleep(0.3)
        route.continue_()

    page.route("**/assets/Index-*.js", late)
    page.goto(page.url.replace("/how", "/"))
    page.get_by_role("link", name="Which court kept the proceedings?").click()
    page.wait_for_selector("#turn-1.answered")


def test_where_the_live_page_never_comes_the_plain_one_answers(open_page: Open) -> None:
    page = open_page("/how")
    page.clock.install()
    page.route("**/assets/**", lambda route: route.abort())
    page.goto(page.url.replace("/how", "/"))
    page.get_by_label(QUESTION).fill("Who was arrested?")
    page.get_by_label(QUESTION).press("Enter")
    page.clock.run_for(11_000)
    page.wait_for_url("**/ask?*")
    page.wait_for_selector(".answered")


def test_who_goes_by_keys_keeps_the_link_that_they_came_to(open_page: Open) -> None:
    page = open_page(live=False)
    page.get_by_role("link", name="Which court kept the proceedings?").focus()
    page.wait_for_selector("#restore textarea", state="attached")
    page.wait_for_timeout(500)
    assert page.evaluate("document.activeElement.textContent") == "Which court kept the proceedings?"
    page.keyboard.press("Enter")
    page.wait_for_selector("#turn-1.answered")


def test_where_the_live_page_fails_who_comes_back_is_answered_again(open_page: Open) -> None:
    page = open_page("/how")
    page.route("**/assets/**", lambda route: route.abort())
    page.goto(page.url.replace("/how", "/"))
    for question in ("Who was arrested?", "Who was arrested then?"):
        page.get_by_label(QUESTION).fill(question)
        page.get_by_label(QUESTION).press("Enter")
        page.wait_for_url("**/ask?*", timeout=8_000)
        page.go_back()
        page.wait_for_selector("#plain")


def test_a_kept_conversation_comes_back_beside_what_is_typed(open_page: Open) -> None:
    page = open_page(live=False)
    page.get_by_label(QUESTION).fill("How many were arrested in Operación Cerbero?")
    page.get_by_label(QUESTION).press("Enter")
    page.wait_for_selector("#turn-1.answered")
    page.route("**/assets/Index-*.js", lambda route: (time.sleep(0.3), route.continue_()))
    page.reload(wait_until="domcontentloaded")
    page.fill("#plain-question", "And then?")
    page.wait_for_selector("#turn-1.answered")
    page.wait_for_selector("#plain", state="detached")
    assert page.input_value("#question textarea") == "And then?"


def test_a_conversation_of_before_is_there_without_a_touch(open_page: Open, site_room: FakeRoom) -> None:
    page = open_page(live=False)
    asked = "How many were arrested in Operación Cerbero?"
    page.get_by_label(QUESTION).fill(asked)
    page.get_by_label(QUESTION).press("Enter")
    page.wait_for_selector("#turn-1.answered")
    page.reload()
    page.wait_for_selector("#turn-1.answered")
    page.evaluate("sessionStorage.clear()")
    page.reload()
    page.get_by_text("Earlier conversations").click()
    page.locator("#earlier").get_by_role("link", name=asked).click()
    page.wait_for_selector("#turn-1.answered")
    assert site_room.asked[-1][0] == Question(asked)
    page.get_by_role("link", name="Operación Cerbero : ask again without this limit").click()
    page.wait_for_selector("#turn-2.answered")
    assert site_room.asked[-1][0].without == (Inference.REWRITING, Inference.EVENT)


def test_without_script_it_has_its_questions_too(open_page: Open, site: str) -> None:
    page = open_page("/how", java_script_enabled=False)
    page.goto(site)
    page.get_by_role("link", name="Which court kept the proceedings?").click()
    page.wait_for_selector(".answered")
