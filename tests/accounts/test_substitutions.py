"""Standing in for a colleague: the other's roles on these days, never more, never handed on."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone
from time_machine import travel

from accounts import substitutions
from accounts.duty_forms import SubstitutionForm
from accounts.models import Role, RoleAssignment, Substitution, User
from accounts.permissions import grants_of, has_role, is_staff_member, read_grants
from accounts.rights import Grant
from audit.models import AuditRecord
from common.errors import Conflict, NotAllowed, ValidationFailed
from tests.factories import make_department, make_organization, make_user

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 2)
NOON = "2026-11-02T12:00:00+05:00"
DAY = dt.timedelta(days=1)


def again(user: User) -> User:
    return User.objects.get(pk=user.pk)


def stand_in(user: User, substitute: User, *, first: dt.date = TODAY, days: int = 7, **values: Any) -> Substitution:
    values.setdefault("actor", user)
    last = first + (days - 1) * DAY
    return substitutions.set_substitution(
        user=user, substitute=substitute, begins_on=first, ends_on=last, reason="Демалыс", **values
    )


@pytest.fixture(autouse=True)
def noon() -> Any:
    with travel(NOON, tick=False):
        yield


def test_the_substitute_has_the_roles_of_the_other_and_his_own() -> None:
    here, there = make_department("here"), make_department("there")
    head, clerk = make_user(Role.HEAD, department=here), make_user(Role.EXECUTOR, department=there)
    stand_in(head, clerk)
    assert set(grants_of(again(clerk))) == {
        Grant(Role.EXECUTOR, department_id=there.pk),
        Grant(Role.HEAD, department_id=here.pk, on_behalf_of=head.pk),
    }
    assert grants_of(again(head)) == (Grant(Role.HEAD, department_id=here.pk),)  # whoever is away loses nothing


def test_it_begins_and_ends_at_midnight_of_almaty() -> None:
    head, clerk = make_user(Role.HEAD, department=make_department()), make_user(Role.OPERATOR)
    stand_in(head, clerk, first=TODAY + DAY, days=2)
    moments = {
        "2026-11-02T18:59:59": False,
        "2026-11-02T19:00:00": True,
        "2026-11-04T18:59:59": True,
        "2026-11-04T19:00:00": False,
    }
    for moment, expected in moments.items():
        with travel(f"{moment}+00:00", tick=False):
            assert has_role(again(clerk), Role.HEAD) is expected, moment


def test_standing_in_is_not_handed_on() -> None:
    head, clerk, third = (make_user(role) for role in (Role.ANALYST, Role.OPERATOR, Role.MODERATOR))
    stand_in(head, clerk)
    Substitution.objects.create(
        user=clerk, substitute=third, begins_on=TODAY, ends_on=TODAY, reason="x", created_by=clerk,
        lent=substitutions.roles_to_lend(clerk),
    )  # fmt: skip
    assert {grant.role for grant in grants_of(again(third))} == {Role.MODERATOR, Role.OPERATOR}


def test_roles_of_many_are_read_with_those_they_stand_in_for(django_assert_num_queries: Any) -> None:
    head, clerk = make_user(Role.ANALYST), make_user(Role.OPERATOR)
    stand_in(head, clerk)
    people = [again(head), again(clerk), make_user()]
    with django_assert_num_queries(2):
        read_grants(people)
        assert [len(grants_of(person)) for person in people] == [1, 2, 0]


def test_an_account_that_was_closed_lends_nothing() -> None:
    head, clerk = make_user(Role.ANALYST), make_user(Role.OPERATOR)
    stand_in(head, clerk)
    User.objects.filter(pk=head.pk).update(is_active=False)
    assert not has_role(again(clerk), Role.ANALYST)


def test_ended_early_it_ends_at_once_and_repeats_change_nothing() -> None:
    head, clerk = make_user(Role.ANALYST), make_user(Role.OPERATOR)
    row = stand_in(head, clerk)
    ended = substitutions.end_substitution(row.pk, actor=head)
    assert substitutions.end_substitution(row.pk, actor=head).ended_at == ended.ended_at
    assert not has_role(again(clerk), Role.ANALYST)
    assert stand_in(head, clerk).pk != row.pk  # the days are free again


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"first": TODAY - DAY}, "begins_on"),
    ({"days": 0}, "ends_on"),
    ({"days": 400}, "ends_on"),
]


@pytest.mark.parametrize(("days", "field"), REFUSED)
def test_days_that_make_no_sense_are_refused(days: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationFailed) as caught:
        stand_in(make_user(Role.ANALYST), make_user(Role.OPERATOR), **days)
    assert caught.value.field == field


def test_neither_oneself_nor_a_resident_nor_somebody_away_stands_in() -> None:
    head, away, other = (make_user(Role.ANALYST) for _ in range(3))
    stand_in(away, other)
    for wrong in (head, make_user(), away):
        with pytest.raises(ValidationFailed) as caught:
            stand_in(head, wrong)
        assert caught.value.field == "substitute"


def test_the_same_two_people_once_at_a_time() -> None:
    head, clerk, second = make_user(Role.ANALYST), make_user(Role.OPERATOR), make_user(Role.OPERATOR)
    stand_in(head, clerk, days=3)
    with pytest.raises(Conflict):
        stand_in(head, clerk, first=TODAY + 2 * DAY)
    stand_in(head, clerk, first=TODAY + 3 * DAY)
    stand_in(head, second)


def test_who_may_set_it_for_whom() -> None:
    body, other = make_organization("body"), make_organization("other")
    unit = make_department("unit", organization=body)
    far = make_department("far", organization=other)
    head, clerk = make_user(Role.HEAD, department=unit), make_user(Role.EXECUTOR, department=unit)
    stranger, director = make_user(Role.EXECUTOR, department=far), make_user()
    RoleAssignment.objects.create(user=director, role=Role.HEAD, organization=body)
    everybody = {head, clerk, stranger, director, administrator := make_user(Role.ADMINISTRATOR)}
    expected = {
        clerk: {clerk},
        head: {head, clerk},
        director: {head, clerk, director},
        administrator: everybody,
    }
    for actor, whose in expected.items():
        assert set(substitutions.managed_by(again(actor))) == whose
    with pytest.raises(NotAllowed):
        stand_in(stranger, clerk, actor=head)
    with pytest.raises(NotAllowed):
        substitutions.end_substitution(stand_in(head, clerk).pk, actor=stranger)


def test_who_stands_in_for_a_head_sets_no_substitutes_in_his_name() -> None:
    unit = make_department()
    head, clerk = make_user(Role.HEAD, department=unit), make_user(Role.EXECUTOR, department=unit)
    colleague = make_user(Role.EXECUTOR, department=unit)
    stand_in(head, clerk)
    with pytest.raises(NotAllowed):
        stand_in(colleague, make_user(Role.OPERATOR), actor=again(clerk))


def test_the_log_of_the_audit_keeps_who_and_for_whom() -> None:
    head, clerk = make_user(Role.ANALYST), make_user(Role.OPERATOR)
    row = stand_in(head, clerk)
    substitutions.end_substitution(row.pk, actor=head)
    set_, ended = AuditRecord.objects.filter(action="substitution_changed").order_by("pk")
    assert (set_.actor, set_.subject_ref) == (head, f"user:{head.pk}")
    assert set_.details["after"] == ended.details["before"]
    assert (set_.details["after"]["substitute"], set_.details["before"], ended.details["after"]) == (clerk.pk, {}, {})


def test_a_role_for_shifts_alone_keeps_a_colleague_a_colleague() -> None:
    clerk = make_user()
    RoleAssignment.objects.create(user=clerk, role=Role.OPERATOR, only_on_shift=True)
    assert grants_of(clerk) == ()
    assert is_staff_member(clerk)


def test_the_banners_name_both_sides() -> None:
    head, clerk = make_user(Role.ANALYST), make_user(Role.OPERATOR)
    row = stand_in(head, clerk)
    assert substitutions.stands_in_for(clerk) == substitutions.stood_in_by(head) == [row]
    assert substitutions.with_substitutes([head]) == [head, clerk]
    with travel(timezone.now() + 8 * DAY, tick=False):
        assert substitutions.with_substitutes([head]) == [head]


def test_a_head_lends_nobody_roles_beyond_his_own_reach() -> None:
    """Else he would name himself the substitute of an administrator who has some role in his unit too."""
    unit = make_department()
    head, clerk = make_user(Role.HEAD, department=unit), make_user(Role.EXECUTOR, department=unit)
    RoleAssignment.objects.create(user=clerk, role=Role.ADMINISTRATOR)
    assert set(substitutions.managed_by(again(head))) == {head}
    with pytest.raises(NotAllowed):
        stand_in(clerk, head, actor=head)
    assert set(substitutions.managed_by(again(clerk))) == {head, clerk}, "the administrator himself reaches everybody"


def test_a_role_given_later_is_not_lent() -> None:
    """Whoever agreed to stand in for an executor does not become a head when the executor does."""
    unit = make_department("here")
    clerk, colleague = make_user(Role.EXECUTOR, department=unit), make_user(Role.OPERATOR)
    stand_in(clerk, colleague)
    RoleAssignment.objects.create(user=clerk, role=Role.HEAD, department=unit)
    alone, among_others = again(colleague), again(colleague)
    read_grants([among_others, again(clerk)])
    for user in (alone, among_others):
        assert {grant.role for grant in grants_of(user)} == {Role.OPERATOR, Role.EXECUTOR}


def test_a_role_that_was_widened_is_another_one() -> None:
    unit = make_department("here")
    clerk, colleague = make_user(Role.HEAD, department=unit), make_user(Role.OPERATOR)
    stand_in(clerk, colleague)
    RoleAssignment.objects.filter(user=clerk).update(department=None, organization=unit.organization)
    assert {grant.role for grant in grants_of(again(colleague))} == {Role.OPERATOR}


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.SECURITY_OFFICER])
def test_who_rules_accounts_and_who_watches_lend_nothing_of_that(role: Role) -> None:
    ruler, colleague = make_user(role), make_user(Role.OPERATOR)
    RoleAssignment.objects.create(user=ruler, role=Role.ANALYST)
    row = stand_in(ruler, colleague)
    assert {grant.role for grant in grants_of(again(colleague))} == {Role.OPERATOR, Role.ANALYST}
    Substitution.objects.filter(pk=row.pk).update(lent=[[role, None, None, None]])
    assert {grant.role for grant in grants_of(again(colleague))} == {Role.OPERATOR}


def test_candidates_with_one_name_are_told_apart_by_their_unit() -> None:
    unit = make_department("here")
    clerk = make_user(Role.EXECUTOR, department=unit, last_name="Ахметова", post="Маман")
    form = SubstitutionForm(actor=clerk)
    labels = [label for _value, label in form.fields["substitute"].choices]
    assert f"{clerk}, Маман, {unit.name_kk}" in labels
