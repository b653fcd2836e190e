"""Write the append-only record of how a level was reached or lost, and tell the audit log."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from accounts.models import User
from audit import trail
from audit.models import AuditRecord
from identity import levels
from identity.models import IdentityRecord

Method = IdentityRecord.Method
Action = AuditRecord.Action
ACTIONS = {
    Method.IIN_GIVEN: Action.IIN_GIVEN,
    Method.IIN_CHANGED: Action.IIN_GIVEN,
    Method.SIGNATURE: Action.IDENTITY_PROVEN,
    Method.ORGANIZATION: Action.REPRESENTATION_PROVEN,
    Method.RELEASED: Action.IDENTITY_RELEASED,
}


def write(
    user: User,
    method: IdentityRecord.Method,
    *,
    by: User | None = None,
    request: HttpRequest | None = None,
    reason: str = "",
    details: Mapping[str, Any] | None = None,
    proof: Mapping[str, Any] | None = None,
) -> IdentityRecord:
    """In the transaction of the step; the level is the one after it."""
    levels.forget(user)
    level = levels.read_standing(user.pk).level
    row = IdentityRecord.objects.create(
        user=user, method=method, level=level, by=by or user, reason=reason, **(proof or {})
    )
    action = ACTIONS.get(method)
    if action is not None:
        trail.record(
            action=action,
            actor=by or user,
            subject_ref=f"user:{user.pk}",
            reason=reason,
            details={"method": method.value, "level": level.name, **(details or {})},
            request=request,
        )
    return row


def refused(user: User, code: str, *, request: HttpRequest | None = None) -> None:
    """A signature that proves nothing is worth a line of its own."""
    trail.record(
        action=Action.IDENTITY_PROVEN,
        actor=user,
        subject_ref=f"user:{user.pk}",
        outcome="failure",
        details={"refusal": code},
        request=request,
    )
