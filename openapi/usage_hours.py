"""From counters to rows: every ten minutes the hours that may have changed are written as they stand now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Max, QuerySet

from openapi import usage
from openapi.models import ApiKey, UsageHour
from openapi.usage import Call

HOUR = timedelta(hours=1)
REACH = timedelta(seconds=usage.KEPT_SECONDS)
LOCK = 0x75736167  # one writer at a time
FIELDS = ("calls", "latency")


@transaction.atomic
def store(now: datetime) -> int:
    """Write the hours since the last one stored, that one too; how many rows are new or have changed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    return sum(_store_hour(hour) for hour in _hours(now))


def _hours(now: datetime) -> Iterator[datetime]:
    """After a long stop all that the counters still hold. The last hour once more: it may not have been over."""
    latest = UsageHour.objects.aggregate(latest=Max("hour"))["latest"]
    oldest = usage.hour_of(now - REACH)
    hour = max(latest - HOUR, oldest) if latest else oldest
    while hour <= now:
        yield hour
        hour += HOUR


def _store_hour(hour: datetime) -> int:
    counted = usage.calls_in(hour)
    if not counted:
        return 0
    keys = dict(ApiKey.objects.filter(pk__in={call.key_id for call in counted}).values_list("pk", "application_id"))
    stored = {call_of(row): row for row in UsageHour.objects.filter(hour=hour)}
    rows = [
        row_of(call, classes, hour, keys[call.key_id])
        for call, classes in counted.items()
        if call.key_id in keys and (call not in stored or stored[call].calls < sum(classes))
    ]
    UsageHour.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["key", "hour", "operation", "status", "code"],
        update_fields=FIELDS,
    )
    return len(rows)


def row_of(call: Call, classes: list[int], hour: datetime, application_id: int) -> UsageHour:
    return UsageHour(
        application_id=application_id,
        key_id=call.key_id,
        hour=hour,
        operation=call.operation,
        status=call.status,
        code=call.code,
        calls=sum(classes),
        latency=classes,
    )


def call_of(row: UsageHour) -> Call:
    return Call(row.key_id, row.operation, row.status, row.code)


def rows_of(application_id: int, since: datetime, now: datetime) -> list[UsageHour]:
    """What is stored, and above it what was counted in this hour and the one before, so that a call shows at once."""
    stored = UsageHour.objects.filter(application_id=application_id, hour__gte=since).order_by("hour", "pk")
    found = {(row.hour, call_of(row)): row for row in stored}
    keys = set(ApiKey.objects.filter(application_id=application_id).values_list("pk", flat=True))
    for hour in (usage.hour_of(now) - HOUR, usage.hour_of(now)):
        for call, classes in usage.calls_in(hour).items() if hour >= since else ():
            kept = found.get((hour, call))
            if call.key_id in keys and (kept is None or kept.calls < sum(classes)):
                found[hour, call] = row_of(call, classes, hour, application_id)
    return sorted(found.values(), key=lambda row: row.hour)


def before(older: datetime) -> QuerySet[UsageHour]:
    return UsageHour.objects.filter(hour__lt=older)


def delete_old(older: datetime, action: str, limit: int) -> int:
    """One batch of what is older than the rule says."""
    keys = list(before(older).order_by("hour").values_list("pk", flat=True)[:limit])
    UsageHour.objects.filter(pk__in=keys).delete()
    return len(keys)


def total(classes: Iterable[list[int]]) -> list[int]:
    """Several histograms as one."""
    return [sum(column) for column in zip(*classes, strict=True)] or [0] * usage.CLASSES
