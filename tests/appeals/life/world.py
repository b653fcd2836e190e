"""Where the appeals of the game live: the shipped terms and four units with their people."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from accounts.models import Role, User
from appeals.models import Topic
from appeals.reference.loader import load_all
from organizations.models import Department
from tests.factories import make_department, make_identified_applicant, make_organization, make_user

BEGIN = dt.datetime(2026, 11, 23, 10, 0, tzinfo=ZoneInfo("Asia/Almaty"))  # a Monday
PERSON = make_identified_applicant(email="aigul@example.kz", thread_key="telegram:77")


@dataclass(frozen=True)
class Unit:
    department: Department
    executor: User
    colleague: User
    head: User


@dataclass(frozen=True)
class World:
    units: tuple[Unit, ...]
    outside: Department
    inspector: User
    topics: tuple[Topic, ...]

    @property
    def departments(self) -> list[Department]:
        return [*(unit.department for unit in self.units), self.outside]

    @property
    def people(self) -> list[User]:
        return [user for unit in self.units for user in (unit.executor, unit.colleague, unit.head)]


def make_world() -> World:
    """Two units that answer, one that looks a second time, one body outside the hub."""
    load_all(today=BEGIN.date())
    Department.objects.update(reviews_disputes=False)
    slugs = {"life-water": {}, "life-roads": {}, "life-review": {"reviews_disputes": True}}
    body = make_organization("life-body", kind="external", email="body@example.kz")
    return World(
        units=tuple(_unit(make_department(slug, **values)) for slug, values in slugs.items()),
        outside=make_department("life-outside", organization=body, is_external=True),
        inspector=make_user(Role.INSPECTOR),
        topics=tuple(Topic.objects.order_by("pk")[:3]),
    )


def _unit(department: Department) -> Unit:
    return Unit(
        department=department,
        executor=make_user(Role.EXECUTOR, department=department),
        colleague=make_user(Role.EXECUTOR, department=department),
        head=make_user(Role.HEAD, department=department),
    )
