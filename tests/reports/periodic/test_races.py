"""Whoever asks, ticks or makes at the same moment: one report, one run, one version."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine

from reports.models import PublishedReport, ScheduleRun
from reports.periodic import making, scheduling
from tests.races.together import Meeting, failures, together, without_row_locks
from tests.reports.periodic import worlds
from tests.reports.periodic.worlds import MONDAY, Counted, ask

pytestmark = pytest.mark.django_db(transaction=True)


def test_who_asks_at_the_same_moment_gets_the_same_report(counted: Counted) -> None:
    results = together([ask] * 4)
    assert not failures(results)
    assert len({report.pk for report in results}) == 1


def test_two_workers_never_make_the_same_report(counted: Counted) -> None:
    ask(), ask("ru")
    assert sum(together([making.make_due] * 3)) == 2
    assert sorted(PublishedReport.objects.values_list("language", "version")) == [("kk", 1), ("ru", 1)]


def test_without_the_lock_two_of_them_take_it(counted: Counted, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: both read the waiting row before either has written that it is taken."""
    report = ask()
    meeting, save = Meeting(), PublishedReport.save

    def save_when_both_have_read(row: PublishedReport, **values: Any) -> None:
        meeting.wait()
        save(row, **values)

    without_row_locks(monkeypatch)
    monkeypatch.setattr(PublishedReport, "save", save_when_both_have_read)
    assert [one.pk for one in together([making._claim] * 2)] == [report.pk, report.pk]


def test_two_ticks_begin_a_period_once(counted: Counted) -> None:
    with time_machine.travel(MONDAY, tick=False) as clock:
        owner = worlds.analyst()
        schedule = worlds.schedule(owner, users=[owner])
        clock.move_to(schedule.next_run_at)
        results = together([scheduling.run_due] * 3)
    assert not failures(results) and sum(results) == 1
    assert ScheduleRun.objects.count() == 1
