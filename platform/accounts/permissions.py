"""Which roles a user holds, and where: the raw material of every policy."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.models import AnonymousUser

from accounts.models import Role, RoleAssignment, User
from accounts.rights import ANYBODY, RESIDENT, RIGHTS, Action, Grant, holds

Person = User | AnonymousUser


def grants_of(user: Person) -> tuple[Grant, ...]:
    """The user's roles, read once per user object.

    A superuser, who begins an installation, is an administrator without a row that says so.
    """
    if not isinstance(user, User) or not user.is_active:
        return ()
    kept: tuple[Grant, ...] | None = getattr(user, "_grants", None)
    if kept is None:
        rows = RoleAssignment.objects.filter(user=user).values_list(
            "role", "organization_id", "department_id", "area_id"
        )
        kept = (*(Grant(*row) for row in rows), *_born_with(user))
        user._grants = kept  # type: ignore[attr-defined]  # kept for the life of the request's user object
    return kept


def _born_with(user: User) -> tuple[Grant, ...]:
    return (Grant(Role.ADMINISTRATOR),) if user.is_superuser else ()


def read_grants(users: Iterable[User]) -> None:
    """Read the roles of many people at once, so that asking what each may do costs nothing more."""
    unread = {user.pk: user for user in users if user.is_active and getattr(user, "_grants", None) is None}
    found: dict[int, list[Grant]] = {pk: [] for pk in unread}
    rows = RoleAssignment.objects.filter(user__in=list(unread)) if unread else RoleAssignment.objects.none()
    for row in rows.values_list("user_id", "role", "organization_id", "department_id", "area_id"):
        found[row[0]].append(Grant(row[1], row[2], row[3], row[4]))
    for pk, user in unread.items():
        user._grants = (*found[pk], *_born_with(user))  # type: ignore[attr-defined]  # as grants_of keeps them


def has_role(user: Person, *roles: str) -> bool:
    return any(grant.role in roles for grant in grants_of(user))


def has_right(user: Person, *actions: Action) -> bool:
    """Whether the user may do one of the actions somewhere, by his roles or as anybody may."""
    everybody = RIGHTS[RESIDENT if isinstance(user, User) and user.is_active else ANYBODY]
    return any(action in everybody for action in actions) or holds(grants_of(user), *actions)


def is_staff_member(user: Person) -> bool:
    """Whether the user works here at all, in whatever role."""
    return bool(grants_of(user))


def users_with_role(role: Role | str, *, department_ids: Iterable[int] | None = None) -> list[User]:
    """Active users holding a role, for the given departments or for the whole hub."""
    rows = RoleAssignment.objects.filter(role=role, user__is_active=True).select_related("user").order_by("user_id")
    if department_ids is not None:
        rows = rows.filter(department_id__in=list(department_ids))
    return list({row.user_id: row.user for row in rows}.values())
