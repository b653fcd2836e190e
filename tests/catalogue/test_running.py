"""Checks and runs: once at a time, written down however they end, and told of when they keep failing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
import time_machine
from billiard.exceptions import SoftTimeLimitExceeded
from django.utils import timezone

from accounts.models import Role
from audit.models import AuditRecord
from catalogue import outages, running, selectors, tasks
from catalogue.health import Health
from catalogue.models import ConnectorJob, ConnectorRun
from common.connectors import ConnectionTrouble, Reason, connectors
from common.errors import Conflict, NotFound
from notifications.models import Notification
from tests.catalogue.conftest import SLUG, Example
from tests.factories import make_user

pytestmark = pytest.mark.django_db
NOW = "2026-11-27 09:00:00+00:00"


def fail(error: BaseException) -> Callable[[], Any]:
    def raises() -> Any:
        raise error

    return raises


def job(kind: str = "check") -> ConnectorJob:
    return ConnectorJob.objects.get(connector=SLUG, job=kind)


def due() -> list[tuple[str, str]]:
    return running.due(timezone.now())


def check(trigger: str = "schedule") -> ConnectorRun | None:
    due()
    return running.perform(SLUG, "check", trigger=trigger)


def test_a_tick_does_what_is_due_and_the_next_one_nothing(example: Example, run_tasks: Callable[[], list[str]]) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        assert tasks.run_due() == 2
        assert run_tasks() == ["catalogue.tasks.perform"] * 2
        assert tasks.run_due() == 0
        clock.shift(timedelta(seconds=61))
        assert due() == [(SLUG, "run")]
    assert (job().note, job().failures, job().leased_until) == ("fine", 0, None)
    assert ConnectorRun.objects.get(job=job("run")).count == 3


def test_ticks_that_came_twice_do_it_once(example: Example, run_tasks: Callable[[], list[str]]) -> None:
    tasks.run_due()
    tasks.run_due()
    run_tasks()
    assert ConnectorRun.objects.count() == 2


def test_nobody_begins_what_somebody_else_does(example: Example) -> None:
    meanwhile: list[Any] = []

    def checks() -> str:
        meanwhile.extend([due(), check(), check("hand")])
        return ""

    example.checks = checks
    due()
    running.perform(SLUG, "run")
    assert check() is not None
    assert meanwhile == [[], None, None]
    assert ConnectorRun.objects.filter(job=job()).count() == 1


def test_what_is_not_set_up_is_not_begun(example: Example) -> None:
    example.set_up = False
    assert due() == []
    assert check("hand") is None
    assert not ConnectorRun.objects.exists()


def test_a_plug_in_that_cannot_say_whether_it_is_set_up_stops_no_other(example: Example) -> None:
    class Broken(Example):
        def is_configured(self) -> bool:
            raise LookupError("no such setting")

        def check(self) -> str:
            raise LookupError("no such setting")

    connectors._entries["broken"] = Broken()
    due()
    assert {slug for slug, _job in due()} == {SLUG, "broken"}
    assert running.perform(SLUG, "check") is not None
    run = running.perform("broken", "check")
    assert run is not None and (run.reason, run.detail) == (Reason.ERROR, "LookupError")
    found = {row.slug: row.health for row in selectors.connections()}
    assert found["broken"] == Health.FAILS
    assert selectors.failing() == 1


def test_a_connector_that_is_gone_is_left_alone(example: Example) -> None:
    ConnectorJob.objects.create(connector="gone", job="check")
    assert ("gone", "check") not in due()
    assert running.perform("gone", "check") is None


@pytest.mark.parametrize(
    ("error", "reason", "detail"),
    [
        (ConnectionTrouble(Reason.REFUSED, "535"), "refused", "535"),
        (TimeoutError("10.0.0.7"), "slow", ""),
        (SoftTimeLimitExceeded(), "slow", ""),
        (httpx.ReadTimeout("https://10.0.0.7/secret"), "slow", ""),
        (ConnectionRefusedError("10.0.0.7"), "unreachable", "ConnectionRefusedError"),
        (httpx.ConnectError("https://10.0.0.7/secret"), "unreachable", "ConnectError"),
        (ValueError("password=secret"), "error", "ValueError"),
    ],
)
def test_every_end_is_one_of_the_reasons_and_keeps_no_secret(
    example: Example, error: Exception, reason: str, detail: str
) -> None:
    example.checks = fail(error)
    run = check()
    assert run is not None
    assert (run.outcome, run.reason, run.detail) == ("failed", reason, detail)
    assert job().failures == 1
    assert job().last_succeeded_at is None


def test_a_worker_that_was_killed_is_written_down_by_the_next(example: Example) -> None:
    def killed() -> str:
        raise KeyboardInterrupt  # what no handler of the step stops

    example.checks = killed
    with time_machine.travel(NOW, tick=False) as clock:
        with pytest.raises(KeyboardInterrupt):
            check()
        assert (SLUG, "check") not in due()
        clock.shift(timedelta(seconds=41))
        example.checks = lambda: ""
        assert check() is not None
    assert list(ConnectorRun.objects.order_by("pk").values_list("reason", flat=True)) == ["stopped", ""]


def test_who_comes_back_after_his_lease_leaves_the_state_to_the_other(example: Example) -> None:
    with time_machine.travel(NOW, tick=False) as clock:

        def too_long() -> str:
            clock.shift(timedelta(minutes=2))
            example.checks = fail(ConnectionTrouble(Reason.REFUSED))
            check()
            return "late"

        example.checks = too_long
        check()
    assert (job().failures, job().note) == (2, "")
    assert ConnectorRun.objects.count() == 3


@pytest.mark.parametrize(
    ("failures", "kind", "minutes"), [(0, "run", 1), (1, "run", 2), (3, "run", 8), (40, "run", 30), (5, "check", 1)]
)
def test_a_run_that_fails_waits_longer_and_a_check_does_not(failures: int, kind: str, minutes: int) -> None:
    assert running.wait_after(timedelta(minutes=1), failures, kind) == timedelta(minutes=minutes)


def test_pausing_stops_the_schedule_and_resuming_is_due_at_once(example: Example) -> None:
    person = make_user(Role.ADMINISTRATOR)
    check()
    running.pause(SLUG, by=person)
    with pytest.raises(Conflict):
        running.pause(SLUG, by=person)
    assert due() == []
    assert running.perform(SLUG, "run") is None
    assert check("hand") is not None, "by hand it can be tried out"
    running.resume(SLUG, by=person)
    with pytest.raises(Conflict):
        running.resume(SLUG, by=person)
    assert set(due()) == {(SLUG, "check"), (SLUG, "run")}
    kept = AuditRecord.objects.filter(action="connection_steered", actor=person, subject_ref="connector:example")
    assert [row.details["what"] for row in kept.order_by("pk")] == ["paused", "resumed"]


def test_starting_by_hand_needs_a_free_connection_that_is_set_up(example: Example) -> None:
    person = make_user(Role.ADMINISTRATOR)
    running.start_by_hand(SLUG, "run", by=person)
    ConnectorJob.objects.filter(job="run").update(leased_until=timezone.now() + timedelta(minutes=1))
    with pytest.raises(Conflict):
        running.start_by_hand(SLUG, "run", by=person)
    example.set_up = False
    with pytest.raises(Conflict):
        running.start_by_hand(SLUG, "check", by=person)
    with pytest.raises(NotFound):
        running.start_by_hand("gone", "check", by=person)


def test_the_third_failure_and_the_recovery_are_told_once(example: Example) -> None:
    administrator, _operator = make_user(Role.ADMINISTRATOR, language="en"), make_user(Role.OPERATOR)
    example.checks = fail(ConnectionTrouble(Reason.REFUSED, "535"))
    for _again in range(5):
        check("hand")
    told = Notification.objects.get()
    assert told.user == administrator
    assert "The other side refuses us" in told.body
    example.checks = lambda: ""
    check("hand")
    check("hand")
    assert list(Notification.objects.order_by("pk").values_list("subject", flat=True)) == [
        "A connection does not work",
        "A connection works again",
    ]


def test_workers_that_are_killed_one_after_the_other_are_told_as_well(example: Example) -> None:
    """A connector that takes its worker down never comes to the end of a run."""
    make_user(Role.ADMINISTRATOR, language="en")
    with time_machine.travel(NOW, tick=False) as clock:
        example.checks = fail(KeyboardInterrupt())
        for _killed in range(outages.IN_A_ROW + 1):  # each is written down by the next one
            with pytest.raises(KeyboardInterrupt):
                check()
            clock.shift(timedelta(seconds=41))
    assert job().failures == outages.IN_A_ROW
    assert "stopped" in Notification.objects.get().body


def test_old_runs_are_forgotten_errors_later_than_successes(example: Example) -> None:
    check()
    example.checks = fail(ConnectionTrouble(Reason.SLOW))
    check("hand")
    now = timezone.now()
    assert running.forget_old(now + timedelta(days=1)) == 0
    assert running.forget_old(now + timedelta(days=3)) == 1
    assert ConnectorRun.objects.get().reason == "slow"
    assert running.forget_old(now + timedelta(days=91)) == 1
