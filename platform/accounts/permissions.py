"""Which roles a user holds, and where: the raw material of every policy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser

from accounts.models import Role, RoleAssignment, User


@dataclass(frozen=True)
class Grant:
    """A role with its scope; None means everywhere."""

    role: str
    organization_id: int | None
    department_id: int | None
    area_id: int | None


def grants_of(user: User | AnonymousUser) -> tuple[Grant, ...]:
    """The user's roles, read once per user object."""
    if not isinstance(user, User) or not user.is_active:
        return ()
    kept: tuple[Grant, ...] | None = getattr(user, "_grants", None)
    if kept is None:
        rows = RoleAssignment.objects.filter(user=user).values_list(
            "role", "organization_id", "department_id", "area_id"
        )
        kept = tuple(Grant(*row) for row in rows)
        user._grants = kept  # type: ignore[attr-defined]  # kept for the life of the request's user object
    return kept


def read_grants(users: Iterable[User]) -> None:
    """Read the roles of many people at once, so that asking what each may do costs nothing more."""
    unread = {user.pk: user for user in users if user.is_active and getattr(user, "_grants", None) is None}
    found: dict[int, list[Grant]] = {pk: [] for pk in unread}
    rows = RoleAssignment.objects.filter(user__in=list(unread)) if unread else RoleAssignment.objects.none()
    for row in rows.values_list("user_id", "role", "organization_id", "department_id", "area_id"):
        found[row[0]].append(Grant(row[1], row[2], row[3], row[4]))
    for pk, user in unread.items():
        user._grants = tuple(found[pk])  # type: ignore[attr-defined]  # as grants_of keeps them


def has_role(user: User | AnonymousUser, *roles: str) -> bool:
    return any(grant.role in roles for grant in grants_of(user))


def is_staff_member(user: User | AnonymousUser) -> bool:
    """Whether the user works here at all, in whatever role."""
    return bool(grants_of(user))


def users_with_role(role: Role | str, *, department_ids: Iterable[int] | None = None) -> list[User]:
    """Active users holding a role, for the given departments or for the whole hub."""
    rows = RoleAssignment.objects.filter(role=role, user__is_active=True).select_related("user").order_by("user_id")
    if department_ids is not None:
        rows = rows.filter(department_id__in=list(department_ids))
    return list({row.user_id: row.user for row in rows}.values())
