"""How the person of a request has proved himself, in the words of OpenID Connect: auth_time, amr, acr."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import User
from signin import second_factor

TWO_FACTORS = "urn:halyq-uni:acr:two-factors"
ONE_FACTOR = "urn:halyq-uni:acr:one-factor"

OUTSIDE = "socialaccount"  # an outside provider let the person in; no value of `amr` says so
FIRST = {"pwd", OUTSIDE}


@dataclass(frozen=True)
class Proof:
    """When the person last proved himself, by which methods (RFC 8176) and at which level."""

    at: dt.datetime
    methods: tuple[str, ...]
    level: str


def proof_of(request: HttpRequest, user: User) -> Proof:
    """What took place in this session; a session without records is as old as the sign-in of the account."""
    records = get_authentication_records(request, user)
    moments = [float(record["at"]) for record in records if "at" in record]
    at = dt.datetime.fromtimestamp(max(moments), dt.UTC) if moments else (user.last_login or timezone.now())
    methods = methods_of(records)
    return Proof(at=at, methods=methods, level=TWO_FACTORS if "mfa" in methods else ONE_FACTOR)


def methods_of(records: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """The values of `amr`, with `mfa` when what one knows and what one has were both shown."""
    found: set[str] = set()
    for record in records:
        found |= _values_of(record)
    if found & FIRST and found - FIRST:
        found.add("mfa")
    return tuple(sorted(found - {OUTSIDE}))


def _values_of(record: Mapping[str, Any]) -> set[str]:
    method, kind = record.get("method"), record.get("type")
    if method in ("password", OUTSIDE):
        return {"pwd" if method == "password" else OUTSIDE}
    if method == second_factor.CODE:  # a one-time code by SMS or e-mail
        return {"otp", "sms"} if record.get("medium") == "sms" else {"otp"}
    if method == second_factor.MFA and kind == "webauthn":
        # A passkey that signs in alone was unlocked by a PIN or a finger: two factors in one.
        return {"pop", "mfa"} if record.get("passwordless") else {"pop"}
    if method == second_factor.MFA:
        return {"otp"}
    # An outside provider vouched for both; a trusted device proves nothing anew.
    return {"mfa"} if method == second_factor.PROVIDER else set()
