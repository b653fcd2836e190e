"""Standing in for a colleague on his cases: his rights, his queue, his notices; never past a conflict of interest."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest
from django.utils import timezone

from accounts import substitutions
from accounts.models import Role, Substitution, User
from accounts.rights import Action
from appeals import casework, dialogue, extension, policies, staff_notices, workqueue
from appeals.filters import Tab
from appeals.models import Appeal, AppealEvent, EventKind
from appeals.selectors import conditions
from appeals.selectors.case import case_of
from appeals.views.staff.base import queue_times
from appeals.views.staff.case.story import history_of
from common.errors import NotAllowed
from tests.appeals.cases import fresh, make_case, make_claimed_case, make_unit
from tests.appeals.test_policies import call_in, rights
from tests.factories import make_department, make_user

pytestmark = pytest.mark.django_db


def stand_in(user: User, substitute: User) -> None:
    today = timezone.localdate()
    substitutions.set_substitution(
        user=user, substitute=substitute, begins_on=today, ends_on=today, reason="x", actor=user
    )


def test_the_substitute_of_a_head_decides_in_his_unit_and_nowhere_else() -> None:
    unit, other = make_unit("own"), make_unit("other")
    stand_in(unit.head, other.executor)
    assert Action.EXTEND in rights(other.executor, make_case(unit))
    assert Action.EXTEND not in rights(other.executor, make_case(other))


def test_the_substitute_of_an_executor_works_on_his_cases_with_his_rights() -> None:
    unit, other = make_unit("own"), make_unit("other")
    appeal, beside = make_claimed_case(unit), make_case(unit, is_confidential=True)
    Appeal.objects.filter(pk=appeal.pk).update(is_confidential=True)
    assert rights(other.executor, appeal) == frozenset()
    stand_in(unit.executor, other.executor)
    assert rights(other.executor, appeal) == rights(unit.executor, appeal)
    assert rights(other.executor, beside) == frozenset()
    assert policies.is_executor(fresh(other.executor), appeal)


def test_rights_of_two_people_are_not_mixed() -> None:
    """An analyst who stands in for an executor does not get the executor's rights by being named executor himself."""
    unit = make_unit("own")
    analyst = make_user(Role.ANALYST, department=make_department("far"))
    appeal = make_case(unit)
    Appeal.objects.filter(pk=appeal.pk).update(executor=analyst, department=make_department("third"))
    stand_in(unit.executor, analyst)
    assert rights(analyst, appeal) == {Action.SEE}


def test_what_the_colleague_was_called_in_to_is_open_to_the_substitute() -> None:
    unit, other = make_unit("own"), make_unit("other")
    appeal, third = make_claimed_case(unit), make_user(Role.EXECUTOR, department=make_department("third"))
    call_in(other.executor, appeal)
    stand_in(other.executor, third)
    assert rights(third, appeal) == {Action.SEE, Action.WORK}


def test_neither_the_official_complained_about_nor_his_substitute_for_him() -> None:
    named, unit, other = make_unit("named"), make_unit("own"), make_unit("other")
    inspector = make_user(Role.INSPECTOR)
    stand_in(inspector, other.executor)
    stand_in(named.head, other.executor)
    about_person = make_case(unit, complaint_user_id=inspector.pk)
    about_unit = make_case(unit, complaint_department_id=named.department.pk)
    assert rights(other.executor, about_person) == frozenset()
    assert Action.ROUTE in rights(other.executor, about_unit)  # for the inspector, whom it does not name
    Substitution.objects.filter(user=inspector).delete()
    assert rights(other.executor, about_unit) == frozenset()


def test_whom_an_appeal_names_has_no_rights_there_for_anybody_else_either() -> None:
    named, unit = make_unit("named"), make_unit("own")
    stand_in(unit.inspector, named.executor)
    assert rights(named.executor, make_case(unit, complaint_department_id=named.department.pk)) == frozenset()
    assert rights(named.executor, make_case(unit, complaint_user_id=named.executor.pk)) == frozenset()


def test_the_ways_of_asking_agree_whoever_stands_in_for_whom() -> None:
    unit, other, third = make_unit("own"), make_unit("other"), make_department("third")
    cases = [
        make_claimed_case(unit),
        make_case(other, is_confidential=True),
        make_case(unit, complaint_department_id=other.department.pk),
        make_case(other, complaint_user_id=unit.head.pk),
    ]
    roles = (Role.OPERATOR, Role.EXECUTOR, Role.HEAD, Role.DEPUTY_AKIM)
    for mine, theirs in itertools.product(roles, repeat=2):
        user = make_user(mine, department=third)
        lender = make_user(theirs, department=other.department)
        stand_in(lender, user)
        stand_in(unit.head, user)
        for appeal in cases:
            rights(user, appeal)


def test_what_is_done_says_for_whom() -> None:
    unit, other = make_unit("own"), make_unit("other")
    appeal = make_claimed_case(unit)
    stand_in(unit.executor, other.executor)
    dialogue.add_note(appeal.pk, actor=fresh(other.executor), text="Телефонмен сөйлестім.")
    event = AppealEvent.objects.filter(appeal=appeal, kind=EventKind.NOTE_ADDED).get()
    assert (event.actor, event.data["on_behalf_of"]) == (other.executor, unit.executor.pk)
    shown = history_of(case_of(fresh(appeal), unit.inspector), unit.inspector)
    assert str(unit.executor) in shown.items[0].actor
    assert str(other.executor) in shown.items[0].actor
    assert shown.broken == 0


def test_what_he_may_himself_is_done_for_nobody() -> None:
    unit = make_unit("own")
    stand_in(unit.head, unit.colleague)
    appeal = make_case(unit)
    workqueue.claim(appeal.pk, actor=(actor := fresh(unit.colleague)))
    workqueue.assign(appeal.pk, user_id=unit.executor.pk, actor=actor)
    claimed, assigned = AppealEvent.objects.filter(appeal=appeal, actor=actor).order_by("seq")
    assert "on_behalf_of" not in claimed.data
    assert assigned.data["on_behalf_of"] == unit.head.pk


def test_the_substitute_decides_as_the_executor_would() -> None:
    unit, other = make_unit("own"), make_unit("other")
    appeal = make_claimed_case(unit)
    with pytest.raises(NotAllowed):
        casework.require_responsible(unit.colleague, Action.WORK, appeal)
    stand_in(unit.executor, other.executor)
    until = timezone.localdate() + dt.timedelta(days=12)
    extension.propose(appeal.pk, actor=fresh(other.executor), until=until, ground="Қосымша тексеру қажет болды.")
    assert fresh(appeal).extension_proposals.get().proposed_by == other.executor


def test_my_work_lists_the_cases_of_both() -> None:
    unit, other = make_unit("own"), make_unit("other")
    theirs, own = make_claimed_case(unit), make_claimed_case(other)
    helped = make_case(make_unit("third"))
    call_in(unit.executor, helped)
    stand_in(unit.executor, other.executor)
    user = fresh(other.executor)
    mine = conditions.of_tab(user, Tab.MINE, queue_times())
    assert set(policies.visible_to(user).filter(mine)) == {theirs, own}
    assert conditions.in_part(user, Tab.MINE) == [helped.pk]


def test_notices_go_to_who_stands_in_as_well() -> None:
    unit, other = make_unit("own"), make_unit("other")
    appeal = make_claimed_case(unit)
    stand_in(unit.executor, other.executor)
    event = AppealEvent(appeal=appeal, kind=EventKind.REMINDED, data={"roles": ["executor"]})
    assert staff_notices.recipients_of(event) == [unit.executor, other.executor]
