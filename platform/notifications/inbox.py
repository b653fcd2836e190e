"""Mark what a member of staff has read in his inbox."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone

from accounts.models import User
from notifications.selectors import inbox


def mark_read(user: User, *, ids: Iterable[int] | None = None, subject_ref: str = "") -> int:
    """Read marks on the given rows, on everything about one subject, or on all; only on the user's own rows."""
    rows = inbox(user).filter(read_at__isnull=True)
    if ids is not None:
        rows = rows.filter(pk__in=list(ids))
    if subject_ref:
        rows = rows.filter(subject_ref=subject_ref)
    return rows.update(read_at=timezone.now())
