"""Who may see which appeals and do what with them: one table of rights; scopes by unit, organization, city sector."""

from __future__ import annotations

from enum import StrEnum

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from accounts.models import Role, User
from accounts.permissions import Grant, grants_of
from appeals.models import Appeal, Assignment
from common.errors import NotAllowed


class Action(StrEnum):
    SEE = "see"  # the case page and the queue
    SEE_IDENTITY = "see_identity"  # unmasked name, IIN, contacts; each view is recorded
    REGISTER = "register"  # calls, paper, reception
    CLASSIFY = "classify"  # topic, kind, priority, confidentiality
    ROUTE = "route"  # give to a unit, forward, split, link, incidents, move messages
    CLAIM = "claim"  # take from the unit's queue, hand back
    ASSIGN = "assign"  # give to a person of the unit, co-executors
    WORK = "work"  # ask, note, evidence, draft
    REPLY = "reply"  # send the answer
    EXTEND = "extend"  # decide an extension
    EXPORT = "export"
    OVERSEE = "oversee"  # load, lateness, disputes
    CONFIGURE = "configure"  # terms, routing, templates, knowledge base


A = Action
RIGHTS: dict[str, frozenset[Action]] = {
    Role.OPERATOR: frozenset({A.SEE, A.SEE_IDENTITY, A.REGISTER, A.CLASSIFY}),
    Role.INSPECTOR: frozenset({A.SEE, A.SEE_IDENTITY, A.REGISTER, A.CLASSIFY, A.ROUTE, A.ASSIGN, A.WORK, A.EXPORT}),
    Role.EXECUTOR: frozenset({A.SEE, A.SEE_IDENTITY, A.CLAIM, A.WORK, A.REPLY}),
    Role.CO_EXECUTOR: frozenset({A.SEE, A.WORK}),
    Role.ANALYST: frozenset({A.SEE, A.OVERSEE, A.EXPORT}),
    Role.METHODOLOGIST: frozenset({A.SEE, A.CONFIGURE}),
    Role.HEAD: frozenset({A.SEE, A.SEE_IDENTITY, A.CLAIM, A.ASSIGN, A.WORK, A.REPLY, A.EXTEND, A.EXPORT, A.OVERSEE}),
    Role.DEPUTY_AKIM: frozenset({A.SEE, A.SEE_IDENTITY, A.ASSIGN, A.EXTEND, A.EXPORT, A.OVERSEE}),
    Role.AKIM: frozenset({A.SEE, A.SEE_IDENTITY, A.ASSIGN, A.EXTEND, A.EXPORT, A.OVERSEE}),
    Role.MODERATOR: frozenset({A.SEE, A.CLASSIFY}),
    Role.ADMINISTRATOR: frozenset({A.SEE, A.CONFIGURE, A.EXPORT, A.OVERSEE}),
}
# Roles that see confidential appeals within their scope; others see them only when assigned.
SEES_CONFIDENTIAL = frozenset({Role.INSPECTOR, Role.HEAD, Role.DEPUTY_AKIM, Role.AKIM})


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


def visible_to(user: User | AnonymousUser, action: Action = Action.SEE, *, elsewhere: bool = True) -> QuerySet[Appeal]:
    """The appeals on which the user may do `action`, as a queryset to filter further.

    Never the ones that complain about him; confidential ones only by role or assignment. With `elsewhere=False`
    without what is assigned to him outside the scope of his roles: an OR that would cost long lists their index.
    """
    grants = [grant for grant in grants_of(user) if action in RIGHTS[grant.role]]
    if not grants or not isinstance(user, User):
        return Appeal.objects.none()
    reach = _reach(grants, user, elsewhere=elsewhere)
    rows = Appeal.objects.filter(reach) if reach is not None else Appeal.objects.all()
    if not any(grant.role in SEES_CONFIDENTIAL for grant in grants):
        rows = rows.filter(Q(is_confidential=False) | Q(executor_id=user.pk))
    return rows.exclude(complaint_user_id=user.pk, complaint_user_id__isnull=False)


def _reach(grants: list[Grant], user: User, *, elsewhere: bool) -> Q | None:
    """None when one grant reaches everything; a plain `True` would spoil the plan of the queue's query."""
    conditions = [scope_filter(grant) for grant in grants]
    if any(not condition for condition in conditions):
        return None
    reach = Q(executor_id=user.pk) if elsewhere else Q()
    for condition in conditions:
        reach |= condition
    if elsewhere and any(grant.role == Role.CO_EXECUTOR for grant in grants):
        mine = Assignment.objects.filter(user=user, ended_at__isnull=True).values("appeal_id")
        reach |= Q(pk__in=mine)
    return reach


def may(user: User | AnonymousUser, action: Action, appeal: Appeal | None = None) -> bool:
    """Whether the user may do `action`, on this appeal if one is given."""
    if not isinstance(user, User):
        return False
    if appeal is not None and appeal.complaint_user_id == user.pk:
        return False
    grants = [grant for grant in grants_of(user) if action in RIGHTS[grant.role]]
    if appeal is None:
        return bool(grants)
    if not grants:
        return False
    if appeal.is_confidential and appeal.executor_id != user.pk and not _any_confidential(grants):
        return False
    return (
        any(_covers(grant, appeal) for grant in grants) or appeal.executor_id == user.pk or _is_assigned(user, appeal)
    )


def actions_on(user: User, appeal: Appeal) -> frozenset[Action]:
    """Everything the user may do on this appeal, at the cost of one query at most; the same answers as `may`."""
    if appeal.complaint_user_id == user.pk:
        return frozenset()
    grants, open_to_all = grants_of(user), not appeal.is_confidential or appeal.executor_id == user.pk
    held: dict[Action, list[Grant]] = {}
    for grant in grants:
        for action in RIGHTS[grant.role]:
            held.setdefault(action, []).append(grant)
    open_here = {action: giving for action, giving in held.items() if open_to_all or _any_confidential(giving)}
    covered = frozenset(
        action for action, giving in open_here.items() if any(_covers(grant, appeal) for grant in giving)
    )
    if covered == open_here.keys():
        return covered
    assigned = appeal.executor_id == user.pk or _is_assigned(user, appeal)
    return frozenset(open_here) if assigned else covered


def _any_confidential(grants: list[Grant]) -> bool:
    return any(grant.role in SEES_CONFIDENTIAL for grant in grants)


def _covers(grant: Grant, appeal: Appeal) -> bool:
    if grant.department_id and grant.department_id != appeal.department_id:
        return False
    if grant.area_id and grant.area_id != appeal.area_id:
        return False
    if grant.organization_id:
        return appeal.department is not None and appeal.department.organization_id == grant.organization_id
    return True


def _is_assigned(user: User, appeal: Appeal) -> bool:
    return Assignment.objects.filter(appeal=appeal, user=user, ended_at__isnull=True).exists()


def require(user: User | AnonymousUser, action: Action, appeal: Appeal | None = None) -> None:
    """Raise NotAllowed unless the user may."""
    if not may(user, action, appeal):
        raise NotAllowed
