"""Who calls: the key of a request, checked against its application, its networks and its owner."""

from __future__ import annotations

from dataclasses import dataclass

import structlog
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.request import Request

from accounts.models import User
from common.limits import client_address, count, network_of
from openapi import keys, scopes
from openapi.models import ApiKey, Application
from openapi.models.applications import State

SCHEME = "Bearer"
HEADER = "X-API-Key"
WRONG_KEYS: int = settings.API_WRONG_KEYS  # a minute, from one network


@dataclass(frozen=True)
class Caller:
    """What a valid key stands for. Views find it at `request.auth`."""

    key: ApiKey
    application: Application
    scopes: frozenset[scopes.Scope]


class KeyAuthentication(BaseAuthentication):
    """`Authorization: Bearer hub_...`, or `X-API-Key` for clients that cannot send the other."""

    def authenticate(self, request: Request) -> tuple[User, Caller] | None:
        text = self.given(request)
        if text is None:
            return None
        try:
            caller = check(text, client_address(request._request))
        except AuthenticationFailed:  # counted then alone: who has a right key may share an address with anybody
            self.count_wrong(request)
            raise
        realm = "sandbox" if caller.application.is_sandbox else "live"
        structlog.contextvars.bind_contextvars(key=caller.key.prefix, realm=realm, user_id=caller.application.owner_id)
        return caller.application.owner, caller

    def given(self, request: Request) -> str | None:
        return given_key(request)

    def count_wrong(self, request: Request) -> None:
        count("api-key", network_of(request._request), limit=WRONG_KEYS, seconds=60)

    def authenticate_header(self, request: Request) -> str:
        return f'{SCHEME} realm="Halyq Uni"'


def given_key(request: Request | HttpRequest) -> str | None:
    """The key a request carries; an empty one is a key too, and a wrong one."""
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == SCHEME.lower():
        return token.strip()
    return request.headers.get(HEADER)


def check(text: str, address: str) -> Caller:
    """The caller, or a refusal that says no more than the one who holds the key may know."""
    key = keys.find(text)
    now = timezone.now()
    if key is None or not key.is_valid_at(now):
        raise AuthenticationFailed(_("The key is unknown, expired or revoked."), code="key_invalid")
    application = key.application
    if application.state != State.APPROVED or not application.owner.is_active:
        raise PermissionDenied(_("The application is not approved, or its owner is locked."), code="application_closed")
    if not keys.is_within(address, application.networks):
        raise PermissionDenied(_("The key does not work from this address."), code="address_not_allowed")
    keys.note_use(key, address, now)
    return Caller(key, application, scopes.known(application.scopes))
