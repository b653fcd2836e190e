"""Names of units, city sectors, spheres, topics and colleagues, kept in the process: lists show them without joins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language

from accounts.models import RoleAssignment
from appeals.models import Topic
from common.rows import CachedRows
from organizations.models import Area, Department, Organization, Sector

LANGUAGES = ("kk", "ru", "en")


@dataclass(frozen=True)
class Named:
    """An entry of a reference table: its names by language, and what it belongs to."""

    id: int
    key: str
    names: Mapping[str, str]
    parent_id: int | None = None
    is_active: bool = True
    is_external: bool = False

    @property
    def name(self) -> str:
        return self.names.get((get_language() or "kk")[:2]) or self.names["kk"]


@dataclass(frozen=True)
class Colleague:
    """A member of staff and the units where he has a role."""

    id: int
    name: str
    department_ids: frozenset[int]


def _load(rows: Any, *, parent: str = "", active: str = "", external: str = "") -> dict[int, Named]:
    wanted = ["id", "slug", *(f"name_{language}" for language in LANGUAGES), *filter(None, (parent, active, external))]
    return {
        row["id"]: Named(
            id=row["id"],
            key=row["slug"],
            names={language: row[f"name_{language}"] for language in LANGUAGES},
            parent_id=row[parent] if parent else None,
            is_active=row[active] if active else True,
            is_external=row[external] if external else False,
        )
        for row in rows.values(*wanted)
    }


def _load_colleagues() -> dict[int, Colleague]:
    rows = RoleAssignment.objects.filter(user__is_active=True).values_list(
        "user_id", "user__last_name", "user__first_name", "user__username", "department_id"
    )
    units: dict[int, set[int]] = {}
    people: dict[int, str] = {}
    for user_id, last_name, first_name, username, department_id in rows:
        people[user_id] = _short_name(last_name, first_name, username)
        units.setdefault(user_id, set()).update([department_id] if department_id else [])
    return {pk: Colleague(pk, name, frozenset(units[pk])) for pk, name in people.items()}


def _short_name(last_name: str, first_name: str, username: str) -> str:
    """The surname and the first letter: enough within a unit, short enough for a column."""
    if not last_name:
        return first_name or username
    return f"{last_name} {first_name[:1]}." if first_name else last_name


departments = CachedRows(
    lambda: _load(Department.objects.all(), parent="organization_id", active="is_active", external="is_external")
)
external_departments = CachedRows(
    lambda: frozenset(Department.objects.filter(is_external=True).values_list("id", flat=True))
)
organizations = CachedRows(lambda: _load(Organization.objects.all(), active="is_active"))
areas = CachedRows(lambda: _load(Area.objects.all(), active="is_active"))
sectors = CachedRows(lambda: _load(Sector.objects.all()))
topics = CachedRows(lambda: _load(Topic.objects.all(), parent="sector_id", active="is_active"))
colleagues = CachedRows(_load_colleagues)
