"""Standing in for a colleague: set it, end it early; whom one may set it for, and whom one may ask."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import RoleAssignment, Substitution, User
from accounts.permissions import Bounds, bounds_of, grants_of, has_right, is_staff_member, standing_in
from accounts.rights import NEVER_LENT, Action, Grant, reaches_beyond
from accounts.signals import duty_changed
from common.errors import Conflict, NotAllowed, ValidationFailed

LONGEST_DAYS = 366


@transaction.atomic
def set_substitution(
    *, user: User, substitute: User, begins_on: date, ends_on: date, reason: str, actor: User
) -> Substitution:
    """No day that has passed; the same two people once at a time; nobody who is away himself."""
    require_managed(actor, user)
    _check_days(begins_on, ends_on)
    _check_people(user, substitute)
    # Two people at once who set the same substitution: the rows of both accounts are locked in one order.
    list(User.objects.select_for_update().filter(pk__in=[user.pk, substitute.pk]).order_by("pk"))
    meanwhile = Substitution.objects.filter(begins_on__lte=ends_on, ends_on__gte=begins_on, ended_at__isnull=True)
    if meanwhile.filter(user=user, substitute=substitute).exists():
        raise Conflict(_("This colleague stands in already on some of these days."), code="overlap")
    if meanwhile.filter(user=substitute).exists():
        raise ValidationFailed(
            _("This colleague is away himself on some of these days. Choose somebody else."), field="substitute"
        )
    row = Substitution.objects.create(
        user=user,
        substitute=substitute,
        begins_on=begins_on,
        ends_on=ends_on,
        reason=reason.strip(),
        created_by=actor,
        lent=roles_to_lend(user),
    )
    _tell(actor, row, before={}, after=_told(row))
    return row


@transaction.atomic
def end_substitution(substitution_id: int, *, actor: User) -> Substitution:
    """From this moment on; one that never began is as if it had not been set. Repeats change nothing."""
    row = Substitution.objects.select_for_update(of=("self",)).select_related("user").get(pk=substitution_id)
    require_managed(actor, row.user)
    if row.ended_at is not None:
        return row
    if row.ends_on < timezone.localdate():
        raise Conflict(_("This substitution is over already."), code="over")
    before = _told(row)
    row.ended_at, row.ended_by = timezone.now(), actor
    row.save(update_fields=["ended_at", "ended_by"])
    _tell(actor, row, before=before, after={})
    return row


def roles_to_lend(user: User) -> list[Bounds]:
    """The roles he has himself, on shift or not."""
    rows = RoleAssignment.objects.filter(user=user).values_list("role", "organization_id", "department_id", "area_id")
    return [bounds_of(Grant(*row)) for row in rows if row[0] not in NEVER_LENT]


def _check_days(begins_on: date, ends_on: date) -> None:
    if begins_on < timezone.localdate():
        raise ValidationFailed(_("The first day cannot lie in the past."), field="begins_on")
    if ends_on < begins_on:
        raise ValidationFailed(_("The last day lies before the first one."), field="ends_on")
    if (ends_on - begins_on).days >= LONGEST_DAYS:
        raise ValidationFailed(_("A substitution lasts a year at most."), field="ends_on")


def _check_people(user: User, substitute: User) -> None:
    if user.pk == substitute.pk:
        raise ValidationFailed(_("Nobody stands in for himself."), field="substitute")
    if not substitute.is_active or not is_staff_member(substitute):
        raise ValidationFailed(_("Only a member of the staff can stand in."), field="substitute")


def _told(row: Substitution) -> dict[str, str | int]:
    days = {"begins_on": row.begins_on.isoformat(), "ends_on": row.ends_on.isoformat()}
    return {"user": row.user_id, "substitute": row.substitute_id, **days}


def _tell(actor: User, row: Substitution, *, before: dict[str, str | int], after: dict[str, str | int]) -> None:
    ref = f"user:{row.user_id}"
    duty_changed.send(Substitution, actor=actor, what="substitution", subject_ref=ref, before=before, after=after)


# Whose


def managed_by(actor: User) -> QuerySet[User]:
    """For whom the actor may set substitutions: himself; the people of his unit or organization; or everybody.

    By his own roles: whoever stands in for a head sets none in the head's name. And only for people all of whose roles
    lie within his reach: the substitute gets every one of them, and a head must not lend himself what is not his.
    """
    colleagues = User.objects.filter(is_active=True).filter(Exists(RoleAssignment.objects.filter(user=OuterRef("pk"))))
    condition = Q(pk=actor.pk)
    for grant in grants_of(actor):
        if grant.on_behalf_of is None and reaches_beyond(grant, Action.SUBSTITUTE):
            within, theirs = _within(grant), RoleAssignment.objects.filter(user=OuterRef("pk"))
            beyond = theirs.exclude(pk__in=within.values("pk"))
            condition |= Exists(within.filter(user=OuterRef("pk"))) & ~Exists(beyond)
    return colleagues.filter(condition).order_by("last_name", "first_name", "pk")


def _within(grant: Grant) -> QuerySet[RoleAssignment]:
    rows = RoleAssignment.objects.all()
    if grant.department_id:
        return rows.filter(department_id=grant.department_id)
    if grant.organization_id:
        here = Q(organization_id=grant.organization_id) | Q(department__organization_id=grant.organization_id)
        return rows.filter(here)
    return rows.filter(area_id=grant.area_id) if grant.area_id else rows


def require_managed(actor: User, user: User) -> None:
    if not has_right(actor, Action.SUBSTITUTE) or not managed_by(actor).filter(pk=user.pk).exists():
        raise NotAllowed


def candidates() -> QuerySet[User]:
    """Who can stand in: active members of the staff, each with the name of a unit of his."""
    roles = RoleAssignment.objects.filter(user=OuterRef("pk"))
    name = f"department__name_{(get_language() or 'kk')[:2]}"
    unit = roles.filter(department__isnull=False).order_by("pk").values(name)[:1]
    people = User.objects.filter(Exists(roles), is_active=True).annotate(unit_name=Subquery(unit))
    return people.order_by("last_name", "first_name", "pk")


# Today


def stands_in_for(user: User) -> list[Substitution]:
    """The banner «you stand in for …»."""
    return list(standing_in(timezone.localdate()).filter(substitute=user, user__is_active=True).select_related("user"))


def stood_in_by(user: User) -> list[Substitution]:
    """The banner «… stands in for you»."""
    return list(standing_in(timezone.localdate()).filter(user=user).select_related("substitute"))


def with_substitutes(users: list[User]) -> list[User]:
    """These people and whoever stands in for them today, each once."""
    if not users:
        return []
    rows = standing_in(timezone.localdate()).filter(user__in=users, substitute__is_active=True)
    return list(
        {user.pk: user for user in [*users, *(row.substitute for row in rows.select_related("substitute"))]}.values()
    )
