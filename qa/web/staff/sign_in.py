"""Signing in and out, by a password or by OpenID Connect, and a member's own account."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from itsdangerous import BadData, URLSafeTimedSerializer

from qa.errors import InputError, Refused
from qa.i18n.locale import _
from qa.i18n.messages import error_text
from qa.models.journal import Role
from qa.review.accounts import (
    LONGEST_NAME,
    LONGEST_PASSWORD,
    SHORTEST_PASSWORD,
    TRIES_PER_CLIENT,
    Accounts,
    SignInThrottle,
)
from qa.review.service import StaffContext
from qa.web.context import WebContext
from qa.web.forms import typed
from qa.web.staff.auth import SIGN_IN, FormFields, Member, StaffAuth, client, set_cookie, staff_address

if TYPE_CHECKING:
    from qa.review.openid import Provider  # its client is an extra, which most archives don't need

BEGIN, CALLBACK = "/staff/oidc", "/staff/oidc/callback"
COOKIE = "qa_oidc"
PATIENCE = 600  # seconds that somebody may take at the provider


def sign_in_routes(context: WebContext, staff: StaffContext, auth: StaffAuth) -> APIRouter:
    """Signing in and out, by the provider of OpenID Connect too where there is one."""
    accounts, provider = staff.accounts, staff.provider
    router = oidc_routes(accounts, auth, provider) if provider else APIRouter()

    def page(*, name: str = "", wanted: str = "", error: str = "", status: int = 200) -> HTMLResponse:
        if not accounts.open():
            return auth.no_accounts()
        form = {"name": typed(name)[:LONGEST_NAME], "next": staff_address(wanted)}
        return context.form_page("staff_sign_in.html", status=status, error=error, provider=provider, **form)

    @router.get(SIGN_IN, response_class=HTMLResponse)
    def sign_in(request: Request, next: str = "") -> Response:
        if auth.session(request) is not None:
            return RedirectResponse(staff_address(next), 303)
        return page(wanted=next)

    @router.post(SIGN_IN, response_class=HTMLResponse, dependencies=[Depends(auth.require_same_origin)])
    def enter(request: Request, form: FormFields) -> Response:
        name, wanted = form.get("name", ""), form.get("next", "")
        try:
            device = auth.device(request, name)
            entered = accounts.sign_in(name, form.get("password", ""), client=client(request), device=device)
        except Refused as error:
            return page(name=name, wanted=wanted, error=error_text(error), status=403)
        return auth.signed_in(request, entered, to=staff_address(wanted))

    @router.post("/staff/sign-out", dependencies=[Depends(auth.member(Role.READER))])
    def leave(request: Request) -> Response:
        return auth.signed_out(request)

    return router


def account_routes(context: WebContext, staff: StaffContext, auth: StaffAuth) -> APIRouter:
    """The page of a member's own account, and the change of its password."""
    router, accounts = APIRouter(), staff.accounts
    reader = Depends(auth.member(Role.READER))

    def page(member: Member, *, error: str = "", done: bool = False) -> HTMLResponse:
        account, bounds = accounts.active(member.name), {"shortest": SHORTEST_PASSWORD, "longest": LONGEST_PASSWORD}
        shown = {"member": member, "error": error, "done": done, "identity": account.identity if account else None}
        return context.form_page("staff_account.html", status=422 if error else 200, **shown, **bounds)

    @router.get("/staff/account", response_class=HTMLResponse)
    def account(member: Member = reader, done: str = "") -> Response:
        return page(member, done=bool(done))

    @router.post("/staff/account", response_class=HTMLResponse)
    def change(request: Request, form: FormFields, member: Member = reader) -> Response:
        old, new, again = (form.get(name, "") for name in ("old", "new", "again"))
        try:
            if new != again:
                raise InputError(_("The new password isn’t the same in both boxes. Nothing was changed."))
            device, host = auth.device(request, member.name), client(request)
            entered = accounts.change_password(member.name, old=old, new=new, client=host, device=device)
        except (InputError, Refused) as error:
            return page(member, error=error_text(error))
        return auth.signed_in(request, entered, to="/staff/account?done=1")

    return router


def oidc_routes(accounts: Accounts, auth: StaffAuth, provider: Provider) -> APIRouter:
    """The way to the provider and back. Only who was added as a member of the staff is let in."""
    router = APIRouter()
    signed = {"digest_method": hashlib.sha256}
    sealed = URLSafeTimedSerializer(accounts.signing_key(), salt="qa.staff.oidc", signer_kwargs=signed)
    attempts = SignInThrottle(TRIES_PER_CLIENT)

    def callback(request: Request) -> str:
        return f"{str(request.base_url).rstrip('/')}{CALLBACK}"

    @router.get(BEGIN)
    def begin(request: Request, next: str = "") -> Response:
        if not attempts.take(client(request)):
            return auth.message(429, _("Too often"), _("That is a lot in a short time. Wait a quarter of an hour."))
        try:
            address, pending = provider.begin(callback=callback(request))
        except Refused as error:
            return auth.message(503, _("Not signed in"), error_text(error))
        response, value = RedirectResponse(address, 303), sealed.dumps({**pending, "next": staff_address(next)})
        set_cookie(response, request, COOKIE, value, seconds=PATIENCE, path=BEGIN)
        return response

    @router.get(CALLBACK)
    def come_back(request: Request) -> Response:
        try:
            pending = sealed.loads(request.cookies.get(COOKIE, ""), max_age=PATIENCE)
            identities = provider.finish(pending, request.query_params, callback=callback(request))
            entered = accounts.sign_in_identified(*identities)
            response = auth.signed_in(request, entered, to=staff_address(pending["next"]))
        except BadData:
            text = _("This sign-in wasn’t begun in this browser, or it took too long. Begin it again.")
            response = auth.message(403, _("Not signed in"), text)
        except Refused as error:
            response = auth.message(403, _("Not signed in"), error_text(error))
        response.delete_cookie(COOKIE, path=BEGIN, httponly=True, samesite="lax")
        return response

    return router
