"""Signing in by OpenID Connect Core 1.0, its code flow with PKCE (RFC 7636): where the browser goes, who is back."""

import hmac
import logging
import secrets
import threading
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx2
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import OAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from qa.errors import Refused, SettingsError
from qa.i18n.forms import Message
from qa.i18n.locale import N_

# By the provider's public key only: `none` is no signature, and by HS256 whoever has the client's secret may sign.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519"]
TIMEOUT = 10.0
LEEWAY = 60  # seconds by which the provider's clock may differ
REFRESHED = 3600.0  # seconds after which the provider's description and keys are read again
_FAILURES = (httpx2.HTTPError, httpx2.InvalidURL, AuthlibBaseError, JoseError, ValueError, KeyError, TypeError)

# A sign-in under way: `state`, which the browser brings back, `nonce` and `code_verifier`, which the provider confirms.
Pending = Mapping[str, str]

_log = logging.getLogger(__name__)


class Provider:
    """A provider of OpenID Connect, asked when somebody signs in by it."""

    def __init__(self, issuer: str, *, client: str, secret: str) -> None:
        """Raises SettingsError where the address isn't one that can be trusted."""
        if not _safe(issuer):
            raise SettingsError(f"QA_OIDC_ISSUER = {issuer!r}: an address that begins with https:// was expected.")
        self._issuer, self._client, self._secret = issuer, client, secret
        self._read: tuple[float, Mapping[str, Any], KeySet] | None = None
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        return urlsplit(self._issuer).hostname or self._issuer

    def begin(self, *, callback: str) -> tuple[str, Pending]:
        """Where to send the browser, and what has to come back. Raises Refused."""
        pending = {name: secrets.token_urlsafe(48) for name in ("state", "nonce", "code_verifier")}
        try:
            described, _ = self._described()
            with self._session(described, callback) as session:
                address, _ = session.create_authorization_url(described["authorization_endpoint"], **pending)
        except _FAILURES as error:
            raise self._failed(error) from error
        return str(address), pending

    def finish(self, pending: Pending, sent: Mapping[str, str], *, callback: str) -> tuple[str, ...]:
        """Who came back: their `sub`, and the e-mail address that the provider has verified. Raises Refused."""
        if not hmac.compare_digest(sent.get("state", "").encode("utf-8", "replace"), pending["state"].encode()):
            raise Refused(Message("This sign-in wasn’t begun here, or it took too long. Begin it again."))
        if sent.get("iss", self._issuer) != self._issuer:
            raise Refused(Message("The sign-in came back from another provider. Begin it again."))
        if not sent.get("code"):
            unsigned = N_("{provider} didn’t sign you in. Begin again, or use another way.")
            raise Refused(Message(unsigned, provider=self.name))
        try:
            claims = self._claims(pending, sent["code"], callback)
            subject, email = claims.get("sub"), claims.get("email")
            if not isinstance(subject, str) or not subject:
                raise ValueError("the provider names nobody: `sub` is missing")
        except _FAILURES as error:
            raise self._failed(error) from error
        vouched = isinstance(email, str) and claims.get("email_verified") is True
        return (subject, str(email).lower()) if vouched else (subject,)

    def _claims(self, pending: Pending, code: str, callback: str) -> Mapping[str, Any]:
        described, keys = self._described()
        with self._session(described, callback) as session:
            grant = {"grant_type": "authorization_code", "code": code, "code_verifier": pending["code_verifier"]}
            token = session.fetch_token(described["token_endpoint"], **grant)
        try:
            signed = jwt.decode(token["id_token"], keys, algorithms=ALGORITHMS)
        except (ValueError, JoseError):  # the keys may have changed since they were read
            signed = jwt.decode(token["id_token"], self._described(anew=True)[1], algorithms=ALGORITHMS)
        claims = CodeIDToken(
            signed.claims,
            signed.header,
            {"iss": {"essential": True, "value": self._issuer}, "aud": {"essential": True, "value": self._client}},
            {"nonce": pending["nonce"], "client_id": self._client, "access_token": token.get("access_token")},
        )
        claims.validate(leeway=LEEWAY)
        return dict(claims)

    def _session(self, described: Mapping[str, Any], callback: str) -> OAuth2Client:
        basic = "client_secret_basic"
        methods = described.get("token_endpoint_auth_methods_supported", [basic])
        return OAuth2Client(
            self._client, self._secret, scope="openid email", redirect_uri=callback, code_challenge_method="S256",
            token_endpoint_auth_method=basic if basic in methods else "client_secret_post",
            timeout=TIMEOUT, trust_env=False,
        )  # fmt: skip

    def _described(self, *, anew: bool = False) -> tuple[Mapping[str, Any], KeySet]:
        """The provider's description of itself and its keys. Raises what is in _FAILURES."""
        with self._lock:
            if self._read is None or anew or time.monotonic() - self._read[0] > REFRESHED:
                described = _document(f"{self._issuer.rstrip('/')}/.well-known/openid-configuration")
                if described.get("issuer") != self._issuer:
                    raise ValueError(f"the provider calls itself {described.get('issuer')!r}, not {self._issuer!r}")
                for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
                    if not _safe(described[name]):
                        raise ValueError(f"{name} is {described[name]!r}: https was expected")
                keys = KeySet.import_key_set(_document(described["jwks_uri"]))  # type: ignore[arg-type]
                self._read = (time.monotonic(), described, keys)
            return self._read[1], self._read[2]

    def _failed(self, error: Exception) -> Refused:
        _log.error("a sign-in by %s failed: %s: %s", self._issuer, type(error).__name__, error)
        failed = N_("The sign-in by {provider} failed. Begin it again; if it fails once more, tell who runs this.")
        return Refused(Message(failed, provider=self.name))


def _document(address: str) -> dict[str, Any]:
    """A JSON object. Raises httpx2.HTTPError, ValueError."""
    headers = {"Accept": "application/json"}
    document = httpx2.get(address, headers=headers, timeout=TIMEOUT, trust_env=False).raise_for_status().json()
    if not isinstance(document, dict):
        raise ValueError(f"{address} holds no JSON object")
    return document


def _safe(address: object) -> bool:
    """Whether nobody on the way can read or change what goes there: https, or this machine."""
    try:
        parts = urlsplit(address if isinstance(address, str) else "")
        local = parts.scheme == "http" and parts.hostname in {"127.0.0.1", "::1", "localhost"}
        return bool(parts.hostname) and (parts.scheme == "https" or local)
    except ValueError:
        return False
