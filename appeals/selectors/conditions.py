"""What a view of the queue lists, as conditions: its tab, its columns, its people, its term, its period."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import User
from accounts.permissions import grants_of, lenders_of
from accounts.rights import RIGHTS, Action
from appeals.filters import ME, NOBODY, QueueFilters, Tab, Term
from appeals.models import Assignment, Channel, Question, Status
from appeals.models.appeal import WAITING_STATUSES

MOST_IN_PART = 1000
ON_THE_CLOCK = tuple(status for status in WAITING_STATUSES if status != Status.AWAITING_INFO)
LIVE_CHANNELS = tuple(channel for channel in Channel if channel != Channel.HISTORY)
WAITING_QUESTIONS = Question.objects.filter(forwarded_at__isnull=True, answered_at__isnull=True)


@dataclass(frozen=True)
class QueueTimes:
    """The instants that «overdue», «today» and «soon» are measured by; whoever knows the calendar fills them."""

    now: dt.datetime
    end_of_today: dt.datetime
    end_of_soon: dt.datetime


def of_tab(user: User, tab: str, times: QueueTimes) -> Q:
    """What a ready view lists, beside the scope of the user and the parts of cases (`in_part`).

    «New» are those that somebody waits to have routed: the open cases of an imported history are found under all.
    """
    match tab:
        case Tab.MINE:
            return of_mine(user)
        case Tab.UNIT:
            return Q(department_id__in=units_of(user))
        case Tab.NEW:
            # Named one by one: an index can look for values, not for everything but one.
            return Q(status=Status.REGISTERED, department_id=None, channel__in=LIVE_CHANNELS)
        case Tab.OVERDUE | Tab.SOON | Tab.AWAITING:
            return of_term(Term.PAUSED if tab == Tab.AWAITING else tab, times)
        case Tab.MESSAGES:
            return Q(has_unread_message=True)
        case Tab.DISPUTED:
            return Q(is_disputed=True)
        case _:
            return Q()


def in_part(user: User, tab: str) -> list[int]:
    """The appeals of which the tab lists a part: a question that waits in the unit, what the user was called in to.

    The newest first: questions of an appeal that was withdrawn stay open and must not crowd out the others.
    """
    if tab == Tab.UNIT:
        return _newest(_appeals(WAITING_QUESTIONS.filter(department_id__in=units_of(user))).distinct())
    if tab == Tab.MINE:
        called_in = Assignment.objects.filter(
            user__in=persons_of(user), ended_at__isnull=True, part=Assignment.Part.CO_EXECUTOR
        )
        questions = WAITING_QUESTIONS.filter(executor_id__in=persons_of(user))
        return _newest(_appeals(called_in).union(_appeals(questions)))
    return []


def _appeals(rows: QuerySet[Any]) -> QuerySet[Any, int]:
    return rows.order_by().values_list("appeal_id", flat=True)


def _newest(appeal_ids: QuerySet[Any, int]) -> list[int]:
    return list(appeal_ids.order_by("-appeal_id")[:MOST_IN_PART])


def of_mine(user: User) -> Q:
    holders = persons_of(user)
    return Q(executor_id__in=holders) if len(holders) > 1 else Q(executor_id=user.pk)


def persons_of(user: User) -> list[int]:
    """The user and those for whom he stands in: whose cases are his to work on today."""
    return [user.pk, *sorted(lenders_of(user))]


def units_of(user: User) -> list[int]:
    """The units in which the user has a role."""
    return sorted({grant.department_id for grant in grants_of(user) if grant.department_id})


def of_columns(filters: QueueFilters) -> Q:
    condition = Q()
    for name in ("status", "channel", "regime", "category", "priority"):
        if value := getattr(filters, name):
            condition &= Q(**{name: value})
    for name in ("area", "sector", "topic"):
        if value := getattr(filters, name):
            condition &= Q(**{f"{name}_id": int(value)})
    return condition


def of_people(user: User, filters: QueueFilters) -> Q:
    condition = Q()
    if filters.unit:
        condition &= Q(department_id=None if filters.unit == NOBODY else int(filters.unit))
    if filters.executor:
        if filters.executor == ME:
            condition &= of_mine(user)
        else:
            condition &= Q(executor_id=None if filters.executor == NOBODY else int(filters.executor))
    return condition


def of_term(term: str, times: QueueTimes) -> Q:
    match term:
        case Term.OVERDUE:
            return Q(status__in=ON_THE_CLOCK, due_at__lt=times.now)
        case Term.TODAY:
            return Q(status__in=ON_THE_CLOCK, due_at__gte=times.now, due_at__lte=times.end_of_today)
        case Term.SOON:
            return Q(status__in=ON_THE_CLOCK, due_at__gte=times.now, due_at__lte=times.end_of_soon)
        case Term.PAUSED:
            return Q(status=Status.AWAITING_INFO)
        case _:
            return Q()


def of_period(filters: QueueFilters) -> Q:
    """Days as the calendar on the wall counts them, both ends included."""
    condition = Q()
    if filters.since:
        condition &= Q(received_at__gte=_midnight(dt.date.fromisoformat(filters.since)))
    if filters.until:
        condition &= Q(received_at__lt=_midnight(dt.date.fromisoformat(filters.until) + dt.timedelta(days=1)))
    return condition


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))


def reach(user: User) -> Q:
    """The unit or city sector that bounds all of a user's roles, as a condition an index can answer."""
    grants = [grant for grant in grants_of(user) if Action.SEE in RIGHTS[grant.role]]
    for name in ("department_id", "area_id"):
        values = {getattr(grant, name) for grant in grants}
        if values and None not in values:
            return Q(**{f"{name}__in": sorted(values)})
    return Q()
