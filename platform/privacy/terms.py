"""The terms of the duties as they stand in the table, put onto a row; recomputed when the calendar was edited."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from common.calendar_rows import calendar
from common.rows import CachedRows
from privacy import clocks
from privacy.models import Term
from privacy.models.terms import Timed

# What holds where an administrator has deleted the row: the strictest reading.
SHORTEST = 1

_days = CachedRows(lambda: dict(Term.objects.values_list("slug", "working_days")))


def working_days(slug: str) -> int:
    return _days().get(slug, SHORTEST)


def start_clock(row: Timed, slug: str, *, at: dt.datetime | None = None) -> None:
    """Freeze the term in force on the row: a later change of the table does not move a running term."""
    row.received_at = at or timezone.now()
    row.working_days = working_days(slug)
    set_marks(row)


def set_marks(row: Timed) -> bool:
    """Compute due time and next notice from the frozen term; whether anything moved."""
    before = (row.due_at, row.next_mark_at)
    row.due_at = clocks.due_at(row.received_at, row.working_days, calendar())
    following = clocks.next_mark(row.received_at, row.due_at, row.told_share, calendar())
    row.next_mark_at = following[1] if following else None
    return before != (row.due_at, row.next_mark_at)


def stop_clock(row: Timed, *, at: dt.datetime) -> None:
    row.done_at, row.next_mark_at = at, None
