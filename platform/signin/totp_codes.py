"""Codes of an app: each is good once, for its half minute and the one before and after it.

allauth remembers used codes in the cache for half a minute, which is shorter than such a code lives. Here the step
of the last accepted code stands in the row itself: nothing of that step or before it is accepted again, whichever
process is asked and whatever the cache has forgotten.
"""

from __future__ import annotations

import hmac
import time

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from django.db import transaction

PERIOD = 30
TOLERANCE = 1  # steps that a clock may be off
LAST_STEP = "last_step"


def step_of(secret: str, code: str, now: float | None = None) -> int | None:
    """The step of the clock a code belongs to, or None; compares with every step in the same time."""
    given = "".join(sign for sign in code if sign.isdecimal())
    current = int(time.time() if now is None else now) // PERIOD
    found = None
    for step in range(current - TOLERANCE, current + TOLERANCE + 1):
        if hmac.compare_digest(given.encode(), format_hotp_value(hotp_value(secret, step)).encode()):
            found = step
    return found


@transaction.atomic
def use(authenticator: Authenticator, code: str) -> bool:
    """Accept a code once."""
    row = Authenticator.objects.select_for_update().get(pk=authenticator.pk)
    step = step_of(decrypt(row.data["secret"]), code)
    if step is None or step <= row.data.get(LAST_STEP, -1):
        return False
    row.data[LAST_STEP] = step
    row.save(update_fields=["data"])
    return True


def remember(authenticator: Authenticator, step: int) -> None:
    """The code with which the app was added is spent as well."""
    with transaction.atomic():
        row = Authenticator.objects.select_for_update().get(pk=authenticator.pk)
        row.data[LAST_STEP] = step
        row.save(update_fields=["data"])
