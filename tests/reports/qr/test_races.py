"""One device and day, one rating, however many sendings arrive at once; with the controls."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from reports.models import PointRating, ServicePoint
from reports.qr import limits, rating
from reports.qr.rating import Said, Visitor
from tests.factories import make_department
from tests.races.together import Meeting, failures, together, without_row_locks
from tests.reports.qr.world import code_of, make_point

pytestmark = pytest.mark.django_db(transaction=True)
INDEX = "one_rating_of_a_device_a_day"


def send_at_once() -> tuple[ServicePoint, list[Any]]:
    """Four different answers from one phone."""
    point = make_point(make_department())
    code, me = code_of(point), Visitor("phone", "192.0.2.7")
    limits.salt_of(timezone.localdate())  # made before, so that nobody waits for the other there
    works = [lambda score=score: rating.rate(code, Said(score), me) for score in (1, 2, 4, 5)]
    return point, together(works)


def test_one_phone_has_one_rating_however_many_are_sent_at_once() -> None:
    _point, results = send_at_once()
    assert failures(results) == []
    standing = PointRating.objects.exclude(outcome="changed")
    assert (PointRating.objects.count(), standing.count()) == (4, 1)


def careless(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody locks, and all have looked before any writes."""
    without_row_locks(monkeypatch)
    meeting, look = Meeting(4), rating._standing

    def met(*args: Any) -> Any:
        found = look(*args)
        meeting.wait()
        return found

    monkeypatch.setattr(rating, "_standing", met)


def test_control_without_the_lock_the_database_refuses_all_but_one(monkeypatch: pytest.MonkeyPatch) -> None:
    careless(monkeypatch)
    _point, results = send_at_once()
    assert len(failures(results)) == 3
    assert PointRating.objects.count() == 1


@contextmanager
def without_index() -> Iterator[None]:
    """Rows that break the rule go before it comes back."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = %s", [INDEX])
        made = cursor.fetchone()[0]
        cursor.execute(f"DROP INDEX {INDEX}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE reports_pointrating CASCADE")
            cursor.execute(made)


def test_control_without_lock_and_index_one_phone_counts_four_times(monkeypatch: pytest.MonkeyPatch) -> None:
    careless(monkeypatch)
    with without_index():
        _point, results = send_at_once()
        assert failures(results) == []
        assert PointRating.objects.exclude(outcome="changed").count() == 4
