"""The desk in a browser: a queue is cleared without the mouse, and axe finds nothing on any of its pages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher

from qa.models.journal import Channel, Making, ReaderReport, ReportKind, Role, State
from qa.models.replies import Question
from qa.review.accounts import Accounts, Passwords
from qa.review.permanent import Recorder
from qa.store.journal.opening import Journal
from qa.web.server import create_app

from .conftest import ROOMY, served
from .fake_room import FakeRoom
from .staffed import NOW, office_over
from .test_accessibility import violations

pytestmark = pytest.mark.browser

PASSWORD = "a long enough password"
NAME = re.compile("Name|Nombre")
ASKED = ["How many were arrested?", "What is nowhere?", "What was the outcome?"]


class Desk:
    def __init__(self, home: Path) -> None:
        self.journal = Journal(home / "journal.sqlite3")
        self.room = FakeRoom()
        quick = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        self.accounts = Accounts(self.journal.database, passwords=quick)
        for name, role in (("eve", Role.EDITOR), ("ada", Role.ADMIN)):
            self.accounts.add(name, role, password=PASSWORD, identity=None, by="test")
        self.recorder = Recorder(self.journal.records, self.room.article, Making("0", "e"))
        self.room.keeper = self.recorder

    def asked(self, text: str) -> int:
        answer_id = self.recorder.keep(self.room.reply(Question(text)), channel=Channel.PAGE, seconds=0.1)
        return self.journal.reviews.of_answer(answer_id).number


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.journal.close()


@pytest.fixture
def address(desk: Desk) -> Iterator[str]:
    office = office_over(desk.journal, desk.room, accounts=desk.accounts)
    with served(create_app(desk.room, staff=office, limits=ROOMY)) as started:
        yield started


@pytest.fixture
def entered(browser: Any, address: str) -> Iterator[Callable[..., Any]]:
    """A page of the staff area, somebody having signed in by the keyboard."""
    contexts = []

    def opened(path: str = "/staff", *, name: str = "eve", width: int = 1280, **options: Any) -> Any:
        context = browser.new_context(viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.goto(address + path)
        page.get_by_label(NAME).focus()
        page.keyboard.type(name)
        page.keyboard.press("Tab")
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(address + path)
        return page

    yield opened
    for context in contexts:
        context.close()


def test_a_queue_of_ten_is_cleared_by_keyboard_alone(desk: Desk, address: str, entered: Callable[..., Any]) -> None:
    numbers = [desk.asked(f"{ASKED[place % 3]} Number {place}") for place in range(10)]
    page = entered()
    for _ in range(60):  # to the link by Tab alone
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == "Check the next":
            break
    page.keyboard.press("Enter")
    for done in range(10):
        page.wait_for_url("**/staff/review/*")
        here = page.url
        for _ in range(page.locator("fieldset.beside").count()):
            page.keyboard.press("1")
        if done == 3:
            page.keyboard.press("n")
            page.keyboard.type("a w 3 are letters here")
            page.keyboard.press("Escape")
        if done == 5:
            page.keyboard.press("w")
            page.keyboard.type("Named wrongly.")
            page.keyboard.press("Escape")
            page.keyboard.press("w")
        else:
            page.keyboard.press("a")
        page.wait_for_url(lambda url, here=here: url != here)
    assert page.url == f"{address}/staff"
    assert desk.journal.reviews.counts()["to_check"] == 0
    decided = [desk.journal.reviews.get(number) for number in numbers]
    assert sorted(one.state for one in decided) == [State.APPROVED] * 9 + [State.WITHHELD]
    assert [one.note for one in decided if one.note] == ["a w 3 are letters here"]
    assert all(len(desk.journal.reviews.judged(one.standing or "")) in (0, 1, 2) for one in decided)
    assert [entry.act.what for entry in desk.journal.audit.entries()].count("review") == 10


def test_verdicts_go_to_the_statement_at_hand(desk: Desk, address: str, entered: Callable[..., Any]) -> None:
    number = desk.asked("How many were arrested?")
    page = entered(f"/staff/review/{number}")
    for key in ("j", "3", "k", "5", "l"):
        page.keyboard.press(key)
    page.wait_for_url(f"{address}/staff")
    page.goto(f"{address}/staff/review/{number}")
    assert page.locator("input[name=judged-0]:checked").get_attribute("value") == "needs_context"
    assert page.locator("input[name=judged-1]:checked").get_attribute("value") == "not"


def test_single_keys_can_be_turned_off(desk: Desk, entered: Callable[..., Any]) -> None:
    number = desk.asked("How many were arrested?")
    page = entered(f"/staff/review/{number}")
    page.locator("#keys summary").click()
    page.get_by_label("Single keys act on this page").uncheck()
    page.locator("h1").click()
    page.keyboard.press("1")
    page.keyboard.press("a")
    assert page.locator("input[type=radio]:checked").count() == 0
    assert desk.journal.reviews.get(number).state is State.OPEN
    page.reload()
    page.keyboard.press("1")
    assert page.locator("input[type=radio]:checked").count() == 0


def test_keys_and_what_they_announce_in_spanish(desk: Desk, entered: Callable[..., Any]) -> None:
    number = desk.asked("How many were arrested?")
    page = entered(f"/staff/review/{number}", locale="es-ES")
    page.keyboard.press("4")
    announcer = page.locator("#announcer")
    assert announcer.inner_text() == "Afirmación 1: La fuente se equivoca"
    page.keyboard.press("w")
    assert announcer.inner_text() == "Escriba el motivo público y después retenga la respuesta."
    assert page.evaluate("document.activeElement.id") == "reason"


@pytest.mark.parametrize(("scheme", "locale"), [("light", "en"), ("dark", "en"), ("light", "es")])
def test_axe_finds_nothing(desk: Desk, address: str, entered: Callable[..., Any], scheme: str, locale: str) -> None:
    number = desk.asked("How many were arrested?")
    refused = desk.asked("What is nowhere?")
    desk.journal.reviews.report(ReaderReport(desk.journal.reviews.get(number).latest, ReportKind.WRONG, "No.", NOW))
    page = entered(name="ada", color_scheme=scheme, locale=locale, reduced_motion="reduce")
    assert page.evaluate("document.documentElement.lang") == locale
    for path in (
        "/staff",
        "/staff?show=withheld",
        f"/staff/review/{number}",
        f"/staff/review/{refused}",
        f"/staff/review/{number}/edit",
        "/staff/review/999",
        "/staff/archive?find=",
        "/staff/archive?article=2005-03-16-reuters",
        "/staff/evaluation",
        "/staff?show=all&kind=how_many",
        "/staff/audit",
        "/staff/account",
    ):
        page.goto(address + path)
        assert violations(page) == [], path
    page.set_viewport_size({"width": 390, "height": 844})
    for path in (
        "/staff",
        f"/staff/review/{number}",
        f"/staff/review/{number}/edit",
        "/staff/archive?find=",
        "/staff/evaluation",
    ):
        page.goto(address + path)
        assert violations(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
