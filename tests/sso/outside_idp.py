"""An OpenID Connect provider of its own for the tests: real HTTP, keys and tokens by joserfc, and ways to misbehave."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "halyq", "a-secret-of-the-hub"


class OutsideIdp:
    """Answers at `issuer`; `person` is who has signed in there, `claims` is added to the token, `flaw` spoils it."""

    def __init__(self) -> None:
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"
        self.key = self.new_key()
        self.person = "official-7"
        self.claims: dict[str, Any] = {}
        self.userinfo: dict[str, Any] = {}
        self.flaw = ""
        self.answers_code = True
        self.codes: dict[str, dict[str, str]] = {}
        self.asked: list[dict[str, str]] = []

    @staticmethod
    def new_key() -> RSAKey:
        return RSAKey.generate_key(2048, {"kid": secrets.token_hex(4), "use": "sig", "alg": "RS256"})

    def discovery(self) -> dict[str, Any]:
        return {
            "issuer": "https://evil.example" if self.flaw == "discovery" else self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        }

    def authorize(self, query: dict[str, str]) -> str:
        self.asked.append(query)
        code = secrets.token_urlsafe(16)
        self.codes[code] = query
        answer = {"code": code} if self.answers_code else {"error": "access_denied"}
        return f"{query['redirect_uri']}?{urlencode(answer | {'state': query['state']})}"

    def token(self, form: dict[str, str], header: str) -> tuple[int, dict[str, Any]]:
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        asked = self.codes.pop(form.get("code", ""), None)
        if header != f"Basic {basic}" or asked is None or form["redirect_uri"] != asked["redirect_uri"]:
            return 401, {"error": "invalid_client"}
        if create_s256_code_challenge(form.get("code_verifier", "")) != asked["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        answer = {"access_token": secrets.token_urlsafe(16), "token_type": "Bearer", "expires_in": 60}
        return 200, answer if self.flaw == "no_id_token" else answer | {"id_token": self.id_token(asked["nonce"])}

    def id_token(self, nonce: str) -> str:
        now = int(time.time())
        claims = {"iss": self.issuer, "sub": self.person, "aud": CLIENT, "iat": now, "exp": now + 60, "nonce": nonce,
                  "jti": secrets.token_hex(8)}  # fmt: skip
        claims |= FLAWS.get(self.flaw, {}) | self.claims
        claims = {name: value for name, value in claims.items() if value is not None}
        header = {"alg": "RS256", "kid": self.key.kid}
        if self.flaw == "alg_none":
            return f"{_part({'alg': 'none', 'kid': self.key.kid})}.{_part(claims)}."
        if self.flaw == "shared_key":  # the public key taken for a shared secret
            signed = f"{_part(header | {'alg': 'HS256'})}.{_part(claims)}"
            digest = hmac.new(self.key.as_pem(private=False), signed.encode(), hashlib.sha256).digest()
            return f"{signed}.{base64.urlsafe_b64encode(digest).decode().rstrip('=')}"
        key = self.new_key() if self.flaw == "other_key" else self.key
        if self.flaw == "unknown_key":
            header["kid"] = "nobody"
        return jwt.encode(header, claims, key)


def _part(data: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(data).encode()).decode().rstrip("=")


# What each flaw makes of the token.
FLAWS: dict[str, dict[str, Any]] = {
    "issuer": {"iss": "https://evil.example"},
    "audience": {"aud": "somebody-else"},
    "azp": {"aud": [CLIENT, "somebody-else"], "azp": "somebody-else"},
    "expired": {"exp": int(time.time()) - 3600, "iat": int(time.time()) - 7200},
    "no_expiry": {"exp": None},
    "nonce": {"nonce": "of-another-sign-in"},
    "no_nonce": {"nonce": None},
    "no_subject": {"sub": None},
    "number_as_subject": {"sub": 7},
}


def _handler(idp: OutsideIdp) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            if parts.path == "/authorize":
                self.send_response(302)
                self.send_header("Location", idp.authorize(dict(parse_qsl(parts.query))))
                self.end_headers()
            elif parts.path == "/jwks" and idp.flaw == "redirected_keys":
                self.send_response(302)
                self.send_header("Location", f"{idp.issuer}/other")
                self.end_headers()
            elif parts.path in ("/jwks", "/other"):
                self._say(200, {"keys": [idp.key.as_dict(private=False)]})
            elif parts.path == "/userinfo":
                self._say(200, {"sub": idp.person} | idp.userinfo)
            else:
                self._say(200, idp.discovery())

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            self._say(*idp.token(dict(parse_qsl(body)), self.headers.get("Authorization", "")))

        def _say(self, status: int, data: dict[str, Any]) -> None:
            body = b"nonsense" if idp.flaw == "nonsense" else json.dumps(data).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            """Quiet."""

    return Handler


@contextmanager
def running_idp() -> Iterator[OutsideIdp]:
    idp = OutsideIdp()
    thread = threading.Thread(target=idp.server.serve_forever, daemon=True)
    thread.start()
    try:
        yield idp
    finally:
        idp.server.shutdown()
        idp.server.server_close()
        thread.join(timeout=5)
