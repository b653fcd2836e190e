"""Record who looked at what: call before the protected value is shown."""

from __future__ import annotations

from collections.abc import Sequence

from accounts.models import User
from audit.models import AccessRecord


def record_access(
    *,
    actor: User | None,
    action: str,
    subject_ref: str,
    fields: Sequence[str] = (),
    reason: str = "",
    address: str | None = None,
) -> AccessRecord:
    """Write one access record; the view shows the value only after this has returned."""
    return AccessRecord.objects.create(
        actor=actor, action=action, subject_ref=subject_ref, fields=list(fields), reason=reason, address=address
    )
