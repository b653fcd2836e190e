"""The claims of a person, scope by scope; what is not confirmed or not consented to is never among them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from allauth.account.models import EmailAddress

from accounts.models import RoleAssignment, User
from sso import scopes


def claims_of(user: User, granted: Collection[str]) -> dict[str, Any]:
    """Everything but `sub` that the granted scopes open."""
    claims: dict[str, Any] = {}
    if scopes.PROFILE in granted:
        claims |= _profile(user)
    if scopes.EMAIL in granted:
        claims |= _email(user)
    if scopes.PHONE in granted and user.phone and user.phone_confirmed_at:
        claims |= {"phone_number": user.phone, "phone_number_verified": True}
    if scopes.ROLES in granted:
        claims |= _roles(user)
    return claims


def _profile(user: User) -> dict[str, Any]:
    values = {
        "name": user.full_name,
        "given_name": user.first_name,
        "family_name": user.last_name,
        "middle_name": user.patronymic,
        "locale": user.language,
    }
    return {name: value for name, value in values.items() if value}


def _email(user: User) -> dict[str, Any]:
    address = EmailAddress.objects.filter(user=user, verified=True).order_by("-primary", "email").first()
    return {"email": address.email, "email_verified": True} if address else {}


def _roles(user: User) -> dict[str, Any]:
    """Only members of the staff have roles; a resident gets no empty lists."""
    rows = RoleAssignment.objects.filter(user=user).values_list("role", "department__slug", "organization__slug")
    if not rows:
        return {}
    units = {slug for _, *slugs in rows for slug in slugs if slug}
    return {"roles": sorted({role for role, *_ in rows}), "units": sorted(units)}
