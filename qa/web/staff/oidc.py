"""Signing in with an account elsewhere, by OpenID Connect."""

from __future__ import annotations

import hashlib

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from itsdangerous import BadData, URLSafeTimedSerializer

from qa.errors import Refused
from qa.i18n.locale import _
from qa.i18n.messages import error_text
from qa.review.accounts import TRIES_PER_CLIENT, Accounts, SignInThrottle
from qa.review.openid import Pending, Provider
from qa.web.staff.auth import StaffAuth, client, set_cookie, staff_address

BEGIN = "/staff/oidc"
CALLBACK = "/staff/oidc/callback"
COOKIE = "qa_oidc"
PATIENCE = 600
"""Seconds that somebody may take at the provider."""

_SALT = "qa.staff.oidc"


def oidc_routes(accounts: Accounts, auth: StaffAuth, provider: Provider) -> APIRouter:
    """The way to the provider and back. Only who was added as a member of the staff is let in."""
    router = APIRouter()
    sealed = URLSafeTimedSerializer(accounts.signing_key(), salt=_SALT, signer_kwargs={"digest_method": hashlib.sha256})
    attempts = SignInThrottle(TRIES_PER_CLIENT)

    @router.get(BEGIN)
    def begin(request: Request, next: str = "") -> Response:
        if not attempts.take(client(request)):
            text = _("That is a lot in a short time. Wait a quarter of an hour.")
            return auth.message(429, _("Too often"), text)
        try:
            address, pending = provider.begin(callback=_callback(request))
        except Refused as error:
            return auth.message(503, _("Not signed in"), error_text(error))
        response = RedirectResponse(address, 303)
        value = sealed.dumps(pending.values() | {"next": staff_address(next)})
        set_cookie(response, request, COOKIE, value, seconds=PATIENCE, path=BEGIN)
        return response

    @router.get(CALLBACK)
    def come_back(request: Request) -> Response:
        response = _come_back(request)
        response.delete_cookie(COOKIE, path=BEGIN, httponly=True, samesite="lax")
        return response

    def _come_back(request: Request) -> Response:
        try:
            values = sealed.loads(request.cookies.get(COOKIE, ""), max_age=PATIENCE)
            pending = Pending(values["state"], values["nonce"], values["verifier"])
            identities = provider.finish(pending, request.query_params, callback=_callback(request))
            entered = accounts.sign_in_identified(*identities)
            return auth.signed_in(request, entered, to=staff_address(values["next"]))
        except BadData:
            text = _("This sign-in wasn’t begun in this browser, or it took too long. Begin it again.")
            return auth.message(403, _("Not signed in"), text)
        except Refused as error:
            return auth.message(403, _("Not signed in"), error_text(error))

    return router


def _callback(request: Request) -> str:
    return f"{str(request.base_url).rstrip('/')}{CALLBACK}"
