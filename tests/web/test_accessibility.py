"""axe-core finds nothing, on every page, in light and in dark."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from .test_browser import ask

pytestmark = pytest.mark.browser

Open = Callable[..., Any]
SCHEMES = pytest.mark.parametrize("scheme", ["light", "dark"])
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page: Any) -> list[str]:
    axe = pytest.importorskip("axe_playwright_python")
    # evaluate, unlike a script element, is not held to the page's policy, which is right to refuse one.
    page.evaluate((Path(axe.__file__).parent / "axe.min.js").read_text("utf-8"))
    found = page.evaluate("(tags) => axe.run(document, {runOnly: {type: 'tag', values: tags}})", RULES)
    return [
        f"{v['id']}: {node['html'][:200]} {node['failureSummary']}" for v in found["violations"] for node in v["nodes"]
    ]


@SCHEMES
@pytest.mark.parametrize("width", [1280, 390])
def test_the_asking_page(open_page: Open, scheme: str, width: int) -> None:
    page = open_page(width=width, height=844, color_scheme=scheme, reduced_motion="reduce")
    assert violations(page) == []
    ask(page, "Which court?", "#turn-1.answered")
    page.get_by_role("button", name="New conversation").click()
    page.wait_for_selector(".turn", state="detached")
    page.get_by_text("Earlier conversations").click()
    ask(page, "How many people were arrested in Operación Cerbero?", "#turn-1.answered")
    ask(page, "What is the weather?", "#turn-2.declined")
    page.get_by_role("button", name="Filter by date").click()
    page.get_by_label("Published from").fill("soon")
    ask(page, "Which court?", "#notice .said")
    assert violations(page) == []


@SCHEMES
def test_how_far_cases_have_got(open_page: Open, scheme: str) -> None:
    page = open_page(color_scheme=scheme, reduced_motion="reduce")
    ask(page, "Is he guilty?", "#turn-1.declined")
    ask(page, "What was the outcome?", "#turn-2.answered")
    assert violations(page) == []


@SCHEMES
def test_an_answer_with_its_card_lit(open_page: Open, scheme: str) -> None:
    page = open_page(color_scheme=scheme, reduced_motion="reduce")
    ask(page, "How many people were arrested?", ".answered")
    page.focus(".cite >> nth=0")
    assert violations(page) == []


@SCHEMES
@pytest.mark.parametrize("width", [1280, 390])
def test_an_answer_with_a_translation(open_page: Open, scheme: str, width: int) -> None:
    page = open_page(width=width, height=844, color_scheme=scheme, reduced_motion="reduce")
    ask(page, "How many people were arrested? It is translated.", ".translation")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@SCHEMES
@pytest.mark.parametrize(
    "path",
    [
        "/article/2005-03-17-el-pais?quoted=2,4#s4",
        "/article/2006-headline",
        "/versions/2007-01-02-court",
        "/article/withheld",
        "/article/no",
        "/how",
        "/search",
        "/search?q=arrested+in+Spain&from=2005",
        "/search?q=zebra&from=soon",
        "/search?q=zebra",
        "/timeline",
        "/timeline?from=2006&until=2005",
        "/api/docs",
        "/embed",
        "/embed?question=Who+was+arrested",
        "/embed?question=What+was+the+outcome",
        "/embed?question=zebra",
        "/embed?question=broken",
    ],
)
def test_the_other_pages(open_page: Open, scheme: str, path: str) -> None:
    page = open_page(path, color_scheme=scheme, reduced_motion="reduce")
    assert violations(page) == []


def test_the_asking_page_in_spanish(open_page: Open) -> None:
    page = open_page(locale="es-ES", reduced_motion="reduce")
    ask(page, "How many people were arrested?", "#turn-1.answered")
    ask(page, "¿Qué tiempo hace?", "#turn-2.declined")
    ask(page, "Is he guilty?", "#turn-3.declined")
    page.get_by_role("button", name="Filtrar por fecha").click()
    page.get_by_label("Publicado desde").fill("pronto")
    ask(page, "Which court?", "#notice .said")
    assert violations(page) == []


@pytest.mark.parametrize(
    "path",
    [
        "/article/2005-03-17-el-pais?quoted=2,4#s4",
        "/article/2007-01-02-court?quoted=1",
        "/versions/2007-01-02-court",
        "/article/no",
        "/how",
        "/search?q=arrested+in+Spain&from=2005",
        "/search?q=zebra&from=soon",
        "/timeline",
        "/embed?question=What+was+the+outcome",
    ],
)
def test_the_other_pages_in_spanish(open_page: Open, path: str) -> None:
    page = open_page(path, locale="es-ES", reduced_motion="reduce")
    assert page.evaluate("document.documentElement.lang") == "es"
    assert violations(page) == []
