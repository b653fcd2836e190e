"""A service point with a code, and visitors."""

from __future__ import annotations

import itertools
from typing import Any

from accounts.models import User
from organizations.models import Department
from reports.models import PointCode, PointRating, ServicePoint
from reports.qr import points, rating
from reports.qr.points import Description, Owner
from reports.qr.rating import Said, Visitor
from tests.factories import make_user

NUMBERS = itertools.count(1)


def make_point(unit: Department, *, actor: User | None = None, **values: Any) -> ServicePoint:
    given = Description(**({"name_kk": "3-терезе", "name_ru": "Окно 3", "name_en": "Window 3"} | values))
    return points.add_point(Owner(unit.organization_id, unit.pk), given, actor=actor or make_user("administrator"))


def code_of(point: ServicePoint) -> str:
    return PointCode.objects.get(point=point, replaced_at=None).code


def visitor(device: str = "", network: str = "") -> Visitor:
    """Somebody who was not here yet, from a network of his own."""
    number = next(NUMBERS)
    return Visitor(device or f"device-{number}", network or f"10.0.{number // 250}.{number % 250}")


def rate(point: ServicePoint, score: int = 5, *, by: Visitor | None = None, **said: Any) -> PointRating:
    return rating.rate(code_of(point), Said(score, **said), by or visitor())
