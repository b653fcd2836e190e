"""Demo accounts for every role with its scope, and two residents; all invented, all with one known password."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts.models import Role, RoleAssignment, User
from appeals.demo.data import read
from organizations.models import Area, Department

STAFF_OF_THE_ADMIN = {Role.ADMINISTRATOR, Role.METHODOLOGIST}


@dataclass(frozen=True)
class DemoAccount:
    """One account; an empty scope is the whole hub, no role is a resident."""

    login: str
    name: str  # last, first and father's name
    role: Role | None = None
    post: str = ""
    department: str = ""
    area: str = ""
    language: str = "kk"
    is_shown: bool = False  # in the short table


SINGLE = (
    DemoAccount("akim", "Ертаев Нұрлан Серікұлы", Role.AKIM, "Қала әкімі", is_shown=True),
    DemoAccount("deputy.akim", "Қасымова Гүлнар Бекқызы", Role.DEPUTY_AKIM, "Қала әкімінің орынбасары", is_shown=True),
    DemoAccount("inspector", "Әбенова Сәуле Маратқызы", Role.INSPECTOR, "Инспектор", is_shown=True),
    DemoAccount("inspector2", "Ким Виктор Андреевич", Role.INSPECTOR, "Инспектор", language="ru"),
    DemoAccount("inspector.yassy", "Тұрсынов Ерлан Қайратұлы", Role.INSPECTOR, "Яссы инспекторы", area="yassy"),
    DemoAccount("operator", "Жұмабек Айгерім Талғатқызы", Role.OPERATOR, "109 операторы", is_shown=True),
    DemoAccount("operator2", "Соколова Марина Игоревна", Role.OPERATOR, "Оператор 1310", language="ru", is_shown=True),
    DemoAccount("operator3", "Сапарбай Дәурен Асқарұлы", Role.OPERATOR, "1310 операторы"),
    DemoAccount("analyst", "Исаева Динара Ермекқызы", Role.ANALYST, "Талдаушы", is_shown=True),
    DemoAccount("methodologist", "Нұрғали Рауан Болатұлы", Role.METHODOLOGIST, "Әдіскер", is_shown=True),
    DemoAccount("moderator", "Оспанова Мөлдір Санжарқызы", Role.MODERATOR, "Модератор", is_shown=True),
    DemoAccount("security", "Жүнісов Әлібек Сәкенұлы", Role.SECURITY_OFFICER, "Қауіпсіздік маманы", is_shown=True),
    DemoAccount("administrator", "Петров Алексей Юрьевич", Role.ADMINISTRATOR, "Әкімші", language="ru", is_shown=True),
    DemoAccount(
        "security.officer",
        "Бейсенов Арман Досұлы",
        Role.SECURITY_OFFICER,
        "Ақпараттық қауіпсіздік маманы",
        is_shown=True,
    ),
    DemoAccount(
        "coexecutor", "Байжан Әсел Ғалымқызы", Role.CO_EXECUTOR, "Бірлесіп орындаушы", "architecture", is_shown=True
    ),
    DemoAccount("resident", "Сейтқали Айдана Бауыржанқызы", is_shown=True),
    DemoAccount("resident2", "Морозов Денис Петрович", language="ru", is_shown=True),
)
# Units of the hub, with the number of their executors.
UNITS = {
    "water-supply": 4, "utilities": 4, "improvement": 4, "roads-transport": 4, "power-grid": 3, "heat-supply": 2,
    "land": 4, "housing": 3, "housing-inspection": 3, "social": 3, "construction": 2, "architecture": 2,
    "veterinary": 2,    "business": 2, "culture": 1, "sport": 1, "internal-policy": 1,
    "digital": 1, "education": 2, "appeals-control": 3,
    "akim-office": 1, "contact-1310": 6, "contact-109": 6, "housing-association": 1,
}  # fmt: skip
SHOWN_UNITS = ("water-supply", "improvement", "land")


def plan_accounts() -> list[DemoAccount]:
    """Every account of the demo, always the same ones."""
    accounts, number = list(SINGLE), 0
    for unit, executors in UNITS.items():
        for place in range(executors + 1):
            role = Role.HEAD if place == 0 else Role.EXECUTOR
            stem = "head" if place == 0 else "executor" if place == 1 else f"executor{place}"
            post = "Бөлім басшысы" if role == Role.HEAD else "Бас маман"
            language = "ru" if number % 4 == 3 else "kk"
            shown = unit in SHOWN_UNITS and place < 2
            accounts.append(
                DemoAccount(f"{stem}.{unit}", _name(number), role, post, unit, language=language, is_shown=shown)
            )
            number += 1
    return accounts


def _name(number: int) -> str:
    names = read("names")
    family, father = _nth(names["families"], number * 5), _nth(names["fathers"], number * 7)
    if number % 2:
        return f"{family} {_nth(names['women'], number // 2)} {father}қызы"
    return f"{family} {_nth(names['men'], number // 2)} {father}ұлы"


def _nth(names: list[str], number: int) -> str:
    return names[number % len(names)]


@transaction.atomic
def ensure_accounts(password: str) -> list[DemoAccount]:
    """Make the accounts that are missing; one that exists keeps its password and what was changed on it."""
    plan = plan_accounts()
    there = set(User.objects.filter(username__in=[row.login for row in plan]).values_list("username", flat=True))
    new = [row for row in plan if row.login not in there]
    if not new:
        return plan
    secret = make_password(password)  # one for all: eighty slow hashes would take a minute
    User.objects.bulk_create([_user(row, secret) for row in new])
    users = {user.username: user for user in User.objects.filter(username__in=[row.login for row in new])}
    units = {unit.slug: unit for unit in Department.objects.all()}
    areas = {area.slug: area for area in Area.objects.all()}
    RoleAssignment.objects.bulk_create(
        RoleAssignment(
            user=users[row.login], role=row.role, department=units.get(row.department), area=areas.get(row.area)
        )
        for row in new
        if row.role
    )
    return plan


def _user(row: DemoAccount, secret: str) -> User:
    family, first, father = row.name.split()
    return User(
        username=row.login,
        email=f"{row.login}@demo.example",
        last_name=family,
        first_name=first,
        patronymic=father,
        post=row.post,
        language=row.language,
        password=secret,
        is_staff=row.role in STAFF_OF_THE_ADMIN,
        postal_address="" if row.role else "Түркістан қаласы (ойдан шығарылған мекенжай)",
    )
