"""The table of rights in words, for the page of the staff, its CSV and the administration site."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from accounts.models import Role, RoleAssignment, User
from accounts.permissions import all_grants_of
from accounts.rights import (
    ANYBODY,
    CASE_ACTIONS,
    EVERYBODY_ACTIONS,
    LABELS,
    PSEUDO_ROLES,
    RESIDENT,
    RIGHTS,
    SCOPE_LABELS,
    Action,
    Grant,
    Scope,
    loses_the_hub,
    too_narrow,
    too_wide,
    width,
)
from accounts.substitutions import stands_in_for


@dataclass(frozen=True)
class Reach:
    """All roles that reach equally far for one action."""

    scope: str
    roles: str


@dataclass(frozen=True)
class Line:
    """One action: who may, and how far at most."""

    action: str
    reaches: list[Reach]


@dataclass(frozen=True)
class Group:
    title: str
    lines: list[Line]


@dataclass(frozen=True)
class Mine:
    """One of my roles: where it holds, for whom, and what is odd about it."""

    role: str
    place: str
    note: str


def role_label(role: str) -> str:
    return str(PSEUDO_ROLES.get(role) or Role(role).label)


def groups(role: str = "", action: str = "") -> list[Group]:
    """The whole table, or what one role may, or who may do one thing."""
    titled = (
        (_("Appeals"), CASE_ACTIONS),
        (_("The hub"), frozenset(Action) - CASE_ACTIONS - EVERYBODY_ACTIONS),
        (_("What everybody may do"), EVERYBODY_ACTIONS),
    )
    found = []
    for title, actions in titled:
        wanted = (one for one in Action if one in actions and action in ("", one))
        lines = [Line(str(LABELS[one]), reaches) for one in wanted if (reaches := _reaches(one, role))]
        if lines:
            found.append(Group(title, lines))
    return found


def _reaches(action: Action, role: str) -> list[Reach]:
    roles = [role] if role else RIGHTS
    by_scope: dict[Scope, list[str]] = {}
    for one in roles:
        if action in RIGHTS[one] and not (one == RESIDENT and ANYBODY in roles and action in RIGHTS[ANYBODY]):
            by_scope.setdefault(RIGHTS[one][action], []).append(role_label(one))
    return [Reach(str(SCOPE_LABELS[scope]), ", ".join(by_scope[scope])) for scope in sorted(by_scope, reverse=True)]


def matrix() -> Iterable[list[str]]:
    """One row per action and one column per role, for spreadsheets."""
    yield [_("Action"), *(role_label(role) for role in RIGHTS)]
    for action in Action:
        scopes = (row.get(action) for row in RIGHTS.values())
        yield [str(LABELS[action]), *(str(SCOPE_LABELS[scope]) if scope else "" for scope in scopes)]


def rights_of(user: User) -> list[Mine]:
    """The user's own roles with their places, and those he has from standing in."""
    lenders = {row.user_id: row.user for row in stands_in_for(user)}
    lent = {(grant.on_behalf_of, replace(grant, on_behalf_of=None)) for grant in all_grants_of(user)}
    rows = RoleAssignment.objects.filter(user__in=[user.pk, *lenders]).select_related(
        "organization", "department", "area"
    )
    found = [
        Mine(str(Role(row.role).label), place_of(row), _note(row, lenders.get(row.user_id)))
        for row in sorted(rows, key=lambda row: (row.user_id != user.pk, row.pk))
        if row.user_id == user.pk or (row.user_id, _grant(row)) in lent
    ]
    if user.is_superuser:
        found.insert(0, Mine(str(Role.ADMINISTRATOR.label), str(SCOPE_LABELS[Scope.ALL]), ""))
    return found


def place_of(row: RoleAssignment) -> str:
    """The scope of an assignment in words; nothing given is the whole hub."""
    parts = [part.name for part in (row.department, row.organization, row.area) if part]
    return ", ".join(parts) or str(SCOPE_LABELS[Scope.ALL])


def _grant(row: RoleAssignment) -> Grant:
    return Grant(row.role, row.organization_id, row.department_id, row.area_id)


def _note(row: RoleAssignment, lender: User | None) -> str:
    notes = []
    if lender:
        notes.append(_("in place of %(name)s") % {"name": lender})
    if row.only_on_shift:
        notes.append(_("on shift alone"))
    grant = _grant(row)
    if too_wide(row.role, width(grant)):
        notes.append(_("no unit was given: reaches only what one was given oneself"))
    if too_narrow(row.role, width(grant)):
        notes.append(_("given for a part of the city: opens nothing, for the role is for the whole hub alone"))
    elif loses_the_hub(row.role, width(grant)):
        notes.append(_("given for a part of the city: without the rights over the whole hub"))
    return "; ".join(notes)
