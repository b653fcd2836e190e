"""Record security-relevant acts, before a protected value is shown: `record(...)` is the only writer of the log."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence
from typing import Any

import structlog
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from accounts.models import User
from audit.actions import CATEGORY_OF
from audit.current import current_request
from audit.digests import digest_of
from audit.models import AuditRecord
from common.events import as_stored, publish
from common.limits import client_address
from common.text import storable

SEAL_TASK = "audit.tasks.seal"


def record(
    *,
    action: str,
    actor: User | AnonymousUser | None,
    subject_ref: str = "",
    outcome: str = "success",
    fields: Sequence[str] = (),
    reason: str = "",
    details: Mapping[str, Any] | None = None,
    address: str | None = None,
    request: HttpRequest | None = None,
) -> AuditRecord:
    """Write one record in the present transaction; the sealer gives it its place in the chain after the commit.

    Never put secrets, codes, full IINs or contacts into it. Address and browser are those of the request, or of the
    one that is being answered.
    """
    request = request or current_request()
    row = AuditRecord(
        action=str(action),
        category=CATEGORY_OF[action],
        outcome=str(outcome),
        actor=actor if isinstance(actor, User) else None,
        subject_ref=storable(subject_ref)[:120],
        fields=as_stored(list(fields)),
        reason=storable(reason),
        details=as_stored(dict(details or {})),
        address=_address(address, request),
        user_agent=storable(request.headers.get("User-Agent", ""))[:200] if request is not None else "",
        request_id=str(structlog.contextvars.get_contextvars().get("request_id", ""))[:64],
    )
    row.digest = digest_of(row)
    row.save(force_insert=True)
    publish(SEAL_TASK)
    return row


def _address(given: str | None, request: HttpRequest | None) -> str | None:
    """What a proxy forwards may be no address at all; then nothing is kept."""
    found = given or (client_address(request) if request is not None else "")
    try:
        return str(ipaddress.ip_address(found.partition("%")[0])) if found else None
    except ValueError:
        return None
