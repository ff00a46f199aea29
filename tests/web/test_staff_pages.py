"""The way into the desk in a real browser: by keyboard, on a phone, and as the accessibility rules want it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from .conftest import served
from .desk_door import PASSWORD, Desk
from .test_accessibility import violations

pytestmark = pytest.mark.browser

Visit = Callable[..., Any]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    opened = Desk(tmp_path)
    yield opened
    opened.journal.close()


@pytest.fixture
def visit(browser: Any, desk: Desk) -> Iterator[Visit]:
    """Opens a page of the staff area in a fresh profile."""
    contexts = []
    with served(desk.app) as address:

        def opened(
            path: str, *, width: int = 1280, scheme: str = "light", script: bool = True, locale: str = "en"
        ) -> Any:
            context = browser.new_context(
                viewport={"width": width, "height": 844},
                color_scheme=scheme,
                java_script_enabled=script,
                locale=locale,
            )
            contexts.append(context)
            page = context.new_page()
            page.set_default_timeout(15_000)
            page.goto(address + path)
            return page

        yield opened
        for context in contexts:
            context.close()


def sign_in(page: Any, name: str, password: str = PASSWORD) -> None:
    page.locator("#name").fill(name)
    page.locator("#password").fill(password)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def too_wide(page: Any) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


def too_small(page: Any) -> list[str]:
    """What can be pressed and is lower than a finger is wide, links within sentences left out."""
    return list(
        page.evaluate(
            "[...document.querySelectorAll('button, input:not([type=hidden]), select, nav a, .onward a')]"
            ".filter(one => one.getBoundingClientRect().height < 44).map(one => one.outerHTML.slice(0, 100))"
        )
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_the_pages_keep_the_rules(visit: Visit, scheme: str, width: int) -> None:
    page = visit("/staff/audit", width=width, scheme=scheme)
    assert page.get_by_role("heading", name="Sign in").is_visible()
    assert (violations(page), too_wide(page), too_small(page)) == ([], False, [])
    sign_in(page, "admin", "wrong")
    assert "too many attempts" in page.get_by_role("alert").inner_text()
    assert violations(page) == []
    sign_in(page, "admin")
    assert page.get_by_role("heading", name="Audit log").is_visible()
    for name in ("Audit log", "Your account"):
        if name == "Your account":
            with page.expect_navigation():
                page.get_by_role("link", name="admin", exact=True).click()
        assert page.get_by_role("heading", name=name).is_visible()
        assert (violations(page), too_wide(page), too_small(page)) == ([], False, [])


@pytest.mark.parametrize("width", [1280, 390])
def test_the_pages_keep_the_rules_in_spanish_too(visit: Visit, width: int) -> None:
    page = visit("/staff/audit", width=width, locale="es-ES")
    for name in ("Iniciar sesión", "Registro de auditoría"):
        if name != "Iniciar sesión":
            sign_in(page, "admin")
        assert page.get_by_role("heading", name=name).is_visible()
        assert (violations(page), too_wide(page), too_small(page)) == ([], False, [])
    with page.expect_navigation():
        page.get_by_role("link", name="English").click()
    assert page.get_by_role("heading", name="Audit log").is_visible()


def test_in_and_out_by_keyboard_and_without_script(visit: Visit) -> None:
    page = visit("/staff/account", script=False)
    sign_in(page, "reader")
    assert page.get_by_text("reader, reader").is_visible()
    page.get_by_role("button", name="Sign out").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url.endswith("/staff/sign-in")
    page.go_back()
    assert page.get_by_text("reader, reader").count() == 0


def test_whoever_may_not_is_told_so(visit: Visit) -> None:
    page = visit("/staff/audit", width=390)
    sign_in(page, "editor")
    assert "You have the role editor" in page.get_by_role("alert").inner_text()
    assert (violations(page), too_wide(page)) == ([], False)


def test_the_cookie_is_out_of_a_scripts_reach_and_stays_at_the_desk(visit: Visit) -> None:
    page = visit("/staff/account")
    sign_in(page, "reader")
    assert page.evaluate("document.cookie") == ""
    (held,) = [one for one in page.context.cookies() if one["name"] == "qa_staff"]
    assert (held["path"], held["httpOnly"], held["sameSite"]) == ("/staff", True, "Lax")
    with page.expect_request("**/api/ask*") as asked:
        page.goto(page.url.replace("/staff/account", "/api/ask?question=Who"))
    assert "cookie" not in asked.value.all_headers()
