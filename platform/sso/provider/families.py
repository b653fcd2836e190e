"""Codes and refresh tokens are good once: a second use ends every token that grew from the same sign-in."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from allauth.idp.oidc.models import Token
from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from sso import connections
from sso.models import SpentToken, SystemSignIn
from sso.scopes import OFFLINE

KEPT_ON_REQUEST = "_sso_sign_in"
CODE = "authorization_code"
REFRESH = "refresh_token"


def sign_in_of(request: HttpRequest) -> SystemSignIn:
    """The sign-in whose tokens are being made in this request; there is none outside the token endpoint."""
    found = getattr(request, KEPT_ON_REQUEST, None)
    if not isinstance(found, SystemSignIn):
        raise LookupError("tokens are made for a sign-in only")
    return found


def admit(request: HttpRequest) -> bool:
    """Find the sign-in of the code or refresh token and hold it; False when there is none or it was used before.

    Called in the transaction of the whole answer: of two requests with one code the second sees what the first did.
    """
    if request.POST.get("grant_type") == CODE:
        found = _by_code(request.POST.get("code", ""))
    else:
        found = _by_refresh_token(request.POST.get("refresh_token", ""))
    if found is None:
        return False
    setattr(request, KEPT_ON_REQUEST, found)
    return True


def keep(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Note what became of the code or token, and tie the new tokens to their sign-in."""
    sign_in = sign_in_of(request)
    is_code = request.POST.get("grant_type") == CODE
    if is_code and response.status_code != 401:
        # Whoever proved to be the system has had his one try, whether the rest of the request was right or not.
        SystemSignIn.objects.filter(pk=sign_in.pk).update(redeemed_at=timezone.now())
    if response.status_code != 200:
        return response
    answer: dict[str, Any] = json.loads(response.content)
    if not is_code:
        SpentToken.objects.create(hash=connections.hash_of(request.POST["refresh_token"]), sign_in=sign_in)
    if OFFLINE not in answer.get("scope", "").split():
        _drop_refresh_token(answer)
    else:
        _end_with_the_family(answer, sign_in)
    hashes = [connections.hash_of(answer[name]) for name in ("access_token", "refresh_token") if name in answer]
    Token.objects.filter(hash__in=hashes).update(data={"family": sign_in.pk})
    response.content = json.dumps(answer).encode()
    return response


def _by_code(code: str) -> SystemSignIn | None:
    found = _held().filter(code_hash=connections.hash_of(code)).first()
    if found is not None and found.redeemed_at is not None:
        connections.end_family(found, reason="code")
        return None
    return found if found is None or found.ended_at is None else None


def _by_refresh_token(value: str) -> SystemSignIn | None:
    hashed = connections.hash_of(value)
    tokens = Token.objects.filter(type=Token.Type.REFRESH_TOKEN, hash=hashed)
    token = tokens.first()
    if token is not None:
        found = _held().filter(pk=(token.data or {}).get("family") or 0, ended_at=None).first()
        if found is None or tokens.select_for_update().exists():  # else another request was first and it is spent
            return found
    spent = SpentToken.objects.filter(hash=hashed).first()
    if spent is not None:
        connections.end_family(_held().get(pk=spent.sign_in_id), reason="refresh_token")
    return None


def _held() -> QuerySet[SystemSignIn]:
    return SystemSignIn.objects.select_for_update(of=("self",)).select_related("connection__user", "connection__system")


def _end_with_the_family(answer: dict[str, Any], sign_in: SystemSignIn) -> None:
    """However often it is exchanged, nobody stays connected longer than this after he signed in himself."""
    until = sign_in.at + dt.timedelta(seconds=settings.IDP_OIDC_REFRESH_TOKEN_EXPIRES_IN)
    hashed = connections.hash_of(answer["refresh_token"])
    Token.objects.filter(type=Token.Type.REFRESH_TOKEN, hash=hashed).update(expires_at=until)
    answer["refresh_expires_in"] = max(0, int((until - timezone.now()).total_seconds()))


def _drop_refresh_token(answer: dict[str, Any]) -> None:
    """The library makes one for every code; it is for systems that may stay connected."""
    value = answer.pop("refresh_token", "")
    answer.pop("refresh_expires_in", None)
    if value:
        Token.objects.filter(type=Token.Type.REFRESH_TOKEN, hash=connections.hash_of(value)).delete()
