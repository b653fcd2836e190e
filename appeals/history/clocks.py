"""The clocks of a past appeal in memory: the rules of `timers` without a query for each step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from appeals import sla, terms, timers
from appeals.models import Appeal, Question, Timer, TimerCode, TimerPause

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

    def start(self, code: TimerCode, at: dt.datetime, *, question: Question | None = None) -> Timer | None:
        timer = timers.draft(self.appeal, code, at=at, question=question)
        if timer is not None:
            self.timers.append(timer)
        return timer

    def running(self, code: TimerCode, question: Question | None = None) -> Timer | None:
        pk = question.pk if question else None
        found = (row for row in self.timers if row.code == code and row.question_id == pk and row.stopped_at is None)
        return next(found, None)

    def stop(self, code: TimerCode, at: dt.datetime, *, cancel: bool = False, question: Question | None = None) -> None:
        timer = self.running(code, question)
        if timer is not None:
            self._stop(timer, at, cancel)

    def _stop(self, timer: Timer, at: dt.datetime, cancel: bool) -> None:
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
                self._stop(timer, at, cancel)

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
            if timer.next_share:
                self._aim(timer, after_share=timer.next_share - 1)
            if timer.question_id is None:
                self.appeal.due_at = timer.due_at
        return resumed

    def extend(self, until: dt.datetime, at: dt.datetime) -> None:
        for timer in self._leading():
            timer.extended_until = timer.due_at = until
            timer.target_at = None
            self._aim(timer, after=at)
        self.appeal.due_at = until

    def settle(self, now: dt.datetime) -> None:
        """Open clocks aim at the next rung still ahead: what lay in the past is not told again."""
        for timer in self.timers:
            if timer.stopped_at is None:
                self._aim(timer, after=now)

    def rungs(self, until: dt.datetime) -> Iterator[tuple[Timer, int, dt.datetime]]:
        """The rungs of the ladder that come up to an instant, in order of time, each once."""
        while due := [timer for timer in self.timers if self._is_due(timer, until)]:
            timer = min(due, key=lambda row: row.next_step_at or until)
            share, instant = timer.next_share or 0, timer.next_step_at or until
            self._aim(timer, after_share=share)
            yield timer, share, instant

    @staticmethod
    def _is_due(timer: Timer, until: dt.datetime) -> bool:
        is_running = timer.stopped_at is None and timer.paused_at is None
        return is_running and timer.next_step_at is not None and timer.next_step_at <= until

    def _aim(self, timer: Timer, *, after: dt.datetime | None = None, after_share: int = 0) -> None:
        """As `timers` does, with pauses that are not stored yet."""
        timer.next_step_at = timer.next_share = None
        shares = terms.shares_for(self.appeal.regime, timer.code)
        clock = timers.clock_of(timer, self.pauses.get(self.timers.index(timer), ())) if shares else None
        while clock and (step := sla.next_step(clock, shares, terms.calendar(), after_share=after_share)):
            after_share, instant = step
            if after is None or instant > after:
                timer.next_share, timer.next_step_at = step
                return

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
