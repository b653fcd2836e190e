"""The wait for the applicant's answer in his own words: until when, and what happens then."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from appeals.models import Appeal, Status, Timer, TimerCode
from appeals.views import term_views


@dataclass(frozen=True)
class Asked:
    """A question that waits for its answer. `until` is the applicant's own term, `stands` says that ours waits."""

    until: dt.datetime | None
    stands: bool
    is_late: bool


def asked_of(appeal: Appeal, timers: Iterable[Timer], now: dt.datetime) -> Asked | None:
    """None while nothing is asked. A wait whose time is over ends within minutes; until then it is said to be over."""
    if appeal.status != Status.AWAITING_INFO:
        return None
    rows = list(timers)
    wait = next((row for row in rows if row.code == TimerCode.APPLICANT_INFO and row.stopped_at is None), None)
    clock = term_views.leading(rows)
    return Asked(
        until=wait.due_at if wait else None,
        stands=clock is not None and clock.paused_at is not None and clock.stopped_at is None,
        is_late=wait is not None and wait.due_at <= now,
    )
