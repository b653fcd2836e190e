"""Who works on an appeal: one person at a time, never the one complained about, and the history knows."""

import threading
from typing import Any

import pytest
from django.db import connections

from accounts.models import Role, User
from appeals import casework, dialogue, intake, routing, workqueue
from appeals.models import (
    Appeal,
    AppealEvent,
    Assignment,
    EventKind,
    Kind,
    Regime,
    Status,
    Timer,
    TimerCode,
)
from appeals.workqueue import BackTo
from common.errors import Conflict, DomainError, NotAllowed, ValidationFailed
from tests.appeals.cases import Unit, fresh, make_case, make_claimed_case, make_unit
from tests.factories import make_appeal, make_department, make_identified_applicant, make_user

pytestmark = pytest.mark.django_db


def kinds(appeal: Appeal) -> list[str]:
    return list(AppealEvent.objects.filter(appeal=appeal).order_by("seq").values_list("kind", flat=True))


def test_claim_gives_the_case_to_the_claimer_and_stops_the_first_reaction() -> None:
    unit = make_unit()
    appeal = make_case(unit)

    workqueue.claim(appeal.pk, actor=unit.executor)

    appeal = fresh(appeal)
    assert (appeal.status, appeal.executor) == (Status.IN_PROGRESS, unit.executor)
    assert Timer.objects.get(appeal=appeal, code=TimerCode.FIRST_REACTION).stopped_at
    running = Assignment.objects.get(appeal=appeal, ended_at__isnull=True)
    assert (running.user, running.part) == (unit.executor, Assignment.Part.EXECUTOR)
    assert AppealEvent.objects.get(appeal=appeal, kind=EventKind.CLAIMED).is_public


def test_claiming_twice_changes_nothing() -> None:
    unit = make_unit()
    appeal = make_claimed_case(unit)
    before = kinds(appeal)
    workqueue.claim(appeal.pk, actor=unit.executor)
    assert kinds(appeal) == before


def test_case_of_a_colleague_cannot_be_claimed() -> None:
    unit = make_unit()
    appeal = make_claimed_case(unit)
    with pytest.raises(Conflict) as refused:
        workqueue.claim(appeal.pk, actor=unit.colleague)
    assert refused.value.code == "taken"


def test_case_without_a_unit_cannot_be_claimed() -> None:
    with pytest.raises(NotAllowed):
        workqueue.claim(make_appeal().pk, actor=make_unit().executor)


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.CO_EXECUTOR, Role.ANALYST, Role.METHODOLOGIST, Role.MODERATOR])
def test_roles_without_the_right_cannot_claim(role: str) -> None:
    unit = make_unit()
    appeal = make_case(unit)
    with pytest.raises(NotAllowed):
        workqueue.claim(appeal.pk, actor=make_user(role, department=unit.department))


def test_official_complained_about_cannot_claim() -> None:
    unit = make_unit()
    appeal = make_case(unit, complaint_user_id=unit.executor.pk)
    with pytest.raises(NotAllowed):
        workqueue.claim(appeal.pk, actor=unit.executor)


def test_people_of_the_unit_complained_about_cannot_claim_or_be_given_it() -> None:
    blamed, unit = make_unit("sport"), make_unit("control")
    appeal = make_case(unit, complaint_department_id=blamed.department.pk)
    in_both = make_user(Role.EXECUTOR, department=unit.department)
    in_both.role_assignments.create(role=Role.EXECUTOR, department=blamed.department)

    with pytest.raises(NotAllowed):
        workqueue.claim(appeal.pk, actor=in_both)
    with pytest.raises(Conflict):
        workqueue.assign(appeal.pk, user_id=in_both.pk, actor=unit.head)
    with pytest.raises(Conflict):
        workqueue.add_co_executor(appeal.pk, user_id=blamed.executor.pk, actor=unit.head)


def test_head_gives_the_case_to_a_person_of_the_unit() -> None:
    unit = make_unit()
    appeal = make_claimed_case(unit)

    workqueue.assign(appeal.pk, user_id=unit.colleague.pk, actor=unit.head, reason="Өзі біледі")

    appeal = fresh(appeal)
    assert (appeal.status, appeal.executor) == (Status.ASSIGNED, unit.colleague)
    rows = Assignment.objects.filter(appeal=appeal, part=Assignment.Part.EXECUTOR).order_by("pk")
    assert [(row.user, row.ended_at is None) for row in rows] == [
        (None, False),
        (unit.executor, False),
        (unit.colleague, True),
    ]
    assert AppealEvent.objects.filter(appeal=appeal, kind=EventKind.ASSIGNED).last().data["user"] == unit.colleague.pk


def test_case_is_not_given_to_strangers_or_people_who_left() -> None:
    unit, other = make_unit(), make_unit("sport")
    appeal = make_case(unit)
    left = make_user(Role.EXECUTOR, department=unit.department, is_active=False)
    for user in (other.executor, left):
        with pytest.raises(ValidationFailed):
            workqueue.assign(appeal.pk, user_id=user.pk, actor=unit.head)


def test_executor_does_not_give_cases_to_others() -> None:
    unit = make_unit()
    appeal = make_claimed_case(unit)
    with pytest.raises(NotAllowed):
        workqueue.assign(appeal.pk, user_id=unit.colleague.pk, actor=unit.executor)


def test_handing_back_to_the_unit_needs_a_reason_and_frees_the_case() -> None:
    unit = make_unit()
    appeal = make_claimed_case(unit)
    with pytest.raises(ValidationFailed):
        workqueue.hand_back(appeal.pk, actor=unit.executor, reason="жоқ")

    workqueue.hand_back(appeal.pk, actor=unit.executor, reason="Демалысқа шығамын, жұма күнінен бастап")

    appeal = fresh(appeal)
    assert (appeal.status, appeal.executor, appeal.department) == (Status.ASSIGNED, None, unit.department)
    workqueue.claim(appeal.pk, actor=unit.colleague)
    assert fresh(appeal).executor == unit.colleague


def test_handing_back_to_the_inspector_takes_the_case_from_the_unit() -> None:
    unit = make_unit()
    appeal = make_case(unit)
    workqueue.hand_back(appeal.pk, actor=unit.executor, reason="Бұл біздің бөлімнің мәселесі емес", to=BackTo.INSPECTOR)
    appeal = fresh(appeal)
    assert (appeal.status, appeal.department, appeal.executor) == (Status.REGISTERED, None, None)
    assert not Assignment.objects.filter(appeal=appeal, ended_at__isnull=True).exists()


def test_inspector_has_a_term_of_its_own_for_what_was_handed_back_to_him() -> None:
    unit, other = make_unit(), make_unit("roads")
    appeal = make_appeal(regime=Regime.APPEAL, kind=Kind.APPLICATION, applicant=make_identified_applicant())
    intake.register_appeal(appeal.pk, actor=unit.inspector, reason="Жеке куәлігімен келді")
    routing.assign_unit(appeal.pk, department=unit.department, actor=unit.inspector)
    workqueue.hand_back(appeal.pk, actor=unit.executor, reason="Бұл біздің бөлімнің мәселесі емес", to=BackTo.INSPECTOR)
    clock = Timer.objects.get(appeal=appeal, code=TimerCode.FORWARD, stopped_at=None)
    assert (clock.amount, clock.unit) == (3, "working_days")
    routing.assign_unit(appeal.pk, department=other.department, actor=unit.inspector)
    assert not Timer.objects.filter(appeal=appeal, code=TimerCode.FORWARD, stopped_at=None).exists()
    assert Timer.objects.filter(appeal=appeal, code=TimerCode.FORWARD).latest("pk").outcome == Timer.Outcome.MET


def test_case_that_waits_for_the_applicant_can_be_handed_back_to_the_inspector() -> None:
    unit = make_unit()
    appeal = make_claimed_case(unit)
    dialogue.ask(appeal.pk, actor=unit.executor, text="Мекенжайды нақтылаңыз")
    workqueue.hand_back(appeal.pk, actor=unit.executor, reason="Бұл біздің бөлімнің мәселесі емес", to=BackTo.INSPECTOR)
    assert fresh(appeal).status == Status.REGISTERED
    assert not Timer.objects.filter(appeal=appeal, paused_at__isnull=False).exists()


def test_colleague_cannot_hand_back_what_is_not_his() -> None:
    unit = make_unit()
    appeal = make_claimed_case(unit)
    with pytest.raises(NotAllowed):
        workqueue.hand_back(appeal.pk, actor=unit.colleague, reason="Маған ұнамайды, басқаға беріңіз")


def test_co_executor_of_another_unit_is_called_in_once_and_released() -> None:
    unit, other = make_unit(), make_unit("roads")
    appeal = make_claimed_case(unit)
    first = workqueue.add_co_executor(appeal.pk, user_id=other.executor.pk, actor=unit.executor)
    again = workqueue.add_co_executor(appeal.pk, user_id=other.executor.pk, actor=unit.executor)
    assert first.pk == again.pk
    assert kinds(appeal).count(EventKind.CO_EXECUTOR_ADDED) == 1

    assert workqueue.remove_co_executor(appeal.pk, user_id=other.executor.pk, actor=other.executor)
    assert not workqueue.remove_co_executor(appeal.pk, user_id=other.executor.pk, actor=unit.executor)


def test_decision_on_an_outdated_page_is_refused_and_says_what_is_new() -> None:
    unit = make_unit()
    appeal = make_case(unit)
    seen = appeal.history_seq
    workqueue.claim(appeal.pk, actor=unit.executor)
    with pytest.raises(Conflict) as refused:
        workqueue.assign(appeal.pk, user_id=unit.colleague.pk, actor=unit.head, seen=seen)
    assert refused.value.code == "changed"
    assert str(EventKind.CLAIMED.label) in str(refused.value)


# The race: with the row lock one of two gets the case; the control shows what happens without it.


def race(appeal: Appeal, unit: Unit, monkeypatch: pytest.MonkeyPatch, *, locked: bool) -> list[str]:
    both_have_read = threading.Barrier(2)
    if not locked:

        def read_together(appeal_id: int) -> Appeal:
            row = Appeal.objects.select_related("applicant", "department").get(pk=appeal_id)
            both_have_read.wait(timeout=10)
            return row

        def record_blindly(row: Appeal, kind: str, *, changed: list[str], **_: Any) -> None:
            Appeal.objects.filter(pk=row.pk).update(**{name: getattr(row, name) for name in changed})

        monkeypatch.setattr(casework, "lock", read_together)
        monkeypatch.setattr(workqueue.events, "record", record_blindly)
    results: list[str] = []

    def claim(user: User) -> None:
        try:
            workqueue.claim(appeal.pk, actor=User.objects.get(pk=user.pk))
            results.append("got it")
        except DomainError as error:
            results.append(error.code)
        finally:
            connections.close_all()

    runners = [threading.Thread(target=claim, args=(user,)) for user in (unit.executor, unit.colleague)]
    for runner in runners:
        runner.start()
    for runner in runners:
        runner.join(timeout=20)
    return sorted(results)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_claim_at_once_one_gets_the_case(monkeypatch: pytest.MonkeyPatch) -> None:
    unit = make_unit()
    appeal = make_case(unit)
    assert race(appeal, unit, monkeypatch, locked=True) == ["got it", "taken"]
    assert Assignment.objects.filter(appeal=appeal, ended_at__isnull=True).count() == 1


@pytest.mark.django_db(transaction=True)
def test_control_without_the_locks_both_get_the_case(monkeypatch: pytest.MonkeyPatch) -> None:
    unit = make_unit()
    appeal = make_case(unit)
    assert race(appeal, unit, monkeypatch, locked=False) == ["got it", "got it"]


def test_routing_to_another_unit_takes_the_case_from_its_executor() -> None:
    unit = make_unit()
    appeal = make_claimed_case(unit)
    routing.assign_unit(appeal.pk, department=make_department("roads"), actor=unit.inspector)
    assert fresh(appeal).executor is None
