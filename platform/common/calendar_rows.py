"""The editable working calendar as a plain value, kept in the process for a few seconds."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.conf import settings

from common.models import CalendarDay, OfficeHours
from common.rows import CachedRows
from common.workcalendar import DayHours, WorkCalendar


def load_calendar() -> WorkCalendar:
    """The working calendar as it stands in the tables now."""
    kinds = CalendarDay.Kind
    days = list(CalendarDay.objects.values_list("date", "kind"))
    hours = {
        row.weekday: DayHours(row.opens_at, row.closes_at, row.break_from, row.break_until)
        for row in OfficeHours.objects.all()
    }
    return WorkCalendar(
        days_off=frozenset(date for date, kind in days if kind != kinds.MOVED_WORK),
        worked_days=frozenset(date for date, kind in days if kind == kinds.MOVED_WORK),
        office_hours=hours,
        timezone=ZoneInfo(settings.TIME_ZONE),
    )


calendar = CachedRows(load_calendar)
