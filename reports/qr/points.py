"""Who may look after which service point, and the steps: add one, change it, give it another code."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import grants_of
from accounts.rights import Action, Place, Scope, covers, reach, width
from audit import trail
from audit.actions import Action as Act
from common.errors import NotAllowed, NotFound, ValidationFailed
from organizations.models import Department, Organization
from reports.models import PointCode, ServicePoint
from reports.qr.codes import new_code


@dataclass(frozen=True)
class Description:
    """What staff say of a point."""

    name_kk: str
    name_ru: str
    name_en: str = ""
    place: str = ""
    is_active: bool = True


@dataclass(frozen=True)
class Owner:
    """Whose point it is: an organization as a whole, or one of its units."""

    organization_id: int
    department_id: int | None = None

    @property
    def place(self) -> Place:
        return Place(department_id=self.department_id, organization_id=self.organization_id)


def may_manage(user: User, owner: Owner) -> bool:
    return any(covers(grant, Action.MANAGE_POINTS, owner.place) for grant in grants_of(user))


def managed_by(user: User) -> Q:
    """The points the user may look after."""
    found = Q(pk__in=[])
    for grant in grants_of(user):
        reached = reach(grant, Action.MANAGE_POINTS)
        if reached is None or reached <= Scope.OWN or grant.area_id:
            continue
        if width(grant) == Scope.ALL:
            return Q()
        bounds = Q(department=grant.department_id) if grant.department_id else Q()
        found |= bounds & (Q(organization=grant.organization_id) if grant.organization_id else Q())
    return found


def owners_for(user: User) -> list[tuple[Owner, str]]:
    """Organizations and units for which the user may add a point, with their names."""
    found: list[tuple[Owner, str]] = []
    units: dict[int, list[Department]] = {}
    for unit in Department.objects.filter(is_active=True).select_related("organization"):
        units.setdefault(unit.organization_id, []).append(unit)
    for body in Organization.objects.filter(is_active=True):
        found.append((Owner(body.pk), body.name))
        found += [(Owner(body.pk, unit.pk), f"{body.name}: {unit.name}") for unit in units.get(body.pk, [])]
    return [(owner, name) for owner, name in found if may_manage(user, owner)]


@transaction.atomic
def add_point(owner: Owner, given: Description, *, actor: User) -> ServicePoint:
    """A point with its first code."""
    if not may_manage(actor, owner):
        raise NotAllowed
    unit = owner.department_id
    if unit and not Department.objects.filter(pk=unit, organization=owner.organization_id).exists():
        raise ValidationFailed(_("The unit does not belong to the organization."), code="owner", field="owner")
    point = ServicePoint.objects.create(
        organization_id=owner.organization_id, department_id=unit, **asdict(given)
    )  # fmt: skip
    _issue(point, actor)
    _told(point, actor, "added", [])
    return point


@transaction.atomic
def change_point(point_id: int, given: Description, *, actor: User) -> ServicePoint:
    """Its names, its place, whether it takes ratings; never whose it is, for the ratings were given to that body."""
    point = locked(point_id, actor)
    changed = [name for name, value in asdict(given).items() if getattr(point, name) != value]
    for name in changed:
        setattr(point, name, getattr(given, name))
    if changed:
        point.save(update_fields=changed)
        _told(point, actor, "changed", changed)
    return point


@transaction.atomic
def reissue(point_id: int, *, actor: User, seen: str) -> PointCode:
    """Another code: the old sheet then says that it was replaced. `seen` is the code the person wanted replaced."""
    point = locked(point_id, actor)
    now = point.codes.get(replaced_at=None)
    if now.code != seen:
        return now
    PointCode.objects.filter(pk=now.pk).update(replaced_at=timezone.now())
    _told(point, actor, "reissued", [])
    return _issue(point, actor)


def locked(point_id: int, actor: User) -> ServicePoint:
    point = ServicePoint.objects.select_for_update().filter(pk=point_id).first()
    if point is None:
        raise NotFound
    if not may_manage(actor, Owner(point.organization_id, point.department_id)):
        raise NotAllowed
    return point


def _issue(point: ServicePoint, actor: User) -> PointCode:
    return PointCode.objects.create(point=point, code=new_code(), issued_by=actor)


def _told(point: ServicePoint, actor: User, what: str, fields: list[str]) -> None:
    trail.record(
        action=Act.CONFIGURED, actor=actor, subject_ref=f"service_point:{point.pk}", fields=fields,
        details={"service_point": what},
    )  # fmt: skip
