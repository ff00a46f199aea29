"""Figures and stages on the timeline page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from starlette.testclient import TestClient

from qa.models.archive import Article, Correction, Source, Status

from .conftest import ROOMY, create_pages, served
from .fake_room import FakeRoom
from .test_accessibility import violations
from .test_search import links
from .test_turns import Elements

DAY = date(2011, 5, 4)
HOSTILE = "<b onmouseover=window.pwned=1>Ministry</b>"


def report(name: str, body: str, *, event: str = "2011-05-04", **own: Any) -> Article:
    return Article(Source(name, f"Headline of {name}", "Post", published=DAY, **own), body, event_date=event)


RAID = report(
    "raid",
    "The town council met on Monday. Police arrested 19 people in Spain in Operation Gull. They searched 30 homes.",
)
AGENCY = report(
    "agency",
    "In Operation Gull 21 people were arrested in Spain, the Interior Ministry said. Officers searched 41 homes.",
    corrections=(Correction("It was 19.", date(2011, 5, 6)),),
)
TRIAL = report(
    "trial",
    "The trial of 12 people in Operation Tern began on 3 May 2011. Prosecutors had charged 14 people.",
    event="2011-05-03",
    corrections=(Correction("It was 12.", None),),
)
WITHHELD = report("withheld", "Police arrested 77 people in Spain in Operation Gull.", status=Status.WITHHELD)
ARTICLES = (RAID, AGENCY, TRIAL, WITHHELD)


def shown(*articles: Article, query: str = "") -> str:
    reply = TestClient(create_pages(FakeRoom(articles=articles), limits=ROOMY)).get(f"/timeline{query}")
    assert reply.status_code == 200
    return reply.text


def test_different_figures_stand_side_by_side_each_with_its_source_and_sentence() -> None:
    html = shown(*ARTICLES)
    words = Elements(html).words
    assert "Operation Gull: what these reports say" in words
    assert words.index("19 arrested") < words.index("Headline of agency")
    assert "the Interior Ministry, in:" in words
    assert "/article/raid#s2" in links(html)
    assert "/article/agency#s1" in links(html)
    assert "Stage reported: arrested" in words
    assert "77" not in words


def test_what_one_article_tells_stands_in_its_row() -> None:
    words = Elements(shown(RAID)).words
    assert words.index("Headline of raid") < words.index("19 arrested") < words.index("The town council met")
    assert "what these reports say" not in words


def test_a_correction_stands_before_the_figures() -> None:
    words = Elements(shown(*ARTICLES)).words
    assert words.index("Correction, 6 May 2011") < words.index("21 arrested")
    assert "(corrected)" in words
    alone = Elements(shown(TRIAL)).words
    assert alone.index("It was 12.") < alone.index("Stage reported")
    assert "The trial of 12 people" in alone, "what it says is shown, corrected or not"


def test_a_filter_leaves_out_what_the_others_say() -> None:
    elsewhere = replace(AGENCY, source=replace(AGENCY.source, outlet="Agency"))
    words = Elements(shown(RAID, elsewhere, query="?outlet=post")).words
    assert "19 arrested" in words
    assert "21 arrested" not in words


def test_hostile_words_stay_words() -> None:
    bodies = (f"{HOSTILE} said 19 people were arrested in Spain.", f"21 people were arrested in Spain, {HOSTILE} said.")
    page = Elements(shown(*(report(f"<i>{at}", body) for at, body in enumerate(bodies))))
    assert not {tag for tag, _ in page.elements} & {"script", "img", "b", "i"}
    assert "arrested" in page.words


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with served(create_pages(FakeRoom(articles=ARTICLES), limits=ROOMY)) as site:
        yield site


@pytest.fixture
def timeline(browser: Any, address: str) -> Iterator[Callable[..., Any]]:
    contexts = []

    def opened(*, width: int, **options: Any) -> Any:
        contexts.append(browser.new_context(viewport={"width": width, "height": 844}, **options))
        page = contexts[-1].new_page()
        page.goto(f"{address}/timeline")
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_everyone_can_read_it(timeline: Callable[..., Any], scheme: str, width: int) -> None:
    page = timeline(width=width, color_scheme=scheme)
    assert page.locator(".strand .figures").is_visible()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.browser
def test_a_figure_leads_to_its_sentence_without_script(timeline: Callable[..., Any]) -> None:
    page = timeline(width=320, java_script_enabled=False)
    page.locator(".strand dd", has_text="19 arrested").get_by_role("link").click()
    assert page.url.endswith("/article/raid#s2")
    assert "19 people" in page.locator("#s2").inner_text()
