"""Make, check, rotate and revoke the keys by which programs call the hub.

A key reads `hub_<prefix>_<secret>`: the prefix finds the row and may be shown in lists and logs, the secret has 256
random bits, so a keyed hash of it is as good as a slow one and costs a request nothing.
"""

from __future__ import annotations

import hmac
import ipaddress
import re
import secrets
import string
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce, Least
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit import trail
from audit.actions import Action
from common.compiled import Compiled
from common.crypto import keyed_hash
from common.errors import Conflict, ValidationFailed
from openapi.models import ApiKey, Application
from openapi.models.applications import State

FORM = re.compile(r"hub_([a-z0-9]{10})_([A-Za-z0-9_-]{43})")
LETTERS = string.ascii_lowercase + string.digits
OVERLAP = timedelta(days=7)  # both keys of a rotation work for so long, unless the owner says otherwise
LONGEST_OVERLAP = timedelta(days=90)
USE_IS_NOTED_EVERY = timedelta(minutes=1)
MOST_KEYS = 5
PURPOSE = "api_key"
NOBODY = keyed_hash("no such key", purpose=PURPOSE)  # compared with when there is no row: the same work, the same time


@dataclass(frozen=True)
class NewKey:
    """The row, and the only moment at which the key itself is known."""

    row: ApiKey
    key: str


@transaction.atomic
def issue(application: Application, *, by: User, expires_at: datetime | None = None) -> NewKey:
    """Make a key of an application that may be used. It has no end unless one is asked for."""
    application = Application.objects.select_for_update().get(pk=application.pk)
    if application.state != State.APPROVED:
        raise Conflict(_("A key is given once the application is approved."), code="not_approved")
    now = timezone.now()
    if expires_at is not None and expires_at <= now:
        raise ValidationFailed(_("The end of the key lies in the past."), code="past", field="expires_at")
    if application.keys.filter(revoked_at__isnull=True).count() >= MOST_KEYS:
        raise Conflict(_("The application has five keys. Revoke one that is no longer used."), code="too_many_keys")
    prefix = ("s" if application.is_sandbox else "l") + "".join(secrets.choice(LETTERS) for _sign in range(9))
    secret = secrets.token_urlsafe(32)
    row = ApiKey.objects.create(
        application=application,
        prefix=prefix,
        digest=_digest(secret),
        created_by=by,
        created_at=now,
        expires_at=expires_at,
    )
    _record(Action.API_KEY_ISSUED, row, by, {"expires_at": expires_at})
    return NewKey(row, f"hub_{prefix}_{secret}")


@transaction.atomic
def rotate(key: ApiKey, *, by: User, overlap: timedelta = OVERLAP) -> NewKey:
    """A new key beside the old one, which ends after `overlap`: time enough to change it everywhere."""
    if not timedelta() <= overlap <= LONGEST_OVERLAP:
        raise ValidationFailed(_("The old key may stay valid for 90 days at most."), code="overlap", field="overlap")
    new = issue(key.application, by=by)
    end = timezone.now() + overlap
    ApiKey.objects.filter(pk=key.pk, revoked_at__isnull=True).update(
        expires_at=Least(Coalesce(F("expires_at"), end), end)
    )
    _record(Action.API_KEY_ROTATED, key, by, {"until": end, "next": new.row.prefix})
    return new


@transaction.atomic
def revoke(key: ApiKey, *, by: User, reason: str = "") -> bool:
    """End a key at once; whether it was valid before."""
    ended = ApiKey.objects.filter(pk=key.pk, revoked_at__isnull=True).update(revoked_at=timezone.now(), revoked_by=by)
    if ended:
        _record(Action.API_KEY_REVOKED, key, by, reason=reason)
    return bool(ended)


def find(text: str) -> ApiKey | None:
    """The key with its application and owner, or None; the work is the same for unknown prefixes and wrong secrets."""
    match = FORM.fullmatch(text)
    row = _by_prefix.first(match.group(1)) if match else None
    is_right = hmac.compare_digest(row.digest if row else NOBODY, _digest(match.group(2) if match else text))
    return row if is_right else None


def _with_prefix(prefix: str) -> QuerySet[ApiKey]:
    return ApiKey.objects.select_related("application__owner").filter(prefix=prefix)


_by_prefix = Compiled(_with_prefix, "prefix")  # every request asks it


def note_use(key: ApiKey, address: str, now: datetime) -> None:
    """Remember when and from where the key was used last, at most once a minute."""
    if key.last_used_at and key.last_used_at > now - USE_IS_NOTED_EVERY and key.last_used_address == address:
        return
    ApiKey.objects.filter(pk=key.pk).update(last_used_at=now, last_used_address=address or None)


def is_within(address: str, networks: list[str]) -> bool:
    """Whether an address lies in one of the networks; no networks means everywhere."""
    if not networks:
        return True
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    return any(found in ipaddress.ip_network(network) for network in networks)


def check_networks(typed: list[str]) -> list[str]:
    """Addresses and networks in one written form each; refuses what is none."""
    try:
        return [str(ipaddress.ip_network(text.strip(), strict=False)) for text in typed if text.strip()]
    except ValueError:
        message = _("Write addresses such as 203.0.113.7 or networks such as 203.0.113.0/24, one in a line.")
        raise ValidationFailed(message, code="networks", field="networks") from None


def _digest(secret: str) -> str:
    return keyed_hash(secret, purpose=PURPOSE)


def _record(action: str, row: ApiKey, by: User, details: dict[str, object] | None = None, *, reason: str = "") -> None:
    trail.record(
        action=action,
        actor=by,
        subject_ref=f"application:{row.application_id}",
        reason=reason,
        details={"key": row.prefix, **(details or {})},
    )
