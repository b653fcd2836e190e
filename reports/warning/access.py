"""Who sees which warnings: whoever oversees; those who answer for a part of the city see it and the city as a whole."""

from __future__ import annotations

from django.db.models import QuerySet

from accounts.models import User
from accounts.permissions import grants_of
from accounts.rights import Action, reaches_beyond
from reports.models import EarlyWarning


def areas_of(user: User) -> frozenset[int] | None:
    """City sectors that the user oversees; None: all of them, and empty: none."""
    grants = [grant for grant in grants_of(user) if reaches_beyond(grant, Action.OVERSEE)]
    if any(not grant.area_id for grant in grants):
        return None
    return frozenset(grant.area_id for grant in grants if grant.area_id)


def visible(user: User) -> QuerySet[EarlyWarning]:
    areas = areas_of(user)
    if areas is None:
        return EarlyWarning.objects.all()
    return EarlyWarning.objects.filter(area_id__in=[0, *areas]) if areas else EarlyWarning.objects.none()


def may_see(user: User, area_id: int) -> bool:
    areas = areas_of(user)
    return areas is None or (bool(areas) and area_id in {0, *areas})
