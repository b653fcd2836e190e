"""Who works on an appeal: take it from the unit's queue, give it to a person, hand it back, call in co-executors."""

from __future__ import annotations

from enum import StrEnum

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.rights import Action
from appeals import casework, events, policies, timers, workflow
from appeals.models import Appeal, Assignment, EventKind, Status, TimerCode
from common.errors import Conflict, ValidationFailed

EXECUTOR, CO_EXECUTOR = Assignment.Part.EXECUTOR, Assignment.Part.CO_EXECUTOR
CLAIMABLE = frozenset({Status.REGISTERED, Status.ASSIGNED, Status.REOPENED})


class BackTo(StrEnum):
    """Where a case goes that its executor cannot keep."""

    UNIT = "unit"
    INSPECTOR = "inspector"


@transaction.atomic
def claim(appeal_id: int, *, actor: User) -> Appeal:
    """Take an appeal of the unit's queue into work: exactly one person gets it. Repeats change nothing."""
    appeal = casework.lock(appeal_id)
    if appeal.executor_id == actor.pk and appeal.status == Status.IN_PROGRESS:
        return appeal
    policies.require(actor, Action.CLAIM, appeal)
    casework.refuse_person_complained_about(appeal, actor)
    if appeal.executor_id not in (None, actor.pk):
        raise Conflict(_("Somebody else has taken this appeal already."), code="taken")
    if appeal.department_id is None or appeal.status not in CLAIMABLE:
        raise Conflict(_("This step is not possible in the present state of the appeal."), code="wrong_status")
    now = timezone.now()
    workflow.change_status(appeal, Status.IN_PROGRESS)
    appeal.executor = actor
    casework.end_assignments(appeal, now)
    casework.begin_assignment(appeal, actor, part=EXECUTOR, by=actor, at=now)
    timers.stop(appeal, TimerCode.FIRST_REACTION, at=now)
    data = {"user": actor.pk, "department": appeal.department_id}
    events.record(appeal, EventKind.CLAIMED, actor=actor, data=data, changed=["status", "executor"], is_public=True)
    return appeal


@transaction.atomic
def assign(appeal_id: int, *, user_id: int, actor: User, reason: str = "", seen: int | None = None) -> Appeal:
    """Give the appeal to a person of its unit, never to the official it complains about."""
    appeal = casework.lock(appeal_id)
    policies.require(actor, Action.ASSIGN, appeal)
    casework.check_seen(appeal, seen)
    user = casework.colleague(appeal, user_id)
    if appeal.executor_id == user.pk:
        return appeal
    now, previous = timezone.now(), appeal.executor_id
    if appeal.status != Status.AWAITING_INFO:
        workflow.change_status(appeal, Status.ASSIGNED)
    appeal.executor = user
    casework.end_assignments(appeal, now)
    casework.end_assignments(appeal, now, part=CO_EXECUTOR, user_id=user.pk)
    casework.begin_assignment(appeal, user, part=EXECUTOR, by=actor, at=now)
    data = {"department": appeal.department_id, "user": user.pk, "previous_user": previous}
    changed = ["status", "executor"]
    events.record(appeal, EventKind.ASSIGNED, actor=actor, reason=reason, data=data, changed=changed, is_public=True)
    return appeal


@transaction.atomic
def hand_back(appeal_id: int, *, actor: User, reason: str, to: BackTo = BackTo.UNIT, seen: int | None = None) -> Appeal:
    """Give a case back with a reason: to the unit's queue, or to the inspector because another unit should have it."""
    appeal = casework.lock(appeal_id)
    if to == BackTo.INSPECTOR and appeal.executor_id is None:
        policies.require(actor, Action.CLAIM, appeal)
    else:
        casework.require_responsible(actor, Action.WORK, appeal)
    casework.check_seen(appeal, seen)
    casework.require_open(appeal)
    reason = casework.check_reason(reason)
    if to == BackTo.UNIT and appeal.executor_id is None:
        raise Conflict(_("The appeal is in the unit's queue already."), code="in_queue")
    now, previous, unit = timezone.now(), appeal.executor_id, appeal.department_id
    if to == BackTo.UNIT:
        casework.stop_waiting(appeal, now, actor=actor)
        workflow.change_status(appeal, Status.ASSIGNED)
        casework.end_assignments(appeal, now)
        appeal.executor = None
        casework.begin_assignment(appeal, None, part=EXECUTOR, by=actor, at=now)
    else:
        casework.take_to_inspector(appeal, now, actor=actor)
    data = {"to": str(to), "department": unit, "previous_user": previous}
    changed = ["status", "executor", "department", "suggested_rule"]
    events.record(appeal, EventKind.HANDED_BACK, actor=actor, reason=reason, data=data, changed=changed)
    return appeal


@transaction.atomic
def add_co_executor(appeal_id: int, *, user_id: int, actor: User) -> Assignment:
    """Call in a colleague, of any unit, who works on the case but does not decide it. Repeats change nothing."""
    appeal = casework.lock(appeal_id)
    casework.require_responsible(actor, Action.WORK, appeal)
    casework.require_open(appeal)
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None:
        raise ValidationFailed(_("There is no such account."), code="unknown", field="person")
    casework.refuse_person_complained_about(appeal, user)
    if appeal.executor_id == user.pk:
        raise Conflict(_("This person is the executor already."), code="is_executor")
    running = Assignment.objects.filter(
        appeal=appeal, question__isnull=True, part=CO_EXECUTOR, user=user, ended_at__isnull=True
    ).first()
    if running:
        return running
    made = casework.begin_assignment(appeal, user, part=CO_EXECUTOR, by=actor, at=timezone.now())
    events.record(appeal, EventKind.CO_EXECUTOR_ADDED, actor=actor, data={"user": user.pk})
    return made


@transaction.atomic
def remove_co_executor(appeal_id: int, *, user_id: int, actor: User) -> bool:
    """Release a co-executor; he may also release himself. True when he was one."""
    appeal = casework.lock(appeal_id)
    if actor.pk != user_id:
        casework.require_responsible(actor, Action.WORK, appeal)
    if not casework.end_assignments(appeal, timezone.now(), part=CO_EXECUTOR, user_id=user_id):
        return False
    events.record(appeal, EventKind.CO_EXECUTOR_REMOVED, actor=actor, data={"user": user_id})
    return True
