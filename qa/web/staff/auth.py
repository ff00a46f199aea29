"""Authentication of the staff: session cookies, tokens, the dependencies that let a member in, the pages of signing in.

A POST is let in only from a page of this host and with `member.form_key` as its field `form_key`.
"""

import hashlib
import hmac
import logging
import re
import secrets
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Annotated
from urllib.parse import quote

from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from itsdangerous import BadData, BadSignature, Signer, TimestampSigner, URLSafeTimedSerializer

from qa.errors import InputError, Refused
from qa.i18n.forms import error_text
from qa.i18n.locale import N_, _
from qa.i18n.staff import value_words
from qa.models.journal import Account, Role, Session
from qa.review import accounts as account_rules
from qa.review.accounts import Accounts, SignInThrottle, Started, folded_name
from qa.review.service import StaffContext
from qa.store.journal.accounts import digest
from qa.text.cleaning import without_surrogates
from qa.web.context import Values, WebContext
from qa.web.forms import typed
from qa.web.limits import client_of, host_of
from qa.web.requests import STAFF, base_of, from_here

# The browser sends the cookies to the staff's pages alone: calls under /api are never made in a member's name.
COOKIE, DEVICE_COOKIE = "qa_staff", "qa_device"
REMEMBERED = 180 * 24 * 3_600  # seconds for which a browser is known as one that signed in by a name, after it last did
SIGN_IN = "/staff/sign-in"
MOST_FIELDS = 200
BEGIN, CALLBACK, OIDC_COOKIE = "/staff/oidc", "/staff/oidc/callback", "qa_oidc"
PATIENCE = 600  # seconds that somebody may take at the provider
BEARER = HTTPBearer(auto_error=False, description="A token of `qa token add`.")

_NEXT = re.compile(r"(?=.{1,500}$)/staff(?:[/?][\w/?=&%+~.:@,-]*)?", re.ASCII)
_log = logging.getLogger(__name__)


class TurnedAway(Refused):
    """A request that isn't let in; `response` says why."""

    def __init__(self, response: Response) -> None:
        super().__init__("turned away")
        self.response = response


async def _fields(request: Request) -> Mapping[str, str]:
    if request.method != "POST":  # nobody counts what else is sent
        return {}
    form = await request.form(max_files=0, max_fields=MOST_FIELDS)
    return {name: without_surrogates(value) for name, value in form.multi_items() if isinstance(value, str)}


FormFields = Annotated[Mapping[str, str], Depends(_fields)]  # the text fields of a form that was sent


class StaffAuth:
    """Lets members of the staff in, by session or by token."""

    def __init__(self, accounts: Accounts, context: WebContext) -> None:
        self._accounts, self._context, self._key = accounts, context, accounts.signing_key()
        self._signer = Signer(self._key, salt="qa.staff.session", digest_method=hashlib.sha256)
        self.reader, self.checker, self.editor, self.admin = (Depends(self.member(role)) for role in Role)

    def member(self, role: Role) -> Callable[[Request, Mapping[str, str]], Session]:
        """A dependency that lets in members of a role and above, and forms of this host; it raises TurnedAway."""

        def admitted(request: Request, form: FormFields) -> Session:
            member, reads = self.session(request), request.method in {"GET", "HEAD"}
            if member is None:
                raise TurnedAway(self._outside(request, reads=reads))
            if not member.account.role.covers(role):
                needs = N_("This needs the role {needed}. You have the role {own}.")
                text = _(needs, needed=value_words(role), own=value_words(member.account.role))
                raise TurnedAway(self._context.staff_message(403, _("Not with your role"), text, member=member))
            if reads:
                return member
            self.require_same_origin(request)
            sent = form.get("form_key", "").encode("utf-8", "replace")
            if not hmac.compare_digest(sent, member.form_key.encode()):
                text = _("The page was open since before you signed in, or the form didn’t come from it. Open it anew.")
                raise TurnedAway(self._context.staff_message(403, _("Not saved"), text, member=member))
            return member

        return admitted

    def token_member(self, role: Role) -> Callable[[HTTPAuthorizationCredentials | None], Account]:
        """A dependency for programs that send `Authorization: Bearer …`; it raises HTTPException for others."""

        def admitted(sent: Annotated[HTTPAuthorizationCredentials | None, Depends(BEARER)]) -> Account:
            account = self._accounts.of_token(sent.credentials.strip()) if sent else None
            if account is None:
                unknown = "The token isn't one of this archive, or it was revoked."
                why = unknown if sent else "A token is needed: Authorization: Bearer …"
                raise HTTPException(401, why, {"WWW-Authenticate": "Bearer"})
            if not account.role.covers(role):
                raise HTTPException(403, f"This needs the role {role.value}; the token has {account.role.value}.")
            return account

        return admitted

    def session(self, request: Request) -> Session | None:
        """The session of the request's cookie, while it lasts. Raises StoreError."""
        secret = _unsigned(self._signer.unsign, request, COOKIE)
        return self._accounts.session(secret) if secret else None

    def device(self, request: Request, name: str) -> str | None:
        """The browser's id, where it signed in by this name before; None where it didn't."""
        signer = self._device_signer(name)
        return _unsigned(lambda sent: signer.unsign(sent, max_age=REMEMBERED), request, DEVICE_COOKIE)

    def signed_in(self, request: Request, entered: Started, *, to: str = STAFF) -> Response:
        """On to a page of the staff, with the cookie of a session that began; the browser's session before it ends."""
        # A second cookie stays, and lets nobody in: it says that this browser signed in by this name before, so that
        # whatever others try by the name or from the address doesn't stop it.
        response, (secret, session) = self.ended(request, to=to), entered
        seconds = max(1, int((session.until - datetime.now(UTC)).total_seconds()))
        device = self._device_signer(session.account.name).sign(secrets.token_urlsafe(16))
        set_cookie(response, request, COOKIE, self._signer.sign(secret).decode(), seconds=seconds)
        set_cookie(response, request, DEVICE_COOKIE, device.decode(), seconds=REMEMBERED)
        return response

    def ended(self, request: Request, *, to: str) -> Response:
        """On to another page; the session of the request's cookie is over."""
        if secret := _unsigned(self._signer.unsign, request, COOKIE):
            self._accounts.sign_out(secret)
        return RedirectResponse(to, 303)

    def require_same_origin(self, request: Request) -> None:
        """Raises TurnedAway where another site's page sent the form, or it doesn't say which."""
        if not from_here(request):
            _log.warning("a form of another site was refused")
            text = _("The form didn’t come from a page of this address. Open it anew.")
            raise TurnedAway(self._context.staff_message(403, _("Not from here"), text))

    def _device_signer(self, name: str) -> TimestampSigner:
        # The name is in the signature alone: who looks at the cookie doesn't learn it.
        salt = f"qa.staff.device.{digest(folded_name(name))}"
        return TimestampSigner(self._key, salt=salt, digest_method=hashlib.sha256)

    def _outside(self, request: Request, *, reads: bool) -> Response:
        """What somebody is shown who isn't signed in."""
        if not self._accounts.open():
            return self._context.form_page("staff_empty.html", status=403)
        if reads:
            address = request.url.path + (f"?{request.url.query}" if request.url.query else "")
            return RedirectResponse(f"{SIGN_IN}?next={quote(staff_address(address), safe='/')}", 303)
        text = _("You aren’t signed in any more, and nothing of this was saved. Sign in, then send it again.")
        return self._context.staff_message(401, _("Signed out"), text)


def _unsigned(unsign: Callable[[bytes], bytes], request: Request, name: str) -> str | None:
    """The value of a cookie with this archive's signature; None where that is another's."""
    try:
        return unsign(request.cookies.get(name, "").encode("utf-8", "replace")).decode("ascii")
    except (BadSignature, UnicodeDecodeError):
        return None


def set_cookie(response: Response, request: Request, name: str, value: str, *, seconds: int, path: str = STAFF) -> None:
    """A cookie that scripts can't read; lax, for links in a mail and OpenID Connect would else lead to the sign-in."""
    secure = request.url.scheme == "https"
    response.set_cookie(name, value, max_age=seconds, path=path, secure=secure, httponly=True, samesite="lax")


def staff_address(text: str) -> str:
    """An address of the staff's pages, to go to after signing in; the queue where it is anything else."""
    return text if _NEXT.fullmatch(text) and ".." not in text else STAFF


def add_account_pages(app: FastAPI, context: WebContext, staff: StaffContext, auth: StaffAuth) -> None:
    """Signing in and out, a member's own account, and the change of its password."""
    accounts, provider = staff.accounts, staff.provider

    def sign_in_page(*, name: str = "", wanted: str = "", error: str = "") -> HTMLResponse:
        if not accounts.open():
            return context.form_page("staff_empty.html", status=403)
        form = {"name": typed(name)[: account_rules.LONGEST_NAME], "next": staff_address(wanted)}
        status = 403 if error else 200
        return context.form_page("staff_sign_in.html", status=status, error=error, provider=provider, **form)

    @app.get(SIGN_IN, response_class=HTMLResponse)
    def sign_in(request: Request, next: str = "") -> Response:
        if auth.session(request) is not None:
            return RedirectResponse(staff_address(next), 303)
        return sign_in_page(wanted=next)

    @app.post(SIGN_IN, response_class=HTMLResponse, dependencies=[Depends(auth.require_same_origin)])
    def enter(request: Request, form: FormFields) -> Response:
        name, wanted = form.get("name", ""), form.get("next", "")
        try:
            device = auth.device(request, name)
            client, password = client_of(host_of(request)), form.get("password", "")
            entered = accounts.sign_in(name, password, client=client, device=device)
        except Refused as error:
            return sign_in_page(name=name, wanted=wanted, error=error_text(error))
        return auth.signed_in(request, entered, to=staff_address(wanted))

    @app.post("/staff/sign-out", dependencies=[auth.reader])
    def leave(request: Request) -> Response:
        response = auth.ended(request, to=SIGN_IN)
        response.delete_cookie(COOKIE, path=STAFF, httponly=True, samesite="lax")
        return response

    def account_page(member: Session, *, error: str = "", done: bool = False) -> HTMLResponse:
        values: Values = {"member": member, "identity": member.account.identity, "done": done}
        values |= {"shortest": account_rules.SHORTEST_PASSWORD, "longest": account_rules.LONGEST_PASSWORD}
        return context.form_page("staff_account.html", status=422 if error else 200, error=error, **values)

    @app.get("/staff/account", response_class=HTMLResponse)
    def account(member: Session = auth.reader, done: str = "") -> Response:
        return account_page(member, done=bool(done))

    @app.post("/staff/account", response_class=HTMLResponse)
    def change(request: Request, form: FormFields, member: Session = auth.reader) -> Response:
        old, new, again = (form.get(name, "") for name in ("old", "new", "again"))
        try:
            if new != again:
                raise InputError(_("The new password isn’t the same in both boxes. Nothing was changed."))
            device, client = auth.device(request, member.account.name), client_of(host_of(request))
            entered = accounts.change_password(member.account.name, old=old, new=new, client=client, device=device)
        except (InputError, Refused) as error:
            return account_page(member, error=error_text(error))
        return auth.signed_in(request, entered, to="/staff/account?done=1")


def add_oidc_pages(app: FastAPI, context: WebContext, staff: StaffContext, auth: StaffAuth) -> None:
    """The way to the provider of OpenID Connect and back, if there is one; only who was added as staff is let in."""
    accounts, provider = staff.accounts, staff.provider
    if provider is None:
        return
    sha256 = {"digest_method": hashlib.sha256}
    sealed = URLSafeTimedSerializer(accounts.signing_key(), salt="qa.staff.oidc", signer_kwargs=sha256)
    attempts = SignInThrottle()

    @app.get(BEGIN)
    def begin(request: Request, next: str = "") -> Response:
        if not attempts.take({(client_of(host_of(request)),): account_rules.TRIES_PER_CLIENT}):
            text = _("That is a lot in a short time. Wait a quarter of an hour.")
            return context.staff_message(429, _("Too often"), text)
        try:
            address, pending = provider.begin(callback=f"{base_of(request)}{CALLBACK}")
        except Refused as error:
            return context.staff_message(503, _("Not signed in"), error_text(error))
        response, value = RedirectResponse(address, 303), sealed.dumps({**pending, "next": staff_address(next)})
        set_cookie(response, request, OIDC_COOKIE, value, seconds=PATIENCE, path=BEGIN)
        return response

    @app.get(CALLBACK)
    def come_back(request: Request) -> Response:
        try:
            pending = sealed.loads(request.cookies.get(OIDC_COOKIE, ""), max_age=PATIENCE)
            callback = f"{base_of(request)}{CALLBACK}"
            identities = provider.finish(pending, request.query_params, callback=callback)
            entered = accounts.sign_in_identified(*identities)
            response = auth.signed_in(request, entered, to=staff_address(pending["next"]))
        except BadData:
            text = _("This sign-in wasn’t begun in this browser, or it took too long. Begin it again.")
            response = context.staff_message(403, _("Not signed in"), text)
        except Refused as error:
            response = context.staff_message(403, _("Not signed in"), error_text(error))
        response.delete_cookie(OIDC_COOKIE, path=BEGIN, httponly=True, samesite="lax")
        return response
