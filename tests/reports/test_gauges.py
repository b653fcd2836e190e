"""What waits, is late or has failed of all that is published can be seen by whoever runs the hub."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from accounts.models import Role
from common.errors import ValidationFailed
from reports import gauges
from reports.models import DatasetRun
from reports.opendata import making as open_data
from reports.periodic import making, scheduling
from tests.factories import make_user
from tests.reports.periodic.conftest import counted as counted  # a fixture
from tests.reports.periodic.worlds import MONDAY, Counted, ask, schedule

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
NONE = {"report": 0.0, "open_data": 0.0}


def test_what_was_asked_for_waits_and_grows_old(counted: Counted) -> None:
    assert gauges.publishing_waiting() == gauges.publishing_oldest() == NONE
    ask()
    open_data.order("terms")
    with time_machine.travel(timezone.now() + HOUR, tick=False):
        assert gauges.publishing_waiting() == {"report": 1.0, "open_data": 1.0}
        found = gauges.publishing_oldest()
        assert all(3600 <= seconds < 3660 for seconds in found.values()), found
        making.make_due()
        open_data.make_waiting()
        assert gauges.publishing_waiting() == gauges.publishing_oldest() == NONE


def test_a_report_that_failed_is_told_for_a_day(counted: Counted) -> None:
    counted.why = ValidationFailed("Тым көп өтініш.")
    ask()
    making.make_due()
    assert gauges.publishing_failed()["report"] == 1
    with time_machine.travel(timezone.now() + 25 * HOUR, tick=False):
        assert gauges.publishing_failed()["report"] == 0


def test_a_dataset_that_failed_is_told_until_it_is_made() -> None:
    for state in (DatasetRun.State.FAILED, DatasetRun.State.FAILED):
        DatasetRun.objects.create(dataset="appeals", state=state)
    assert gauges.publishing_failed()["open_data"] == 1
    DatasetRun.objects.create(dataset="appeals", state=DatasetRun.State.UNCHANGED)
    assert gauges.publishing_failed()["open_data"] == 0


def test_a_schedule_whose_last_run_failed_is_told_and_one_that_is_late(counted: Counted) -> None:
    counted.why = ValidationFailed("Тым көп өтініш.")
    with time_machine.travel(MONDAY - 24 * HOUR, tick=False):
        row = schedule(make_user(Role.ANALYST))
    with time_machine.travel(MONDAY + HOUR, tick=False):
        assert gauges.schedules_late() == 5400  # due at 8:00, now it is 9:30
        scheduling.run_due()
        making.make_due()
        scheduling.settle_runs()
        assert gauges.schedules_late() == 0
        assert gauges.publishing_failed()["schedule"] == 1
        scheduling.pause(row.pk, by=row.created_by)
        assert gauges.publishing_failed()["schedule"] == 0
