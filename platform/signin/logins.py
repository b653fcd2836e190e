"""Whose account a typed login is: a user name, an e-mail address or a telephone number."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.db.models.functions import Lower

from accounts.models import User
from signin.limits import as_login


def account_of(typed: str) -> User | None:
    """The same questions are put to the database whether there is an account or not."""
    login = as_login(typed)
    if "@" in login:
        found = [_by_confirmed_email(login), _by_name(typed, login), _by_stated_email(login)]
    elif login.startswith("+"):
        found = [_by_confirmed_phone(login), _by_name(typed, login)]
    else:
        found = [_by_name(typed, login)]
    return next((user for user in found if user is not None), None)


def account_with_contact(medium: str, address: str) -> User | None:
    """The account whose confirmed contact this is."""
    return _by_confirmed_email(address.lower()) if medium == "email" else _by_confirmed_phone(address)


def is_taken(medium: str, address: str) -> bool:
    """Whether an account has this contact, confirmed or as its administrator has written it."""
    if medium == "email":
        rows = [_by_confirmed_email(address.lower()), _any_with_email(address.lower())]
        return any(row is not None for row in rows)
    return _by_confirmed_phone(address) is not None


def _by_name(typed: str, login: str) -> User | None:
    rows = User.objects.filter(username__in={typed.strip(), login})
    return rows.order_by("pk").first()


def _by_confirmed_email(email: str) -> User | None:
    row = EmailAddress.objects.filter(email=email, verified=True).select_related("user").first()
    return row.user if row else None


def _by_stated_email(email: str) -> User | None:
    """An address nobody has confirmed yet, unless two accounts name it."""
    rows = list(User.objects.alias(address=Lower("email")).filter(address=email)[:2])
    return rows[0] if len(rows) == 1 else None


def _any_with_email(email: str) -> User | None:
    return User.objects.alias(address=Lower("email")).filter(address=email).first()


def _by_confirmed_phone(phone: str) -> User | None:
    return User.objects.filter(phone=phone, phone_confirmed_at__isnull=False).first()
