"""The invented people of a sandbox: one of each role, and a resident. Nobody can sign in with their accounts."""

from __future__ import annotations

from django.db import transaction

from accounts.models import Role, RoleAssignment, User
from organizations.models import Department

RESIDENT = "resident"
UNIT = "water-supply"
REVIEWERS = "appeals-control"
# Whom an application can act as: the role, and the unit for roles that need one.
PEOPLE: dict[str, str] = {RESIDENT: "", **{role.value: "" for role in Role}} | {
    Role.EXECUTOR.value: UNIT,
    Role.CO_EXECUTOR.value: UNIT,
    Role.HEAD.value: UNIT,
}


def login_of(role: str) -> str:
    return f"sandbox.{role}"


@transaction.atomic
def make() -> None:
    """Into an empty database with reference data."""
    units = {unit.slug: unit for unit in Department.objects.select_related("organization")}
    for role, unit in PEOPLE.items():
        user = User(username=login_of(role), last_name="Сынақ", first_name=role, email=f"{role}@sandbox.example")
        user.set_unusable_password()
        user.save()
        if role != RESIDENT:
            _give(user, role, units.get(unit))
    second = User(username=login_of("reviewer"), last_name="Сынақ", first_name="reviewer")
    second.set_unusable_password()
    second.save()
    _give(second, Role.EXECUTOR, units.get(REVIEWERS))


def _give(user: User, role: str, unit: Department | None) -> None:
    """A head's reach is the organization of the unit, as in the real world."""
    RoleAssignment.objects.create(user=user, role=role, department=unit)
