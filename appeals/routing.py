"""Who answers: suggest by rules, give to a unit, forward to another body, split, promote, second look."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import copy
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from appeals import casework, events, sla, terms, timers, workflow
from appeals.models import (
    Appeal,
    AppealEvent,
    Assignment,
    Category,
    EventKind,
    Feedback,
    Kind,
    Outcome,
    Question,
    Regime,
    RoutingRule,
    Status,
    Timer,
    TimerCode,
    TimerPause,
    Topic,
)
from appeals.suggestions import suggest_topics
from common.errors import Conflict, ValidationFailed
from organizations.models import Department

# What weighs first when several rules fit: a rule for the topic beats one for the sector, and so on.
SPECIFICITY = ("topic_id", "sector_id", "area_id", "category", "off_hours_only")
SHORTEST_GROUND = 10
MOST_QUESTIONS = 20
CLASSIFIED = frozenset(
    {"topic", "kind", "category", "priority", "area", "is_confidential", "complaint_department", "complaint_user"}
)


def lock(appeal_id: int) -> Appeal:
    """The appeal with its row locked until the transaction ends."""
    return Appeal.objects.select_for_update(of=("self",)).select_related("applicant").get(pk=appeal_id)


# Suggest


def choose_rule(rules: Iterable[RoutingRule], appeal: Appeal, *, is_open: bool) -> RoutingRule | None:
    """The most specific rule that fits and does not lead to the unit complained about; among equals the newest."""
    fitting = [rule for rule in rules if _fits(rule, appeal, is_open)]
    if not fitting:
        return None
    return min(fitting, key=lambda rule: ([not getattr(rule, name) for name in SPECIFICITY], -rule.version, -rule.pk))


def _fits(rule: RoutingRule, appeal: Appeal, is_open: bool) -> bool:
    if rule.off_hours_only and is_open:
        return False
    if rule.department_id == appeal.complaint_department_id:
        return False
    wanted = (
        (rule.topic_id, appeal.topic_id),
        (rule.sector_id, appeal.sector_id),
        (rule.area_id, appeal.area_id),
        (rule.category, appeal.category),
    )
    return all(not rule_value or rule_value == value for rule_value, value in wanted)


def valid_rules(at: datetime) -> list[RoutingRule]:
    """The versions in force at an instant."""
    in_force = Q(valid_from__lte=at) & (Q(valid_until__isnull=True) | Q(valid_until__gt=at))
    return list(RoutingRule.objects.filter(in_force, department__is_active=True).select_related("department"))


@transaction.atomic
def suggest_route(appeal_id: int, *, event_id: int | None = None) -> RoutingRule | None:
    """Find the unit by the rules in force; assign where the rule allows it, else leave it to an inspector.

    What a unit has handed back is an inspector's: nothing from before (`event_id`) suggests, nothing assigns by itself.
    """
    appeal = lock(appeal_id)
    if appeal.status != Status.REGISTERED or appeal.department_id:
        return None
    handed_back = AppealEvent.objects.filter(appeal=appeal, kind=EventKind.HANDED_BACK).order_by("-seq").first()
    if handed_back and event_id and event_id < handed_back.pk:
        return None
    now = timezone.now()
    guess = _guessed_topic(appeal)
    rule = choose_rule(_rules_for(appeal, now), _with_topic(appeal, guess), is_open=terms.calendar().is_open(now))
    if rule is None or rule.pk == appeal.suggested_rule_id:
        return rule
    appeal.suggested_rule = rule
    data = {
        "rule": rule.pk,
        "version": rule.version,
        "department": rule.department_id,
        "topic_by_words": guess.pk if guess else None,
    }
    events.record(appeal, EventKind.ROUTE_SUGGESTED, data=data, changed=["suggested_rule"])
    if (
        guess is None
        and rule.auto_assign
        and handed_back is None
        and appeal.category != Category.STAFF_COMPLAINT
        and not rule.department.is_external
    ):
        _assign(appeal, rule.department, actor=None, reason="", rule=rule, now=now)
    return rule


def _rules_for(appeal: Appeal, at: datetime) -> list[RoutingRule]:
    """Those that do not lead to a unit which must not take the second look."""
    barred = _disputed_units(appeal) if appeal.is_disputed else set()
    return [rule for rule in valid_rules(at) if rule.department_id not in barred]


def _guessed_topic(appeal: Appeal) -> Topic | None:
    """Without a chosen topic its key words speak; such a guess only suggests; an inspector decides."""
    if appeal.topic_id:
        return None
    likely = suggest_topics(appeal.text, terms.topic_words(), most=1)
    return terms.topics().get(likely[0]) if likely else None


def _with_topic(appeal: Appeal, topic: Topic | None) -> Appeal:
    """The appeal as the rules would see it under the guessed topic; never saved."""
    if topic is None:
        return appeal
    seen = copy(appeal)
    seen.topic_id, seen.sector_id = topic.pk, topic.sector_id
    return seen


# Give to a unit


@transaction.atomic
def assign_unit(appeal_id: int, *, department: Department, actor: User, reason: str = "") -> Appeal:
    """Give the appeal to a unit of the hub; the unit before it is relieved."""
    appeal = lock(appeal_id)
    if department.is_external:
        raise ValidationFailed(
            _("This body is outside the hub: forward the appeal to it."), code="external", field="department"
        )
    if appeal.department_id == department.pk and appeal.status in workflow.AT_WORK:
        return appeal
    rule = (
        appeal.suggested_rule
        if appeal.suggested_rule and appeal.suggested_rule.department_id == department.pk
        else None
    )
    _assign(appeal, department, actor=actor, reason=reason, rule=rule, now=timezone.now())
    return appeal


def _assign(
    appeal: Appeal, department: Department, *, actor: User | None, reason: str, rule: RoutingRule | None, now: datetime
) -> None:
    _refuse_unit_complained_about(appeal, department)
    _refuse_unit_disputed(appeal, department)
    casework.stop_waiting(appeal, now, actor=actor)
    workflow.change_status(appeal, Status.ASSIGNED)
    previous, appeal.department, appeal.executor = appeal.department_id, department, None
    _end_assignments(appeal, now)
    Assignment.objects.create(
        appeal=appeal, part=Assignment.Part.EXECUTOR, department=department, assigned_by=actor, assigned_at=now
    )
    timers.stop(appeal, TimerCode.FORWARD, at=now)
    timers.reselect(appeal, at=now)  # the body may have terms of its own
    data = {"department": department.pk, "previous": previous, "rule": rule.pk if rule else None}
    changed = ["status", "department", "executor", "due_at"]
    events.record(appeal, EventKind.ASSIGNED, actor=actor, reason=reason, data=data, changed=changed, is_public=True)


def _refuse_unit_complained_about(appeal: Appeal, department: Department) -> None:
    """A complaint never goes to the unit it names (nor, by policies, to the official)."""
    if appeal.complaint_department_id == department.pk:
        raise Conflict(_("The appeal complains about this unit; it must go to another one."), code="complained_about")


def _refuse_unit_disputed(appeal: Appeal, department: Department) -> None:
    """A second look is never taken by a unit whose answer is disputed."""
    if appeal.is_disputed and department.pk in _disputed_units(appeal):
        raise Conflict(_("The answer of this unit is disputed; the second look goes to another one."), code="disputed")


def _disputed_units(appeal: Appeal) -> set[int]:
    disputed = Feedback.objects.filter(appeal=appeal, is_dispute=True)
    return {pk for pk in disputed.values_list("reply__department_id", flat=True) if pk}


def _end_assignments(appeal: Appeal, now: datetime) -> None:
    Assignment.objects.filter(appeal=appeal, question__isnull=True, ended_at__isnull=True).update(ended_at=now)


# Forward


@transaction.atomic
def forward_appeal(appeal_id: int, *, department: Department, ground: str, actor: User) -> Appeal:
    """Pass the whole appeal to another body, with notice to the applicant (APPC art. 65). That is not lateness."""
    appeal = lock(appeal_id)
    _check_ground(ground)
    _refuse_unit_complained_about(appeal, department)
    now = timezone.now()
    workflow.change_status(appeal, Status.FORWARDED, outcome=Outcome.FORWARDED)
    appeal.department, appeal.executor, appeal.closed_at = department, None, now
    _end_assignments(appeal, now)
    timers.stop(appeal, TimerCode.FORWARD, at=now)
    timers.stop_all(appeal, at=now, cancel=True)
    events.record(
        appeal,
        EventKind.FORWARDED,
        actor=actor,
        reason=ground,
        data={"department": department.pk},
        changed=["status", "outcome", "department", "executor", "closed_at"],
        is_public=True,
    )
    return appeal


@transaction.atomic
def forward_question(question_id: int, *, department: Department, ground: str, actor: User) -> Question:
    """Pass one question of an appeal to another body; the rest stays (APPC art. 65)."""
    appeal, question = _lock_question(question_id)
    _check_ground(ground)
    _refuse_unit_complained_about(appeal, department)
    _require_unanswered(appeal, question)
    question.department, question.executor, question.forwarded_at = department, None, timezone.now()
    question.save(update_fields=["department", "executor", "forwarded_at"])
    timers.stop(appeal, TimerCode.ANSWER, at=question.forwarded_at, question=question, outcome=Timer.Outcome.CANCELLED)
    data = {"department": department.pk, "question": question.position}
    events.record(appeal, EventKind.FORWARDED, actor=actor, reason=ground, data=data, question=question, is_public=True)
    return question


def _require_unanswered(appeal: Appeal, question: Question) -> None:
    workflow.require_owed(appeal)
    if question.forwarded_at or question.answered_at:
        raise Conflict(_("This question is already dealt with."), code="question_done")


def _check_ground(ground: str) -> None:
    if len(ground.strip()) < SHORTEST_GROUND:
        raise ValidationFailed(_("State the ground in a few words."), code="ground", field="ground")


def _lock_question(question_id: int) -> tuple[Appeal, Question]:
    found = Question.objects.values_list("appeal_id", flat=True).get(pk=question_id)
    appeal = lock(found)
    return appeal, Question.objects.get(pk=question_id)


# Several questions


@transaction.atomic
def split_questions(appeal_id: int, *, texts: Sequence[str], actor: User) -> list[Question]:
    """Split an appeal into questions, each with its own unit, executor and clock."""
    appeal = lock(appeal_id)
    wanted = [text.strip() for text in texts if text.strip()]
    if len(wanted) < 2:
        raise ValidationFailed(_("A split needs at least two questions."), code="too_few", field="texts")
    if len(wanted) > MOST_QUESTIONS:
        raise ValidationFailed(_("Split into at most 20 questions."), code="too_many", field="texts")
    workflow.require_owed(appeal)
    first = Question.objects.filter(appeal=appeal).count() + 1
    questions = [Question(appeal=appeal, position=first + shift, text=text) for shift, text in enumerate(wanted)]
    Question.objects.bulk_create(questions)
    events.record(
        appeal, EventKind.SPLIT, actor=actor, data={"questions": [row.position for row in questions]}, is_public=True
    )
    return questions


@transaction.atomic
def assign_question(question_id: int, *, department: Department, actor: User) -> Question:
    """Give one question to a unit; its clock is the appeal's answer term from registration."""
    appeal, question = _lock_question(question_id)
    _refuse_unit_complained_about(appeal, department)
    if department.is_external:
        raise ValidationFailed(
            _("This body is outside the hub: forward the question to it."), code="external", field="department"
        )
    _require_unanswered(appeal, question)
    now = timezone.now()
    question.department, question.executor = department, None
    question.save(update_fields=["department", "executor"])
    Assignment.objects.filter(question=question, ended_at__isnull=True).update(ended_at=now)
    Assignment.objects.create(
        appeal=appeal, question=question, part=Assignment.Part.EXECUTOR, department=department, assigned_by=actor
    )
    if timers.running(appeal, TimerCode.ANSWER, question) is None:
        timers.start(appeal, TimerCode.ANSWER, at=appeal.registered_at or now, question=question)
    data = {"department": department.pk, "question": question.position}
    events.record(appeal, EventKind.ASSIGNED, actor=actor, data=data, question=question)
    return question


# Classify and promote


@transaction.atomic
def classify_appeal(appeal_id: int, *, actor: User, reason: str = "", **values: object) -> Appeal:
    """Set topic, sector, kind, category, priority, place or confidentiality; the terms follow the new values.

    Whoever is found to be complained about loses the case at once; an inspector gives it to another unit.
    """
    allowed = CLASSIFIED | {"sector"}
    if unknown := set(values) - allowed:
        raise TypeError(f"not part of a classification: {', '.join(sorted(unknown))}")
    appeal = lock(appeal_id)
    topic = values.get("topic")
    if topic is not None and "sector" not in values:
        values["sector"] = topic.sector  # type: ignore[attr-defined]  # a Topic
    before = {name: _plain(getattr(appeal, name)) for name in values}
    for name, value in values.items():
        setattr(appeal, name, value)
    after = {name: _plain(getattr(appeal, name)) for name in values}
    moved = {name: [before[name], after[name]] for name in values if before[name] != after[name]}
    if not moved:
        return appeal
    if moved.keys() & {"complaint_department", "complaint_user"}:
        casework.take_from_those_complained_about(appeal, timezone.now(), actor=actor)
    changed = [*moved]
    if timers.reselect(appeal, at=timezone.now()):
        changed.append("due_at")
    kind = EventKind.CONFIDENTIALITY_CHANGED if set(moved) == {"is_confidential"} else EventKind.CLASSIFIED
    events.record(
        appeal, kind, actor=actor, reason=reason, data={"changes": moved, "due_at": appeal.due_at}, changed=changed
    )
    return appeal


def _plain(value: object) -> object:
    return getattr(value, "pk", value)


@transaction.atomic
def promote_appeal(appeal_id: int, *, kind: Kind, actor: User | None, reason: str = "") -> Appeal:
    """Turn a service request into a statutory appeal; the statutory clock starts on the day of promotion."""
    appeal = lock(appeal_id)
    if appeal.regime == Regime.APPEAL:
        return appeal
    before = timers.running(appeal, TimerCode.ANSWER)
    if before is None:  # answered, ended, or looked at a second time: there is no term to change
        raise Conflict(_("This step is not possible in the present state of the appeal."), code="wrong_status")
    who = appeal.applicant
    if not (who.full_name and who.identifier and who.postal_address):
        raise ValidationFailed(
            _("A statutory appeal needs the applicant's name, IIN or BIN and postal address."), code="identity"
        )
    if kind == Kind.GRATITUDE:
        raise ValidationFailed(_("Gratitude asks for nothing: choose another kind."), code="gratitude", field="kind")
    now = timezone.now()
    appeal.regime, appeal.kind = Regime.APPEAL, kind
    timers.stop(appeal, TimerCode.ANSWER, at=now, outcome=Timer.Outcome.CANCELLED)
    answer = terms.policy_for(appeal, TimerCode.ANSWER)
    working = bool(answer and answer.working_time_registration)
    appeal.registered_at = terms.calendar().registration_instant(now) if working else now
    if answer:
        appeal.clock_start_on = sla.first_day(terms.term_of(answer), appeal.registered_at, terms.calendar())
    timers.start(appeal, TimerCode.ANSWER, at=appeal.registered_at)
    if before.paused_at:
        asked = TimerPause.objects.filter(timer=before).latest("pk")
        timers.pause(appeal, at=max(now, appeal.registered_at), reason=asked.reason)
    timers.stop(appeal, TimerCode.FORWARD, at=now, outcome=Timer.Outcome.CANCELLED)
    if appeal.department_id is None:
        timers.start(appeal, TimerCode.FORWARD, at=appeal.registered_at)
    changed = ["regime", "kind", "registered_at", "clock_start_on", "due_at"]
    events.record(
        appeal,
        EventKind.PROMOTED,
        actor=actor,
        reason=reason,
        data={"due_at": appeal.due_at},
        changed=changed,
        is_public=True,
    )
    return appeal


# Second look


@transaction.atomic
def open_second_look(appeal_id: int) -> Appeal:
    """A disputed answer goes to a unit other than those that gave disputed ones, with a term of its own. Repeatable.

    Where no such unit stands ready an inspector finds one.
    """
    appeal = lock(appeal_id)
    if appeal.status not in (Status.ANSWERED, Status.CLOSED) or not _awaits_second_look(appeal):
        return appeal
    now = timezone.now()
    department = _other_unit(appeal)
    workflow.change_status(appeal, Status.REOPENED)
    answered_by, appeal.executor, appeal.closed_at, appeal.answered_at = appeal.department_id, None, None, None
    _end_assignments(appeal, now)
    appeal.department = department
    if department is not None:
        Assignment.objects.create(appeal=appeal, part=Assignment.Part.EXECUTOR, department=department, assigned_at=now)
    else:
        appeal.suggested_rule = None
        workflow.change_status(appeal, Status.REGISTERED)
    timers.stop_all(appeal, at=now, cancel=True)
    timers.start(appeal, TimerCode.SECOND_LOOK, at=now)
    events.record(
        appeal,
        EventKind.REOPENED,
        data={"department": appeal.department_id, "answered_by": answered_by, "due_at": appeal.due_at},
        changed=["status", "outcome", "department", "executor", "suggested_rule", "closed_at", "answered_at", "due_at"],
        is_public=True,
    )
    return appeal


def _awaits_second_look(appeal: Appeal) -> bool:
    """The mark on the appeal stays for good; what is asked here is whether the last dispute was looked at already.

    Else a task that comes late would reopen a second answer, or a case that its author has withdrawn meanwhile.
    """
    kinds = (EventKind.DISPUTED, EventKind.REOPENED)
    rows = AppealEvent.objects.filter(appeal=appeal, kind__in=kinds).order_by("-seq")
    return rows.values_list("kind", flat=True).first() == EventKind.DISPUTED


def _other_unit(appeal: Appeal) -> Department | None:
    """The unit of second looks; where its answer is disputed or it is complained about, the unit above the last one."""
    barred = _disputed_units(appeal) | {appeal.department_id, appeal.complaint_department_id}
    units = Department.objects.filter(is_active=True, is_external=False).exclude(pk__in=[pk for pk in barred if pk])
    above = appeal.department.parent_id if appeal.department else None
    reviewing = units.filter(reviews_disputes=True).order_by("pk").first()
    return reviewing or (units.filter(pk=above).first() if above else None)
