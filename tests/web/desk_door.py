"""The whole application with a desk, users with cheap passwords, and browsers to knock with."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from argon2 import PasswordHasher
from starlette.testclient import TestClient

from qa.models.journal import Role
from qa.models.support import Prices
from qa.review.accounts import Accounts, Passwords
from qa.review.openid import Provider
from qa.store.journal.opening import Journal
from qa.web.limits import Limits
from qa.web.server import create_app

from .fake_room import FakeRoom
from .staffed import office_over

PASSWORD = "correct horse battery"
HERE = {"origin": "http://testserver"}
ROOMY = Limits(requests_per_minute=10_000)


class CountingHasher(PasswordHasher):
    """argon2id at the least cost, and how often it was asked to verify what."""

    def __init__(self, *, time_cost: int = 1) -> None:
        super().__init__(time_cost=time_cost, memory_cost=8, parallelism=1)
        self.verified: list[str] = []

    def verify(self, hash: str | bytes, password: str | bytes) -> bool:
        self.verified.append(hash if isinstance(hash, str) else hash.decode())
        return super().verify(hash, password)


class Clock:
    """The time, as a test sets it."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, hours: float) -> None:
        self.now += timedelta(hours=hours)


class Desk:
    """A served archive with four users, one of each role: reader, checker, editor, admin."""

    def __init__(
        self,
        home: Path,
        *,
        users: bool = True,
        provider: Provider | None = None,
        prices: Prices | None = None,
        gradio: bool = False,
    ) -> None:
        self.journal = Journal(home / "journal.sqlite3")
        self.hasher = CountingHasher()
        self.clock = Clock()
        self.accounts = Accounts(self.journal.database, passwords=Passwords(self.hasher), now=self.clock)
        room = FakeRoom()
        office = replace(office_over(self.journal, room, accounts=self.accounts), provider=provider, prices=prices)
        self.app = create_app(room, staff=office, limits=ROOMY, asking_page=gradio)
        for role in Role if users else ():
            self.accounts.add(role.value, role, password=PASSWORD, identity=None, by="test")

    def browser(self, *, host: str = "testclient", base: str = "http://testserver") -> TestClient:
        return TestClient(
            self.app, base_url=base, client=(host, 1), follow_redirects=False, raise_server_exceptions=False
        )

    def signed_in(self, name: str, *, password: str = PASSWORD) -> TestClient:
        browser = self.browser()
        told = browser.post("/staff/sign-in", data={"name": name, "password": password}, headers=HERE)
        assert told.status_code == 303, told.text
        return browser


Open = Callable[..., Desk]


def form_key(browser: TestClient) -> str:
    """The form key of the session, as its pages carry it."""
    found = re.search(r'name="form_key" value="([\w-]+)"', browser.get("/staff/account").text)
    assert found is not None
    return found[1]


def cookie(browser: TestClient) -> str:
    held = browser.cookies.get("qa_staff")
    assert held is not None
    return held
