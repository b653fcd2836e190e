"""Against ratings by the dozen: whose rating it is without knowing who, and when many are too many.

Nothing that leads to a person is kept. The browser gets a random word until midnight; the word and the network address
are stored as hashes with a salt that exists for that day alone and is thrown away the day after.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from common.crypto import keyed_hash
from reports.models import DaySalt

KEPT = 32


@dataclass(frozen=True)
class Burst:
    """More ratings of one point from one network in that time are set aside until a person has looked."""

    most: int
    within: dt.timedelta


# Many phones share one address of their provider, so a handful in a short time is ordinary.
BURSTS: Sequence[Burst] = (Burst(8, dt.timedelta(minutes=10)), Burst(40, dt.timedelta(hours=24)))
LONGEST = max(burst.within for burst in BURSTS)


def burst_of(earlier: Sequence[dt.datetime], now: dt.datetime) -> Burst | None:
    """Which limit one more rating at `now` breaks, given the times of those from the same network before it."""
    for burst in BURSTS:
        recent = sum(now - burst.within < at <= now for at in earlier)
        if recent + 1 > burst.most:
            return burst
    return None


def new_device() -> str:
    return secrets.token_urlsafe(16)


def hashed(value: str, purpose: str, salt: str) -> str:
    """The same value of the same day gives the same hash; without the salt nothing can be tried out."""
    return keyed_hash(f"{salt}:{value}", purpose=f"qr-{purpose}")[:KEPT]


def salt_of(day: dt.date) -> str:
    """The salt of the day, made by the first who needs it; those of the days before yesterday go at the same time."""
    row, is_new = DaySalt.objects.get_or_create(day=day, defaults={"salt": secrets.token_hex(32)})
    if is_new:
        forget_salts(day)
    return row.salt


def forget_salts(today: dt.date) -> int:
    """Throw away every salt of a day that is over. Yesterday's may be needed by a request begun before midnight."""
    return DaySalt.objects.filter(day__lt=today - dt.timedelta(days=1)).delete()[0]
