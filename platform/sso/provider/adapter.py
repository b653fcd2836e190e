"""What allauth's provider asks of us: keys, issuer, subjects, claims and the words of the discovery document."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

from allauth.idp.oidc.adapter import DefaultOIDCAdapter
from allauth.idp.oidc.models import Client, PrivateKey
from django.conf import settings
from django.urls import reverse

from accounts.models import User
from sso import scopes as known
from sso.authentication import ONE_FACTOR, TWO_FACTORS
from sso.claims import claims_of
from sso.models import Connection
from sso.provider.families import sign_in_of

ENDPOINTS = {
    "authorization_endpoint": "idp:oidc:authorization",
    "token_endpoint": "idp:oidc:token",
    "userinfo_endpoint": "idp:oidc:userinfo",
    "revocation_endpoint": "idp:oidc:revoke",
    "end_session_endpoint": "idp:oidc:logout",
    "jwks_uri": "idp:oidc:jwks",
}


def public_url(name: str = "") -> str:
    """An address of the hub as the connected systems know it, whatever host a request came by."""
    base = settings.PUBLIC_URL.rstrip("/")
    return f"{base}{reverse(name)}" if name else str(base)


class ProviderAdapter(DefaultOIDCAdapter):  # type: ignore[misc]  # allauth is untyped
    """Each system gets its own number for a person; what it gets besides comes from the scopes alone."""

    def get_issuer(self) -> str:
        return public_url()

    def list_private_keys(
        self, *, did_activate: Literal[True] | None = None, is_active: Literal[True] | None = None
    ) -> list[PrivateKey]:
        """The first one signs (the library takes the first of keys without dates); all are published."""
        return [PrivateKey(pem=pem) for pem in settings.SSO_KEYS]

    def get_user_sub(self, client: Client, user: User) -> str:
        """Asked when a code is made and again for its tokens: by then the connection exists."""
        return Connection.objects.get(system__client_id=client.pk, user=user).subject

    def get_user_by_sub(self, client: Client, sub: str) -> User | None:
        rows = Connection.objects.select_related("user").filter(system__client_id=client.pk, subject=sub)
        row = rows.filter(user__is_active=True).first()
        return row.user if row else None

    def get_claims(
        self,
        purpose: Literal["id_token", "userinfo"],
        user: User,
        client: Client,
        scopes: Iterable[str],
        email: str | None = None,
        **kwargs: Any,
    ) -> dict[str, Any]:
        """The identity token says who and how; personal data are fetched with the access token."""
        subject = {"sub": self.get_user_sub(client, user)}
        return subject if purpose == "id_token" else subject | claims_of(user, set(scopes))

    def populate_id_token(self, id_token: dict[str, Any], client: Client, scopes: Iterable[str], **kwargs: Any) -> None:
        sign_in = sign_in_of(self.request)
        id_token["auth_time"] = int(sign_in.authenticated_at.timestamp())
        id_token["amr"] = list(sign_in.methods)
        id_token["acr"] = sign_in.level

    def populate_server_metadata(self, data: dict[str, Any]) -> None:
        data.pop("device_authorization_endpoint", None)
        claims = {claim for scope in known.ALL for claim in scope.claims}
        data |= {key: public_url(name) for key, name in ENDPOINTS.items()}
        data |= {
            "scopes_supported": [scope.slug for scope in known.ALL],
            "claims_supported": sorted(claims | {"auth_time", "amr", "acr"}),
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code", "refresh_token"],
            "subject_types_supported": ["pairwise"],
            "acr_values_supported": [TWO_FACTORS, ONE_FACTOR],
            "prompt_values_supported": ["none", "login", "consent"],
            "ui_locales_supported": [code for code, _ in settings.LANGUAGES],
            "revocation_endpoint_auth_methods_supported": list(settings.IDP_OIDC_AUTH_METHODS),
            "authorization_response_iss_parameter_supported": True,
            "claims_parameter_supported": False,
            "request_parameter_supported": False,
            "request_uri_parameter_supported": False,
        }
