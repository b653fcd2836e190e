"""What the audit log is told of the single sign-on; never a secret, a code or a token."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from allauth.core import context

from accounts.models import User
from audit import trail
from audit.models import AuditRecord
from sso.models import ConnectedSystem, Connection, OutsideProvider

Action = AuditRecord.Action


def system_changed(system: ConnectedSystem, *, actor: User, what: str, fields: Sequence[str] = ()) -> None:
    """An administrator registered, changed or switched a connected system."""
    _record(Action.CONFIGURED, actor, f"sso:system:{system.pk}", fields, {"what": what})


def provider_changed(provider: OutsideProvider, *, actor: User | None, what: str, fields: Sequence[str] = ()) -> None:
    """An administrator added, changed or switched an outside provider; the settings did when there is no actor."""
    _record(Action.CONFIGURED, actor, f"sso:provider:{provider.pk}", fields, {"what": what})


def agreed(connection: Connection, granted: Collection[str]) -> None:
    _record(Action.SSO_AGREED, connection.user, _ref(connection), sorted(granted))


def signed_in_to(connection: Connection) -> None:
    _record(Action.SSO_SIGNED_IN, connection.user, _ref(connection))


def signed_out_at(system: ConnectedSystem | None, user: User, *, of_the_hub: bool) -> None:
    ref = f"sso:system:{system.pk}" if system else ""
    _record(Action.SSO_SIGNED_OUT, user, ref, details={"of_the_hub": of_the_hub})


def withdrawn(connection: Connection) -> None:
    _record(Action.SSO_WITHDREW, connection.user, _ref(connection))


def misused(connection: Connection, reason: str) -> None:
    _record(Action.SSO_MISUSED, connection.user, _ref(connection), details={"reason": reason}, outcome="failure")


def linked(provider_slug: str, user: User, *, actor: User | None) -> None:
    _record(Action.OUTSIDE_LINKED, actor, f"user:{user.pk}", details={"provider": provider_slug})


def unlinked(provider_slug: str, user: User, *, actor: User | None) -> None:
    _record(Action.OUTSIDE_UNLINKED, actor, f"user:{user.pk}", details={"provider": provider_slug})


def outside_refused(provider_slug: str, reason: str, *, user: User | None = None) -> None:
    """Somebody came back from an outside provider and was not let in."""
    details = {"provider": provider_slug, "reason": reason}
    _record(Action.SIGN_IN_FAILED, user, f"user:{user.pk}" if user else "", details=details, outcome="failure")


def _ref(connection: Connection) -> str:
    return f"sso:system:{connection.system_id}"


def _record(
    action: str,
    actor: User | None,
    subject_ref: str,
    fields: Sequence[str] = (),
    details: Mapping[str, Any] | None = None,
    outcome: str = "success",
) -> None:
    trail.record(
        action=action,
        actor=actor,
        subject_ref=subject_ref,
        fields=list(fields),
        details=details,
        outcome=outcome,
        request=context.request,
    )
