"""Signing in and out, and a user's own account."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from qa.errors import InputError, Refused
from qa.i18n.locale import _
from qa.i18n.messages import error_words
from qa.models.journal import Role
from qa.review.accounts import LONGEST_NAME, Accounts, StartedSession
from qa.review.passwords import LONGEST, SHORTEST
from qa.store.journal.accounts import AccountStore
from qa.web.asking import typed
from qa.web.forms import form_page
from qa.web.room import PageTexts
from qa.web.staff.drafting import Sent
from qa.web.staff.session import COOKIE_PATH, SIGN_IN, Door, Member, client, own_address


def entering_routes(
    accounts: Accounts, book: AccountStore, door: Door, *, texts: PageTexts, elsewhere: str = "", provider: str = ""
) -> APIRouter:
    """The way in and out. `elsewhere` is where the sign-in by `provider` begins, empty where there is none."""
    router = APIRouter()
    reader = Depends(door.member(Role.READER))

    def page(*, name: str = "", wanted: str = "", error: str = "", status: int = 200) -> HTMLResponse:
        if not accounts.open():
            return form_page("staff_empty.html", status=403, texts=texts)
        return form_page(
            "staff_sign_in.html",
            status=status,
            texts=texts,
            name=typed(name)[:LONGEST_NAME],
            next=own_address(wanted),
            error=error,
            elsewhere=elsewhere,
            provider=provider,
        )

    @router.get(SIGN_IN, response_class=HTMLResponse)
    def sign_in(request: Request, next: str = "") -> Response:
        if door.session(request) is not None:
            return RedirectResponse(own_address(next), 303)
        return page(wanted=next)

    @router.post(SIGN_IN, response_class=HTMLResponse, dependencies=[Depends(door.require_own_page)])
    def enter(request: Request, form: Sent) -> Response:
        name, wanted = form.get("name", ""), form.get("next", "")
        try:
            entered = accounts.sign_in(
                name, form.get("password", ""), client=client(request), device=door.device(request, name)
            )
        except Refused as error:
            return page(name=name, wanted=wanted, error=error_words(error), status=403)
        return let_in(door, request, entered, to=own_address(wanted))

    @router.post("/staff/sign-out")
    def leave(request: Request, member: Member = reader) -> Response:
        response = RedirectResponse(SIGN_IN, 303)
        door.forget(request, response)
        return response

    def own(member: Member, *, error: str = "", done: bool = False) -> HTMLResponse:
        held = book.active(member.name)
        return form_page(
            "staff_account.html",
            status=422 if error else 200,
            texts=texts,
            member=member,
            identity=held.identity if held else None,
            error=error,
            done=done,
            shortest=SHORTEST,
            longest=LONGEST,
        )

    @router.get("/staff/account", response_class=HTMLResponse)
    def account(member: Member = reader, done: str = "") -> Response:
        return own(member, done=bool(done))

    @router.post("/staff/account", response_class=HTMLResponse)
    def change(request: Request, form: Sent, member: Member = reader) -> Response:
        try:
            entered = _changed(accounts, member, form, client(request), door.device(request, member.name))
        except (InputError, Refused) as error:
            return own(member, error=error_words(error))
        return let_in(door, request, entered, to="/staff/account?done=1")

    return router


def let_in(door: Door, request: Request, entered: StartedSession, *, to: str = COOKIE_PATH) -> Response:
    """On to the desk, with the cookie of a session that began."""
    response = RedirectResponse(to, 303)
    seconds = int((entered.session.until - datetime.now(UTC)).total_seconds())
    door.let_in(request, response, entered, seconds=max(1, seconds))
    return response


def _changed(
    accounts: Accounts, member: Member, form: Mapping[str, str], host: str, device: str | None
) -> StartedSession:
    if form.get("new", "") != form.get("again", ""):
        raise InputError(_("The new password isn’t the same in both boxes. Nothing was changed."))
    old, new = form.get("old", ""), form.get("new", "")
    return accounts.change_password(member.name, old=old, new=new, client=host, device=device)
