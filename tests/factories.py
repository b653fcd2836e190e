"""Plain functions that make the data of tests, through the steps where the state matters."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import time
from typing import Any

from django.utils import timezone

from accounts.models import Role, RoleAssignment, User
from appeals import intake
from appeals.models import Appeal, Channel, EscalationStep, Regime, RoutingRule, SlaPolicy, TimerCode, Topic
from common.models import OfficeHours
from common.rows import forget_rows
from organizations.models import Area, Department, Organization, Sector
from privacy.models import ConsentPurpose, ConsentText, Ground
from privacy.models.consent import PARTS

COUNTER = itertools.count(1)
TEXT = "Көшеде үш күннен бері су жоқ, құбыр жарылған болуы керек."


def make_reference() -> None:
    """The smallest set of terms: a week of office hours, contact-centre and statutory terms, the ladder."""
    day = {"opens_at": time(9), "closes_at": time(18, 30), "break_from": time(13), "break_until": time(14, 30)}
    hours = [OfficeHours(weekday=weekday, **day) for weekday in range(5)]
    OfficeHours.objects.bulk_create(hours, ignore_conflicts=True)
    rows: list[dict[str, Any]] = [
        {"code": "CC-STD", "timer_code": "answer", "regime": "request", "amount": 7, "unit": "calendar_days"},
        {"code": "CC-STD-R", "timer_code": "first_reaction", "regime": "request", "amount": 1, "unit": "working_days"},
        {
            "code": "CC-EMERG",
            "timer_code": "answer",
            "regime": "request",
            "priority": "emergency",
            "amount": 24,
            "unit": "clock_hours",
        },
        {
            "code": "APPC-STD",
            "timer_code": "answer",
            "regime": "appeal",
            "amount": 15,
            "unit": "working_days",
            "working_time_registration": True,
            "internal_margin": 2,
        },
        {"code": "APPC-REG", "timer_code": "register", "regime": "appeal", "amount": 1, "unit": "working_days"},
        {"code": "APPC-FWD", "timer_code": "forward", "regime": "appeal", "amount": 3, "unit": "working_days"},
        {"code": "APPC-EXT", "timer_code": "extension_cap", "amount": 2, "unit": "months"},
        {"code": "APPC-EXT-N", "timer_code": "extension_notice", "amount": 3, "unit": "working_days"},
        {"code": "SECOND", "timer_code": "second_look", "amount": 5, "unit": "working_days"},
        {"code": "ASK", "timer_code": "applicant_info", "amount": 5, "unit": "working_days"},
        {"code": "CLOSE", "timer_code": "auto_close", "amount": 10, "unit": "working_days"},
        {"code": "DISPUTE", "timer_code": "dispute_window", "amount": 3, "unit": "months"},
    ]
    SlaPolicy.objects.bulk_create([SlaPolicy(**row) for row in rows], ignore_conflicts=True)
    make_consent_text()
    ladder = [(50, Role.EXECUTOR), (80, Role.EXECUTOR), (100, Role.HEAD), (120, Role.DEPUTY_AKIM)]
    steps = [
        EscalationStep(timer_code=timer_code, regime="", share=share, recipient=role)
        for timer_code in (TimerCode.ANSWER, TimerCode.SECOND_LOOK)
        for share, role in ladder
    ]
    EscalationStep.objects.bulk_create(steps, ignore_conflicts=True)
    forget_rows()


def make_consent_text(version: str = "2026-11", purpose: str = "appeal", **values: Any) -> ConsentText:
    """A published version of the consent that the filing form asks for."""
    names = {"name_kk": "Өтінішті қарау", "name_ru": "Рассмотрение обращения", "name_en": "Considering an appeal"}
    row = ConsentPurpose.objects.get_or_create(slug=purpose, defaults=names | {"in_filing": purpose == "appeal"})[0]
    words = {f"{part}_{language}": f"{part} {language}" for part in PARTS for language in ("kk", "ru", "en")}
    defaults = words | {"published_at": timezone.now()} | values
    text = ConsentText.objects.get_or_create(purpose=row, version=version, defaults=defaults)[0]
    forget_rows()
    return text


def make_ground(slug: str = "archive_law", use: str = "keep", **values: Any) -> Ground:
    names = {"name_kk": f"{slug} негізі", "name_ru": f"Основание {slug}", "name_en": f"Ground {slug}", "law": "№ 1"}
    return Ground.objects.get_or_create(slug=slug, defaults={"use": use} | names | values)[0]


def make_organization(slug: str = "akimat", **values: Any) -> Organization:
    defaults = {"kind": "akimat", "name_kk": "Қала әкімдігі", "name_ru": "Акимат города", "name_en": "City akimat"}
    return Organization.objects.get_or_create(slug=slug, defaults=defaults | values)[0]


def make_department(slug: str = "utilities", **values: Any) -> Department:
    values.setdefault("organization", make_organization())
    names = {"name_kk": f"{slug} бөлімі", "name_ru": f"Отдел {slug}", "name_en": f"Department {slug}"}
    department = Department.objects.get_or_create(slug=slug, defaults=names | values)[0]
    forget_rows()
    return department


def make_area(slug: str = "yassy", **values: Any) -> Area:
    names = {"name_kk": "Яссы", "name_ru": "Яссы", "name_en": "Yassy"}
    return Area.objects.get_or_create(slug=slug, defaults=names | values)[0]


def make_sector(slug: str = "infrastructure", **values: Any) -> Sector:
    names = {"name_kk": "Инфрақұрылым саласы", "name_ru": "Инфраструктура", "name_en": "Infrastructure"}
    return Sector.objects.get_or_create(slug=slug, defaults=names | values)[0]


def make_topic(slug: str = "water", **values: Any) -> Topic:
    values.setdefault("sector", make_sector())
    names = {"name_kk": "Су жоқ", "name_ru": "Нет воды", "name_en": "No water"}
    topic = Topic.objects.get_or_create(slug=slug, defaults=names | values)[0]
    forget_rows()
    return topic


def make_rule(**values: Any) -> RoutingRule:
    values.setdefault("department", make_department())
    return RoutingRule.objects.create(**values)


def make_user(role: str = "", *, department: Department | None = None, **values: Any) -> User:
    """A user, with one role in the scope of a department if these are given."""
    number = next(COUNTER)
    values.setdefault("username", f"user{number}")
    values.setdefault("email", f"user{number}@example.kz")
    values.setdefault("first_name", "Айгүл")
    values.setdefault("last_name", f"Серікова{number}")
    password = values.pop("password", None)
    user = User(**values)
    user.set_password(password)
    user.save()
    if role:
        RoleAssignment.objects.create(user=user, role=role, department=department)
    return user


def make_identified_applicant(**values: Any) -> intake.IncomingApplicant:
    """A person with all that a statutory appeal needs; the IIN is synthetic."""
    person = intake.IncomingApplicant(
        full_name="Серікова Айгүл Маратқызы",
        identifier="000101300019",
        postal_address="Түркістан қаласы, Тәуке хан даңғылы, 1",
        phone="+77010000000",
    )
    return replace(person, **values)


def make_incoming(**values: Any) -> intake.IncomingAppeal:
    values.setdefault("channel", Channel.WEB)
    values.setdefault("external_id", f"test-{next(COUNTER)}")
    values.setdefault("text", TEXT)
    values.setdefault("received_at", timezone.now())
    return intake.IncomingAppeal(**values)


def make_appeal(**values: Any) -> Appeal:
    """An appeal that came in through the intake; statutory ones get an identified, confirmed applicant."""
    if not SlaPolicy.objects.exists():
        make_reference()
    if values.get("regime") == Regime.APPEAL:
        values.setdefault("applicant", make_identified_applicant(contact_confirmed=True))
    return intake.submit_appeal(make_incoming(**values)).appeal
