"""What is counted of calls, and what is forgotten of them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from openapi import tasks, usage
from openapi.models import IdempotentRequest
from tests.factories import make_reference
from tests.openapi.api import FILING, make_program

pytestmark = pytest.mark.django_db


def test_calls_are_counted_by_operation_and_result():
    program = make_program()
    program.get("reference/topics")
    program.get("reference/topics")
    program.get("appeals/nothing")
    counted = usage.calls_in(timezone.now())
    found = {(operation, status): 0 for _, operation, status, _ in counted}
    for (application, operation, status, _), count in counted.items():
        assert application == program.application.pk
        found[operation, status] += count
    assert found == {("reference.topics", 200): 2, ("appeals.retrieve", 404): 1}


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
