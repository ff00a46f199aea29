"""Whoever guesses at the sign-in is slowed down, and nobody else is: not the colleague whose name it is."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from starlette.testclient import TestClient

from qa.errors import Refused
from qa.review.accounts import AT_ONCE, TRIES_PER_CLIENT, TRIES_PER_NAME, WAITING, Accounts, Passwords
from qa.web.staff.auth import DEVICE_COOKIE, REMEMBERED
from tests.web.desk_door import HERE, PASSWORD, Desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    opened = Desk(tmp_path)
    yield opened
    opened.journal.close()


def enters(browser: TestClient, name: str, password: str = PASSWORD) -> bool:
    reply = browser.post("/staff/sign-in", data={"name": name, "password": password}, headers=HERE)
    assert reply.status_code in {303, 403}
    return reply.status_code == 303


def guess(desk: Desk, name: str, *, host: str, times: int) -> None:
    browser = desk.browser(host=host)
    for _ in range(times):
        assert not enters(browser, name, "wrong")


def test_wrong_tries_of_others_lock_nobody(desk: Desk) -> None:
    guess(desk, "editor", host="192.0.2.1", times=3 * TRIES_PER_NAME)
    assert enters(desk.browser(host="198.51.100.7"), "editor")


def test_who_guesses_is_slowed_down_at_that_name(desk: Desk) -> None:
    guess(desk, "editor", host="192.0.2.1", times=TRIES_PER_NAME)
    before = len(desk.hasher.verified)
    assert not enters(desk.browser(host="192.0.2.1"), "editor")
    assert len(desk.hasher.verified) == before
    assert enters(desk.browser(host="192.0.2.1"), "admin")


def test_an_address_is_bounded_whatever_the_names(desk: Desk) -> None:
    for number in range(TRIES_PER_CLIENT):
        guess(desk, f"name{number}", host="192.0.2.1", times=1)
    assert not enters(desk.browser(host="192.0.2.1"), "editor")
    assert enters(desk.browser(host="192.0.2.2"), "editor")


def test_a_browser_that_signed_in_before_is_let_in_whatever_others_do(desk: Desk) -> None:
    browser = desk.browser(host="192.0.2.1")
    assert enters(browser, "editor")
    for number in range(TRIES_PER_CLIENT // TRIES_PER_NAME + 2):
        guess(desk, "editor" if not number else f"name{number}", host="192.0.2.1", times=TRIES_PER_NAME)
    assert not enters(desk.browser(host="192.0.2.1"), "editor")
    browser.cookies.delete("qa_staff")
    assert enters(browser, "editor")


def test_a_known_browser_has_its_own_tries_and_no_more(desk: Desk) -> None:
    browser = desk.browser(host="192.0.2.1")
    assert enters(browser, "editor")
    for _ in range(2 * TRIES_PER_NAME):
        assert not enters(browser, "editor", "wrong")
    before = len(desk.hasher.verified)
    assert not enters(browser, "editor")
    assert len(desk.hasher.verified) == before


@pytest.mark.parametrize("kind", ["another name's", "forged", "long ago"])
def test_the_cookie_of_a_browser_is_good_for_its_name_and_time(
    desk: Desk, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = desk.browser(host="192.0.2.1")
    assert enters(browser, "admin" if kind == "another name's" else "editor")
    worn = browser.cookies.get(DEVICE_COOKIE)
    assert worn is not None
    if kind == "forged":
        worn = "A" * 22 + worn[22:]
    if kind == "long ago":
        monkeypatch.setattr("qa.web.staff.auth.REMEMBERED", -1)
    guess(desk, "editor", host="192.0.2.1", times=TRIES_PER_NAME)
    thief = desk.browser(host="192.0.2.1")
    thief.cookies.set(DEVICE_COOKIE, worn)
    assert not enters(thief, "editor")


def test_the_cookie_tells_nothing_and_opens_nothing(desk: Desk) -> None:
    browser = desk.browser()
    reply = browser.post("/staff/sign-in", data={"name": "editor", "password": PASSWORD}, headers=HERE)
    (header,) = [value for value in reply.headers.get_list("set-cookie") if value.startswith(DEVICE_COOKIE)]
    assert "HttpOnly" in header
    assert "SameSite=lax" in header
    assert "Path=/staff" in header
    assert f"Max-Age={REMEMBERED}" in header
    assert "editor" not in header
    bare = desk.browser()
    bare.cookies.set(DEVICE_COOKIE, browser.cookies[DEVICE_COOKIE])
    assert bare.get("/staff/account").status_code == 303


def test_unlocking_a_name_forgets_what_was_tried_at_it(desk: Desk) -> None:
    guess(desk, "editor", host="192.0.2.1", times=TRIES_PER_NAME)
    # As the command does it, in a process of its own.
    Accounts(desk.journal.database).unlock("editor", by="root")
    assert enters(desk.browser(host="192.0.2.1"), "editor")
    assert [one.act.what for one in desk.journal.audit.newest(limit=2)] == ["sign in", "unlock"]


def test_guessing_takes_no_more_than_its_share_of_the_machine() -> None:
    """Strangers fill their places, the few who wait too, and whoever is known is looked at all the same."""
    release = threading.Event()

    class Slow(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> bool:
            return password == b"known" or release.wait(10)

    passwords = Passwords(Slow(time_cost=1, memory_cost=8, parallelism=1))
    passwords.right("hash", "known")  # the hash of nobody is made by then
    refused: list[int] = []

    def stranger(number: int) -> None:
        try:
            passwords.right("hash", "password")
        except Refused:
            refused.append(number)

    threads = [threading.Thread(target=stranger, args=(number,)) for number in range(AT_ONCE + WAITING + 20)]
    for thread in threads:
        thread.start()
    for thread in threads[-20:]:
        thread.join(0.2)
    assert len(refused) == 20
    assert passwords.right("hash", "known", known=True)
    release.set()
    for thread in threads:
        thread.join(10)
