"""The roster of a unit: make it from a pattern, copy a week, change, swap and delete shifts; who is on duty."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import RoleAssignment, Shift, User
from accounts.permissions import grants_of
from accounts.rights import Action, Grant, Place, Scope, covers, reach, reaches_beyond
from accounts.rosters import LONGEST, Span, begin_of, moved_by_days, span_of, spans_of, week_of
from accounts.signals import duty_changed
from common.errors import Conflict, NotAllowed, ValidationFailed
from organizations.models import Department

LONGEST_ROSTER_DAYS = 92


@dataclass(frozen=True)
class Roster:
    """What is wanted: who, on which days, at which hours."""

    people: Sequence[User]
    pattern: str
    first: date
    last: date
    begins: time
    ends: time


@transaction.atomic
def make_roster(department: Department, wanted: Roster, *, actor: User) -> int:
    """All shifts or none: an overlap with any other shift of a person refuses the whole. The number of new shifts."""
    require_managed(actor, department)
    if wanted.last < wanted.first:
        raise ValidationFailed(_("The last day lies before the first one."), field="last")
    if (wanted.last - wanted.first).days >= LONGEST_ROSTER_DAYS:
        raise ValidationFailed(_("A roster is made for three months at most."), field="last")
    if not wanted.people:
        raise ValidationFailed(_("Choose at least one person."), field="people")
    may_be_on_roster(department, wanted.people)
    spans = spans_of(wanted.pattern, wanted.first, wanted.last, wanted.begins, wanted.ends)
    if not spans:
        raise ValidationFailed(_("No shift falls on these days."), field="last")
    rows = [
        Shift(
            user=person,
            department=department,
            starts_at=span.starts_at,
            ends_at=span.ends_at,
            pattern=wanted.pattern,
            created_by=actor,
        )
        for person in wanted.people
        for span in spans
    ]
    _store(rows)
    after = {"people": [person.pk for person in wanted.people], "pattern": wanted.pattern, "shifts": len(rows)}
    days = {"first": wanted.first.isoformat(), "last": wanted.last.isoformat()}
    _tell(actor, department.pk, before={}, after=after | days)
    return len(rows)


@transaction.atomic
def copy_week(department: Department, monday: date, *, actor: User) -> int:
    """The week once more, seven days later, by the clock on the wall."""
    require_managed(actor, department)
    rows = [
        Shift(
            user=shift.user,
            department=department,
            starts_at=span.starts_at,
            ends_at=span.ends_at,
            pattern=shift.pattern,
            created_by=actor,
        )
        for shift in shifts_of_week(department, monday)
        if (span := moved_by_days(Span(shift.starts_at, shift.ends_at), 7))
    ]
    if not rows:
        raise ValidationFailed(_("There are no shifts in this week."), code="empty")
    _store(rows)
    _tell(actor, department.pk, before={}, after={"copied": monday.isoformat(), "shifts": len(rows)})
    return len(rows)


@transaction.atomic
def change_shift(shift_id: int, *, user: User, day: date, begins: time, ends: time, actor: User) -> Shift:
    """Another day, other hours, or another person."""
    shift = _locked(shift_id, actor)
    may_be_on_roster(shift.department, [user])
    before, span = _told(shift), span_of(day, begins, ends)
    shift.user, shift.starts_at, shift.ends_at = user, span.starts_at, span.ends_at
    _refuse_overlaps([shift])
    shift.save(update_fields=["user", "starts_at", "ends_at"])
    _tell(actor, shift.department_id, before=before, after=_told(shift))
    return shift


@transaction.atomic
def swap_shifts(shift_id: int, other_id: int, *, actor: User) -> None:
    """The two people exchange their shifts, within one unit."""
    first, other = (_locked(pk, actor) for pk in sorted((shift_id, other_id)))
    if first.department_id != other.department_id or first.user_id == other.user_id:
        raise ValidationFailed(_("Choose a shift of a colleague in the same unit."), field="other")
    before = {"shifts": [_told(first), _told(other)]}
    first.user, other.user = other.user, first.user
    _refuse_overlaps([first, other])
    Shift.objects.bulk_update([first, other], ["user"])
    _tell(actor, first.department_id, before=before, after={"shifts": [_told(first), _told(other)]})


@transaction.atomic
def delete_shift(shift_id: int, *, actor: User) -> dict[str, str | int]:
    """What is deleted comes back as plain values, so that it can be restored."""
    shift = _locked(shift_id, actor)
    told = _told(shift) | {"department": shift.department_id, "pattern": shift.pattern}
    shift.delete()
    _tell(actor, shift.department_id, before=told, after={})
    return told


@transaction.atomic
def restore_shift(told: dict[str, str | int], *, actor: User) -> Shift:
    """Undo a deletion; refused when another shift has taken its place."""
    department = Department.objects.get(pk=told["department"])
    require_managed(actor, department)
    shift = Shift(
        user=User.objects.get(pk=told["user"]),
        department=department,
        starts_at=datetime.fromisoformat(str(told["starts_at"])),
        ends_at=datetime.fromisoformat(str(told["ends_at"])),
        pattern=told["pattern"],
        created_by=actor,
    )
    _store([shift])
    _tell(actor, department.pk, before={}, after=_told(shift))
    return shift


def _locked(shift_id: int, actor: User) -> Shift:
    shift = Shift.objects.select_for_update(of=("self",)).select_related("department", "user").get(pk=shift_id)
    require_managed(actor, shift.department)
    return shift


def _store(rows: list[Shift]) -> None:
    _refuse_overlaps(rows)
    Shift.objects.bulk_create(rows)


def _refuse_overlaps(rows: Iterable[Shift]) -> None:
    """Nobody is on duty twice at once, in whatever unit. The rows of the people are locked, so two rosters wait."""
    mine: dict[int, list[Shift]] = {}
    for row in rows:
        if row.ends_at - row.starts_at > LONGEST:
            raise ValidationFailed(_("A shift lasts 24 hours at most."), field="ends")
        mine.setdefault(row.user_id, []).append(row)
    list(User.objects.select_for_update().filter(pk__in=mine).order_by("pk"))
    own = {row.pk for lot in mine.values() for row in lot if row.pk}
    first = min(row.starts_at for lot in mine.values() for row in lot)
    last = max(row.ends_at for lot in mine.values() for row in lot)
    there = Shift.objects.filter(user__in=mine, ends_at__gt=first, starts_at__lt=last).exclude(pk__in=own)
    for row in there:
        mine[row.user_id].append(row)
    for lot in mine.values():
        lot.sort(key=lambda row: row.starts_at)
        for one, two in pairwise(lot):
            if two.starts_at < one.ends_at:
                words = {"person": str(one.user), "moment": f"{timezone.localtime(two.starts_at):%d.%m.%Y %H:%M}"}
                raise Conflict(
                    _("%(person)s is on duty already at %(moment)s: shifts may not overlap.") % words, code="overlap"
                )


def _told(shift: Shift) -> dict[str, str | int]:
    return {
        "user": shift.user_id,
        "starts_at": shift.starts_at.isoformat(),
        "ends_at": shift.ends_at.isoformat(),
    }


def _tell(actor: User, department_id: int, *, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    ref = f"department:{department_id}"
    duty_changed.send(Shift, actor=actor, what="roster", subject_ref=ref, before=before, after=after)


# Whose


def managed_departments(actor: User) -> QuerySet[Department]:
    """The units whose roster the actor may make."""
    rows = Department.objects.filter(is_active=True, is_external=False)
    grants = [grant for grant in grants_of(actor) if reaches_beyond(grant, Action.MANAGE_SHIFTS)]
    if any(reach(grant, Action.MANAGE_SHIFTS) in (Scope.ALL, Scope.AREA) for grant in grants):
        return rows
    units = {grant.department_id for grant in grants if grant.department_id}
    bodies = {grant.organization_id for grant in grants if grant.organization_id and not grant.department_id}
    return rows.filter(pk__in=units) | rows.filter(organization_id__in=bodies)


def require_managed(actor: User, department: Department) -> None:
    place = Place(department_id=department.pk, organization_id=department.organization_id)
    grants = [_without_area(grant) for grant in grants_of(actor)]
    if not any(covers(grant, Action.MANAGE_SHIFTS, place) for grant in grants):
        raise NotAllowed


def _without_area(grant: Grant) -> Grant:
    """A unit lies in no city sector: the bound of a grant by sector does not concern rosters."""
    return Grant(grant.role, grant.organization_id, grant.department_id, None, grant.on_behalf_of)


def people_of(department: Department) -> QuerySet[User]:
    """Who can be put on the roster of a unit: whoever has a role there."""
    roles = RoleAssignment.objects.filter(department=department)
    return User.objects.filter(is_active=True, pk__in=roles.values("user_id")).order_by("last_name", "first_name", "pk")


# When


def shifts_of_week(department: Department, day: date) -> QuerySet[Shift]:
    """The shifts that begin in the week of the day, one after the other."""
    monday, sunday = week_of(day)
    within = {"starts_at__gte": begin_of(monday), "starts_at__lt": begin_of(sunday + timedelta(days=1))}
    return Shift.objects.filter(department=department, **within).select_related("user").order_by("starts_at", "pk")


def on_duty(department_ids: Iterable[int] | None = None, at: datetime | None = None) -> QuerySet[Shift]:
    """The shifts that run at a moment, in the units named or in all of them."""
    now = at or timezone.now()
    rows = Shift.objects.filter(starts_at__lte=now, ends_at__gt=now, user__is_active=True)
    if department_ids is not None:
        rows = rows.filter(department__in=list(department_ids))
    return rows.select_related("user", "department").order_by("department_id", "ends_at", "pk")


def only_on_duty(users: list[User], department_id: int) -> list[User]:
    """Of these people those on duty now; all of them where the unit keeps no roster or nobody of them is on duty."""
    found = set(on_duty([department_id]).values_list("user_id", flat=True))
    return [user for user in users if user.pk in found] or users


def may_be_on_roster(department: Department, people: Iterable[User]) -> None:
    """Raise unless each of the people has a role in the unit."""
    wanted = {person.pk for person in people}
    if people_of(department).filter(pk__in=wanted).count() != len(wanted):
        raise ValidationFailed(_("Choose a person of the unit."), field="people")
