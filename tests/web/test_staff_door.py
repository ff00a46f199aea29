"""Who gets into the desk, by raw HTTP: nobody without a session, and no form that its own page didn't send."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from fastapi import Depends, FastAPI
from itsdangerous import Signer
from starlette.routing import BaseRoute, Route
from starlette.testclient import TestClient

from qa.models.journal import Account, Role
from qa.review.accounts import TRIES_PER_CLIENT, TRIES_PER_NAME, WRONG
from qa.web.context import WebContext
from qa.web.requests import LARGEST_BODY, LARGEST_COOKIES
from qa.web.staff.auth import StaffAuth

from .conftest import create_pages
from .desk_door import HERE, PASSWORD, Desk, cookie, form_key
from .fake_room import FakeRoom

PUBLIC = {"/staff/sign-in"}
FORM = "application/x-www-form-urlencoded"
LEAST = {
    ("POST", "/staff/sign-out"): Role.READER,
    ("GET", "/staff/account"): Role.READER,
    ("POST", "/staff/account"): Role.READER,
    ("GET", "/staff"): Role.READER,
    ("GET", "/staff/next"): Role.CHECKER,
    ("GET", "/staff/review/1"): Role.CHECKER,
    ("POST", "/staff/review/1"): Role.CHECKER,
    ("GET", "/staff/review/1/edit"): Role.EDITOR,
    ("POST", "/staff/review/1/edit"): Role.EDITOR,
    ("POST", "/staff/ask"): Role.CHECKER,
    ("POST", "/staff/review/1/ask"): Role.CHECKER,
    ("GET", "/staff/archive"): Role.READER,
    ("POST", "/staff/archive"): Role.EDITOR,
    ("POST", "/staff/archive/dismiss"): Role.EDITOR,
    ("GET", "/staff/evaluation"): Role.READER,
    ("GET", "/staff/evaluation/questions.jsonl"): Role.READER,
    ("GET", "/staff/audit"): Role.ADMIN,
    ("GET", "/staff/audit.jsonl"): Role.ADMIN,
}
"""The least role that each address is for. One that isn't here fails the tests: say whom it is for."""


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    opened = Desk(tmp_path)
    yield opened
    opened.journal.close()


def addresses(desk: Desk) -> list[tuple[str, str]]:
    """Method and address of everything under /staff, as the application itself lists it."""

    def routes(within: list[BaseRoute]) -> Iterator[Route]:
        for route in within:
            if isinstance(route, Route):
                yield route
            elif held := getattr(getattr(route, "original_router", None), "routes", None):
                yield from routes(held)

    found = [
        (method, re.sub(r"\{\w+\}", "1", route.path))
        for route in routes(desk.app.routes)
        if route.path.startswith("/staff") and not route.path.endswith("{rest:path}")  # what is nowhere is a 404
        for method in sorted(route.methods or ())
    ]
    assert found
    return found


def test_nobody_enters_before_there_is_a_user(tmp_path: Path) -> None:
    desk = Desk(tmp_path, users=False)
    browser = desk.browser()
    for method, path in addresses(desk):
        told = browser.request(
            method, path, headers=HERE, data={"name": "admin", "password": "admin"} if method == "POST" else None
        )
        assert told.status_code == 403, path
        assert "qa user add" in told.text
        assert "set-cookie" not in told.headers
    desk.journal.close()


def test_without_a_session_every_address_leads_to_the_sign_in(desk: Desk) -> None:
    browser = desk.browser()
    for method, path in addresses(desk):
        if path in PUBLIC:
            continue
        told = browser.request(method, path, headers=HERE)
        if method == "GET":
            assert (told.status_code, told.headers["location"]) == (303, f"/staff/sign-in?next={path}")
        else:
            assert told.status_code == 401
        assert told.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("kind", ["forged", "tampered", "unsigned", "foreign key", "expired", "signed out", "removed"])
def test_a_cookie_that_is_no_good_opens_nothing(desk: Desk, kind: str) -> None:
    browser = desk.signed_in("admin")
    key, value = form_key(browser), cookie(browser)
    secret, _, signature = value.rpartition(".")
    worn = {
        "forged": f"{'A' * 43}.{signature}",
        "tampered": f"{secret[:-1]}{'A' if secret[-1] != 'A' else 'B'}.{signature}",
        "unsigned": secret,
        "foreign key": Signer("another key", salt="qa.staff.session").sign(secret).decode(),
    }.get(kind, value)
    if kind == "expired":
        desk.clock.pass_by(8.01)
    elif kind == "signed out":
        browser.post("/staff/sign-out", data={"form_key": key}, headers=HERE)
    elif kind == "removed":
        desk.accounts.shut("admin", by="test")
    thief = desk.browser()
    thief.cookies.set("qa_staff", worn)
    for method, path in addresses(desk):
        if path not in PUBLIC:
            told = thief.request(method, path, headers=HERE, data={"form_key": key} if method == "POST" else None)
            assert told.status_code == (303 if method == "GET" else 401), (kind, path)


def test_a_session_lasts_its_hours(desk: Desk) -> None:
    browser = desk.signed_in("reader")
    desk.clock.pass_by(7.9)
    assert browser.get("/staff/account").status_code == 200
    desk.clock.pass_by(0.2)
    assert browser.get("/staff/account").status_code == 303


def test_another_role_or_password_ends_the_sessions(desk: Desk) -> None:
    first, second = desk.signed_in("editor"), desk.signed_in("checker")
    desk.accounts.set_role("editor", Role.READER, by="test")
    desk.accounts.set_password("checker", "another long password", by="test")
    assert first.get("/staff/account").status_code == 303
    assert second.get("/staff/account").status_code == 303
    assert "(reader)" in desk.signed_in("editor").get("/staff/account").text


def test_every_address_says_whom_it_is_for(desk: Desk) -> None:
    assert {one for one in addresses(desk) if one[1] not in PUBLIC} == set(LEAST)


def test_a_lower_role_is_let_in_nowhere_above(desk: Desk) -> None:
    for role in (Role.READER, Role.CHECKER, Role.EDITOR):
        browser = desk.signed_in(role.value)
        key, before = form_key(browser), desk.journal.audit.count()
        above = [one for one, least in LEAST.items() if not role.covers(least)]
        assert above
        for method, path in above:
            sent = {"form_key": key, "kind": "withdrawal", "article": "a", "text": "t"} if method == "POST" else None
            told = browser.request(method, path, headers=HERE, data=sent)
            assert told.status_code == 403, path
            assert f"You have the role {role.value}" in told.text
        assert desk.journal.audit.count() == before


def test_a_role_is_let_in_where_it_belongs(desk: Desk) -> None:
    for role in Role:
        browser = desk.signed_in(role.value)
        for method, path in [one for one, least in LEAST.items() if role.covers(least)]:
            if method == "GET":
                assert browser.get(path).status_code in {200, 303, 404}, (role, path)
                assert "sign-in" not in browser.get(path).headers.get("location", "")


def test_an_odd_address_tells_strangers_nothing(desk: Desk) -> None:
    for path in ("/staff/review/abc", "/staff/review/-1", "/staff/review/1?answer=%00", "/staff/next?after=x"):
        told = desk.browser().get(path)
        assert told.status_code == 303, path
        assert told.headers["location"].startswith("/staff/sign-in?next=/staff")


def test_the_cookie_is_for_the_desk_alone(desk: Desk) -> None:
    told = desk.browser().post("/staff/sign-in", data={"name": "admin", "password": PASSWORD}, headers=HERE)
    said = told.headers["set-cookie"]
    assert {"HttpOnly", "Path=/staff", "SameSite=lax"} <= set(said.split("; "))
    assert "Secure" not in said
    secure = desk.browser(base="https://testserver").post(
        "/staff/sign-in", data={"name": "admin", "password": PASSWORD}, headers={"origin": "https://testserver"}
    )
    assert "; Secure" in secure.headers["set-cookie"]


def test_the_secret_of_a_session_is_not_in_the_journal(desk: Desk, tmp_path: Path) -> None:
    browser = desk.signed_in("admin")
    secret = cookie(browser).rpartition(".")[0]
    token = desk.accounts.add_token("admin", "bot", by="test")
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.is_file())
    for hidden in (secret, token, PASSWORD):
        assert hidden.encode() not in kept


def test_a_sign_in_gives_a_new_session_and_ends_the_one_before(desk: Desk) -> None:
    browser = desk.signed_in("reader")
    before = cookie(browser)
    browser.post("/staff/sign-in", data={"name": "admin", "password": PASSWORD}, headers=HERE)
    assert cookie(browser) != before
    old = desk.browser()
    old.cookies.set("qa_staff", before)
    assert old.get("/staff/account").status_code == 303


def test_a_session_cannot_be_brought_along(desk: Desk) -> None:
    planted = Signer("guess", salt="qa.staff.session").sign("A" * 43).decode()
    browser = desk.browser()
    browser.cookies.set("qa_staff", planted, path="/staff", domain="testserver.local")
    told = browser.post("/staff/sign-in", data={"name": "admin", "password": PASSWORD}, headers=HERE)
    assert planted not in told.headers["set-cookie"]


FORGERIES: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "no key": ({}, HERE),
    "empty key": ({"form_key": ""}, HERE),
    "wrong key": ({"form_key": "A" * 43}, HERE),
    "foreign origin": ({"form_key": "right"}, {"origin": "http://evil.example"}),
    "another port": ({"form_key": "right"}, {"origin": "http://testserver:8080"}),
    "a longer host": ({"form_key": "right"}, {"origin": "http://testserver.evil.example"}),
    "null origin": ({"form_key": "right"}, {"origin": "null"}),
    "no origin": ({"form_key": "right"}, {}),
    "cross-site": ({"form_key": "right"}, {"sec-fetch-site": "cross-site"}),
    "same site, another host": ({"form_key": "right"}, {"sec-fetch-site": "same-site", "origin": "http://testserver"}),
}


def test_a_form_of_another_page_changes_nothing(desk: Desk) -> None:
    browser = desk.signed_in("admin")
    key, before = form_key(browser), desk.journal.audit.count()
    paths = [path for method, path in addresses(desk) if method == "POST" and path not in PUBLIC]
    for kind, (fields, headers) in FORGERIES.items():
        sent = {name: value.replace("right", key) for name, value in fields.items()}
        sent |= {"old": PASSWORD, "new": "x" * 20, "again": "x" * 20}
        for path in paths:
            assert browser.post(path, data=sent, headers=headers).status_code == 403, (kind, path)
    assert desk.journal.audit.count() == before
    assert browser.get("/staff/account").status_code == 200


def test_the_key_of_one_member_is_no_good_for_another(desk: Desk) -> None:
    mine, theirs = desk.signed_in("reader"), desk.signed_in("admin")
    assert theirs.post("/staff/sign-out", data={"form_key": form_key(mine)}, headers=HERE).status_code == 403


def test_nobody_is_signed_in_by_another_sites_form(desk: Desk) -> None:
    for headers in ({}, {"origin": "http://evil.example"}, {"sec-fetch-site": "cross-site"}):
        told = desk.browser().post("/staff/sign-in", data={"name": "admin", "password": PASSWORD}, headers=headers)
        assert told.status_code == 403, headers
        assert "set-cookie" not in told.headers
    assert desk.hasher.verified == []


ELSEWHERE = [
    "http://evil.example/staff", "//evil.example", "/\\evil.example", "\\\\evil.example", "/staff//evil.example@x\\",
    "/staffevil", "javascript:alert(1)", "/staff/../../evil", "/staff\r\nSet-Cookie: a=b", "/staff/\nX: y", "",
    "/search", "/staff?" + "a" * 600, " /staff/audit", "/staff/é", "/staff/%0d%0aX:y\r\n", "/staff/\x00", "/staff#x",
]  # fmt: skip


def test_the_sign_in_leads_nowhere_else(desk: Desk) -> None:
    for wanted in ELSEWHERE:
        browser = desk.browser()
        page = browser.get("/staff/sign-in", params={"next": wanted})
        assert 'name="next" value="/staff"' in page.text, wanted
        sent = {"name": "admin", "password": PASSWORD, "next": wanted}
        told = browser.post("/staff/sign-in", data=sent, headers=HERE)
        assert told.headers["location"] == "/staff", wanted
        assert "a=b" not in told.headers["set-cookie"]
        assert "x" not in told.headers
        again = browser.get("/staff/sign-in", params={"next": wanted})
        assert (again.status_code, again.headers["location"]) == (303, "/staff"), wanted


def test_the_sign_in_leads_back_to_where_one_was_going(desk: Desk) -> None:
    browser = desk.browser()
    to = browser.get("/staff/audit?page=2&x=a%20b").headers["location"]
    page = browser.get(to).text
    found = re.search(r'name="next" value="([^"]*)"', page)
    assert found is not None
    wanted = found[1].replace("&amp;", "&")
    told = browser.post("/staff/sign-in", data={"name": "admin", "password": PASSWORD, "next": wanted}, headers=HERE)
    assert told.headers["location"] == "/staff/audit?page=2&x=a%20b"


HOSTILE = ["<script>alert(1)</script>", "admin\r\nSet-Cookie: a=b", "\x00", "ad\ud800min", "a" * 100_000, "' OR 1=1 --"]


def test_a_hostile_name_is_a_wrong_one(desk: Desk) -> None:
    for name in HOSTILE:
        sent = name.encode("utf-8", "surrogatepass")
        told = desk.browser().post("/staff/sign-in", data={"name": sent, "password": "x"}, headers=HERE)
        assert told.status_code == 403, name
        assert WRONG in told.text
        assert "<script" not in told.text
        assert "set-cookie" not in told.headers
        assert len(told.text) < 5_000


def test_oversized_forms_and_cookies_are_refused(desk: Desk) -> None:
    browser = desk.browser()
    big = browser.post("/staff/sign-in", data={"name": "a" * (LARGEST_BODY + 1)}, headers=HERE)
    assert big.status_code == 413
    fields = browser.post("/staff/sign-in", data={f"n{n}": "1" for n in range(1_000)}, headers=HERE)
    assert fields.status_code == 400
    file = browser.post("/staff/sign-in", files={"name": ("x", b"y")}, headers=HERE)
    assert file.status_code == 400
    told = browser.get("/staff/sign-in", headers={"cookie": f"qa_staff={'a' * LARGEST_COOKIES}"})
    assert told.status_code == 431
    assert desk.hasher.verified == []


def test_of_a_page_that_is_only_read_no_form_is(desk: Desk) -> None:
    form = {"content": b"name=" + b"a" * (LARGEST_BODY + 1), "headers": {"content-type": FORM}}
    assert desk.browser().request("GET", "/staff", **form).status_code == 303


def test_an_unknown_name_costs_as_much_as_a_wrong_password(desk: Desk) -> None:
    """Each is checked against one hash, made with the same parameters."""
    desk.accounts.add("sso", Role.READER, password=None, identity="someone", by="test")
    desk.accounts.shut("checker", by="test")
    parameters = set()
    for name in ("admin", "nobody", "sso", "checker", ""):
        before = len(desk.hasher.verified)
        told = desk.browser().post("/staff/sign-in", data={"name": name, "password": "wrong"}, headers=HERE)
        assert told.status_code == 403
        assert WRONG in told.text
        (against,) = desk.hasher.verified[before:]
        parameters.add(against.rsplit("$", 2)[0])
    assert len(parameters) == 1


def test_tries_at_a_name_are_limited_by_the_network_they_come_from(desk: Desk) -> None:
    for number in range(TRIES_PER_NAME):
        told = desk.browser(host=f"2001:db8::{number}").post(
            "/staff/sign-in", data={"name": "admin", "password": "wrong"}, headers=HERE
        )
        assert told.status_code == 403
    right = desk.browser(host="2001:db8::99").post(
        "/staff/sign-in", data={"name": "ADMIN ", "password": PASSWORD}, headers=HERE
    )
    assert right.status_code == 403
    assert WRONG in right.text
    assert len(desk.hasher.verified) == TRIES_PER_NAME
    desk.signed_in("editor")


def test_tries_are_limited_by_client_whatever_the_name(desk: Desk) -> None:
    for number in range(TRIES_PER_CLIENT):
        host = f"2001:db8:0:1::{number:x}"
        desk.browser(host=host).post("/staff/sign-in", data={"name": f"n{number}", "password": "x"}, headers=HERE)
    told = desk.browser(host="2001:db8:0:1::ffff").post(
        "/staff/sign-in", data={"name": "admin", "password": PASSWORD}, headers=HERE
    )
    assert told.status_code == 403
    assert WRONG in told.text
    assert len(desk.hasher.verified) == TRIES_PER_CLIENT
    desk.signed_in("admin")


def test_who_signs_in_often_is_not_locked_out(desk: Desk) -> None:
    for _ in range(TRIES_PER_CLIENT + 1):
        desk.signed_in("admin")


def test_an_own_password_is_changed(desk: Desk) -> None:
    browser, elsewhere = desk.signed_in("reader"), desk.signed_in("reader")
    new = {"old": PASSWORD, "new": "a new and longer one", "again": "a new and longer one"}
    for wrong in ({"old": "wrong"}, {"again": "another"}, {"new": "short", "again": "short"}):
        told = browser.post("/staff/account", data=new | wrong | {"form_key": form_key(browser)}, headers=HERE)
        assert told.status_code == 422
    before = cookie(browser)
    told = browser.post("/staff/account", data=new | {"form_key": form_key(browser)}, headers=HERE)
    assert told.headers["location"] == "/staff/account?done=1"
    assert cookie(browser) != before
    assert "Your password is changed" in browser.get("/staff/account?done=1").text
    assert elsewhere.get("/staff/account").status_code == 303
    desk.signed_in("reader", password="a new and longer one")


def test_the_audit_log_is_shown_and_exported(desk: Desk) -> None:
    browser = desk.signed_in("admin")
    for number in range(60):
        desk.accounts.add(f"u{number}", Role.READER, password=None, identity=f"<b>{number}</b>", by="<script>")
    html = browser.get("/staff/audit").text
    assert "<script>" not in html
    assert "&lt;b&gt;59&lt;/b&gt;" in html
    assert html.index("u59") < html.index("u58")
    assert "Older" in html
    assert "u0" in browser.get("/staff/audit?page=2").text
    assert browser.get("/staff/audit?page=-1%00").status_code == 200
    told = browser.get("/staff/audit.jsonl")
    assert len(told.text.splitlines()) == desk.journal.audit.count()
    assert told.headers["content-disposition"].startswith("attachment")


def test_without_a_journal_there_is_no_desk() -> None:
    told = TestClient(create_pages(FakeRoom()), raise_server_exceptions=False).get("/staff/sign-in")
    assert told.status_code == 404


def test_pages_of_the_desk_run_no_script_and_stay_out_of_caches(desk: Desk) -> None:
    browser = desk.signed_in("admin")
    for path in ("/staff/account", "/staff/audit", "/staff/audit.jsonl", "/staff/nothing"):
        told = browser.get(path)
        assert told.headers["cache-control"] == "no-store", path
        assert "script-src" not in told.headers["content-security-policy"]
        assert "default-src 'none'" in told.headers["content-security-policy"]
        assert told.headers["x-frame-options"] == "DENY"


def test_gradios_own_addresses_know_nothing_of_the_desk(tmp_path: Path) -> None:
    """What the page's framework offers can be called raw, signed in or not: nothing of it is the desk's."""
    desk = Desk(tmp_path, gradio=True)
    browser = desk.signed_in("admin")
    functions = browser.get("/config").json()["dependencies"]
    assert {re.sub(r"_\d+$", "", one["api_name"]) for one in functions} == {"_ask", "_restore"}
    worn = {"cookie": f"qa_staff={cookie(browser)}"}
    before = desk.journal.audit.count()
    for headers in ({}, worn):
        held = desk.browser()
        for name in ("info", "openapi.json", "call/_ask", "api/staff"):
            path = f"/gradio_api/{name}"
            assert held.get(path, headers=headers).status_code == 404, path
            assert held.post(path, json={"data": []}, headers=headers).status_code == 404, path
        for number in range(-1, len(functions) + 3):
            body = {"data": ["admin"], "fn_index": number, "session_hash": "abcdefgh", "trigger_id": 1}
            told = held.post("/gradio_api/queue/join", json=body, headers=headers)
            assert told.status_code == 500 or set(told.json()) <= {"event_id", "detail", "error", "request_id"}
            assert "set-cookie" not in told.headers
    assert desk.journal.audit.count() == before
    desk.journal.close()


def test_the_programs_interface_takes_no_cookie(desk: Desk) -> None:
    browser = desk.signed_in("admin")
    assert "qa_staff" not in str(
        browser.get("/api/ask", params={"question": "How many were arrested?"}).request.headers
    )


@pytest.fixture
def program(desk: Desk) -> TestClient:
    """An address for programs whose user is a checker or above."""
    app = FastAPI()
    checker = Depends(StaffAuth(desk.accounts, WebContext(FakeRoom())).token_member(Role.CHECKER))

    @app.get("/api/who")
    def who(member: Account = checker) -> str:
        return f"{member.name}, {member.role.value}"

    return TestClient(app, raise_server_exceptions=False)


def test_a_token_lets_a_program_in_with_its_users_role(desk: Desk, program: TestClient) -> None:
    token = desk.accounts.add_token("editor", "bot", by="test")
    worn = {"authorization": f"Bearer {token}"}
    assert program.get("/api/who", headers=worn).json() == "editor, editor"
    assert program.get("/api/who", headers={"authorization": f"bearer  {token}"}).status_code == 200
    desk.accounts.set_role("editor", Role.READER, by="test")
    assert program.get("/api/who", headers=worn).status_code == 403
    desk.accounts.set_role("editor", Role.ADMIN, by="test")
    assert program.get("/api/who", headers=worn).json() == "editor, admin"
    desk.accounts.revoke_token("editor", "bot", by="test")
    told = program.get("/api/who", headers=worn)
    assert (told.status_code, told.headers["www-authenticate"]) == (401, "Bearer")
    assert "revoked" in told.json()["detail"]


def test_a_program_without_a_good_token_stays_outside(desk: Desk, program: TestClient) -> None:
    token = desk.accounts.add_token("admin", "bot", by="test")
    browser = desk.signed_in("admin")
    for headers in (
        {},
        {"cookie": f"qa_staff={cookie(browser)}"},
        {"authorization": "Bearer"},
        {"authorization": f"Basic {token}"},
        {"authorization": f"Bearer {token}x"},
        {"authorization": f"Bearer {cookie(browser).partition('.')[0]}"},
        {"authorization": f"Bearer {'x' * 50_000}"},
    ):
        assert program.get("/api/who", headers=headers).status_code == 401
    desk.accounts.shut("admin", by="test")
    assert program.get("/api/who", headers={"authorization": f"Bearer {token}"}).status_code == 401


def test_a_token_opens_no_page_of_the_desk(desk: Desk) -> None:
    token = desk.accounts.add_token("admin", "bot", by="test")
    told = desk.browser().get("/staff/audit", headers={"authorization": f"Bearer {token}"})
    assert told.status_code == 303


def test_a_journal_that_cannot_be_read_lets_nobody_in(desk: Desk, tmp_path: Path) -> None:
    browser = desk.signed_in("admin")
    with closing(sqlite3.connect(tmp_path / "journal.sqlite3", isolation_level=None)) as opened:
        opened.execute("DROP TABLE sessions")
    for path in ("/staff", "/staff/audit", "/staff/sign-in"):
        told = browser.get(path)
        assert told.status_code == 503, path
        assert "can’t be used just now" in told.text
        assert "sqlite" not in told.text.lower()


def test_an_audit_log_that_was_changed_says_so(desk: Desk, tmp_path: Path) -> None:
    browser = desk.signed_in("admin")
    with closing(sqlite3.connect(tmp_path / "journal.sqlite3", isolation_level=None)) as opened:
        opened.executescript("DROP TRIGGER audit_stays; UPDATE audit SET after = '[' WHERE number = 2")
    told = browser.get("/staff/audit")
    assert told.status_code == 500
    assert "qa audit verify" in told.text
