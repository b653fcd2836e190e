"""Dates, durations and numbers in words, in the three languages; the time zone is the site's."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from functools import lru_cache

from django.utils import formats, timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

Moment = dt.date | dt.datetime


def local(value: Moment) -> Moment:
    """An instant as the clock on the wall shows it; a plain date stays what it is."""
    if isinstance(value, dt.datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value


def long_date(value: Moment) -> str:
    return formats.date_format(local(value), "DATE_FORMAT")


def long_datetime(value: Moment) -> str:
    value = local(value)
    return formats.date_format(value, "DATETIME_FORMAT" if isinstance(value, dt.datetime) else "DATE_FORMAT")


def short_date(value: Moment) -> str:
    return formats.date_format(local(value), "SHORT_DATE_FORMAT")


def short_datetime(value: Moment) -> str:
    value = local(value)
    return formats.date_format(
        value, "SHORT_DATETIME_FORMAT" if isinstance(value, dt.datetime) else "SHORT_DATE_FORMAT"
    )


def relative(value: Moment, now: dt.datetime) -> str:
    """The words a person would use: minutes within the hour, then today and yesterday, then days, then the date."""
    here, value = timezone.localtime(now), local(value)
    if isinstance(value, dt.datetime):
        minutes = int((here - value).total_seconds() // 60)
        if 0 <= minutes < 60:
            return _minutes_ago(minutes)
        day, clock = value.date(), ", " + formats.date_format(value, "TIME_FORMAT")
    else:
        day, clock = value, ""
    days = (day - here.date()).days
    if days in (-1, 0, 1):
        return {-1: _("yesterday"), 0: _("today"), 1: _("tomorrow")}[days] + clock
    return _other_day(day, days)


def _minutes_ago(minutes: int) -> str:
    if minutes == 0:
        return _("just now")
    return ngettext("%(count)s minute ago", "%(count)s minutes ago", minutes) % {"count": minutes}


def _other_day(day: dt.date, days: int) -> str:
    if 1 < days <= 7:
        return ngettext("in %(count)s day", "in %(count)s days", days) % {"count": days}
    if -7 <= days < -1:
        return ngettext("%(count)s day ago", "%(count)s days ago", -days) % {"count": -days}
    return formats.date_format(day, "DATE_FORMAT")


def count_of(unit: str, count: int) -> str:
    """A number with its unit: day, working_day, hour."""
    values = {"count": number(count)}
    if unit == "hour":
        return ngettext("%(count)s hour", "%(count)s hours", count) % values
    if unit == "working_day":
        return ngettext("%(count)s working day", "%(count)s working days", count) % values
    return ngettext("%(count)s day", "%(count)s days", count) % values


def left(unit: str, count: int) -> str:
    values = {"count": number(count)}
    if unit == "hour":
        return ngettext("%(count)s hour left", "%(count)s hours left", count) % values
    if unit == "working_day":
        return ngettext("%(count)s working day left", "%(count)s working days left", count) % values
    return ngettext("%(count)s day left", "%(count)s days left", count) % values


def overdue(unit: str, count: int) -> str:
    values = {"count": number(count)}
    if unit == "hour":
        return ngettext("%(count)s hour overdue", "%(count)s hours overdue", count) % values
    if unit == "working_day":
        return ngettext("%(count)s working day overdue", "%(count)s working days overdue", count) % values
    return ngettext("%(count)s day overdue", "%(count)s days overdue", count) % values


def duration(value: dt.timedelta) -> str:
    """The two largest units are enough: 2 days 4 hours, 3 hours 15 minutes, 40 minutes."""
    minutes = max(0, int(value.total_seconds() // 60))
    days, hours, rest = minutes // 1440, minutes % 1440 // 60, minutes % 60
    parts = []
    if days:
        parts.append(count_of("day", days))
    if hours:
        parts.append(count_of("hour", hours))
    if not days and (rest or not hours):
        parts.append(ngettext("%(count)s minute", "%(count)s minutes", rest) % {"count": rest})
    return " ".join(parts)


def number(value: int | float | Decimal, places: int | None = None) -> str:
    """Thousands apart by a thin space from 10,000 on, as both state languages write it."""
    if places is None and not isinstance(value, int):
        return _number(value, places)  # equal values may have other digits: 5.0 and 5.00
    return _kept_number(get_language(), value, places)


@lru_cache(maxsize=10_000, typed=True)
def _kept_number(_language: str | None, value: int | float | Decimal, places: int | None) -> str:
    """A page of figures writes the same numbers again and again, and looks up its language for each."""
    return _number(value, places)


def _number(value: int | float | Decimal, places: int | None) -> str:
    group = not -10_000 < value < 10_000
    return formats.number_format(value, decimal_pos=places, use_l10n=True, force_grouping=group)


def file_size(size: int) -> str:
    if size < 1024:
        return _("%(size)s B") % {"size": number(size)}
    if size < 1024 * 1024:
        return _("%(size)s KB") % {"size": number(size / 1024, 0)}
    return _("%(size)s MB") % {"size": number(size / (1024 * 1024), 1)}
