"""Who reaches which appeal: roles do not lend each other their scope, complaints keep from whom they name."""

from __future__ import annotations

import itertools

import pytest
from django.utils import timezone

from accounts.models import Role, RoleAssignment, User
from accounts.rights import Action
from appeals import policies, routing
from appeals.models import Appeal, Assignment
from tests.appeals.cases import fresh, make_case, make_claimed_case, make_unit
from tests.factories import make_appeal, make_department, make_user

pytestmark = pytest.mark.django_db


def rights(user: User, appeal: Appeal) -> frozenset[Action]:
    """The rights by all ways of asking, which must agree."""
    user, appeal = fresh(user), fresh(appeal)
    single = frozenset(action for action in Action if policies.may(user, action, appeal))
    assert policies.actions_on(user, appeal) == single
    assert frozenset(a for a in Action if appeal in policies.visible_to(user, a)) == single
    assert frozenset(a for a in Action if policies.those_who_may([fresh(user)], a, appeal)) == single
    return single


def call_in(user: User, appeal: Appeal) -> None:
    Assignment.objects.create(
        appeal=appeal, department_id=appeal.department_id, user=user, part=Assignment.Part.CO_EXECUTOR
    )


def test_a_role_opens_confidential_cases_in_its_own_scope_only() -> None:
    own, other = make_unit("own"), make_unit("other")
    both = make_user(Role.OPERATOR)
    RoleAssignment.objects.create(user=both, role=Role.HEAD, department=own.department)
    here, there = make_case(own, is_confidential=True), make_case(other, is_confidential=True)
    assert Action.SEE in rights(both, here)
    assert rights(both, there) == frozenset()
    assert Action.SEE in rights(both, make_case(other))


def test_a_colleague_called_in_works_on_the_case_and_decides_nothing() -> None:
    unit, other = make_unit("own"), make_unit("other")
    appeal = make_claimed_case(unit)
    for guest in (other.executor, other.head):
        assert rights(guest, appeal) == frozenset()
        call_in(guest, appeal)
        assert rights(guest, appeal) == {Action.SEE, Action.WORK}


def test_who_is_called_in_sees_even_a_confidential_case() -> None:
    unit, other = make_unit("own"), make_unit("other")
    appeal = make_case(unit, is_confidential=True)
    assert rights(unit.executor, appeal) == frozenset()
    call_in(other.executor, appeal)
    assert Action.WORK in rights(other.executor, appeal)


def test_an_executor_gets_no_rights_of_a_head_by_being_head_elsewhere() -> None:
    unit, other = make_unit("own"), make_unit("other")
    RoleAssignment.objects.create(user=unit.executor, role=Role.HEAD, department=other.department)
    appeal = make_claimed_case(unit)
    assert Action.REPLY in rights(unit.executor, appeal)
    assert Action.EXTEND not in rights(unit.executor, appeal)


def test_the_unit_of_a_question_sees_the_case_until_the_question_is_dealt_with() -> None:
    unit, other = make_unit("own"), make_unit("other")
    appeal = make_claimed_case(unit)
    first, _second = routing.split_questions(appeal.pk, texts=["Су жоқ", "Жол бұзылған"], actor=unit.inspector)
    routing.assign_question(first.pk, department=other.department, actor=unit.inspector)
    assert rights(other.executor, appeal) == {Action.SEE, Action.WORK}
    assert rights(make_user(Role.ANALYST, department=other.department), appeal) == {Action.SEE}
    Appeal.objects.filter(pk=appeal.pk).update(is_confidential=True)
    assert rights(other.executor, appeal) == frozenset()
    assert Action.SEE in rights(other.head, appeal)
    Appeal.objects.filter(pk=appeal.pk).update(is_confidential=False)
    first.answered_at = timezone.now()
    first.save()
    assert rights(other.executor, appeal) == frozenset()


def test_a_complaint_keeps_from_the_person_and_the_unit_it_names_whatever_else_they_are() -> None:
    named, unit = make_unit("named"), make_unit("own")
    official = make_user(Role.INSPECTOR)
    RoleAssignment.objects.create(user=named.head, role=Role.INSPECTOR)
    appeal = make_case(unit, complaint_department_id=named.department.pk, complaint_user_id=official.pk)
    call_in(named.executor, appeal)
    for person in (official, named.head, named.executor):
        assert rights(person, appeal) == frozenset()
        assert not policies.visible_to(person, elsewhere=False).filter(pk=appeal.pk).exists()
    assert Action.SEE in rights(unit.inspector, appeal)


def test_inactive_people_and_visitors_reach_nothing() -> None:
    unit = make_unit()
    appeal = make_case(unit)
    unit.head.is_active = False
    unit.head.save()
    assert rights(unit.head, appeal) == frozenset()


def test_the_three_ways_of_asking_agree_for_every_pair_of_roles() -> None:
    unit, other = make_unit("own"), make_unit("other")
    plain, secret = make_claimed_case(unit), make_case(other, is_confidential=True)
    loose = make_appeal(is_confidential=True, complaint_department_id=make_department("third").pk)
    for one, two in itertools.product((Role.OPERATOR, Role.EXECUTOR, Role.HEAD, Role.DEPUTY_AKIM), repeat=2):
        user = make_user(one)
        RoleAssignment.objects.create(user=user, role=two, department=other.department)
        for appeal in (plain, secret, loose):
            rights(user, appeal)
