"""A unit with its people and a case in its queue: where the tests of the staff's work begin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from accounts.models import Role, User
from appeals import routing, workqueue
from appeals.models import Appeal
from organizations.models import Department
from tests.factories import make_appeal, make_department, make_user


@dataclass(frozen=True)
class Unit:
    department: Department
    executor: User
    colleague: User
    head: User
    inspector: User


def make_unit(slug: str = "utilities", **values: Any) -> Unit:
    department = make_department(slug, **values)
    return Unit(
        department=department,
        executor=make_user(Role.EXECUTOR, department=department, first_name="Ерлан", last_name="Әбенов"),
        colleague=make_user(Role.EXECUTOR, department=department, first_name="Дана", last_name="Қасымова"),
        head=make_user(Role.HEAD, department=department, first_name="Болат", last_name="Оспанов"),
        inspector=make_user(Role.INSPECTOR, first_name="Сәуле", last_name="Ахметова"),
    )


def make_case(unit: Unit, **values: Any) -> Appeal:
    """An appeal that an inspector has given to the unit; nobody has taken it yet."""
    appeal = make_appeal(**values)
    return routing.assign_unit(appeal.pk, department=unit.department, actor=unit.inspector)


def make_claimed_case(unit: Unit, **values: Any) -> Appeal:
    appeal = make_case(unit, **values)
    return workqueue.claim(appeal.pk, actor=unit.executor)


def fresh(row: Any) -> Any:
    """The row as it stands in the database, with nothing kept from before."""
    return type(row).objects.get(pk=row.pk)
