"""What every step of the work on a case needs: the locked row, the check that nothing was overlooked, who has it."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts.models import Role, RoleAssignment, User
from accounts.rights import Action
from appeals import events, policies, timers, workflow
from appeals.models import Appeal, AppealEvent, Assignment, EventKind, Status, Timer, TimerCode
from common.errors import Conflict, NotAllowed, ValidationFailed
from common.text import storable

SHORTEST_REASON = 10
LONGEST_TEXT = 20_000
# Who may be given a case: the people of the unit that answers.
WORKING_ROLES = (Role.EXECUTOR, Role.HEAD, Role.CO_EXECUTOR)
# What others do beside one's own work and nobody has to look at before he goes on.
HARMLESS = frozenset(
    {
        EventKind.NOTE_ADDED,
        EventKind.REMINDED,
        EventKind.ESCALATED,
        EventKind.NOTICE_FAILED,
        EventKind.REPLY_DRAFTED,
        EventKind.ATTACHMENT_ADDED,
        EventKind.LINKED,
        EventKind.UNLINKED,
        EventKind.INCIDENT_JOINED,
        EventKind.INCIDENT_LEFT,
        EventKind.CO_EXECUTOR_ADDED,
        EventKind.CO_EXECUTOR_REMOVED,
        EventKind.ROUTE_SUGGESTED,
        EventKind.TAKEN_DOWN,
        EventKind.SHOWN_AGAIN,
    }
)


def lock(appeal_id: int) -> Appeal:
    """The appeal, its row locked until the transaction ends."""
    rows = Appeal.objects.select_for_update(of=("self",)).select_related("applicant", "department")
    return rows.get(pk=appeal_id)


def check_seen(appeal: Appeal, seen: int | None) -> None:
    """Refuse a decision taken on a page that no longer tells the truth; `seen` is the number of events it showed."""
    if seen is None or seen >= appeal.history_seq:
        return
    kinds = AppealEvent.objects.filter(appeal=appeal, seq__gt=seen).order_by("seq").values_list("kind", flat=True)
    news = [str(EventKind(kind).label) for kind in kinds if kind not in HARMLESS]
    if news:
        raise Conflict(
            _("Since you opened this page: %(news)s. Look at the appeal again before you go on.")
            % {"news": ", ".join(dict.fromkeys(news))},
            code="changed",
        )


def check_text(text: str, *, field: str = "text", shortest: int = 1) -> str:
    """What is written has a length: something, and not a book."""
    text = storable(text).strip()
    if len(text) < shortest:
        raise ValidationFailed(
            _("Write at least %(count)s characters.") % {"count": shortest} if shortest > 1 else _("Write the text."),
            code="too_short",
            field=field,
        )
    if len(text) > LONGEST_TEXT:
        raise ValidationFailed(_("The text is longer than 20,000 characters."), code="too_long", field=field)
    return text


def check_reason(reason: str, *, field: str = "reason") -> str:
    """A reason that stays in the history says something."""
    return check_text(reason, field=field, shortest=SHORTEST_REASON)


def require_open(appeal: Appeal) -> None:
    if appeal.closed_at:
        raise Conflict(_("The appeal is closed."), code="closed")


def stop_waiting(appeal: Appeal, at: datetime, *, actor: User | None) -> None:
    """Whoever asked the applicant no longer has the appeal: its clock must not stand still for ever."""
    if appeal.status != Status.AWAITING_INFO:
        return
    resumed = timers.end_wait(appeal, at=at)
    data = {"why": "ended", "timers": [timer.code for timer in resumed], "due_at": appeal.due_at}
    events.record(appeal, EventKind.CLOCK_RESUMED, actor=actor, data=data, changed=["due_at"], is_public=True)


def take_to_inspector(appeal: Appeal, at: datetime, *, actor: User) -> None:
    """Nobody has the case any more, and whoever routes appeals has his term to give it on. The caller records it."""
    stop_waiting(appeal, at, actor=actor)
    if appeal.status == Status.AWAITING_INFO:
        workflow.change_status(appeal, Status.ASSIGNED)
    workflow.change_status(appeal, Status.REGISTERED)
    for part in Assignment.Part:
        end_assignments(appeal, at, part=part)
    appeal.executor = appeal.department = appeal.suggested_rule = None
    if timers.running(appeal, TimerCode.FORWARD) is None:
        timers.start(appeal, TimerCode.FORWARD, at=at)


def take_from_those_complained_about(appeal: Appeal, at: datetime, *, actor: User) -> None:
    """What an appeal is found to complain about must not keep it: the case, a question or the part of a helper.

    The case goes back to the inspector; nobody has to be refused who only hears from a caller whom it is about.
    """
    if appeal.status not in workflow.OWED:
        return
    rows = Assignment.objects.filter(appeal=appeal, ended_at__isnull=True).select_related("user", "question")
    running = rows.filter(question__answered_at__isnull=True, question__forwarded_at__isnull=True)
    named = [row for row in running if _is_complained_about(appeal, row)]
    for row in named:
        if row.question is not None:
            _take_question(appeal, row, at, actor=actor)
        elif row.part == Assignment.Part.CO_EXECUTOR:
            end_assignments(appeal, at, part=Assignment.Part.CO_EXECUTOR, user_id=row.user_id)
            events.record(appeal, EventKind.CO_EXECUTOR_REMOVED, actor=actor, data={"user": row.user_id})
    if any(row.question_id is None and row.part == Assignment.Part.EXECUTOR for row in named):
        data = {"to": "inspector", "department": appeal.department_id, "previous_user": appeal.executor_id}
        take_to_inspector(appeal, at, actor=actor)
        data["why"] = "complained_about"
        changed = ["status", "executor", "department", "suggested_rule"]
        events.record(appeal, EventKind.HANDED_BACK, actor=actor, data=data, changed=changed)


def _is_complained_about(appeal: Appeal, row: Assignment) -> bool:
    unit = appeal.complaint_department_id
    if unit is not None and row.department_id == unit:
        return True
    return row.user is not None and _is_named(appeal, row.user)


def _take_question(appeal: Appeal, row: Assignment, at: datetime, *, actor: User) -> None:
    """The question waits for a unit again; its clock begins with the next one, counted from registration as before."""
    question = row.question
    if question is None:
        return
    question.department = question.executor = None
    question.save(update_fields=["department", "executor"])
    Assignment.objects.filter(pk=row.pk).update(ended_at=at)
    timers.stop(appeal, TimerCode.ANSWER, at=at, question=question, outcome=Timer.Outcome.CANCELLED)
    data = {
        "to": "inspector",
        "department": row.department_id,
        "question": question.position,
        "why": "complained_about",
    }
    events.record(appeal, EventKind.HANDED_BACK, actor=actor, data=data, question=question)


def refuse_person_complained_about(appeal: Appeal, user: User) -> None:
    """A complaint never goes to the official it names, nor to anybody of the unit it names."""
    if _is_named(appeal, user):
        raise Conflict(
            _("The appeal complains about this person or this unit; somebody else must have it."),
            code="complained_about",
        )


def _is_named(appeal: Appeal, user: User) -> bool:
    return appeal.complaint_user_id == user.pk or works_in(user.pk, appeal.complaint_department_id)


def works_in(user_id: int, department_id: int | None) -> bool:
    if department_id is None:
        return False
    return RoleAssignment.objects.filter(user_id=user_id, department_id=department_id, role__in=WORKING_ROLES).exists()


def colleague(appeal: Appeal, user_id: int) -> User:
    """A person of the unit that has the appeal, fit to be given it."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None or appeal.department_id is None or not works_in(user.pk, appeal.department_id):
        raise ValidationFailed(_("Choose a person of the unit that has the appeal."), code="not_in_unit", field="user")
    refuse_person_complained_about(appeal, user)
    return user


def require_responsible(actor: User, action: Action, appeal: Appeal) -> None:
    """Decisions on a case are its executor's or the head's; a colleague with the same role has to take it first."""
    policies.require(actor, action, appeal)
    if policies.is_executor(actor, appeal) or policies.may(actor, Action.ASSIGN, appeal):
        return
    raise NotAllowed(_("This is decided by the executor of the appeal or the head of the unit."), code="not_executor")


def end_assignments(
    appeal: Appeal, at: datetime, *, part: Assignment.Part = Assignment.Part.EXECUTOR, user_id: int | None = None
) -> int:
    rows = Assignment.objects.filter(appeal=appeal, question__isnull=True, part=part, ended_at__isnull=True)
    if user_id is not None:
        rows = rows.filter(user_id=user_id)
    return rows.update(ended_at=at)


def begin_assignment(appeal: Appeal, user: User | None, *, part: Assignment.Part, by: User, at: datetime) -> Assignment:
    if appeal.department_id is None:
        raise Conflict(_("The appeal has not been given to a unit yet."), code="no_unit")
    return Assignment.objects.create(
        appeal=appeal, part=part, department_id=appeal.department_id, user=user, assigned_by=by, assigned_at=at
    )
