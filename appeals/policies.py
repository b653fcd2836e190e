"""Who may see which appeals and do what with them: the table of `accounts.rights` applied to single appeals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from accounts.models import Role, User
from accounts.permissions import (
    Person,
    grants_of,
    lenders_of,
    note_on_behalf,
    read_grants,
    units_of,
    units_of_lender,
)
from accounts.rights import CASE_ACTIONS, RIGHTS, Action, Grant, holds, reaches_beyond
from appeals.models import Appeal, Assignment, Question
from common.errors import NotAllowed

# What each role may do with appeals; its rights elsewhere in the hub are no business of a case.
ON_CASES = {role: frozenset(row) & CASE_ACTIONS for role, row in RIGHTS.items()}


def scope_filter(grant: Grant) -> Q:
    """The rows a grant reaches. An empty scope reaches everything."""
    condition = Q()
    if grant.department_id:
        condition &= Q(department_id=grant.department_id)
    if grant.organization_id:
        condition &= Q(department__organization_id=grant.organization_id)
    if grant.area_id:
        condition &= Q(area_id=grant.area_id)
    return condition


def visible_to(user: Person, action: Action = Action.SEE, *, elsewhere: bool = True) -> QuerySet[Appeal]:
    """The appeals on which the user may do `action`, as a queryset to filter further; the same answers as `may`.

    Never the ones that complain about him or his unit; confidential ones only by role or assignment. With
    `elsewhere=False` without what reaches him outside the scope of his roles: an OR that would cost long lists
    their index.
    """
    lots = _by_owner(user, _holding(user, action))
    if not lots or not isinstance(user, User):
        return Appeal.objects.none()
    rows = Appeal.objects.exclude(complaint_user_id=user.pk, complaint_user_id__isnull=False)
    if units := units_of(user):
        rows = rows.exclude(complaint_department_id__in=units, complaint_department_id__isnull=False)
    reach = _reach(user, lots, action, elsewhere=elsewhere)
    return rows.filter(reach) if reach else rows


def _reach(user: User, lots: dict[int, list[Grant]], action: Action, *, elsewhere: bool) -> Q:
    """What his own roles reach, or those of somebody he stands in for whom the appeal does not name."""
    reaches = []
    for owner, grants in lots.items():
        reach = _scopes(grants, action)
        if elsewhere and reach:
            reach |= _given_to(owner, action, grants)
        if owner != user.pk:
            reach &= _unnamed(owner, units_of_lender(user, owner))
        if not reach:
            return Q()
        reaches.append(reach)
    return _any_of(reaches)


def _unnamed(user_id: int, units: set[int]) -> Q:
    condition = ~Q(complaint_user_id=user_id, complaint_user_id__isnull=False)
    if units:
        condition &= ~Q(complaint_department_id__in=units, complaint_department_id__isnull=False)
    return condition


def _by_owner(user: Person, grants: Iterable[Grant]) -> dict[int, list[Grant]]:
    """The grants by whose roles they are: the user's own, and those of the people he stands in for."""
    found: dict[int, list[Grant]] = {}
    for grant in grants:
        found.setdefault(grant.on_behalf_of or user.pk or 0, []).append(grant)
    return found


def _holding(user: Person, action: Action) -> list[Grant]:
    return [grant for grant in grants_of(user) if action in ON_CASES[grant.role]]


def _scopes(grants: list[Grant], action: Action) -> Q:
    """What the roles reach by themselves; each role opens confidential cases in its own scope only.

    An empty condition reaches everything: a plain `True` would spoil the plan of the queue's query.
    """
    reaching = [grant for grant in grants if reaches_beyond(grant, action)]
    if not reaching:
        return Q(pk__in=[])
    opened = [scope_filter(grant) for grant in reaching if _sees_confidential(grant)]
    ordinary = [scope_filter(grant) for grant in reaching if not _sees_confidential(grant)]
    if any(not condition for condition in opened):
        return Q()
    if not ordinary:
        return _any_of(opened)
    everywhere = any(not condition for condition in ordinary)
    return _any_of([Q(is_confidential=False) & (Q() if everywhere else _any_of(ordinary)), *opened])


def _any_of(conditions: list[Q]) -> Q:
    return reduce(or_, conditions)


def _given_to(user_id: int, action: Action, grants: list[Grant]) -> Q:
    """What was given to the person, or in part to his unit: an executor's and a co-executor's rights on it, no more."""
    reach = Q(pk__in=[])
    if action in ON_CASES[Role.EXECUTOR]:
        reach |= Q(executor_id=user_id)
    if action in ON_CASES[Role.CO_EXECUTOR]:
        reach |= Q(pk__in=Assignment.objects.filter(user_id=user_id, ended_at__isnull=True).values("appeal_id"))
        if units := {grant.department_id for grant in grants if grant.department_id}:
            reach |= Q(pk__in=_open_questions(units).values("appeal_id"), is_confidential=False)
        if units := {grant.department_id for grant in grants if grant.department_id and _sees_confidential(grant)}:
            reach |= Q(pk__in=_open_questions(units).values("appeal_id"))
    return reach


def _open_questions(units: set[int]) -> QuerySet[Question]:
    return Question.objects.filter(department_id__in=units, forwarded_at__isnull=True, answered_at__isnull=True)


def _open_parts(appeal: Appeal) -> QuerySet[Question]:
    return Question.objects.filter(appeal=appeal, forwarded_at__isnull=True, answered_at__isnull=True)


@dataclass(frozen=True)
class _Given:
    """What of one appeal is given to people and units outside their scopes, read once for many people."""

    people: frozenset[int]
    units: frozenset[int]


def _sees_confidential(grant: Grant) -> bool:
    return reaches_beyond(grant, Action.SEE_CONFIDENTIAL)


def may(user: Person, action: Action, appeal: Appeal | None = None) -> bool:
    """Whether the user may do `action`, on this appeal if one is given."""
    if not isinstance(user, User):
        return False
    if appeal is None:
        return holds(grants_of(user), action)
    return _may_with(user, action, appeal)


def acting_for(user: User, action: Action, appeal: Appeal) -> int | None:
    """For whom the user acts here: nobody where his own roles are enough, else the one he stands in for."""
    for owner, grants in sorted(_unnamed_lots(user, appeal, action).items(), key=lambda lot: lot[0] != user.pk):
        if _reached(grants, action, appeal) or action in _rights_given(owner, appeal, grants):
            return None if owner == user.pk else owner
    return None


def those_who_may(users: Iterable[User], action: Action, appeal: Appeal) -> list[User]:
    """The same answers as `may` for many people, at the cost of four queries however many they are."""
    asked = list(users)
    read_grants(asked)
    people = {user.pk for user in asked}.union(*(lenders_of(user) for user in asked))
    parts = Assignment.objects.filter(appeal=appeal, user__in=people, ended_at__isnull=True)
    given = _Given(
        people=frozenset(pk for pk in parts.values_list("user_id", flat=True) if pk),
        units=frozenset(pk for pk in _open_parts(appeal).values_list("department_id", flat=True) if pk),
    )
    return [user for user in asked if _may_with(user, action, appeal, given)]


def _may_with(user: User, action: Action, appeal: Appeal, given: _Given | None = None) -> bool:
    return any(
        _reached(grants, action, appeal) or action in _rights_given(owner, appeal, grants, given)
        for owner, grants in _unnamed_lots(user, appeal, action).items()
    )


def actions_on(user: User, appeal: Appeal) -> frozenset[Action]:
    """Everything the user may do on this appeal, at the cost of two queries at most; the same answers as `may`.

    Two more for each person he stands in for.
    """
    found: frozenset[Action] = frozenset()
    for owner, grants in _unnamed_lots(user, appeal).items():
        held = frozenset().union(*(ON_CASES[grant.role] for grant in grants))
        by_role = frozenset(
            action
            for action in held
            if _reached([grant for grant in grants if action in ON_CASES[grant.role]], action, appeal)
        )
        found |= by_role if by_role == held else by_role | (_rights_given(owner, appeal, grants) & held)
    return found


def _unnamed_lots(user: User, appeal: Appeal, action: Action | None = None) -> dict[int, list[Grant]]:
    """The grants that hold here, by whose they are: none for whom the appeal names, be it only through his unit.

    Whoever stands in for somebody the appeal names has his own roles there, not the other's.
    """
    if _is_named(appeal, user.pk, units_of(user)):
        return {}
    grants = grants_of(user) if action is None else _holding(user, action)
    lots = _by_owner(user, grants)
    return {
        owner: lot
        for owner, lot in lots.items()
        if owner == user.pk or not _is_named(appeal, owner, units_of_lender(user, owner))
    }


def is_executor(user: User, appeal: Appeal) -> bool:
    """Whether the case is the user's, or that of somebody for whom he stands in here."""
    return appeal.executor_id is not None and appeal.executor_id in stands_for(user, appeal)


def stands_for(user: User, appeal: Appeal) -> frozenset[int]:
    """The user and those for whom he stands in on this appeal."""
    return frozenset({user.pk, *_unnamed_lots(user, appeal)})


def _is_named(appeal: Appeal, user_id: int, units: set[int]) -> bool:
    """Whether the appeal complains about the person, or about a unit in which he has a role."""
    if appeal.complaint_user_id == user_id:
        return True
    return appeal.complaint_department_id is not None and appeal.complaint_department_id in units


def _reached(grants: Iterable[Grant], action: Action, appeal: Appeal) -> bool:
    """Whether one of the roles reaches the appeal; a confidential one needs a role that sees such, in that scope."""
    fit = (grant for grant in grants if not appeal.is_confidential or _sees_confidential(grant))
    return any(_covers(grant, action, appeal) for grant in fit)


def _rights_given(
    user_id: int, appeal: Appeal, grants: Sequence[Grant], given: _Given | None = None
) -> frozenset[Action]:
    """The rights that come with the case or a part of it, outside the scope of the person's roles."""
    if appeal.executor_id == user_id:
        return ON_CASES[Role.EXECUTOR] | ON_CASES[Role.CO_EXECUTOR]
    if _has_part(user_id, appeal, given):
        return ON_CASES[Role.CO_EXECUTOR]
    fit = [grant for grant in grants if not appeal.is_confidential or _sees_confidential(grant)]
    units = {grant.department_id for grant in fit if grant.department_id}
    asked = units & (given.units if given is not None else _units_asked(appeal, units))
    held = (ON_CASES[grant.role] for grant in fit if grant.department_id in asked)
    return ON_CASES[Role.CO_EXECUTOR] & frozenset().union(*held)


def _units_asked(appeal: Appeal, units: set[int]) -> frozenset[int]:
    found = _open_questions(units).filter(appeal=appeal).values_list("department_id", flat=True) if units else ()
    return frozenset(pk for pk in found if pk)


def _has_part(user_id: int, appeal: Appeal, given: _Given | None) -> bool:
    if given is not None:
        return user_id in given.people
    return Assignment.objects.filter(appeal=appeal, user_id=user_id, ended_at__isnull=True).exists()


def _covers(grant: Grant, action: Action, appeal: Appeal) -> bool:
    """As `scope_filter` says for many; the unit is looked at only where an organization bounds the grant."""
    if not reaches_beyond(grant, action):
        return False
    if grant.department_id and grant.department_id != appeal.department_id:
        return False
    if grant.area_id and grant.area_id != appeal.area_id:
        return False
    if grant.organization_id:
        return appeal.department is not None and appeal.department.organization_id == grant.organization_id
    return True


def require(user: Person, action: Action, appeal: Appeal | None = None) -> None:
    """Raise NotAllowed unless the user may; note for whom he acts, so that the history can say so."""
    if not may(user, action, appeal):
        raise NotAllowed
    if appeal is not None and isinstance(user, User) and lenders_of(user):
        note_on_behalf(user, f"appeal:{appeal.pk}", acting_for(user, action, appeal))
