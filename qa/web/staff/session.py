"""Who is at the desk: the cookie of a session, and the dependencies that let a member in or turn others away.

A page of the desk says whom it is for, and gets who that is:

    door = Door(accounts, texts=texts)
    checker = Depends(door.member(Role.CHECKER))

    @router.post("/staff/…")
    def act(member: Member = checker) -> Response: ...

`door.member` has the shape that the pages call `Admit`. Of a POST it checks, before the route runs, that it comes from
a page of this host and carries `member.form_key` as the field `form_key`; nothing else is needed in the route. The
application has to know how others are turned away: `turn_away(app, texts=texts)`, once.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import re
import secrets
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from itsdangerous import BadSignature, Signer, TimestampSigner
from starlette.concurrency import run_in_threadpool

from qa.errors import Refused, StoreError
from qa.i18n.locale import N_, _
from qa.i18n.staff import value_words
from qa.models.journal import Account, Role, Session
from qa.review.accounts import Accounts, StartedSession, digest, folded_name
from qa.web.forms import form_page
from qa.web.guard import DESK
from qa.web.room import PageTexts
from qa.web.same_origin import from_here
from qa.web.throttle import client_of, host_of

COOKIE = "qa_staff"
# The browser sends the cookie to the desk alone: what programs ask under /api is never asked in a member's name.
COOKIE_PATH = DESK
SIGN_IN = "/staff/sign-in"
MOST_FIELDS = 200

LONGEST_NEXT = 500
_NEXT = re.compile(r"/staff(?:[/?][\w/?=&%+~.:@,-]*)?", re.ASCII)
_SALT = "qa.staff.session"

DEVICE_COOKIE = "qa_device"
REMEMBERED = 180 * 24 * 3_600
"""Seconds for which a browser is known as one that signed in by a name, after it last did."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who is let in. `form_key` goes into each form as the field of that name."""

    name: str
    role: Role
    form_key: str


class TurnedAway(Refused):
    """Whoever asks isn't let in; `response` tells them so."""

    def __init__(self, response: Response, why: str = "turned away") -> None:
        super().__init__(why)
        self.response = response


Admitting = Callable[[Request], Coroutine[Any, Any, Member]]


class Door:
    """The door of the desk."""

    def __init__(self, accounts: Accounts, *, texts: PageTexts) -> None:
        self._accounts = accounts
        self._texts = texts
        self._key = accounts.signing_key()
        self._signer = Signer(self._key, salt=_SALT, digest_method=hashlib.sha256)

    def member(self, role: Role) -> Admitting:
        """A dependency that lets in members of a role and above; it raises TurnedAway for others.

        Who isn't signed in is sent to do so, and then back. A form has to come from a page of this host.
        """

        async def admitted(request: Request) -> Member:
            member = await run_in_threadpool(self._member, request, role)
            if request.method not in {"GET", "HEAD"}:
                self.require_own_page(request)
                form = await request.form(max_files=0, max_fields=MOST_FIELDS)
                self._require_key(member, form.get("form_key"))
            return member

        return admitted

    def token_member(self, role: Role) -> Admitting:
        """A dependency for programs that send `Authorization: Bearer …`; it raises HTTPException for others."""

        async def admitted(request: Request) -> Member:
            account = await run_in_threadpool(self.account_of_token, request)
            if account is None:
                raise _no_token("A token is needed: Authorization: Bearer …")
            if not account.role.covers(role):
                raise HTTPException(403, f"This needs the role {role.value}; the token has {account.role.value}.")
            return Member(account.name, account.role, "")

        return admitted

    def account_of_token(self, request: Request) -> Account | None:
        """Whose token a program sent; None where it sent none. Raises HTTPException where it is no good."""
        scheme, _, secret = request.headers.get("authorization", "").partition(" ")
        if not scheme:
            return None
        account = self._accounts.of_token(secret.strip()) if scheme.lower() == "bearer" else None
        if account is None:
            raise _no_token("The token isn't one of this archive, or it was revoked.")
        return account

    def session(self, request: Request) -> Session | None:
        """Whoever the request's cookie says, while that lasts. Raises StoreError."""
        secret = self.secret(request)
        return self._accounts.session(secret) if secret else None

    def secret(self, request: Request) -> str | None:
        """What names the session, from a cookie that this house signed."""
        try:
            return self._signer.unsign(request.cookies.get(COOKIE, "").encode("utf-8", "replace")).decode("ascii")
        except (BadSignature, UnicodeDecodeError):
            return None

    def device(self, request: Request, name: str) -> str | None:
        """What names the browser of a request, where it signed in by this name before; None where it didn't."""
        try:
            sent = request.cookies.get(DEVICE_COOKIE, "").encode("utf-8", "replace")
            return self._device_signer(name).unsign(sent, max_age=REMEMBERED).decode("ascii")
        except (BadSignature, UnicodeDecodeError):
            return None

    def _device_signer(self, name: str) -> TimestampSigner:
        # The name is in the signature alone: who looks at the cookie doesn't learn it.
        salt = f"qa.staff.device.{digest(folded_name(name))}"
        return TimestampSigner(self._key, salt=salt, digest_method=hashlib.sha256)

    def let_in(self, request: Request, response: Response, entered: StartedSession, *, seconds: int) -> None:
        """Gives the browser the cookie of a session that began, and ends the one that it had.

        A second cookie stays when the session ends. It lets nobody in: it says that this browser signed in by this
        name before, so that whatever others try by the name or from the address doesn't stop it. It is a cookie and no
        list of addresses, since it goes with its owner from network to network, tells apart those behind one address,
        and leaves nothing about anybody in the journal.
        """
        if held := self.secret(request):
            self._accounts.sign_out(held)
        response.set_cookie(
            COOKIE,
            self._signer.sign(entered.secret).decode(),
            max_age=seconds,
            path=COOKIE_PATH,
            secure=request.url.scheme == "https",
            httponly=True,
            samesite="lax",  # strict, the desk's own links in a mail, and OpenID Connect, would lead to the sign-in
        )
        response.set_cookie(
            DEVICE_COOKIE,
            self._device_signer(entered.session.account.name).sign(secrets.token_urlsafe(16)).decode(),
            max_age=REMEMBERED,
            path=COOKIE_PATH,
            secure=request.url.scheme == "https",
            httponly=True,
            samesite="lax",
        )

    def forget(self, request: Request, response: Response) -> None:
        """Ends the session of the request's cookie, and takes that off the browser."""
        if held := self.secret(request):
            self._accounts.sign_out(held)
        response.delete_cookie(COOKIE, path=COOKIE_PATH, httponly=True, samesite="lax")

    def require_own_page(self, request: Request) -> None:
        """Raises TurnedAway where another site's page sent the form, or it doesn't say which."""
        if not from_here(request):
            _log.warning("a form of another site was refused")
            text = _("The form didn’t come from a page of this address. Open it anew.")
            raise TurnedAway(self.told(403, _("Not from here"), text))

    def told(self, status: int, heading: str, text: str) -> HTMLResponse:
        """A page of one sentence, for whoever is outside."""
        return form_page("staff_shut.html", status=status, heading=heading, text=text, texts=self._texts)

    def _member(self, request: Request, role: Role) -> Member:
        session = self.session(request)
        if session is None:
            raise TurnedAway(self._outside(request))
        member = Member(session.account.name, session.account.role, session.form_key)
        if not member.role.covers(role):
            text = N_("This needs the role {needed}. You have the role {own}.")
            text = _(text, needed=value_words(role), own=value_words(member.role))
            raise TurnedAway(self._told_member(member, _("Not with your role"), text))
        return member

    def _outside(self, request: Request) -> Response:
        if not self._accounts.open():
            return form_page("staff_empty.html", status=403, texts=self._texts)
        if request.method in {"GET", "HEAD"}:
            asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
            return RedirectResponse(f"{SIGN_IN}?next={quote(own_address(asked), safe='/')}", 303)
        text = _("You aren’t signed in any more, and nothing of this was saved. Sign in, then send it again.")
        return self.told(401, _("Signed out"), text)

    def _require_key(self, member: Member, sent: object) -> None:
        known = isinstance(sent, str) and hmac.compare_digest(sent.encode("utf-8", "replace"), member.form_key.encode())
        if not known:
            text = _("The page was open since before you signed in, or the form didn’t come from it. Open it anew.")
            raise TurnedAway(self._told_member(member, _("Not saved"), text))

    def _told_member(self, member: Member, heading: str, text: str) -> HTMLResponse:
        return form_page("staff_told.html", status=403, member=member, heading=heading, text=text, texts=self._texts)


def turn_away(app: FastAPI, *, texts: PageTexts) -> None:
    """Teaches the application to answer those whom the door turns away, and while the journal can't be read."""

    def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, TurnedAway)
        return error.response

    def not_now(request: Request, error: Exception) -> Response:
        _log.error("the journal could not be used", exc_info=error)
        text = _("The archive’s journal can’t be used just now. Try again in a minute.")
        if not request.url.path.startswith(COOKIE_PATH):
            return JSONResponse({"error": text}, 503)
        return form_page("staff_shut.html", status=503, heading=_("Not now"), text=text, texts=texts)

    app.add_exception_handler(TurnedAway, refused)
    app.add_exception_handler(StoreError, not_now)


def client(request: Request) -> str:
    """Where a request comes from, as its tries are counted."""
    return client_of(host_of(request))


def own_address(text: str) -> str:
    """An address of the desk, to go to after signing in; the queue where it is anything else."""
    return text if len(text) <= LONGEST_NEXT and _NEXT.fullmatch(text) and ".." not in text else COOKIE_PATH


def _no_token(why: str) -> HTTPException:
    return HTTPException(401, why, {"WWW-Authenticate": "Bearer"})
