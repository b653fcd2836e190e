"""Extending the term: a ground, a head, a cap, a notice with its own clock."""

import datetime as dt

import pytest
import time_machine

from accounts.models import Role
from appeals import extension, timers
from appeals.models import (
    AppealEvent,
    EventKind,
    ExtensionProposal,
    Regime,
    SlaPolicy,
    Timer,
    TimerCode,
)
from common.errors import Conflict, NotAllowed, ValidationFailed
from common.rows import forget_rows
from common.workcalendar import ALMATY
from tests.appeals.cases import fresh, make_claimed_case, make_unit
from tests.factories import make_reference, make_user

pytestmark = pytest.mark.django_db

MONDAY = dt.datetime(2026, 11, 23, 5, 0, tzinfo=dt.UTC)
GROUND = "Су құбырының иесін анықтау керек"


@pytest.fixture(autouse=True)
def on_a_monday() -> object:
    with time_machine.travel(MONDAY, tick=False):
        yield


def end_of(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(23, 59, 59), tzinfo=ALMATY)


def test_head_extends_at_once_with_ground_and_notice() -> None:
    unit = make_unit()
    appeal = make_claimed_case(unit, regime=Regime.APPEAL)
    before, until = appeal.due_at, dt.date(2027, 1, 15)

    extension.extend(appeal.pk, actor=unit.head, until=until, ground=GROUND)

    appeal = fresh(appeal)
    assert appeal.due_at == end_of(until)
    assert Timer.objects.get(appeal=appeal, code=TimerCode.ANSWER).extended_until == end_of(until)
    notice = Timer.objects.get(appeal=appeal, code=TimerCode.EXTENSION_NOTICE)
    assert notice.due_at == end_of(dt.date(2026, 11, 26))
    event = AppealEvent.objects.get(appeal=appeal, kind=EventKind.TERM_EXTENDED)
    assert (event.reason, event.actor, event.is_public) == (GROUND, unit.head, True)
    assert dt.datetime.fromisoformat(event.data["before"]) == before

    extension.notice_sent(appeal.pk, at=MONDAY + dt.timedelta(hours=1))
    assert fresh(notice).outcome == Timer.Outcome.MET


def test_executor_proposes_and_the_head_grants() -> None:
    unit = make_unit()
    appeal = make_claimed_case(unit, regime=Regime.APPEAL)
    proposal = extension.propose(appeal.pk, actor=unit.executor, until=dt.date(2026, 12, 30), ground=GROUND)
    assert fresh(appeal).due_at == appeal.due_at
    assert not AppealEvent.objects.get(appeal=appeal, kind=EventKind.EXTENSION_PROPOSED).is_public

    extension.grant(proposal.pk, actor=unit.head)
    extension.grant(proposal.pk, actor=unit.head)

    assert fresh(appeal).due_at == end_of(dt.date(2026, 12, 30))
    event = AppealEvent.objects.get(appeal=appeal, kind=EventKind.TERM_EXTENDED)
    assert event.data["proposed_by"] == unit.executor.pk
    assert fresh(proposal).decided_by == unit.head


def test_refusal_says_why_and_changes_no_date() -> None:
    unit = make_unit()
    appeal = make_claimed_case(unit, regime=Regime.APPEAL)
    proposal = extension.propose(appeal.pk, actor=unit.executor, until=dt.date(2026, 12, 30), ground=GROUND)
    extension.refuse(proposal.pk, actor=unit.head, reason="Деректер жеткілікті, жауап беріңіз")
    assert fresh(proposal).decision == ExtensionProposal.Decision.REFUSED
    assert fresh(appeal).due_at == appeal.due_at
    with pytest.raises(Conflict):
        extension.grant(proposal.pk, actor=unit.head)
    extension.propose(appeal.pk, actor=unit.executor, until=dt.date(2026, 12, 25), ground=GROUND)


def test_one_proposal_at_a_time() -> None:
    unit = make_unit()
    appeal = make_claimed_case(unit, regime=Regime.APPEAL)
    extension.propose(appeal.pk, actor=unit.executor, until=dt.date(2026, 12, 30), ground=GROUND)
    with pytest.raises(Conflict) as refused:
        extension.propose(appeal.pk, actor=unit.executor, until=dt.date(2026, 12, 31), ground=GROUND)
    assert refused.value.code == "proposed"


@pytest.mark.parametrize(
    ("until", "code"),
    [
        (dt.date(2026, 12, 1), "not_later"),
        (dt.date(2027, 1, 23), None),
        (dt.date(2027, 1, 24), "over_cap"),
    ],
)
def test_new_date_lies_between_the_old_one_and_the_cap(until: dt.date, code: str | None) -> None:
    unit = make_unit()
    appeal = make_claimed_case(unit, regime=Regime.APPEAL)
    if code is None:
        extension.extend(appeal.pk, actor=unit.head, until=until, ground=GROUND)
        return
    with pytest.raises(Conflict) as refused:
        extension.extend(appeal.pk, actor=unit.head, until=until, ground=GROUND)
    assert refused.value.code == code


def test_without_a_cap_in_the_table_there_is_no_extension() -> None:
    unit = make_unit()
    appeal = make_claimed_case(unit)
    SlaPolicy.objects.filter(timer_code=TimerCode.EXTENSION_CAP).delete()
    forget_rows()
    with pytest.raises(Conflict) as refused:
        extension.extend(appeal.pk, actor=unit.head, until=dt.date(2026, 12, 10), ground=GROUND)
    assert refused.value.code == "no_extension"


def test_extension_needs_a_ground() -> None:
    unit = make_unit()
    appeal = make_claimed_case(unit)
    with pytest.raises(ValidationFailed):
        extension.extend(appeal.pk, actor=unit.head, until=dt.date(2026, 12, 10), ground="керек")


@pytest.mark.parametrize(
    ("role", "may"),
    [
        (Role.HEAD, True),
        (Role.DEPUTY_AKIM, True),
        (Role.AKIM, True),
        (Role.EXECUTOR, False),
        (Role.INSPECTOR, False),
        (Role.OPERATOR, False),
        (Role.ANALYST, False),
    ],
)
def test_only_heads_decide_an_extension(role: str, may: bool) -> None:
    unit = make_unit()
    appeal = make_claimed_case(unit)
    actor = make_user(role, department=unit.department if role == Role.HEAD else None)
    if may:
        extension.extend(appeal.pk, actor=actor, until=dt.date(2026, 12, 10), ground=GROUND)
    else:
        with pytest.raises(NotAllowed):
            extension.extend(appeal.pk, actor=actor, until=dt.date(2026, 12, 10), ground=GROUND)


def test_colleague_does_not_propose_for_a_case_that_is_not_his() -> None:
    unit = make_unit()
    appeal = make_claimed_case(unit)
    with pytest.raises(NotAllowed):
        extension.propose(appeal.pk, actor=unit.colleague, until=dt.date(2026, 12, 10), ground=GROUND)


# Registered on Monday 23 November: the cap of two months is 23 January 2027.
CAP = dt.date(2027, 1, 23)
PAUSES = {
    "the decided date and the pause stay under the cap": (dt.date(2026, 12, 25), 5, dt.date(2026, 12, 30), True),
    "the pause would lead past the cap": (dt.date(2027, 1, 20), 10, CAP, True),
    "decided up to the cap itself": (CAP, 10, CAP, True),
    "the applicant is silent until after the cap": (dt.date(2027, 1, 20), 70, CAP, True),
    "nobody extended it: the pause gives back all it took": (None, 60, dt.date(2027, 2, 12), False),
}


@pytest.mark.parametrize(("until", "days", "expected", "is_extended"), PAUSES.values(), ids=list(PAUSES))
@pytest.mark.parametrize("order", ["extended while paused", "paused after"])
def test_a_pause_does_not_lead_an_extended_term_past_the_cap(
    order: str, until: dt.date | None, days: int, expected: dt.date, is_extended: bool
) -> None:
    make_reference()
    SlaPolicy.objects.filter(timer_code=TimerCode.ANSWER).update(unit="calendar_days", amount=21)
    forget_rows()
    appeal = make_claimed_case(make_unit(), regime=Regime.APPEAL)
    if order == "extended while paused":
        timers.pause(appeal, at=MONDAY, reason="сұрақ")
    if until:
        timers.extend(appeal, until=end_of(until), at=MONDAY)
    if order == "paused after":
        timers.pause(appeal, at=MONDAY, reason="сұрақ")
    timers.resume(appeal, at=MONDAY + dt.timedelta(days=days))
    timer = Timer.objects.get(appeal=appeal, code=TimerCode.ANSWER)
    assert (appeal.due_at, timer.due_at) == (end_of(expected), end_of(expected))
    assert bool(timer.extended_until) is is_extended


def test_answer_given_while_the_clock_stands_is_judged_by_the_cap_too() -> None:
    appeal = make_claimed_case(make_unit(), regime=Regime.APPEAL)
    timers.extend(appeal, until=end_of(CAP), at=MONDAY)
    timers.pause(appeal, at=MONDAY, reason="сұрақ")
    stopped = timers.stop(appeal, TimerCode.ANSWER, at=MONDAY + dt.timedelta(days=90))
    assert stopped is not None
    assert (stopped.due_at, stopped.outcome) == (end_of(CAP), Timer.Outcome.MISSED)
