"""What the rows of use say: totals, a line per hour or day, by operation, by key, by code of the refusal."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from django.utils import timezone

from openapi import usage, usage_hours
from openapi.models import ApiKey, UsageHour

Name = TypeVar("Name", bound=Hashable)
THROTTLED = 429
MEDIAN, P95 = 0.5, 0.95
TOO_SLOW = -1  # slower than the last bound


@dataclass(frozen=True)
class Figures:
    """`limited` are the calls beyond a limit, part of `errors`; `median` and `p95` are the bounds of their classes in
    milliseconds, None without calls and TOO_SLOW beyond the last one."""

    calls: int = 0
    errors: int = 0
    failures: int = 0
    limited: int = 0
    median: int | None = None
    p95: int | None = None


@dataclass(frozen=True)
class Line:
    """The figures of an operation, a key, a code, an hour or a day."""

    name: Any
    figures: Figures


@dataclass(frozen=True)
class Report:
    """`by_code` knows refusals alone."""

    totals: Figures
    series: Sequence[Line]
    by_operation: Sequence[Line]
    by_key: Sequence[Line]
    by_code: Sequence[Line]


def report(application_id: int, *, since: datetime, now: datetime, hourly: bool, key_id: int | None = None) -> Report:
    """The use from `since` until now, of one key or of all."""
    rows = usage_hours.rows_of(application_id, since, now)
    of_keys = _by(rows, lambda row: row.key_id)
    if key_id is not None:
        rows = [row for row in rows if row.key_id == key_id]
    moments = _by(rows, (lambda row: row.hour) if hourly else _day)
    return Report(
        totals=figures(rows),
        series=[Line(moment, moments.get(moment, Figures())) for moment in _moments(since, now, hourly=hourly)],
        by_operation=_lines(_by(rows, lambda row: row.operation)),
        by_key=_lines(_named_keys(of_keys)),
        by_code=_lines(_by((row for row in rows if row.status >= 400), lambda row: (row.status, row.code))),
    )


def begin_of(now: datetime, *, hours: int = 0, days: int = 0) -> datetime:
    """The beginning of a period: full hours, or days by the calendar of the city, today being the last one."""
    if hours:
        return usage.hour_of(now) - timedelta(hours=hours - 1)
    first = timezone.localdate(now) - timedelta(days=days - 1)
    return timezone.make_aware(datetime(first.year, first.month, first.day))


def figures(rows: Iterable[UsageHour]) -> Figures:
    found = list(rows)
    classes = usage_hours.total([row.latency for row in found])

    def calls(condition: Callable[[UsageHour], bool]) -> int:
        return sum(row.calls for row in found if condition(row))

    return Figures(
        calls=calls(lambda row: True),
        errors=calls(lambda row: row.status >= 400),
        failures=calls(lambda row: row.status >= 500),
        limited=calls(lambda row: row.status == THROTTLED),
        median=bound_of(classes, MEDIAN),
        p95=bound_of(classes, P95),
    )


def bound_of(classes: Sequence[int], share: float) -> int | None:
    """The upper bound of the class in which the call lies than which so great a share was not slower."""
    whole, seen = sum(classes), 0
    for number, count in enumerate(classes):
        seen += count
        if whole and seen >= share * whole:
            return usage.BOUNDS[number] if number < len(usage.BOUNDS) else TOO_SLOW
    return None


def _by(rows: Iterable[UsageHour], name: Callable[[UsageHour], Name]) -> dict[Name, Figures]:
    groups: dict[Name, list[UsageHour]] = defaultdict(list)
    for row in rows:
        groups[name(row)].append(row)
    return {key: figures(group) for key, group in groups.items()}


def _lines(groups: dict[Any, Figures]) -> list[Line]:
    """The most used first."""
    return sorted((Line(*pair) for pair in groups.items()), key=lambda line: (-line.figures.calls, str(line.name)))


def _named_keys(groups: dict[int, Figures]) -> dict[Any, Figures]:
    keys = ApiKey.objects.in_bulk(list(groups))
    return {keys[pk]: found for pk, found in groups.items() if pk in keys}


def _day(row: UsageHour) -> date | datetime:
    return timezone.localtime(row.hour).date()


def _moments(since: datetime, now: datetime, *, hourly: bool) -> list[Any]:
    if hourly:
        first = usage.hour_of(since)
        return [first + timedelta(hours=number) for number in range(int((now - first) / timedelta(hours=1)) + 1)]
    begin, end = timezone.localdate(since), timezone.localdate(now)
    return [begin + timedelta(days=number) for number in range((end - begin).days + 1)]


def moment_of(name: date | datetime) -> datetime:
    """When the hour or the day of a line begins."""
    if isinstance(name, datetime):
        return timezone.localtime(name)
    return timezone.make_aware(datetime(name.year, name.month, name.day))
