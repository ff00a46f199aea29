"""Signing in by OpenID Connect against a provider over HTTP: who was added enters, and nothing else does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from starlette.testclient import TestClient

from qa.models.journal import Role
from qa.review.accounts import TRIES_PER_CLIENT
from qa.review.openid import Provider
from qa.web.staff.auth import PATIENCE

from .desk_door import Desk
from .openid_provider import CLIENT, SECRET, Script, serving


@pytest.fixture
def script() -> Iterator[Script]:
    with serving() as opened:
        yield opened


@pytest.fixture
def desk(tmp_path: Path, script: Script) -> Iterator[Desk]:
    opened = Desk(tmp_path, provider=Provider(script.issuer, client=CLIENT, secret=SECRET))
    opened.accounts.add("ada", Role.CHECKER, password=None, identity="ada@example.org", by="test")
    yield opened
    opened.journal.close()


def sent_to(browser: TestClient, path: str = "/staff/oidc") -> str:
    told = browser.get(path)
    assert told.status_code == 303, told.text
    return told.headers["location"]


def come_back(browser: TestClient, script: Script, **changed: str) -> Any:
    return browser.get("/staff/oidc/callback", params=script.allow(sent_to(browser)) | changed)


def refused(desk: Desk, script: Script, number: int) -> str:
    """What is said where the provider's answer lets nobody in; each try comes from another address."""
    told = come_back(desk.browser(host=f"192.0.2.{number}"), script)
    assert told.status_code == 403, (number, told.text)
    assert "qa_staff" not in told.headers.get("set-cookie", "")
    return told.text


def test_who_was_added_enters(desk: Desk, script: Script) -> None:
    browser = desk.browser()
    assert 'href="/staff/oidc?next=' in browser.get("/staff/sign-in?next=/staff/account").text
    address = sent_to(browser, "/staff/oidc?next=/staff/account")
    asked = {name: value[0] for name, value in parse_qs(urlsplit(address).query).items()}
    assert asked["redirect_uri"] == "http://testserver/staff/oidc/callback"
    assert (asked["response_type"], asked["code_challenge_method"], asked["client_id"]) == ("code", "S256", CLIENT)
    assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) >= 43
    told = browser.get("/staff/oidc/callback", params=script.allow(address))
    assert (told.status_code, told.headers["location"]) == (303, "/staff/account")
    page = browser.get("/staff/account").text
    assert "ada, checker" in page
    assert "There is no password of yours here" in page
    assert "qa_oidc" not in browser.cookies


def test_the_way_there_is_new_each_time(desk: Desk) -> None:
    first, second = (parse_qs(urlsplit(sent_to(desk.browser())).query) for _ in range(2))
    for name in ("state", "nonce", "code_challenge"):
        assert first[name] != second[name]


def test_a_user_is_known_by_sub_too(desk: Desk, script: Script) -> None:
    desk.accounts.add("bob", Role.EDITOR, password=None, identity="Sub-7", by="test")
    script.claims = {"sub": "Sub-7", "email": "someone@example.org"}
    browser = desk.browser()
    assert come_back(browser, script).status_code == 303
    assert "bob, editor" in browser.get("/staff/account").text


OTHERS: list[dict[str, Any]] = [
    {"email": "eve@example.org"},
    {"email_verified": False},
    {"email_verified": "true"},
    {"email_verified": None},
    {"email": ["ada@example.org"]},
    {"email": "ada@example.org "},
    {"email": None, "preferred_username": "ada"},
]
AMISS: list[dict[str, Any]] = [
    {"nonce": "another"},
    {"nonce": ""},
    {"iss": "https://evil.example"},
    {"aud": "another-client"},
    {"aud": ["archive", "another"], "azp": "another"},
    {"exp": 1},
    {"sub": ""},
    {"sub": 7},
    {"sub": None},
    {"at_hash": "wrong"},
]


def test_who_was_not_added_stays_outside(desk: Desk, script: Script) -> None:
    for number, script.claims in enumerate(OTHERS):
        assert "isn&#39;t one of this staff area" in refused(desk, script, number)


def test_a_token_that_is_not_for_this_sign_in_is_refused(desk: Desk, script: Script) -> None:
    for number, script.claims in enumerate(AMISS):
        assert "failed" in refused(desk, script, number)


def test_a_token_without_what_it_must_say_is_refused(desk: Desk, script: Script) -> None:
    for number, claim in enumerate(("nonce", "iss", "aud", "exp", "iat", "sub")):
        script.left_out = {claim}
        refused(desk, script, number)


def test_a_token_that_the_provider_did_not_sign_is_refused(desk: Desk, script: Script) -> None:
    for number, script.signed_by in enumerate(("stranger", "secret", "none")):
        refused(desk, script, number)


def test_the_providers_new_key_is_fetched(desk: Desk, script: Script) -> None:
    assert come_back(desk.browser(), script).status_code == 303
    script.key = script.stranger
    assert come_back(desk.browser(), script).status_code == 303


def test_an_answer_that_was_not_asked_for_never_reaches_the_provider(desk: Desk, script: Script) -> None:
    for changed in ({"state": "another"}, {"state": ""}, {"iss": "https://evil.example"}, {"code": ""}):
        assert come_back(desk.browser(), script, **changed).status_code == 403, changed
        assert script.tokens == 0


def test_a_sign_in_that_was_begun_elsewhere_is_refused(desk: Desk, script: Script) -> None:
    answer = script.allow(sent_to(desk.browser()))
    victim = desk.browser()
    assert victim.get("/staff/oidc/callback", params=answer).status_code == 403
    sent_to(victim)
    assert victim.get("/staff/oidc/callback", params=answer).status_code == 403
    assert script.tokens == 0


def test_the_cookie_of_the_way_there_is_signed_and_short_lived(desk: Desk, script: Script) -> None:
    browser = desk.browser()
    told = browser.get("/staff/oidc")
    said = told.headers["set-cookie"]
    assert {"HttpOnly", "Path=/staff/oidc", "SameSite=lax", f"Max-Age={PATIENCE}"} <= set(said.split("; "))
    answer = script.allow(told.headers["location"])
    forged = desk.browser()
    forged.cookies.set("qa_oidc", said.split("=", 1)[1].split(";")[0][:-3] + "AAA")
    assert forged.get("/staff/oidc/callback", params=answer).status_code == 403


def test_an_answer_counts_once(desk: Desk, script: Script) -> None:
    browser = desk.browser()
    answer = script.allow(sent_to(browser))
    held = browser.cookies.get("qa_oidc", path="/staff/oidc")
    assert browser.get("/staff/oidc/callback", params=answer).status_code == 303
    again = desk.browser()
    again.cookies.set("qa_oidc", held or "")
    assert again.get("/staff/oidc/callback", params=answer).status_code == 403


@pytest.mark.parametrize(
    "described",
    [
        {"issuer": "https://evil.example"},
        {"token_endpoint": "http://evil.example/token"},
        {"jwks_uri": 7},
        {"authorization_endpoint": "javascript:alert(1)"},
    ],
)
def test_a_provider_that_is_not_the_one_is_not_asked(desk: Desk, script: Script, described: dict[str, Any]) -> None:
    script.described = described
    told = desk.browser().get("/staff/oidc")
    assert told.status_code == 503
    assert "location" not in told.headers


def test_a_provider_that_is_away_is_said_to_be(tmp_path: Path) -> None:
    desk = Desk(tmp_path, provider=Provider("http://127.0.0.1:9", client=CLIENT, secret=SECRET))
    told = desk.browser().get("/staff/oidc")
    assert told.status_code == 503
    assert "The sign-in by 127.0.0.1 failed" in told.text
    desk.journal.close()


def test_the_way_back_leads_nowhere_else(desk: Desk, script: Script) -> None:
    browser = desk.browser()
    address = sent_to(browser, "/staff/oidc?next=//evil.example")
    told = browser.get("/staff/oidc/callback", params=script.allow(address))
    assert told.headers["location"] == "/staff"


def test_sign_ins_are_limited(desk: Desk) -> None:
    browser = desk.browser()
    tries = [browser.get("/staff/oidc").status_code for _ in range(TRIES_PER_CLIENT + 1)]
    assert tries == [303] * TRIES_PER_CLIENT + [429]


def test_who_was_removed_stays_outside(desk: Desk, script: Script) -> None:
    desk.accounts.shut("ada", by="test")
    assert come_back(desk.browser(), script).status_code == 403


def test_without_a_provider_there_is_no_such_way(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    assert desk.browser().get("/staff/oidc").status_code == 404
    assert "oidc" not in desk.browser().get("/staff/sign-in").text
    desk.journal.close()
