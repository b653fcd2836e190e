"""What is counted of calls, and what is forgotten of them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from common.key_value import cache
from common.rows import forget_rows
from openapi import tasks, usage, usage_hours, usage_report
from openapi.models import IdempotentRequest, UsageHour
from openapi.scopes import Scope
from tests.factories import make_reference, make_topic
from tests.openapi.api import FILING, Program, make_program
from tests.openapi.test_pages import signed_in

pytestmark = pytest.mark.django_db


def use(program):
    """Two reads, something that is not there, and one call without the right scope."""
    program.get("reference/topics")
    program.get("reference/topics")
    program.get("appeals/nothing")
    program.get("team/shifts")


COUNTED = {
    ("reference-topics.get", 200, ""): 2,
    ("appeals-detail.get", 404, "not_found"): 1,
    ("shifts.get", 403, "scope_missing"): 1,
}


def rows():
    return {(row.operation, row.status, row.code): row.calls for row in UsageHour.objects.all()}


@pytest.fixture
def program():
    return make_program(None, Scope.REFERENCE_READ, Scope.APPEALS_READ)


def test_calls_are_counted_by_key_operation_and_result(program):
    use(program)
    counted = usage.calls_in(timezone.now())
    assert {call.key_id for call in counted} == {program.new.row.pk}
    found = {(call.operation, call.status, call.code): sum(classes) for call, classes in counted.items()}
    assert found == COUNTED


def test_hours_are_stored_once_however_often(program):
    use(program)
    assert tasks.store_usage() == 3
    assert tasks.store_usage() == 0
    assert rows() == COUNTED
    program.get("reference/topics")
    tasks.store_usage()
    assert rows() == COUNTED | {("reference-topics.get", 200, ""): 3}
    assert all(sum(row.latency) == row.calls for row in UsageHour.objects.all())


def test_counters_that_were_lost_take_nothing_from_what_is_stored(program):
    use(program)
    tasks.store_usage()
    cache.clear()
    program.get("reference/topics")
    tasks.store_usage()
    assert rows() == COUNTED


def test_hours_that_nobody_stored_are_found_later(program, time_machine):
    time_machine.move_to("2026-11-26T12:00:00+05:00", tick=False)
    tasks.store_usage()
    use(program)
    time_machine.shift(timedelta(days=2))
    use(program)
    assert tasks.store_usage() == 6
    assert {row.hour for row in UsageHour.objects.all()} == {
        usage.hour_of(timezone.now()), usage.hour_of(timezone.now() - timedelta(days=2))
    }  # fmt: skip


def test_report_says_what_was_called(program):
    """Before and after it is stored."""
    use(program)
    for _ in range(2):
        found = _report(program)
        assert (found.totals.calls, found.totals.errors, found.totals.failures, found.totals.limited) == (4, 2, 0, 0)
        assert {line.name: line.figures.calls for line in found.by_code} == {
            (404, "not_found"): 1, (403, "scope_missing"): 1
        }  # fmt: skip
        assert found.by_operation[0].name == "reference-topics.get"
        assert sum(line.figures.calls for line in found.series) == 4
        assert len(found.series) == 24
        tasks.store_usage()


def test_limits_that_were_hit_are_told():
    program = make_program(rate=2)
    for _ in range(3):
        program.get("reference/topics")
    assert _report(program).totals.limited == 1


def test_each_key_of_an_application_is_counted_by_itself(program):
    other = Program(program.application)
    program.get("reference/topics")
    other.get("reference/topics")
    other.get("reference/topics")
    found = {line.name.pk: line.figures.calls for line in _report(program).by_key}
    assert found == {program.new.row.pk: 1, other.new.row.pk: 2}
    assert _report(program, key_id=other.new.row.pk).totals.calls == 2


def test_old_rows_go(program):
    use(program)
    tasks.store_usage()
    later = timezone.now() + timedelta(days=1)
    assert usage_hours.before(later).count() == 3
    assert usage_hours.delete_old(later, "delete", 2) == 2
    assert usage_hours.delete_old(later, "delete", 2) == 1


@pytest.mark.parametrize(
    ("classes", "median", "p95"),
    [
        ([0] * 11, None, None),
        ([1] + [0] * 10, 5, 5),
        ([50, 0, 0, 45, 0, 0, 0, 0, 0, 0, 5], 5, 25),
        ([50, 0, 0, 44, 0, 0, 0, 0, 0, 0, 6], 5, usage_report.TOO_SLOW),
        ([49, 1, 0, 0, 0, 0, 0, 0, 50, 0, 0], 10, 1000),
    ],
)
def test_bounds_of_latency(classes, median, p95):
    assert usage_report.bound_of(classes, 0.5) == median
    assert usage_report.bound_of(classes, 0.95) == p95


def _report(program, **values):
    now = timezone.now()
    since = usage_report.begin_of(now, hours=24)
    return usage_report.report(program.application.pk, since=since, now=now, hourly=True, **values)


@pytest.mark.parametrize(("took", "number"), [(0, 0), (5, 0), (5.1, 1), (15, 2), (2500, 9), (2501, 10)])
def test_classes_of_latency(took, number):
    assert usage.latency_class(took) == number


def test_keys_of_requests_are_forgotten_after_a_week(time_machine):
    make_reference()
    time_machine.move_to("2026-11-26T12:00:00+05:00", tick=False)
    program = make_program()
    program.post("appeals", FILING)
    time_machine.shift(timedelta(days=7) - timedelta(seconds=1))
    assert tasks.forget_requests() == 0
    time_machine.shift(2)
    assert tasks.forget_requests() == 1
    assert not IdempotentRequest.objects.exists()


def test_a_key_reads_its_own_use_and_none_of_others(program):
    other = make_program()
    use(other)
    reader = make_program(None, Scope.USAGE_READ, Scope.REFERENCE_READ)
    reader.get("reference/topics")
    found = reader.get("usage", {"step": "hour", "last": 2}).json()
    assert found["totals"]["calls"] == 1
    assert [(row["operation"], row["calls"]) for row in found["operations"]] == [("list_topics", 1)]
    assert len(found["series"]) == 2


def test_reference_data_is_sent_once_while_it_stays_the_same():
    program = make_program()
    first = program.get("reference/topics")
    assert first.status_code == 200
    assert program.get("reference/topics", If_None_Match=first["ETag"]).status_code == 304
    make_topic("water")
    forget_rows()
    assert program.get("reference/topics", If_None_Match=first["ETag"]).status_code == 200


def test_key_that_is_none_shows_the_use_of_all(program):
    client = signed_in(program.application.owner)
    for wanted in ("nobody", "%00", "%FF"):
        page = client.get(f"/developers/applications/{program.application.pk}/usage/?key={wanted}")
        assert page.status_code == 200
