"""The table of rights and how a table's scope and an assignment's scope combine; no database."""

from __future__ import annotations

import itertools

import pytest

from accounts import rights
from accounts.models import Role
from accounts.rights import ANYBODY, CASE_ACTIONS, LABELS, RESIDENT, RIGHTS, SCOPE_LABELS, Action, Grant, Place, Scope

UNIT, ORGANIZATION, AREA = {"department_id": 1}, {"organization_id": 1}, {"area_id": 1}

WIDTHS = [
    ({}, Scope.ALL),
    (AREA, Scope.AREA),
    (ORGANIZATION, Scope.ORGANIZATION),
    (UNIT, Scope.UNIT),
    (AREA | UNIT, Scope.UNIT),
    (AREA | ORGANIZATION, Scope.ORGANIZATION),
    (AREA | ORGANIZATION | UNIT, Scope.UNIT),
]


@pytest.mark.parametrize(("bounds", "expected"), WIDTHS)
def test_an_assignment_is_as_wide_as_its_narrowest_bound(bounds: dict[str, int], expected: Scope) -> None:
    assert rights.width(Grant(Role.HEAD, **bounds)) == expected


REACHES = [
    (Role.INSPECTOR, Action.ROUTE, {}, Scope.ALL),
    (Role.INSPECTOR, Action.ROUTE, AREA, Scope.AREA),
    (Role.INSPECTOR, Action.ROUTE, UNIT, Scope.UNIT),
    (Role.EXECUTOR, Action.REPLY, UNIT, Scope.UNIT),
    (Role.EXECUTOR, Action.REPLY, {}, Scope.OWN),
    (Role.EXECUTOR, Action.REPLY, ORGANIZATION, Scope.OWN),
    (Role.EXECUTOR, Action.ROUTE, UNIT, None),
    (Role.HEAD, Action.EXTEND, ORGANIZATION, Scope.ORGANIZATION),
    (Role.HEAD, Action.EXTEND, UNIT, Scope.UNIT),
    (Role.HEAD, Action.EXTEND, AREA, Scope.OWN),
    (Role.HEAD, Action.EXTEND, {}, Scope.OWN),
    (Role.HEAD, Action.SEE_RIGHTS, {}, Scope.ALL),
    (Role.EXECUTOR, Action.SUBSTITUTE, UNIT, Scope.OWN),
    (Role.SECURITY_OFFICER, Action.AUDIT, {}, Scope.ALL),
    (Role.SECURITY_OFFICER, Action.SEE, {}, None),
]


@pytest.mark.parametrize(("role", "action", "bounds", "expected"), REACHES)
def test_table_and_assignment_combine(role: str, action: Action, bounds: dict[str, int], expected: Scope) -> None:
    assert rights.reach(Grant(role, **bounds), action) == expected


def test_nobody_gets_more_than_the_table_or_the_assignment_says() -> None:
    for role, action, (bounds, _) in itertools.product(Role, Action, WIDTHS):
        grant = Grant(role, **bounds)
        reached, most = rights.reach(grant, action), rights.widest(role, action)
        if most is None or (action in rights.WHOLE_HUB and rights.width(grant) < Scope.ALL):
            assert reached is None
        else:
            assert reached is not None
            assert reached <= most
            assert reached <= rights.width(grant)


COVERED = [
    (Grant(Role.HEAD, department_id=1), Place(department_id=1, organization_id=9), True),
    (Grant(Role.HEAD, department_id=1), Place(department_id=2, organization_id=9), False),
    (Grant(Role.HEAD, organization_id=9), Place(department_id=2, organization_id=9), True),
    (Grant(Role.HEAD, organization_id=9), Place(department_id=2), False),
    (Grant(Role.HEAD), Place(department_id=1), False),
    (Grant(Role.DEPUTY_AKIM, area_id=3), Place(department_id=1, area_id=3), True),
    (Grant(Role.DEPUTY_AKIM, area_id=3), Place(department_id=1), False),
    (Grant(Role.DEPUTY_AKIM), Place(), True),
    (Grant(Role.OPERATOR), Place(department_id=1), False),
]


@pytest.mark.parametrize(("grant", "place", "expected"), COVERED)
def test_a_grant_covers_what_belongs_to_its_place(grant: Grant, place: Place, expected: bool) -> None:
    assert rights.covers(grant, Action.EXTEND, place) is expected


# Written down once more, by hand: a change of the table must be meant.
SECURITY = {"audit", "secure_accounts", "manage_breaches", "manage_privacy", "take_down"}
COLLEAGUE = {"see_rights", "see_shifts", "substitute"}
ON_APPEALS = {
    "operator": "see see_identity register classify",
    "inspector": "see see_confidential see_identity register classify route assign work export",
    "executor": "see see_identity claim work reply",
    "co_executor": "see work",
    "analyst": "see oversee export",
    "methodologist": "see",
    "head": "see see_confidential see_identity claim assign work reply extend export oversee",
    "deputy_akim": "see see_confidential see_identity assign extend export oversee",
    "akim": "see see_confidential see_identity assign extend export oversee",
    "moderator": "see classify",
    "administrator": "see export oversee",
    "security_officer": "",
}


@pytest.mark.parametrize("role", Role)
def test_rights_on_appeals_are_as_agreed(role: str) -> None:
    assert RIGHTS[role].keys() & CASE_ACTIONS == set(ON_APPEALS[role].split())


def test_every_colleague_sees_rights_and_shifts_and_may_be_substituted() -> None:
    assert all(RIGHTS[role].keys() >= COLLEAGUE for role in Role)


def test_the_security_officer_watches_accounts_and_gives_no_roles() -> None:
    assert RIGHTS[Role.SECURITY_OFFICER].keys() == SECURITY | COLLEAGUE


def test_accounts_are_managed_and_logs_watched_by_few() -> None:
    assert {role for role in RIGHTS if Action.MANAGE_ACCOUNTS in RIGHTS[role]} == {"administrator"}
    assert {role for role in RIGHTS if Action.AUDIT in RIGHTS[role]} == {"administrator", "security_officer"}


def test_visitors_and_residents_reach_nothing_but_what_is_public_or_their_own() -> None:
    assert RIGHTS[ANYBODY].keys() == {"read_public", "file", "track"}
    assert RIGHTS[RESIDENT].keys() == {"read_public", "file", "track", "my_appeals", "my_data"}


def test_every_action_is_used_and_every_word_has_a_label() -> None:
    assert {action for row in RIGHTS.values() for action in row} == set(Action)
    assert LABELS.keys() == set(Action)
    assert SCOPE_LABELS.keys() == set(Scope)
    assert RIGHTS.keys() == {*Role.values, ANYBODY, RESIDENT}


TOO_WIDE = [
    (Role.EXECUTOR, Scope.ALL, True),
    (Role.EXECUTOR, Scope.UNIT, False),
    (Role.CO_EXECUTOR, Scope.ORGANIZATION, True),
    (Role.HEAD, Scope.ALL, True),
    (Role.HEAD, Scope.ORGANIZATION, False),
    (Role.INSPECTOR, Scope.ALL, False),
    (Role.SECURITY_OFFICER, Scope.ALL, False),
]


@pytest.mark.parametrize(("role", "scope", "expected"), TOO_WIDE)
def test_a_role_without_its_place_is_noticed(role: str, scope: Scope, expected: bool) -> None:
    assert rights.too_wide(role, scope) is expected


@pytest.mark.parametrize("bounds", [{"department_id": 1}, {"organization_id": 1}, {"area_id": 1}])
def test_a_role_for_a_part_of_the_city_has_no_right_over_the_whole_hub(bounds: dict[str, int]) -> None:
    for role in RIGHTS:
        part, whole = Grant(role, **bounds), Grant(role)
        for action in rights.WHOLE_HUB:
            assert not rights.holds([part], action)
            assert rights.holds([whole], action) is (action in RIGHTS[role])


def test_a_role_that_is_for_the_whole_hub_only_is_given_for_no_part_of_it() -> None:
    assert {role for role in Role if rights.too_narrow(role, Scope.UNIT)} == {Role.SECURITY_OFFICER}
    assert not any(rights.too_narrow(role, Scope.ALL) for role in Role)
