"""A connected system for the tests, built with an independent library (Authlib): it knows the hub by discovery only."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import requests
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from django.conf import settings
from django.test import Client as DjangoClient
from joserfc import jwt
from joserfc.jwk import KeySet

from accounts.models import User
from sso import clients
from sso.models import ConnectedSystem
from tests.factories import make_organization, make_user

CALLBACK = "http://127.0.0.1:9/callback"
SIGNED_OUT = "http://127.0.0.1:9/signed-out"
PASSWORD = "сауран-самал-2026"
CONTACT = "IT department, +7 725 000 00 00"


def describe(**values: Any) -> clients.SystemDescription:
    given = {
        "name_kk": "Тұрғын үй кезегі",
        "name_ru": "Жилищная очередь",
        "name_en": "Housing queue",
        "kind": "confidential",
        "owner": make_organization(),
        "contact": CONTACT,
        "redirect_uris": [CALLBACK],
        "logout_uris": [SIGNED_OUT],
        "scopes": ["profile", "email", "phone", "offline_access"],
        "for_staff_only": False,
    }
    return clients.SystemDescription(**(given | values))


def make_system(**values: Any) -> tuple[ConnectedSystem, str]:
    """A registered system and its secret (empty for one that keeps none)."""
    administrator = User.objects.filter(username="sso-administrator").first() or make_user(
        "administrator", username="sso-administrator"
    )
    system = clients.register_system(describe(**values), actor=administrator)
    secret = clients.make_secret(system.pk, actor=administrator) if system.is_confidential else ""
    system.refresh_from_db()
    return system, secret


class _Fields(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "input" and given.get("type") == "hidden" and given.get("name"):
            self.values[str(given["name"])] = given.get("value") or ""


def hidden_fields(page: str) -> dict[str, str]:
    parser = _Fields()
    parser.feed(page)
    return parser.values


class Visitor:
    """A browser without a screen: the cookies of a person at the hub, over real HTTP."""

    def __init__(self, base: str, user: User | None = None, records: list[dict[str, Any]] | None = None) -> None:
        self.base = base
        self.http = requests.Session()
        if user is not None:
            client = DjangoClient()
            client.force_login(user)
            if records is not None:
                session = client.session
                session["account_authentication_methods"] = records
                session["account_authentication_methods_user"] = str(user.pk)
                session.save()
            self.http.cookies.set(settings.SESSION_COOKIE_NAME, client.cookies[settings.SESSION_COOKIE_NAME].value)

    def get(self, url: str, **options: Any) -> requests.Response:
        return self.http.get(url, allow_redirects=False, timeout=20, **options)

    def post(self, url: str, data: dict[str, str]) -> requests.Response:
        headers = {"Referer": self.base}
        return self.http.post(url, data=data, headers=headers, allow_redirects=False, timeout=20)

    def agree(self, page: requests.Response, *, action: str = "allow", remember: bool = False) -> requests.Response:
        assert page.status_code == 200, page.text
        fields = hidden_fields(page.text) | {"action": action} | ({"remember": "1"} if remember else {})
        assert "asked" in fields, page.text
        return self.post(f"{self.base}/identity/o/consent", fields)


def leads_to(response: requests.Response) -> str:
    """Where an answer leads the browser: by status, or by a page that goes on by itself."""
    if response.status_code == 200:
        return response.headers["Refresh"].removeprefix("0; url=")
    assert response.status_code == 302, response.text
    return response.headers["Location"]


def parameters_of(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


@dataclass
class RelyingParty:
    """What a system does: discovers, sends people over, exchanges codes, checks tokens."""

    base: str
    client_id: str
    secret: str = ""
    scope: str = "openid profile email"
    redirect_uri: str = CALLBACK
    auth_method: str = "client_secret_basic"
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))
    nonce: str = field(default_factory=lambda: secrets.token_urlsafe(12))

    def __post_init__(self) -> None:
        self.metadata = requests.get(f"{self.base}/.well-known/openid-configuration", timeout=20).json()
        self.session = OAuth2Session(
            self.client_id,
            self.secret or None,
            scope=self.scope,
            redirect_uri=self.redirect_uri,
            token_endpoint_auth_method=self.auth_method if self.secret else "none",
            revocation_endpoint_auth_method=self.auth_method if self.secret else "none",
            code_challenge_method="S256",
        )
        self.state = ""

    def address(self, **more: Any) -> str:
        """The authorization request; a parameter given as None is left out."""
        left_out = {name for name, value in more.items() if value is None}
        kept = {name: value for name, value in more.items() if value is not None}
        url, self.state = self.session.create_authorization_url(
            self.metadata["authorization_endpoint"], code_verifier=self.verifier, **{"nonce": self.nonce} | kept
        )
        query = {name: value for name, value in parameters_of(url).items() if name not in left_out}
        return f"{url.split('?')[0]}?{urlencode(query | kept)}"

    def fetch(self, came_back_to: str, **more: Any) -> dict[str, Any]:
        """Authlib compares `state` and sends verifier and secret."""
        token: dict[str, Any] = self.session.fetch_token(
            self.metadata["token_endpoint"],
            authorization_response=came_back_to,
            state=self.state,
            **{"code_verifier": self.verifier} | more,
        )
        return token

    def check_id_token(self, token: dict[str, Any], *, with_nonce: bool = True, **params: Any) -> CodeIDToken:
        keys = KeySet.import_key_set(requests.get(self.metadata["jwks_uri"], timeout=20).json())
        decoded = jwt.decode(token["id_token"], keys, algorithms=["RS256"])
        claims = CodeIDToken(
            decoded.claims,
            decoded.header,
            {
                "iss": {"essential": True, "value": self.metadata["issuer"]},
                "aud": {"essential": True, "value": self.client_id},
            },
            {"client_id": self.client_id, "access_token": token["access_token"]}
            | ({"nonce": self.nonce} if with_nonce else {})
            | params,
        )
        claims.validate()
        return claims

    def userinfo(self, access_token: str) -> requests.Response:
        headers = {"Authorization": f"Bearer {access_token}"}
        return requests.get(self.metadata["userinfo_endpoint"], headers=headers, timeout=20)

    def exchange(self, **data: str) -> requests.Response:
        """The token request by hand, for what a careful library would never send."""
        auth = (self.client_id, self.secret) if self.secret else None
        given = {"grant_type": "authorization_code", "redirect_uri": self.redirect_uri, "client_id": self.client_id}
        return requests.post(self.metadata["token_endpoint"], data=given | data, auth=auth, timeout=20)


def signed_in(party: RelyingParty, visitor: Visitor, **more: Any) -> str:
    """The whole way with agreeing; gives the address with the code."""
    return leads_to(visitor.agree(visitor.get(party.address(**more))))


def tokens(party: RelyingParty, visitor: Visitor, **more: Any) -> dict[str, Any]:
    return party.fetch(signed_in(party, visitor, **more))


def error_of(response: requests.Response) -> str:
    return parameters_of(leads_to(response))["error"]
