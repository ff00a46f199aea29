"""The small page in the frame of another site, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.responses import HTMLResponse

from qa.web.server import create_app

from .conftest import ROOMY, served
from .fake_room import FakeRoom

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def sites() -> Iterator[tuple[str, str]]:
    """Another site, which frames what its address names, and an archive that lets it."""
    other = FastAPI()

    @other.get("/")
    def framing(src: str) -> HTMLResponse:
        return HTMLResponse(f'<!doctype html><title>News</title><iframe title="Ask" src="{src}" width="360"></iframe>')

    with served(other) as site, served(create_app(FakeRoom(), limits=ROOMY, embed_sites=[site])) as archive:
        yield site, archive


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    context = browser.new_context()
    page = context.new_page()
    page.set_default_timeout(15_000)
    yield page
    context.close()


def test_a_reader_asks_in_the_frame_and_reads_on_in_a_new_tab(page: Any, sites: tuple[str, str]) -> None:
    site, archive = sites
    page.goto(f"{site}/?src={archive}/embed")
    frame = page.frame_locator("iframe")
    frame.get_by_label("Your question").fill("Who was arrested?")
    frame.get_by_role("button", name="Ask").click()
    frame.locator(".turn.answered").wait_for()
    with page.expect_popup() as opened:
        frame.locator(".cite").first.click()
    assert opened.value.url == f"{archive}/article/2005-03-16-reuters?quoted=2#s2"
    assert opened.value.evaluate("window.opener") is None
    assert page.url.startswith(site)
    assert frame.locator(".turn.answered").count() == 1


def test_hostile_words_do_nothing_in_the_frame(page: Any, sites: tuple[str, str]) -> None:
    site, archive = sites
    page.goto(f"{site}/?src={archive}/embed%3Fquestion=evil")
    page.frame_locator("iframe").locator(".turn.answered").wait_for()
    (inner,) = (one for one in page.frames if one.url.startswith(archive))
    assert inner.evaluate("window.pwned === undefined")


@pytest.mark.parametrize("path", ["/", "/search", "/article/2006-headline", "/api/docs"])
def test_no_other_page_is_shown_in_a_frame(page: Any, sites: tuple[str, str], path: str) -> None:
    site, archive = sites
    page.goto(f"{site}/?src={archive}{path}")
    page.wait_for_timeout(500)
    assert not [one.url for one in page.frames if one.url.startswith(archive)]


def test_a_site_that_is_not_named_shows_nothing(page: Any, sites: tuple[str, str]) -> None:
    site, archive = sites
    page.goto(f"{site.replace('127.0.0.1', 'localhost')}/?src={archive}/embed")
    page.wait_for_timeout(500)
    assert not [one.url for one in page.frames if one.url.startswith(archive)]
