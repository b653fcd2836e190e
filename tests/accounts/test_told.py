"""Who is told of what concerns the whole hub: nobody who has his role for a part of it."""

from __future__ import annotations

import pytest

from accounts.models import Role
from accounts.permissions import users_who_may, users_with_role
from accounts.rights import RIGHTS, Action
from tests.factories import make_department, make_user

pytestmark = pytest.mark.django_db


def test_who_has_a_role_of_the_whole_hub_for_a_part_is_told_of_nothing() -> None:
    part = make_department("part")
    chiefs = {role: make_user(role) for role in (Role.ADMINISTRATOR, Role.SECURITY_OFFICER, Role.MODERATOR)}
    narrow = {role: make_user(role, department=part) for role in chiefs}
    for role in (Role.ADMINISTRATOR, Role.SECURITY_OFFICER):
        assert users_with_role(role) == [chiefs[role]]
    for action in (Action.AUDIT, Action.TAKE_DOWN, Action.MANAGE_BREACHES):
        told = users_who_may(action)
        assert not set(narrow.values()) & set(told)
        assert set(told) == {chiefs[role] for role in chiefs if action in RIGHTS[role]}
