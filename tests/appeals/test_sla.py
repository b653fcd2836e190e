"""Terms, policies, pauses and shares as tables, and the laws they keep for any calendar."""

import datetime as dt
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appeals import sla
from appeals.models.choices import TermUnit
from appeals.sla import Clock, ClockState, Pause, PolicyCase, Term
from common.public_holidays import MOVED_WORK, holiday_rows
from common.workcalendar import ALMATY, WorkCalendar

ROWS = holiday_rows([2024, 2025, 2026, 2027])
CALENDAR = WorkCalendar(
    days_off=frozenset(row.date for row in ROWS if row.kind != MOVED_WORK),
    worked_days=frozenset(row.date for row in ROWS if row.kind == MOVED_WORK),
)


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=ALMATY)


@pytest.mark.parametrize(
    ("amount", "unit", "start", "due"),
    [
        (15, "minutes", "2026-11-21T23:50:00", "2026-11-22T00:05:00"),
        (24, "clock_hours", "2026-11-21T12:00:00", "2026-11-22T12:00:00"),
        (2, "working_hours", "2026-11-27T18:00:00", "2026-11-30T10:30:00"),
        (7, "calendar_days", "2026-11-23T10:00:00", "2026-11-30T23:59:59"),
        (15, "working_days", "2026-11-23T10:00:00", "2026-12-14T23:59:59"),
        (15, "working_days", "2024-05-02T10:00:00", "2024-05-27T23:59:59"),
        (3, "working_days", "2026-11-23T10:00:00", "2026-11-26T23:59:59"),
        (0, "working_days", "2026-11-23T10:00:00", "2026-11-23T23:59:59"),
        (2, "months", "2026-12-31T10:00:00", "2027-02-28T23:59:59"),
        (2, "months", "2026-11-23T10:00:00", "2027-01-23T23:59:59"),
        (0, "first_contact", "2026-11-23T10:00:00", "2026-11-23T10:00:00"),
    ],
)
def test_end_of_a_term(amount: int, unit: str, start: str, due: str) -> None:
    assert sla.due_at(Term(amount, unit), at(start), CALENDAR) == at(due)


@pytest.mark.parametrize(
    ("amount", "unit", "start", "due"),
    [
        (15, "working_days", "2026-11-23T10:00:00", "2026-12-11T23:59:59"),
        (1, "working_days", "2026-11-23T10:00:00", "2026-11-23T23:59:59"),
        (1, "working_days", "2026-11-21T10:00:00", "2026-11-23T23:59:59"),
        (7, "calendar_days", "2026-11-23T10:00:00", "2026-11-29T23:59:59"),
    ],
)
def test_end_of_a_term_whose_first_day_is_the_day_of_receipt(amount: int, unit: str, start: str, due: str) -> None:
    assert sla.due_at(Term(amount, unit, sla.INCLUSIVE), at(start), CALENDAR) == at(due)
    assert sla.due_at(Term(amount, unit), at(start), CALENDAR, day_count=sla.INCLUSIVE) == at(due)


def test_a_term_begins_on_the_local_day() -> None:
    late_evening = dt.datetime(2026, 11, 23, 20, 0, tzinfo=dt.UTC)

    assert sla.due_at(Term(1, "calendar_days"), late_evening, CALENDAR) == at("2026-11-25T23:59:59")


def test_an_unknown_unit_is_refused() -> None:
    with pytest.raises(ValueError, match="fortnights"):
        sla.due_at(Term(1, "fortnights"), at("2026-11-23T10:00:00"), CALENDAR)


def test_internal_target_is_earlier_and_never_before_the_start() -> None:
    start = at("2026-11-23T10:00:00")

    assert sla.target_at(Term(15, "working_days"), start, CALENDAR, margin=2) == at("2026-12-10T23:59:59")
    assert sla.target_at(Term(1, "clock_hours"), start, CALENDAR, margin=5) == start


@dataclass(frozen=True)
class Row:
    code: str
    regime: str = ""
    kind: str = ""
    topic_id: int | None = None
    priority: str = ""
    organization_id: int | None = None


POLICIES = [
    Row("ANY"),
    Row("CC-STD", regime="request"),
    Row("CC-LIGHT", regime="request", topic_id=7),
    Row("CC-EMERG", regime="request", priority="emergency"),
    Row("WATER-CO", regime="request", organization_id=3),
    Row("APPC-STD", regime="appeal"),
    Row("APPC-COMPLAINT", regime="appeal", kind="complaint"),
]


@pytest.mark.parametrize(
    ("case", "code"),
    [
        (PolicyCase("request", "message"), "CC-STD"),
        (PolicyCase("request", "message", topic_id=7), "CC-LIGHT"),
        (PolicyCase("request", "message", topic_id=7, organization_id=3), "CC-LIGHT"),
        (PolicyCase("request", "message", organization_id=3), "WATER-CO"),
        (PolicyCase("request", "message", topic_id=7, priority="emergency", organization_id=3), "CC-EMERG"),
        (PolicyCase("request", "message", topic_id=7, priority="normal"), "CC-LIGHT"),
        (PolicyCase("appeal", "complaint", topic_id=7), "APPC-COMPLAINT"),
        (PolicyCase("appeal", "proposal"), "APPC-STD"),
        (PolicyCase("other"), "ANY"),
    ],
)
def test_the_most_specific_policy_wins(case: PolicyCase, code: str) -> None:
    for candidates in (POLICIES, POLICIES[::-1]):
        chosen = sla.choose_policy(candidates, case)
        assert chosen is not None
        assert chosen.code == code


def test_no_policy_fits() -> None:
    assert sla.choose_policy([Row("X", regime="appeal")], PolicyCase("request")) is None


def test_an_extension_stays_under_the_cap_counted_from_registration() -> None:
    registered = at("2026-11-23T10:00:00")
    latest = sla.extension_cap(registered, Term(2, "months"), CALENDAR)
    due = sla.due_at(Term(15, "working_days"), registered, CALENDAR)

    assert latest == at("2027-01-23T23:59:59")
    assert sla.may_extend(due, latest, latest)
    assert not sla.may_extend(due, due, latest)
    assert not sla.may_extend(due, latest + dt.timedelta(days=1), latest)


@pytest.mark.parametrize(
    ("unit", "due", "paused", "resumed", "new_due"),
    [
        ("working_days", "2026-12-14T23:59:59", "2026-11-25T12:00:00", "2026-11-27T09:00:00", "2026-12-17T23:59:59"),
        ("working_days", "2026-12-14T23:59:59", "2026-11-27T12:00:00", "2026-11-30T09:00:00", "2026-12-15T23:59:59"),
        ("working_days", "2026-12-14T23:59:59", "2026-11-25T09:00:00", "2026-11-25T18:00:00", "2026-12-14T23:59:59"),
        ("calendar_days", "2026-11-30T23:59:59", "2026-11-25T12:00:00", "2026-11-28T09:00:00", "2026-12-03T23:59:59"),
        ("clock_hours", "2026-11-24T10:00:00", "2026-11-23T12:00:00", "2026-11-23T15:30:00", "2026-11-24T13:30:00"),
        ("minutes", "2026-11-23T10:30:00", "2026-11-23T10:10:00", "2026-11-23T10:40:00", "2026-11-23T11:00:00"),
        ("working_hours", "2026-11-23T16:30:00", "2026-11-23T12:00:00", "2026-11-24T12:30:00", "2026-11-24T17:00:00"),
        ("first_contact", "2026-11-23T10:00:00", "2026-11-23T09:00:00", "2026-11-23T11:00:00", "2026-11-23T10:00:00"),
        ("working_days", "2026-11-24T23:59:59", "2026-11-25T12:00:00", "2026-11-27T12:00:00", "2026-11-24T23:59:59"),
    ],
)
def test_a_pause_gives_back_what_it_took(unit: str, due: str, paused: str, resumed: str, new_due: str) -> None:
    assert sla.due_after_pause(unit, at(due), at(paused), at(resumed), CALENDAR) == at(new_due)


def clock(unit: str = "working_days", amount: int = 15, start: str = "2026-11-23T10:00:00", **more: object) -> Clock:
    term = Term(amount, unit, str(more.get("day_count", sla.AFTER)))
    fields = {"due_at": sla.due_at(term, at(start), CALENDAR)} | more
    return Clock(unit=unit, started_at=at(start), **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("now", "day"),
    [
        ("2026-11-23T18:00:00", (1, 15)),
        ("2026-11-24T09:00:00", (1, 15)),
        ("2026-11-28T12:00:00", (4, 15)),
        ("2026-12-14T20:00:00", (15, 15)),
        ("2026-12-17T09:00:00", (17, 15)),
    ],
)
def test_day_of_a_term_in_working_days(now: str, day: tuple[int, int]) -> None:
    assert sla.day_of_term(clock(), at(now), CALENDAR) == day


def test_day_of_a_term_in_calendar_days() -> None:
    assert sla.day_of_term(clock("calendar_days", 7), at("2026-11-27T09:00:00"), CALENDAR) == (4, 7)


def test_day_of_a_term_that_counts_its_first_day() -> None:
    one = clock(amount=3, day_count=sla.INCLUSIVE)

    assert sla.day_of_term(one, at("2026-11-23T11:00:00"), CALENDAR) == (1, 3)
    assert sla.day_of_term(one, at("2026-11-25T11:00:00"), CALENDAR) == (3, 3)


def test_paused_days_are_not_counted() -> None:
    paused = clock(paused_at=at("2026-11-25T12:00:00"))
    resumed = clock(
        due_at=at("2026-12-17T23:59:59"), pauses=(Pause(at("2026-11-25T12:00:00"), at("2026-11-27T12:00:00")),)
    )

    assert sla.day_of_term(paused, at("2026-12-10T12:00:00"), CALENDAR) == (2, 15)
    assert sla.day_of_term(resumed, at("2026-11-27T13:00:00"), CALENDAR) == (2, 15)


def test_a_term_in_hours_has_no_days_and_an_answered_one_stands_still() -> None:
    stopped = clock(stopped_at=at("2026-11-26T12:00:00"))

    assert sla.day_of_term(clock("clock_hours", 24), at("2026-11-23T12:00:00"), CALENDAR) is None
    assert sla.day_of_term(stopped, at("2026-12-10T12:00:00"), CALENDAR) == (3, 15)


@pytest.mark.parametrize(
    ("more", "now", "expected"),
    [
        ({}, "2026-11-24T10:00:00", ClockState.RUNNING),
        ({}, "2026-12-10T10:00:00", ClockState.DUE_SOON),
        ({}, "2026-12-14T23:59:59", ClockState.DUE_SOON),
        ({}, "2026-12-15T00:00:00", ClockState.OVERDUE),
        ({"paused_at": at("2026-11-25T12:00:00")}, "2026-12-20T12:00:00", ClockState.PAUSED),
        ({"stopped_at": at("2026-12-14T20:00:00")}, "2026-12-20T12:00:00", ClockState.MET),
        ({"stopped_at": at("2026-12-15T00:00:00")}, "2026-12-20T12:00:00", ClockState.MISSED),
    ],
)
def test_state_of_a_clock(more: dict[str, dt.datetime], now: str, expected: ClockState) -> None:
    assert sla.state(clock(**more), at(now), CALENDAR) == expected


def test_shares_of_a_working_term_skip_the_weekend() -> None:
    one = clock("working_days", 5, "2026-11-26T18:30:00")

    assert sla.instant_of_share(one, 0.2, CALENDAR) == at("2026-11-27T18:30:00")
    assert sla.instant_of_share(one, 0.5, CALENDAR) == at("2026-12-01T13:00:00")
    assert sla.instant_of_share(one, 1, CALENDAR) == one.due_at
    assert sla.instant_of_share(one, 1.2, CALENDAR) == at("2026-12-04T18:30:00")
    assert sla.share_passed(one, at("2026-11-29T12:00:00"), CALENDAR) == pytest.approx(0.2)


def test_shares_of_a_term_in_clock_hours() -> None:
    one = clock("clock_hours", 24, "2026-11-21T12:00:00")

    assert sla.instant_of_share(one, 0.5, CALENDAR) == at("2026-11-22T00:00:00")
    assert sla.share_passed(one, at("2026-11-21T18:00:00"), CALENDAR) == pytest.approx(0.25)


def test_a_pause_moves_the_reminders_behind_it_only() -> None:
    plain = clock("calendar_days", 10, "2026-11-23T00:00:00")
    pause = Pause(at("2026-11-26T00:00:00"), at("2026-11-28T00:00:00"))
    paused = clock("calendar_days", 10, "2026-11-23T00:00:00", due_at=at("2026-12-05T23:59:59"), pauses=(pause,))

    two_days = dt.timedelta(days=2)
    assert sla.instant_of_share(paused, 0.2, CALENDAR) == sla.instant_of_share(plain, 0.2, CALENDAR)
    assert sla.instant_of_share(paused, 0.5, CALENDAR) == sla.instant_of_share(plain, 0.5, CALENDAR) + two_days
    assert sla.share_passed(paused, at("2026-11-27T00:00:00"), CALENDAR) == sla.share_passed(
        paused, at("2026-11-26T00:00:00"), CALENDAR
    )


def test_the_next_rung_of_the_ladder() -> None:
    one = clock("clock_hours", 10, "2026-11-23T10:00:00")

    assert sla.next_step(one, [100, 50, 80], CALENDAR) == (50, at("2026-11-23T15:00:00"))
    assert sla.next_step(one, [100, 50, 80], CALENDAR, after_share=80) == (100, one.due_at)
    assert sla.next_step(one, [50], CALENDAR, after_share=50) is None


def test_a_term_at_first_contact_has_no_length() -> None:
    one = clock("first_contact", 0)

    assert sla.share_passed(one, one.due_at, CALENDAR) == 1.0
    assert sla.instant_of_share(one, 0.5, CALENDAR) == one.due_at


UNITS = st.sampled_from([unit for unit in TermUnit if unit != TermUnit.FIRST_CONTACT])
INSTANTS = st.datetimes(dt.datetime(2025, 12, 1), dt.datetime(2026, 6, 1), timezones=st.just(ALMATY))
TERMS = st.builds(Term, st.integers(1, 30), UNITS, st.sampled_from([sla.AFTER, sla.INCLUSIVE]))
SHARES = st.integers(0, 100)


@given(TERMS, INSTANTS, INSTANTS)
def test_a_later_start_is_never_due_earlier(term: Term, one: dt.datetime, two: dt.datetime) -> None:
    one, two = sorted((one, two))

    assert sla.due_at(term, one, CALENDAR) <= sla.due_at(term, two, CALENDAR)
    assert sla.due_at(term, one, CALENDAR) >= one


@given(TERMS, INSTANTS, st.floats(0, 1), st.floats(0, 30))
def test_a_pause_never_shortens_a_term_and_keeps_the_day_of_it(
    term: Term, start: dt.datetime, share: float, days: float
) -> None:
    due = sla.due_at(term, start, CALENDAR)
    paused_at = start + (due - start) * share
    resumed_at = paused_at + dt.timedelta(days=days)
    new_due = sla.due_after_pause(term.unit, due, paused_at, resumed_at, CALENDAR)

    assert new_due >= due
    if paused_at < due:
        before = Clock(term.unit, start, due, term.day_count)
        after = Clock(term.unit, start, new_due, term.day_count, pauses=(Pause(paused_at, resumed_at),))
        assert sla.day_of_term(after, resumed_at, CALENDAR) == sla.day_of_term(before, paused_at, CALENDAR)


@given(TERMS, INSTANTS, SHARES, SHARES)
def test_reminders_come_in_order_and_within_the_term(term: Term, start: dt.datetime, one: int, two: int) -> None:
    one, two = sorted((one, two))
    some = Clock(term.unit, start, sla.due_at(term, start, CALENDAR), term.day_count)
    first, second = (sla.instant_of_share(some, share / 100, CALENDAR) for share in (one, two))

    assert start <= first <= second <= some.due_at


@given(TERMS, INSTANTS, st.integers(1, 99))
def test_the_share_at_its_own_instant_is_that_share(term: Term, start: dt.datetime, share: int) -> None:
    some = Clock(term.unit, start, sla.due_at(term, start, CALENDAR), term.day_count)
    moment = sla.instant_of_share(some, share / 100, CALENDAR)

    # A term whose only day is over when it starts holds no working time; its reminders fall on its end.
    assert moment == some.due_at or abs(sla.share_passed(some, moment, CALENDAR) - share / 100) < 1e-6
