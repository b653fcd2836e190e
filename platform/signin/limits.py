"""How often a password or a code may be tried: counters in the database, which every web process shares.

They do not live in the cache: when it is down, nothing may be guessed without a count.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import connection
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.contact_codes import wait_words
from common.crypto import keyed_hash
from common.errors import RateLimited
from common.phones import phone_or_none
from signin.models import Throttle


@dataclass(frozen=True)
class Limit:
    """At most so many tries within the window that the first of them opens; fewer while the hub is under attack."""

    slug: str
    most: int
    window: timedelta
    under_attack: int = 0

    def is_exceeded(self, count: int, *, under_attack: bool) -> bool:
        return count > (self.under_attack if under_attack and self.under_attack else self.most)


QUARTER, HOUR, DAY = timedelta(minutes=15), timedelta(hours=1), timedelta(days=1)
# Tries of a password for one typed login, from browsers that nobody has signed in with before.
LOGIN = Limit("login", 10, QUARTER, under_attack=3)
LOGIN_DAILY = Limit("login-day", 60, DAY)
# From a browser in which the account was signed in before: strangers cannot use this count up.
DEVICE = Limit("device", 10, QUARTER)
DEVICE_DAILY = Limit("device-day", 60, DAY)
# From one network address, whatever the login; many people share one behind a provider.
NETWORK = Limit("network", 60, QUARTER, under_attack=10)
# Wrong passwords in the whole hub; when they are more, it is under attack.
PRESSURE = Limit("pressure", 600, timedelta(minutes=10))
HUB = "hub"
# Codes of an account: sent ones, those of an app and recovery codes together.
CODE = Limit("code", 10, HOUR)
CODE_DAILY = Limit("code-day", 20, DAY)
CODE_NETWORK = Limit("code-network", 100, HOUR)
# Codes that one account has sent to contacts it wants to call its own, whatever they are: each costs, and may annoy.
CONTACT_SENDS = Limit("contact-sends", 10, HOUR)
CONTACT_SENDS_DAILY = Limit("contact-sends-day", 20, DAY)
# Registrations, and questions for a new password.
REGISTER_NETWORK = Limit("register-network", 30, HOUR)
RESET_NETWORK = Limit("reset-network", 30, HOUR)
RESET_CONTACT = Limit("reset", 5, HOUR)

Counted = tuple[Limit, str]


class TooManyTries(RateLimited):
    """The count is full until `until`."""

    def __init__(self, until: datetime, now: datetime) -> None:
        self.until = until
        text = str(_("Too many tries. You can try again in %(wait)s.")) % {"wait": wait_words(until - now)}
        super().__init__(text, code="too_many_tries")


def take(counted: Iterable[Counted]) -> None:
    """Count one more try under each limit, before it is made; refuse when one of them was full."""
    now = timezone.now()
    rows = {_key(limit, who): limit for limit, who in counted}
    full = [
        row.ends_at
        for row in _count(rows, now)
        if rows[row.key].is_exceeded(row.tries, under_attack=row.pressure >= PRESSURE.most)
    ]
    if full:
        raise TooManyTries(max(full), now)


def give_back(counted: Iterable[Counted]) -> None:
    """A right try does not count."""
    keys = [_key(limit, who) for limit, who in counted]
    Throttle.objects.filter(key__in=keys).update(count=Greatest(F("count") - 1, 0))


def is_full(limit: Limit, who: str) -> bool:
    """Whether the count is full, without counting."""
    row = Throttle.objects.filter(key=_key(limit, who), ends_at__gt=timezone.now()).first()
    return row is not None and row.count >= limit.most


def forget(counted: Iterable[Counted]) -> None:
    """Begin to count anew: the owner has proven himself in another way."""
    Throttle.objects.filter(key__in=[_key(limit, who) for limit, who in counted]).delete()


def note_pressure() -> None:
    """One more wrong password in the hub."""
    _count({_key(PRESSURE, HUB): PRESSURE}, timezone.now())


def forget_ended() -> int:
    """Delete the counters whose windows are over."""
    return Throttle.objects.filter(ends_at__lt=timezone.now() - HOUR).delete()[0]


class _Row(NamedTuple):
    key: str
    tries: int
    ends_at: datetime
    pressure: int  # wrong passwords in the whole hub


def _count(rows: dict[str, Limit], now: datetime) -> list[_Row]:
    """All counters in one statement, always in the same order so that two of them never wait for each other."""
    values = [(key, now + rows[key].window) for key in sorted(rows)]
    places = ", ".join(["(%s, 1, %s)"] * len(values))
    statement = (
        f"INSERT INTO signin_throttle AS kept (key, count, ends_at) VALUES {places} "
        "ON CONFLICT (key) DO UPDATE SET "
        "count = CASE WHEN kept.ends_at <= %s THEN 1 ELSE kept.count + 1 END, "
        "ends_at = CASE WHEN kept.ends_at <= %s THEN excluded.ends_at ELSE kept.ends_at END "
        "RETURNING key, count, ends_at, "
        "coalesce((SELECT p.count FROM signin_throttle p WHERE p.key = %s AND p.ends_at > %s), 0)"
    )
    with connection.cursor() as cursor:
        pressure = _key(PRESSURE, HUB)
        cursor.execute(statement, [part for pair in values for part in pair] + [now, now, pressure, now])
        return [_Row(*row) for row in cursor.fetchall()]


def _key(limit: Limit, who: str) -> str:
    """Logins and addresses are hashed: the table is no list of who tried to sign in."""
    return f"{limit.slug}:{keyed_hash(who, purpose='limit')[:32]}"


def as_login(typed: str) -> str:
    """One written form of a typed login, so that spaces, capitals and ways to write a number do not begin anew."""
    text = unicodedata.normalize("NFKC", typed).strip().casefold()
    return text if "@" in text else phone_or_none(text) or text
