"""States change as the table says, with reasons, and can be taken back by whoever changed them."""

from __future__ import annotations

import pytest

from accounts.models import Role, RoleAssignment, User
from common.errors import Conflict, NotFound, ValidationFailed
from reports.models import EarlyWarning
from reports.warning import access, states
from tests.factories import make_area, make_user
from tests.reports.warning.test_watch import keep, later

pytestmark = pytest.mark.django_db
State = EarlyWarning.State


def change(row: EarlyWarning, to: str, actor: User, reason: str = "Белгілі жағдай") -> EarlyWarning:
    row.refresh_from_db()
    return states.change_state(row.pk, to=to, reason=reason, version=row.version, actor=actor)


def test_every_state_has_its_transitions() -> None:
    assert set(states.TRANSITIONS) == set(State.values)
    assert all(states.TRANSITIONS.values())


def test_to_explain_and_to_close_one_says_why() -> None:
    row, analyst = keep(), make_user(Role.ANALYST)
    change(row, State.WATCHED, analyst, reason="")
    for to in (State.EXPLAINED, State.CLOSED):
        with pytest.raises(ValidationFailed):
            change(row, to, analyst, reason=" ")
    assert change(row, State.EXPLAINED, analyst).state == State.EXPLAINED


def test_a_change_of_somebody_else_in_between_is_a_conflict() -> None:
    row, analyst = keep(), make_user(Role.ANALYST)
    change(row, State.WATCHED, analyst)
    with pytest.raises(Conflict):
        states.change_state(row.pk, to=State.CLOSED, reason="Белгілі", version=0, actor=analyst)
    with pytest.raises(Conflict):
        change(row, State.NEW, analyst)


def test_the_last_change_can_be_taken_back_by_whoever_made_it() -> None:
    row, analyst, other = keep(), make_user(Role.ANALYST), make_user(Role.ANALYST)
    row = change(row, State.CLOSED, analyst)
    with pytest.raises(Conflict):
        states.undo(row.pk, version=row.version, actor=other)
    row = states.undo(row.pk, version=row.version, actor=analyst)
    assert (row.state, row.closed_at) == (State.NEW, None)
    with pytest.raises(Conflict):
        states.undo(row.pk, version=row.version, actor=analyst)


def test_a_closed_one_does_not_come_back_beside_a_newer_one() -> None:
    old, analyst = keep(), make_user(Role.ANALYST)
    change(old, State.CLOSED, analyst)
    keep(later(30))
    with pytest.raises(Conflict):
        change(old, State.WATCHED, analyst)


def test_whoever_oversees_one_city_sector_sees_it_and_the_whole_city() -> None:
    here, there = make_area("north"), make_area("south")
    deputy = make_user()
    RoleAssignment.objects.create(user=deputy, role=Role.DEPUTY_AKIM, area=here)
    rows = [keep(key=f"0:0:{area}", area_id=area) for area in (here.pk, there.pk, 0)]
    assert set(access.visible(deputy)) == {rows[0], rows[2]}
    assert access.visible(make_user(Role.ANALYST)).count() == 3
    assert not access.visible(make_user(Role.EXECUTOR)).exists()
    with pytest.raises(NotFound):
        change(rows[1], State.WATCHED, deputy)
