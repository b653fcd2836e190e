"""Recovery codes: ten, shown for a quarter of an hour after they were made, each good once."""

from __future__ import annotations

import time

from allauth.mfa.models import Authenticator
from django.contrib.sessions.backends.base import SessionBase

from accounts.models import User

SHOWN = "recovery_codes_shown"
SHOWN_SECONDS = 15 * 60
FEW = 3


def row_of(user: User) -> Authenticator | None:
    found: Authenticator | None = Authenticator.objects.filter(
        user=user, type=Authenticator.Type.RECOVERY_CODES
    ).first()
    return found


def count_left(user: User) -> int:
    row = row_of(user)
    return len(unused(row)) if row is not None else 0


def unused(row: Authenticator) -> list[str]:
    found: list[str] = row.wrap().get_unused_codes()
    return found


def shown_codes(session: SessionBase, row: Authenticator) -> list[str] | None:
    """The codes, for the session that looked at them first and for a short while; None ever after.

    Printing and saving are looks of the same quarter of an hour.
    """
    codes = row.wrap()
    if not codes.did_view:
        codes.mark_as_viewed()
        session[SHOWN] = {"row": row.pk, "at": time.time()}
    shown = session.get(SHOWN)
    if not shown or shown["row"] != row.pk or time.time() - shown["at"] > SHOWN_SECONDS:
        return None
    return unused(row)
