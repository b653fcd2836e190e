"""City sectors and units that only a history names: kept for the record, never offered for new work."""

from __future__ import annotations

import hashlib

from django.db import transaction

from organizations.models import Area, Department, Organization

SLUG_DIGITS = 10
LONGEST_NAME = 250


def _slug(source: str, name: str) -> str:
    """A stable key: names of any alphabet, one row for one name of one source."""
    return f"{source[:45]}-{hashlib.sha256(name.encode()).hexdigest()[:SLUG_DIGITS]}"


def ensure_area(source: str, name: str) -> int:
    names = {"name_kk": name[:LONGEST_NAME], "name_ru": name[:LONGEST_NAME]}
    area, _ = Area.objects.get_or_create(
        slug=_slug(source, name), defaults=names | {"is_active": False, "position": 100}
    )
    return int(area.pk)


@transaction.atomic
def ensure_department(source: str, name: str, *, organization_names: dict[str, str]) -> int:
    """A unit of the past, outside the hub and inactive."""
    past = {"kind": Organization.Kind.EXTERNAL, "is_active": False} | organization_names
    organization, _ = Organization.objects.get_or_create(slug=f"history-{source}"[:60], defaults=past)
    names = {"name_kk": name[:LONGEST_NAME], "name_ru": name[:LONGEST_NAME]}
    department, _ = Department.objects.get_or_create(
        slug=_slug(source, name),
        defaults=names | {"organization": organization, "is_external": True, "is_active": False},
    )
    return int(department.pk)
