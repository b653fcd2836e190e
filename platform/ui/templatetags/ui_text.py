"""Filters for dates, durations and numbers; every one returns an empty string for an empty value."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from ui import dates

register = template.Library()


def _of_moment(name: str, words: Callable[[dates.Moment], str]) -> None:
    def show(value: Any) -> str:
        return words(value) if isinstance(value, dt.date) else ""

    register.filter(name, show, is_safe=True)


_of_moment("long_date", dates.long_date)
_of_moment("long_datetime", dates.long_datetime)
_of_moment("short_date", dates.short_date)
_of_moment("short_datetime", dates.short_datetime)
_of_moment("relative", lambda value: dates.relative(value, timezone.now()))


@register.simple_tag
def when(value: dates.Moment | None) -> SafeString | str:
    """{% when appeal.received_at %}: the words of the moment, the exact time for machines and on pointing."""
    if value is None:
        return ""
    exact = dates.local(value)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        exact.isoformat(),
        dates.long_datetime(value),
        dates.relative(value, timezone.now()),
    )


@register.filter
def number(value: Any, places: int | None = None) -> str:
    """{{ 28724|number }} and {{ 25.3|number:1 }}"""
    try:
        return dates.number(value, places)
    except TypeError:
        return "" if value is None else str(value)


@register.filter
def percent(value: Any, places: int = 1) -> str:
    """A share between 0 and 1 as 89,4 %; nothing where there is no share."""
    if value is None or value == "":
        return "–"
    return f"{dates.number(round(float(value) * 100, places), places)}\u00a0%"


@register.filter
def file_size(value: Any) -> str:
    return dates.file_size(int(value)) if value not in (None, "") else ""


@register.filter
def duration(value: Any) -> str:
    return dates.duration(value) if isinstance(value, dt.timedelta) else ""


@register.filter
def working_days(value: Any) -> str:
    return dates.count_of("working_day", int(value))


@register.filter
def days(value: Any) -> str:
    return dates.count_of("day", int(value))


@register.filter
def hours(value: Any) -> str:
    return dates.count_of("hour", int(value))
