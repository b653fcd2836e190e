"""Which roles a user holds, and where: the raw material of every policy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from django.contrib.auth.models import AnonymousUser
from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Value, When
from django.utils import timezone

from accounts.models import Role, RoleAssignment, Shift, Substitution, User
from accounts.rights import ANYBODY, NEVER_LENT, RESIDENT, RIGHTS, Action, Grant, holds, reach
from common.compiled import Compiled

Person = User | AnonymousUser
Bounds = list[str | int | None]
HANDOVER = timedelta(minutes=30)  # before and after a shift, a role given for shifts alone acts as well


@dataclass(frozen=True)
class Held:
    """Every role of a person, with those that do not act now because he is off shift."""

    acting: tuple[Grant, ...]
    dormant: tuple[Grant, ...] = ()


def grants_of(user: Person) -> tuple[Grant, ...]:
    """The roles that act for the user now: his own, and those of whom he stands in for. Read once per user object.

    A superuser, who begins an installation, is an administrator without a row that says so.
    """
    return _held(user).acting


def all_grants_of(user: Person) -> tuple[Grant, ...]:
    """The same with those that do not act now."""
    held = _held(user)
    return held.acting + held.dormant


def units_of(user: Person) -> set[int]:
    """The units in which the user himself has a role, be he on shift or not."""
    held = _held(user)
    return {grant.department_id for grant in held.acting + held.dormant if grant.department_id and not _is_lent(grant)}


def lenders_of(user: Person) -> frozenset[int]:
    """For whom the user stands in today."""
    return frozenset(grant.on_behalf_of for grant in grants_of(user) if grant.on_behalf_of)


def units_of_lender(user: Person, lender_id: int) -> set[int]:
    """The units of somebody for whom the user stands in."""
    held = _held(user)
    lent = (grant for grant in held.acting + held.dormant if grant.on_behalf_of == lender_id)
    return {grant.department_id for grant in lent if grant.department_id}


def note_on_behalf(user: User, subject: str, lender_id: int | None) -> None:
    """What the check of a right found out about a subject, for the record of what is done with it next."""
    noted: dict[str, int | None] = getattr(user, "_on_behalf", {})
    user._on_behalf = {**noted, subject: lender_id}  # type: ignore[attr-defined]  # for the life of the user object


def on_behalf_of(user: User | None, subject: str) -> int | None:
    """For whom the user acts on the subject, as the check of his right has noted."""
    noted: dict[str, int | None] = getattr(user, "_on_behalf", {})
    return noted.get(subject)


def _is_lent(grant: Grant) -> bool:
    return grant.on_behalf_of is not None


def _held(user: Person) -> Held:
    if not isinstance(user, User) or not user.is_active:
        return Held(())
    kept: Held | None = getattr(user, "_held", None)
    if kept is None:
        read_grants([user])
        kept = user._held  # type: ignore[attr-defined]  # kept for the life of the request's user object
    return kept


def _born_with(user: User) -> tuple[Grant, ...]:
    return (Grant(Role.ADMINISTRATOR),) if user.is_superuser else ()


def read_grants(users: Iterable[User]) -> None:
    """Read the roles of many people at once, so that asking what each may do costs nothing more.

    Standing in is not handed on: only the roles somebody has himself are lent.
    """
    unread = {user.pk: user for user in users if user.is_active and getattr(user, "_held", None) is None}
    if not unread:
        return
    found: dict[int, tuple[list[Grant], list[Grant]]] = {pk: ([], []) for pk in unread}
    for holder, owner, acts, grant in _of_one(*unread) if len(unread) == 1 else _of_many(list(unread)):
        held = grant if holder == owner else replace(grant, on_behalf_of=owner)
        found[holder][0 if acts else 1].append(held)
    for pk, user in unread.items():
        acting, dormant = found[pk]
        user._held = Held((*acting, *_born_with(user)), tuple(dormant))  # type: ignore[attr-defined]  # as above


def _of_one(user_id: int) -> Iterator[tuple[int, int, bool, Grant]]:
    """The holder, whose role it is, whether it acts, the role; one query, since what is not his own is lent to him."""
    now, today = timezone.now(), timezone.localdate()
    lent: dict[tuple[int, int], list[Bounds]] | None = None
    for owner, acts, grant in map(_row, _roles_of_one(user_id, today, now - HANDOVER, now + HANDOVER)):
        if owner != user_id:
            lent = _lent_to([user_id]) if lent is None else lent
            if not _is_among(grant, lent.get((user_id, owner), [])):
                continue
        yield user_id, owner, acts, grant


def _of_many(user_ids: list[int]) -> Iterator[tuple[int, int, bool, Grant]]:
    """The same for many people, in two queries."""
    holders = {pk: [pk] for pk in user_ids}
    lent = _lent_to(user_ids)
    for substitute_id, lender_id in lent:
        holders.setdefault(lender_id, []).append(substitute_id)
    now = timezone.now()
    for owner, acts, grant in map(_row, _roles(Q(user__in=list(holders)), now - HANDOVER, now + HANDOVER)):
        for holder in dict.fromkeys(holders[owner]):
            if holder == owner or _is_among(grant, lent[holder, owner]):
                yield holder, owner, acts, grant


def _lent_to(user_ids: list[int]) -> dict[tuple[int, int], list[Bounds]]:
    """Substitute and lender -> what was lent, of all substitutions between the two that are in force."""
    found: dict[tuple[int, int], list[Bounds]] = {}
    for substitute_id, lender_id, lent in _lending_to(user_ids).values_list("substitute_id", "user_id", "lent"):
        found.setdefault((substitute_id, lender_id), []).extend(lent)
    return found


def _is_among(grant: Grant, lent: list[Bounds]) -> bool:
    return grant.role not in NEVER_LENT and bounds_of(grant) in lent


def bounds_of(grant: Grant) -> Bounds:
    """A role with its scope, as a substitution keeps it: a role that was changed since is another one."""
    return [grant.role, grant.organization_id, grant.department_id, grant.area_id]


def _lending_to(user_ids: list[int]) -> QuerySet[Substitution]:
    return _lending(timezone.localdate()).filter(substitute__in=user_ids)


def _lending(day: date) -> QuerySet[Substitution]:
    return standing_in(day).filter(user__is_active=True)


def standing_in(day: date) -> QuerySet[Substitution]:
    """The substitutions in force on a day of Almaty's calendar."""
    return Substitution.objects.filter(begins_on__lte=day, ends_on__gte=day, ended_at__isnull=True)


def _roles(whose: Q, ended: datetime, begun: datetime) -> QuerySet[RoleAssignment]:
    """Roles, each with whether it acts (`acts`): a shift counts that ends after `ended` and begins before `begun`."""
    shifts = Shift.objects.filter(user=OuterRef("user"), starts_at__lte=begun, ends_at__gte=ended)
    return RoleAssignment.objects.filter(whose).annotate(
        acts=Case(When(only_on_shift=False, then=Value(True)), default=Exists(shifts))
    )


def _own_and_lent(user_id: int, day: date, ended: datetime, begun: datetime) -> QuerySet[RoleAssignment]:
    lenders = _lending(day).filter(substitute=user_id).values("user_id")
    return _roles(Q(user=user_id) | Q(user__in=lenders), ended, begun)


# Every request of a member of the staff asks it.
_roles_of_one = Compiled(
    _own_and_lent, -1, date.min, datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
)


def _row(row: RoleAssignment) -> tuple[int, bool, Grant]:
    """Whose role, whether it acts, and the role with its scope."""
    acts: bool = row.acts  # type: ignore[attr-defined]  # annotated
    return row.user_id, acts, Grant(row.role, row.organization_id, row.department_id, row.area_id)


def has_role(user: Person, *roles: str) -> bool:
    return any(grant.role in roles for grant in grants_of(user))


def has_right(user: Person, *actions: Action) -> bool:
    """Whether the user may do one of the actions somewhere, by his roles or as anybody may."""
    everybody = RIGHTS[RESIDENT if isinstance(user, User) and user.is_active else ANYBODY]
    return any(action in everybody for action in actions) or holds(grants_of(user), *actions)


def is_staff_member(user: Person) -> bool:
    """Whether the user works here at all, in whatever role, be he on shift or not."""
    held = _held(user)
    return bool(held.acting or held.dormant)


def users_with_role(role: Role | str, *, department_ids: Iterable[int] | None = None) -> list[User]:
    """Active users holding a role, for the given departments or for the whole hub."""
    rows = _held_by_active().filter(role=role)
    if department_ids is not None:
        rows = rows.filter(department_id__in=list(department_ids))
    elif role in NEVER_LENT:  # given for a part of the city it opens nothing of the hub
        rows = rows.filter(organization=None, department=None, area=None)
    return list({row.user_id: row.user for row in rows}.values())


def users_who_may(action: Action) -> list[User]:
    """Active users one of whose own roles reaches the action, each once: whoever is told of new work."""
    rows = _held_by_active().filter(role__in=[role for role in Role.values if action in RIGHTS[role]])
    return list(
        {
            row.user_id: row.user
            for row in rows
            if reach(Grant(row.role, row.organization_id, row.department_id, row.area_id), action) is not None
        }.values()
    )


def _held_by_active() -> QuerySet[RoleAssignment]:
    return RoleAssignment.objects.filter(user__is_active=True).select_related("user").order_by("user_id")
