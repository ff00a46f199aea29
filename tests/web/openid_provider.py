"""A provider of OpenID Connect on this machine, whose words a test writes: over HTTP, with real signatures."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

CLIENT, SECRET = "archive", "the-clients-secret"


@cache
def key_of(whose: str) -> RSAKey:
    """Made once for all tests: it takes most of the time of each."""
    return RSAKey.generate_key(2048, parameters={"kid": "one"})


class Script:
    """What the provider says and does, to be changed by a test before somebody signs in."""

    def __init__(self) -> None:
        self.issuer = ""
        self.key, self.stranger = key_of("provider"), key_of("stranger")
        self.described: dict[str, Any] = {}
        self.claims: dict[str, Any] = {}
        self.left_out: set[str] = set()
        self.signed_by = "key"
        self.tokens = 0
        self.asked: dict[str, dict[str, str]] = {}

    def allow(self, address: str) -> dict[str, str]:
        """What a browser sent to `address` brings back once its owner has agreed."""
        asked = {name: value[0] for name, value in parse_qs(urlsplit(address).query).items()}
        code = f"code-{len(self.asked)}"
        self.asked[code] = asked
        return {"code": code, "state": asked["state"]}

    def description(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "id_token_signing_alg_values_supported": ["RS256"],
        } | self.described

    def token(self, sent: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        self.tokens += 1
        asked = self.asked.pop(sent.get("code", ""), None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(sent.get("code_verifier", "").encode()).digest())
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if (
            asked is None
            or authorization != f"Basic {basic}"
            or asked["code_challenge"] != challenge.decode().rstrip("=")
            or asked["redirect_uri"] != sent.get("redirect_uri")
        ):
            return 400, {"error": "invalid_grant"}
        return 200, {"access_token": "a", "token_type": "Bearer", "id_token": self._id_token(asked["nonce"])}

    def _id_token(self, nonce: str) -> str:
        now = int(time.time())
        claims = {
            "iss": self.issuer, "aud": CLIENT, "sub": "sub-1", "iat": now, "exp": now + 300, "nonce": nonce,
            "email": "ada@example.org", "email_verified": True,
        } | self.claims  # fmt: skip
        claims = {name: value for name, value in claims.items() if name not in self.left_out}
        if self.signed_by == "none":
            parts = ({"alg": "none"}, claims)
            return ".".join(base64.urlsafe_b64encode(json.dumps(p).encode()).decode().rstrip("=") for p in parts) + "."
        if self.signed_by == "secret":
            secret = OctKey.import_key(SECRET.ljust(32, "x"))
            return jwt.encode({"alg": "HS256", "kid": "one"}, claims, secret)
        return jwt.encode({"alg": "RS256", "kid": "one"}, claims, getattr(self, self.signed_by))


@contextmanager
def serving() -> Iterator[Script]:
    """The provider on a free port, until the block ends."""
    script = Script()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/.well-known/openid-configuration":
                self._send(200, script.description())
            elif self.path == "/keys":
                self._send(200, {"keys": [script.key.as_dict(private=False)]})
            else:
                self._send(404, {})

        def do_POST(self) -> None:
            sent = parse_qs(self.rfile.read(int(self.headers["content-length"])).decode())
            fields = {name: value[0] for name, value in sent.items()}
            self._send(*script.token(fields, self.headers.get("authorization", "")))

        def _send(self, status: int, value: dict[str, Any]) -> None:
            body = json.dumps(value).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        script.issuer = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield script
        server.shutdown()
        thread.join(timeout=5)
