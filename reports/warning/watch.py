"""Keep the warnings in step with what is found: raise, follow, end. Whoever runs it twice changes nothing twice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import connection, transaction
from django.utils import timezone

from reports.models import EarlyWarning, WarningEvent
from reports.warning import findings, notices
from reports.warning.findings import Finding
from reports.warning.thresholds import thresholds

LOCK = 0x5741524E  # advisory lock of whoever writes warnings
Kind, State = EarlyWarning.Kind, EarlyWarning.State
E = WarningEvent.Kind
GREW = 2  # so many times what was told last is told again
SAME_APPEALS = 0.5
FOUND = {Kind.GROWTH: findings.growth, Kind.ADDRESS: findings.addresses, Kind.WORDING: findings.wordings}


def look(kind: str, day: dt.date) -> int:
    """Find what is unusual on the day and keep it; the number of new warnings."""
    return keep(kind, FOUND[Kind(kind)](day), day)


@transaction.atomic
def keep(kind: str, found: Iterable[Finding], day: dt.date) -> int:
    """One open warning for each thing, however often it is found; those that were quiet long enough end."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    open_ones = list(EarlyWarning.objects.filter(kind=kind).exclude(state=State.CLOSED))
    raised = sum(_keep_one(one, open_ones) for one in found)
    _end_quiet(kind, day)
    return raised


def _keep_one(found: Finding, open_ones: list[EarlyWarning]) -> int:
    row = next((row for row in open_ones if _is_same(row, found)), None)
    if row is not None:
        _follow(row, found)
        return 0
    if _was_closed_by_hand(found):
        return 0
    row = EarlyWarning.objects.create(**_values(found), kind=found.kind, key=found.key, first_on=found.first_on)
    open_ones.append(row)
    event = WarningEvent.objects.create(warning=row, kind=E.RAISED, after=State.NEW, observed=found.observed)
    notices.tell_subscribers(row, event)
    return 1


def _is_same(row: EarlyWarning, found: Finding) -> bool:
    """A wording is the same when mostly the same appeals have it, whichever of its words leads."""
    if row.key == found.key:
        return True
    if found.kind != Kind.WORDING:
        return False
    common = len(set(row.appeals) & set(found.appeals))
    return common > SAME_APPEALS * min(len(row.appeals), len(found.appeals))


def _values(found: Finding) -> dict[str, object]:
    names = ("sector_id", "topic_id", "area_id", "days", "observed", "expected", "low", "high", "p_value")
    return {name: getattr(found, name) for name in names} | {
        "words": list(found.words),
        "appeals": list(found.appeals),
        "last_on": found.day,
    }


def _follow(row: EarlyWarning, found: Finding) -> None:
    """The figures of the newest day. What has doubled since it was told last is told again and is new once more."""
    if found.day < row.last_on:
        return
    before = {name: getattr(row, name) for name in _values(found)}
    after = _values(found)
    if before == after:
        return
    for name, value in after.items():
        setattr(row, name, value)
    told = row.events.filter(kind__in=(E.RAISED, E.GREW)).last()
    row.changed_at = timezone.now()
    if told is not None and found.observed >= GREW * (told.observed or 1):
        state, row.state = row.state, State.NEW if row.state == State.EXPLAINED else row.state
        event = WarningEvent.objects.create(
            warning=row, kind=E.GREW, before=state, after=row.state, observed=found.observed
        )
        row.version += 1
        notices.tell_subscribers(row, event)
    row.save()


def _was_closed_by_hand(found: Finding) -> bool:
    """Somebody closed it while it lasted: it stays closed until it was quiet, or has doubled."""
    row = EarlyWarning.objects.filter(kind=found.kind, key=found.key, state=State.CLOSED).order_by("-pk").first()
    if row is None or row.last_on < found.day - dt.timedelta(days=thresholds().quiet_days):
        return False
    if found.observed >= GREW * row.observed:
        return False
    if found.day > row.last_on:
        row.last_on = found.day
        row.save(update_fields=["last_on"])
    return True


def _end_quiet(kind: str, day: dt.date) -> None:
    """What has not been found for some days is over; the history says when."""
    quiet = day - dt.timedelta(days=thresholds().quiet_days)
    over = EarlyWarning.objects.filter(kind=kind, last_on__lt=quiet).exclude(state=State.CLOSED)
    for row in over.select_for_update():
        WarningEvent.objects.create(warning=row, kind=E.ENDED, before=row.state, after=State.CLOSED)
        row.state, row.closed_at, row.changed_at = State.CLOSED, timezone.now(), timezone.now()
        row.version += 1
        row.save(update_fields=["state", "closed_at", "changed_at", "version"])
