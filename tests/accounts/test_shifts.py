"""The roster of a unit: made, copied, changed, swapped, deleted; overlaps refused; who is on duty."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from time_machine import travel

from accounts import shifts
from accounts.models import Role, RoleAssignment, Shift, User
from accounts.permissions import grants_of, has_role
from accounts.shifts import Roster
from audit.models import AuditRecord
from common.errors import Conflict, NotAllowed, ValidationFailed
from organizations.models import Department
from tests.factories import make_department, make_organization, make_user

pytestmark = pytest.mark.django_db
MONDAY = dt.date(2026, 11, 2)
DAY = dt.timedelta(days=1)


def clerk(department: Department) -> User:
    return make_user(Role.OPERATOR, department=department)


def again(user: User) -> User:
    return User.objects.get(pk=user.pk)


def roster(department: Department, *people: User, actor: User | None = None, **values: Any) -> int:
    given = {"pattern": "2/2", "first": MONDAY, "last": MONDAY + 6 * DAY, "begins": dt.time(8), "ends": dt.time(19)}
    actor = actor or make_user(Role.METHODOLOGIST)
    return shifts.make_roster(department, Roster(people=people, **(given | values)), actor=actor)


def days(person: User) -> list[int]:
    rows = Shift.objects.filter(user=person).order_by("starts_at")
    return [(row.starts_at + dt.timedelta(hours=5)).day for row in rows]


def test_a_pattern_makes_shifts_of_every_person() -> None:
    unit = make_department()
    one, two = clerk(unit), clerk(unit)
    assert roster(unit, one) + roster(unit, two, first=MONDAY + 2 * DAY) == 4 + 3
    assert (days(one), days(two)) == ([2, 3, 6, 7], [4, 5, 8])


def test_an_overlap_refuses_the_whole_roster_in_whatever_unit() -> None:
    unit, other = make_department("one"), make_department("two")
    person = clerk(unit)
    RoleAssignment.objects.create(user=person, role=Role.OPERATOR, department=other)
    roster(unit, person)
    with pytest.raises(Conflict, match=person.last_name):
        roster(other, clerk(other), person, pattern="5/2", begins=dt.time(18), ends=dt.time(22))
    assert not Shift.objects.filter(department=other).exists()
    assert roster(other, person, pattern="5/2", begins=dt.time(19), ends=dt.time(7)) == 5  # shifts may touch


WRONG = [
    ({"last": MONDAY - DAY}, "last"),
    ({"last": MONDAY + 100 * DAY}, "last"),
    ({"pattern": "5/2", "first": MONDAY + 5 * DAY, "last": MONDAY + 6 * DAY}, "last"),
]


@pytest.mark.parametrize(("values", "field"), WRONG)
def test_a_roster_without_sense_is_refused(values: dict[str, Any], field: str) -> None:
    unit = make_department()
    with pytest.raises(ValidationFailed) as caught:
        roster(unit, clerk(unit), **values)
    assert caught.value.field == field


def test_only_people_of_the_unit_are_put_on_its_roster() -> None:
    unit, other = make_department("one"), make_department("two")
    with pytest.raises(ValidationFailed):
        roster(unit, clerk(other))


def test_a_week_is_copied_with_its_hours() -> None:
    unit, actor = make_department(), make_user(Role.METHODOLOGIST)
    person = clerk(unit)
    roster(unit, person, begins=dt.time(20), ends=dt.time(7))
    assert shifts.copy_week(unit, MONDAY, actor=actor) == 4
    assert days(person) == [2, 3, 6, 7, 9, 10, 13, 14]
    with pytest.raises(Conflict):
        shifts.copy_week(unit, MONDAY, actor=actor)
    with pytest.raises(ValidationFailed):
        shifts.copy_week(unit, MONDAY + 70 * DAY, actor=actor)


def test_shifts_are_changed_and_swapped_without_overlaps() -> None:
    unit, actor = make_department(), make_user(Role.METHODOLOGIST)
    one, two = clerk(unit), clerk(unit)
    roster(unit, one, last=MONDAY + DAY)
    roster(unit, two, first=MONDAY + 2 * DAY, last=MONDAY + 3 * DAY)
    first, other = Shift.objects.filter(user=one).earliest("pk"), Shift.objects.filter(user=two).earliest("pk")
    shifts.swap_shifts(first.pk, other.pk, actor=actor)
    assert (days(one), days(two)) == ([3, 4], [2, 5])
    hours = {"begins": dt.time(8), "ends": dt.time(19), "actor": actor}
    with pytest.raises(Conflict):
        shifts.change_shift(first.pk, user=two, day=MONDAY + 3 * DAY, **hours)
    shifts.change_shift(first.pk, user=two, day=MONDAY + 4 * DAY, **hours)
    assert days(two) == [5, 6]
    with pytest.raises(ValidationFailed):
        shifts.swap_shifts(first.pk, Shift.objects.filter(user=two).latest("pk").pk, actor=actor)


def test_a_deleted_shift_can_be_put_back_unless_its_place_is_taken() -> None:
    unit, actor = make_department(), make_user(Role.METHODOLOGIST)
    person = clerk(unit)
    roster(unit, person, pattern="single")
    told = shifts.delete_shift(Shift.objects.get().pk, actor=actor)
    assert not Shift.objects.exists()
    shifts.restore_shift(told, actor=actor)
    assert days(person) == [2]
    with pytest.raises(Conflict):
        shifts.restore_shift(told, actor=actor)


def test_who_may_make_the_roster_of_which_unit() -> None:
    body = make_organization("body")
    unit, beside = make_department("unit", organization=body), make_department("beside", organization=body)
    far = make_department("far", organization=make_organization("other"))
    director = make_user()
    RoleAssignment.objects.create(user=director, role=Role.HEAD, organization=body)
    expected = {
        make_user(Role.HEAD, department=unit): {unit},
        director: {unit, beside},
        make_user(Role.METHODOLOGIST): {unit, beside, far},
        make_user(Role.OPERATOR, department=unit): set(),
        make_user(Role.HEAD): set(),
    }
    for actor, units in expected.items():
        assert set(shifts.managed_departments(actor)) == units
        for one in (unit, beside, far):
            if one not in units:
                with pytest.raises(NotAllowed):
                    roster(one, clerk(one), actor=actor)
            else:
                assert roster(one, clerk(one), actor=actor)


def test_who_is_on_duty_and_who_is_told() -> None:
    unit = make_department()
    day, night, free = clerk(unit), clerk(unit), clerk(unit)
    roster(unit, day, pattern="single")
    roster(unit, night, pattern="single", begins=dt.time(19), ends=dt.time(8))
    moments = {"T12:00": [day], "T19:00": [night], "T23:59": [night]}
    for moment, expected in moments.items():
        with travel(f"2026-11-02{moment}:00+05:00", tick=False):
            assert [shift.user for shift in shifts.on_duty([unit.pk])] == expected
            assert shifts.only_on_duty([day, night, free], unit.pk) == expected
    with travel("2026-11-03T08:00:00+05:00", tick=False):  # nobody is: all are told
        assert shifts.only_on_duty([day, night, free], unit.pk) == [day, night, free]


ACTING = {
    "07:29": False,
    "07:30": True,  # half an hour to take over
    "12:00": True,
    "19:30": True,  # and to hand over
    "19:31": False,
}


@pytest.mark.parametrize(("clock", "expected"), ACTING.items())
def test_a_role_for_shifts_acts_within_them_and_a_margin(clock: str, expected: bool) -> None:
    unit = make_department()
    person = make_user()
    RoleAssignment.objects.create(user=person, role=Role.OPERATOR, department=unit, only_on_shift=True)
    RoleAssignment.objects.create(user=person, role=Role.ANALYST, department=unit)
    roster(unit, person, pattern="single")
    with travel(f"2026-11-02T{clock}:00+05:00", tick=False):
        assert has_role(again(person), Role.OPERATOR) is expected
        assert has_role(again(person), Role.ANALYST)


def test_roles_cost_one_query_with_shifts_too(django_assert_num_queries: Any) -> None:
    person = make_user()
    RoleAssignment.objects.create(user=person, role=Role.OPERATOR, only_on_shift=True)
    with django_assert_num_queries(1):
        grants_of(person)


def test_changes_of_the_roster_are_in_the_log() -> None:
    unit, actor = make_department(), make_user(Role.METHODOLOGIST)
    roster(unit, clerk(unit), pattern="single", actor=actor)
    shifts.delete_shift(Shift.objects.get().pk, actor=actor)
    made, deleted = AuditRecord.objects.filter(action="roster_changed").order_by("pk")
    assert {made.subject_ref, deleted.subject_ref} == {f"department:{unit.pk}"}
    assert made.details["after"]["shifts"] == 1
    assert deleted.details["before"]["starts_at"] == "2026-11-02T03:00:00+00:00"
