"""Check the identity token of an outside provider: all that allauth leaves to the connection is proved here."""

from __future__ import annotations

from typing import Any

import jwt
import requests
from allauth.socialaccount.internal.jwtkit import verify_jti
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.utils.crypto import constant_time_compare

# Never `none`, and never a key that both sides know.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA")
NEEDED = ["iss", "sub", "aud", "exp", "iat"]
LEEWAY = 30  # seconds that two clocks may differ


def check(token: str, *, keys: dict[str, Any], issuer: str, client_id: str, nonce: str) -> dict[str, Any]:
    """The claims of a token that this provider signed for us and for this very sign-in."""
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            key=_key_for(token, keys),
            algorithms=list(ALGORITHMS),
            issuer=issuer,
            audience=client_id,
            leeway=LEEWAY,
            options={"require": NEEDED},
        )
    except (jwt.PyJWTError, ValueError, TypeError) as error:
        raise OAuth2Error(f"identity token refused: {type(error).__name__}") from error
    audience = claims["aud"]
    if isinstance(audience, list) and len(audience) > 1 and claims.get("azp") != client_id:
        raise OAuth2Error("identity token refused: made for another system")
    if not nonce or not constant_time_compare(str(claims.get("nonce", "")), nonce):
        raise OAuth2Error("identity token refused: not of this sign-in")
    verify_jti(claims)
    return claims


def _key_for(token: str, keys: dict[str, Any]) -> jwt.PyJWK:
    """The published key that the token names; a provider with one key need not name it."""
    kid = jwt.get_unverified_header(token).get("kid")
    found = [key for key in jwt.PyJWKSet.from_dict(keys).keys if key.public_key_use in (None, "sig")]
    fitting = [key for key in found if key.key_id == kid] if kid else found
    if len(fitting) != 1:
        raise OAuth2Error("identity token refused: unknown key")
    return fitting[0]


def keys_at(url: str, calls: requests.Session) -> dict[str, Any]:
    response = calls.get(url)
    response.raise_for_status()
    keys = response.json()
    if not isinstance(keys, dict):
        raise OAuth2Error("the keys of the provider cannot be read")
    return keys
