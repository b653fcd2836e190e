"""Residents with appeals, officers and the smallest reference of the duties: where the tests begin."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from django.utils import timezone

from accounts.models import Role, User
from appeals import feedback
from appeals.models import Appeal, Regime
from privacy.models import RetentionRule
from privacy.registries import Subject
from tests.factories import make_appeal, make_ground, make_identified_applicant, make_reference, make_user

KEEP = ("open_appeal", "statutory_period", "legal_hold", "staff_account", "archive_law")


def make_duties() -> User:
    """Grounds, the period of statutory appeals, and an officer."""
    make_reference()
    for slug in KEEP:
        make_ground(slug)
    make_ground("personal_data", use="take_down")
    make_ground("nothing_personal", use="leave")
    make_rule("statutory_appeals", 5, "years", action="anonymise")
    return make_user(Role.SECURITY_OFFICER, post="Қауіпсіздік қызметі", password="bir-eki-ush-tort")


def make_rule(record_type: str, amount: int, unit: str, *, action: str = "delete", **values: Any) -> RetentionRule:
    defaults = {"amount": amount, "unit": unit, "action": action, "since": "2020-01-01"} | values
    return RetentionRule.objects.update_or_create(record_type=record_type, defaults=defaults)[0]


def make_resident(name: str = "Айгүл", **values: Any) -> User:
    values.setdefault("phone", "+77010000001")
    is_free = not User.objects.filter(phone=values["phone"], phone_confirmed_at__isnull=False).exists()
    values.setdefault("phone_confirmed_at", timezone.now() if values["phone"] and is_free else None)
    values.setdefault("password", "bir-eki-ush-tort")
    user = make_user(first_name=name, **values)
    if user.email:
        EmailAddress.objects.create(user=user, email=user.email.lower(), verified=True, primary=True)
    return user


def make_own_appeal(user: User, *, closed: bool = True, statutory: bool = False, **values: Any) -> Appeal:
    """Filed with the account; closed by withdrawal where nothing else matters."""
    values.setdefault("regime", Regime.APPEAL if statutory else Regime.REQUEST)
    person = make_identified_applicant(full_name=user.full_name, user_id=user.pk, contact_confirmed=True)
    appeal = make_appeal(applicant=person, **values)
    return feedback.withdraw(appeal.pk) if closed else appeal


def subject_of(user: User) -> Subject:
    return Subject(ref=f"user:{user.pk}", user=user)
