"""Open sessions: how long one lives, who has which, and ending them for good.

The session itself carries when it began and when it was last used; the row is what its owner sees. A request
writes both only every few minutes.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import User
from accounts.permissions import is_staff_member
from audit import trail
from audit.actions import Action
from common.errors import NotFound
from common.limits import client_address
from signin.models import OpenSession
from signin.models.open_session import USER_AGENT_LENGTH
from signin.session_store import end_sessions

TIMES = "signin_times"
TOUCH_SECONDS = 300
STAFF, RESIDENT = "staff", "resident"


@dataclass(frozen=True)
class Limits:
    """How long a session may last in all, and how long without being used."""

    lifetime: timedelta
    idle: timedelta


def limits_of(kind: str) -> Limits:
    if kind == STAFF:
        return Limits(settings.STAFF_SESSION_LIFETIME, settings.STAFF_SESSION_IDLE)
    return Limits(settings.RESIDENT_SESSION_LIFETIME, settings.RESIDENT_SESSION_LIFETIME)


def limits_for(user: User) -> Limits:
    return limits_of(STAFF if is_staff_member(user) else RESIDENT)


def is_over(*, began: float, seen: float, now: float, limits: Limits) -> bool:
    """The rule alone: over when it is too old or was not used for too long."""
    return now - began >= limits.lifetime.total_seconds() or now - seen >= limits.idle.total_seconds()


# One request


@transaction.atomic
def begin(request: HttpRequest, user: User) -> None:
    """Somebody has signed in: the session gets its times and its row."""
    kind = STAFF if is_staff_member(user) else RESIDENT
    now = timezone.now()
    if not request.session.session_key:
        request.session.save()
    values = {
        "user": user,
        "started_at": now,
        "seen_at": now,
        "ends_at": now + limits_of(kind).lifetime,
        **_client(request),
    }
    row, _new = OpenSession.objects.update_or_create(session_key=request.session.session_key, defaults=values)
    request.session[TIMES] = {"began": now.timestamp(), "seen": now.timestamp(), "kind": kind, "row": row.pk}


def is_current_over(session: SessionBase) -> bool:
    """Whether this request's session has come to its end."""
    times = session.get(TIMES)
    if not times:
        return False
    limits = limits_of(times["kind"])
    return is_over(began=times["began"], seen=times["seen"], now=time.time(), limits=limits)


def touch(request: HttpRequest) -> bool:
    """Note that the session is used, now and then; false when it has been ended elsewhere."""
    times = request.session.get(TIMES)
    now = timezone.now()
    if not times:  # signed in before there were times
        begin(request, request.user)  # type: ignore[arg-type]  # asked only for who has signed in
        return True
    if now.timestamp() - times["seen"] < TOUCH_SECONDS:
        return True
    request.session[TIMES] = {**times, "seen": now.timestamp()}
    values = {"seen_at": now, "session_key": request.session.session_key, **_client(request)}
    return bool(OpenSession.objects.filter(pk=times["row"]).update(**values))


def row_of(session: SessionBase) -> int | None:
    """The row of this session."""
    times = session.get(TIMES)
    return times["row"] if times else None


def follow_key(session: SessionBase) -> None:
    """The session goes on under a new id, and so does its row."""
    OpenSession.objects.filter(pk=row_of(session) or 0).update(session_key=session.session_key)


def rights_changed(user: User, request: HttpRequest | None) -> None:
    """Roles came or went: sessions from before end, and the one in which it was done goes on under a new id."""
    own = own_row(user, request)
    end_all(user, but=own)
    if request is not None and own:
        request.session.cycle_key()
        OpenSession.objects.filter(pk=own).delete()
        begin(request, User.objects.get(pk=user.pk))


def own_row(user: User, request: HttpRequest | None) -> int | None:
    """The row of the session in which this person himself is acting just now."""
    acting = getattr(request, "user", None)
    if request is None or acting is None or acting.pk != user.pk:
        return None
    return row_of(request.session)


def _client(request: HttpRequest) -> dict[str, str | None]:
    return {"address": _address(request), "user_agent": request.META.get("HTTP_USER_AGENT", "")[:USER_AGENT_LENGTH]}


def _address(request: HttpRequest) -> str | None:
    """What a proxy forwards may be no address at all."""
    try:
        return str(ip_address(client_address(request)))
    except ValueError:
        return None


# Lists and ends


def open_sessions(user: User) -> QuerySet[OpenSession]:
    """What is open, the last used first; rows whose session has ended some other way do not count."""
    idle, now = limits_for(user).idle, timezone.now()
    alive = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=now)
    rows = OpenSession.objects.filter(Exists(alive), user=user, ends_at__gt=now, seen_at__gt=now - idle)
    return rows.order_by("-seen_at", "-id")


def end_one(user: User, session_id: int, *, request: HttpRequest | None = None) -> None:
    """End one session of this person."""
    with transaction.atomic():
        row = OpenSession.objects.select_for_update().filter(user=user, pk=session_id).first()
        if row is None:
            raise NotFound
        _end([row])
        _record(user, request, 1)


def end_all(user: User, *, but: int | None = None, request: HttpRequest | None = None) -> int:
    """End every session of this person, or all but one; how many there were.

    With the request of who asked for it, the log is told.
    """
    with transaction.atomic():
        rows = list(OpenSession.objects.select_for_update().filter(user=user).exclude(pk=but or 0))
        if rows:
            _end(rows)
        if request is not None:
            _record(user, request, len(rows))
    return len(rows)


def _record(user: User, request: HttpRequest | None, count: int) -> None:
    trail.record(
        action=Action.SESSIONS_ENDED,
        actor=request.user if request is not None and isinstance(request.user, User) else user,
        subject_ref=f"user:{user.pk}",
        details={"sessions": count},
        request=request,
    )


def forget_ended(now: datetime | None = None) -> int:
    """Rows of sessions that are over, and the sessions themselves when nobody came back to them."""
    moment = now or timezone.now()
    over, _rows = OpenSession.objects.filter(ends_at__lte=moment).delete()
    Session.objects.filter(expire_date__lte=moment).delete()
    return over


def _end(rows: Iterable[OpenSession]) -> None:
    found = list(rows)
    OpenSession.objects.filter(pk__in=[row.pk for row in found]).delete()
    end_sessions([row.session_key for row in found])
