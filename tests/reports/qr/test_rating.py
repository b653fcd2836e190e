"""Ratings: one of a device and day, bursts, codes, and what the database itself refuses."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from common.errors import NotFound, RateLimited, ValidationFailed
from reports.models import DaySalt, PointRating, RatingComment, ServicePoint
from reports.qr import limits, points, rating, results
from reports.qr.codes import LETTERS, folded, new_code
from reports.qr.rating import CodeReplaced, PointClosed, Said, Visitor
from reports.qr.reasons import SCORES, THEMES, reasons_for
from tests.factories import make_department, make_user
from tests.reports.qr.world import code_of, make_point, rate, visitor

NOON = dt.datetime(2026, 11, 27, 12, tzinfo=dt.timezone(dt.timedelta(hours=5)))
Outcome = PointRating.Outcome


@pytest.fixture
def point(db: None) -> ServicePoint:
    return make_point(make_department())


def outcomes() -> list[str]:
    return list(PointRating.objects.order_by("pk").values_list("outcome", flat=True))


# Rules without a database


def test_each_score_has_reasons_in_words_that_fit_it() -> None:
    for score in SCORES:
        assert [slug for slug, _words in reasons_for(score)] == list(THEMES)
    assert dict(reasons_for(1))["waiting"] != dict(reasons_for(5))["waiting"]


@given(st.integers())
def test_a_code_reads_the_same_however_it_is_typed(_: int) -> None:
    code = new_code()
    assert set(code) <= set(LETTERS)
    assert folded(f" {code[:4].upper()}-{code[4:]} ") == code


TIMES = st.lists(st.integers(0, 24 * 60 - 1), max_size=60)


@given(TIMES)
def test_a_burst_is_more_than_so_many_within_the_time(minutes_ago: list[int]) -> None:
    earlier = [NOON - dt.timedelta(minutes=minutes) for minutes in minutes_ago]
    found = limits.burst_of(earlier, NOON)
    short, day = limits.BURSTS
    in_short = sum(minutes < 10 for minutes in minutes_ago)
    assert found == (short if in_short >= short.most else day if len(minutes_ago) >= day.most else None)


def test_hashes_of_two_days_cannot_be_compared() -> None:
    assert limits.hashed("phone", "device", "a") != limits.hashed("phone", "device", "b")
    assert limits.hashed("same", "device", "a") != limits.hashed("same", "network", "a")


# What is stored


def test_a_rating_counts_and_keeps_neither_device_nor_address(point: ServicePoint) -> None:
    row = rate(point, 4, by=Visitor("my-phone", "192.0.2.7"), reasons=("manners",), comment="  Рақмет \x00 сізге ")
    assert (row.outcome, row.score, row.reasons) == (Outcome.COUNTED, 4, ["manners"])
    assert row.comment.text == "Рақмет сізге"
    stored = str(PointRating.objects.values().get())
    assert "my-phone" not in stored
    assert "192.0.2.7" not in stored


def test_a_second_one_of_the_day_replaces_the_first_until_midnight(point: ServicePoint) -> None:
    me = visitor()
    with time_machine.travel(NOON, tick=False):
        rate(point, 1, by=me)
        rate(point, 5, by=me)
    assert outcomes() == ["changed", "counted"]
    with time_machine.travel(NOON + dt.timedelta(hours=11, minutes=59), tick=False):
        rate(point, 4, by=me)
    with time_machine.travel(NOON + dt.timedelta(hours=12), tick=False):
        rate(point, 2, by=me)
    assert outcomes() == ["changed", "changed", "counted", "counted"]
    assert results.by_point([point])[point.pk].scores == {4: 1, 2: 1}


def test_a_double_tap_is_one_rating(point: ServicePoint) -> None:
    me = visitor()
    said = {"reasons": ("result", "waiting"), "comment": "Тез"}
    assert rate(point, 5, by=me, **said) == rate(point, 5, by=me, **said)
    assert (PointRating.objects.count(), RatingComment.objects.count()) == (1, 1)


def test_two_points_are_rated_apart(point: ServicePoint) -> None:
    other, me = make_point(make_department("parks")), visitor()
    rate(point, 1, by=me)
    rate(other, 5, by=me)
    assert outcomes() == ["counted", "counted"]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        (Said(0), "score"),
        (Said(6), "score"),
        (Said(3, ("made-up",)), "reasons"),
        (Said(3, comment="x" * 301), "comment"),
    ],
)
def test_what_is_out_of_bounds_is_refused(point: ServicePoint, said: Said, field: str) -> None:
    with pytest.raises(ValidationFailed) as refused:
        rating.rate(code_of(point), said, visitor())
    assert refused.value.field == field
    assert not PointRating.objects.exists()


def test_an_old_code_says_that_it_was_replaced_and_ratings_stay(point: ServicePoint) -> None:
    rate(point)
    old = code_of(point)
    points.reissue(point.pk, actor=make_user("administrator"), seen=old)
    points.reissue(point.pk, actor=make_user("administrator"), seen=old)  # sent twice
    assert point.codes.count() == 2
    with pytest.raises(CodeReplaced):
        rating.rate(old, Said(5), visitor())
    rate(point)
    assert results.by_point([point])[point.pk].count == 2


def test_a_closed_point_and_an_unknown_code_take_nothing(point: ServicePoint) -> None:
    ServicePoint.objects.update(is_active=False)
    with pytest.raises(PointClosed):
        rate(point)
    with pytest.raises(NotFound):
        rating.rate("nosuchcd", Said(5), visitor())
    with pytest.raises(NotFound):
        rating.find_code("\x00")


# Bursts


def test_a_burst_from_one_network_is_set_aside_as_a_whole(point: ServicePoint) -> None:
    most = limits.BURSTS[0].most
    with time_machine.travel(NOON, tick=False):
        for _ in range(most):
            rate(point, 5, by=visitor(network="192.0.2.7"))
        assert set(outcomes()) == {"counted"}
        rate(point, 5, by=visitor(network="192.0.2.7"))
        rate(point, 1)
    found = results.by_point([point])[point.pk]
    assert (found.count, found.set_aside) == (1, most + 1)


def test_the_same_number_spread_over_hours_counts(point: ServicePoint) -> None:
    for minutes in range(0, 20 * 12, 20):
        with time_machine.travel(NOON - dt.timedelta(minutes=minutes), tick=False):
            rate(point, 5, by=visitor(network="192.0.2.7"))
    assert set(outcomes()) == {"counted"}


def test_a_change_of_mind_is_no_way_around_what_was_set_aside(point: ServicePoint) -> None:
    me = visitor(network="192.0.2.7")
    with time_machine.travel(NOON, tick=False):
        for _ in range(limits.BURSTS[0].most):
            rate(point, 5, by=visitor(network="192.0.2.7"))
        assert rate(point, 5, by=me).outcome == Outcome.SET_ASIDE
        assert rate(point, 4, by=me).outcome == Outcome.SET_ASIDE


def test_a_script_is_stopped_altogether(point: ServicePoint) -> None:
    with pytest.raises(RateLimited):
        for _ in range(200):
            rate(point, 5, by=visitor(network="192.0.2.7"))
    assert PointRating.objects.count() == 120


# What the database refuses


@pytest.mark.parametrize("change", [{"score": 1}, {"device": "x"}, {"given_on": dt.date(2026, 1, 1)}, {"reasons": []}])
def test_a_rating_cannot_be_rewritten(point: ServicePoint, change: dict[str, Any]) -> None:
    rate(point)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        PointRating.objects.update(**change)


def test_a_rating_cannot_be_deleted_and_a_replaced_one_never_counts_again(point: ServicePoint) -> None:
    me = visitor()
    rate(point, 1, by=me)
    rate(point, 2, by=me)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        PointRating.objects.all()._raw_delete("default")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        PointRating.objects.filter(outcome="changed").update(outcome="counted")


def test_the_salt_of_a_day_goes_the_day_after(point: ServicePoint) -> None:
    for days in range(4):
        with time_machine.travel(NOON + dt.timedelta(days=days), tick=False):
            rate(point)
            today = timezone.localdate()
    assert sorted(DaySalt.objects.values_list("day", flat=True)) == [today - dt.timedelta(days=1), today]
