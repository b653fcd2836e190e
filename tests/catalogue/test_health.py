"""The rule that says how a connection is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from catalogue import health
from catalogue.health import Health
from catalogue.models import ConnectorJob

NOW = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
EVERY = timedelta(minutes=5)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"last_succeeded_at": None}, Health.WAITING),
        ({}, Health.WORKS),
        ({"failures": 1}, Health.FAILS),
        ({"failures": 1, "last_succeeded_at": None}, Health.FAILS),
        ({"due_at": NOW - timedelta(minutes=15)}, Health.WORKS),
        ({"due_at": NOW - timedelta(minutes=16)}, Health.SILENT),
        ({"due_at": NOW - timedelta(minutes=16), "failures": 2}, Health.FAILS),
        ({"paused_at": NOW, "failures": 2}, Health.PAUSED),
    ],
)
def test_health_of_a_job(values: dict[str, Any], expected: Health) -> None:
    row = ConnectorJob(**{"job": "check", "due_at": NOW, "last_succeeded_at": NOW, **values})
    assert health.of_job(row, EVERY, NOW) == expected


def test_short_intervals_have_patience_of_some_minutes() -> None:
    row = ConnectorJob(job="run", last_succeeded_at=NOW, due_at=NOW - timedelta(minutes=4))
    assert health.of_job(row, timedelta(seconds=20), NOW) == Health.WORKS


def test_the_worst_of_several_counts() -> None:
    assert health.worst([Health.WORKS, Health.FAILS, Health.PAUSED]) == Health.FAILS
    assert health.worst([Health.WORKS, Health.NOT_SET_UP]) == Health.WORKS
    assert health.worst([]) is None
    assert set(health.WORST_FIRST) == set(Health) == set(health.TONES)
