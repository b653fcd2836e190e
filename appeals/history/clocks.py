"""The clocks of a past appeal in memory: the rules of `timers` without a query for each step."""

from __future__ import annotations

import datetime as dt

from appeals import sla, terms, timers
from appeals.models import Appeal, Timer, TimerCode, TimerPause

LEADING = timers.LEADING


class Clocks:
    """Starts, stops, pauses and extends unsaved timers at given instants."""

    def __init__(self, appeal: Appeal) -> None:
        self.appeal = appeal
        self.timers: list[Timer] = []
        self.pauses: dict[int, list[TimerPause]] = {}  # by position in `timers`

    def begin(self, codes: list[TimerCode], at: dt.datetime) -> None:
        """The first clocks; fills the appeal's registration, first day and due time."""
        self.timers = timers.plan(self.appeal, codes, at=at)

    def start(self, code: TimerCode, at: dt.datetime) -> Timer | None:
        timer = timers.draft(self.appeal, code, at=at)
        if timer is not None:
            self.timers.append(timer)
        return timer

    def running(self, code: TimerCode) -> Timer | None:
        found = (timer for timer in self.timers if timer.code == code and timer.stopped_at is None)
        return next(found, None)

    def stop(self, code: TimerCode, at: dt.datetime, *, cancel: bool = False) -> None:
        timer = self.running(code)
        if timer is None:
            return
        if timer.paused_at is not None:
            self._end_pause(timer, at)
        timer.stopped_at = at
        timer.outcome = Timer.Outcome.MET if at <= timer.due_at else Timer.Outcome.MISSED
        if cancel:
            timer.outcome = Timer.Outcome.CANCELLED
        timer.next_step_at = timer.next_share = None

    def stop_all(self, at: dt.datetime, *, cancel: bool = False) -> None:
        for timer in self.timers:
            if timer.stopped_at is None:
                self.stop(TimerCode(timer.code), at, cancel=cancel)

    def pause(self, at: dt.datetime, reason: str) -> list[Timer]:
        paused = []
        for timer in self._leading():
            if timer.paused_at is None and (timer.policy is None or timer.policy.pauses):
                timer.paused_at = at
                self.pauses.setdefault(self.timers.index(timer), []).append(TimerPause(started_at=at, reason=reason))
                paused.append(timer)
        return paused

    def resume(self, at: dt.datetime) -> list[Timer]:
        resumed = [timer for timer in self._leading() if timer.paused_at is not None]
        for timer in resumed:
            self._end_pause(timer, at)
            self.appeal.due_at = timer.due_at
        return resumed

    def extend(self, until: dt.datetime) -> None:
        for timer in self._leading():
            timer.extended_until = timer.due_at = until
            timer.target_at = None
            self.appeal.due_at = until

    def settle(self, now: dt.datetime) -> None:
        """Open clocks aim at the next rung still ahead: what lay in the past is not told again."""
        for timer in self.timers:
            if timer.stopped_at is None:
                timers.aim(timer, self.appeal.regime, after=now)

    def rows(self) -> list[Timer]:
        return self.timers

    def pause_rows(self) -> list[TimerPause]:
        """The pauses, once the timers have their ids."""
        rows = []
        for position, pauses in self.pauses.items():
            for pause in pauses:
                pause.timer_id = self.timers[position].pk
                rows.append(pause)
        return rows

    def _leading(self) -> list[Timer]:
        return [timer for timer in self.timers if timer.code in LEADING and timer.stopped_at is None]

    def _end_pause(self, timer: Timer, at: dt.datetime) -> None:
        if timer.paused_at is None:
            return
        timer.due_at = sla.due_after_pause(timer.unit, timer.due_at, timer.paused_at, at, terms.calendar())
        timer.paused_at = None
        for pause in self.pauses.get(self.timers.index(timer), []):
            pause.ended_at = pause.ended_at or at
