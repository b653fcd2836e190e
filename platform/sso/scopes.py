"""What a connected system may ask for, in the words of the consent page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OPENID = "openid"
PROFILE = "profile"
EMAIL = "email"
PHONE = "phone"
ROLES = "roles"
OFFLINE = "offline_access"


@dataclass(frozen=True)
class Scope:
    """One scope: what the person reads, and the claims it opens."""

    slug: str
    title: Promise
    text: Promise
    claims: tuple[str, ...]


ALL = (
    Scope(
        OPENID,
        _("That it is you"),
        _("A number of its own for this system: it does not contain your IIN and no other system gets the same one."),
        ("sub",),
    ),
    Scope(
        PROFILE,
        _("Your name and language"),
        _("Surname, first name and patronymic as in your account."),
        ("name", "given_name", "family_name", "middle_name", "locale"),
    ),
    Scope(EMAIL, _("Your e-mail address"), _("Only when it is confirmed."), ("email", "email_verified")),
    Scope(PHONE, _("Your phone number"), _("Only when it is confirmed."), ("phone_number", "phone_number_verified")),
    Scope(
        ROLES,
        _("Your roles and units"),
        _("For members of the staff: in which role and in which unit you work."),
        ("roles", "units"),
    ),
    Scope(
        OFFLINE,
        _("To stay connected"),
        _("The system may ask the hub for these data without you for 30 days, until you withdraw it."),
        (),
    ),
)
BY_SLUG = {scope.slug: scope for scope in ALL}
CHOICES = [(scope.slug, scope.title) for scope in ALL if scope.slug != OPENID]


def described(slugs: Iterable[str]) -> list[Scope]:
    """The scopes in the order in which people read them."""
    wanted = set(slugs)
    return [scope for scope in ALL if scope.slug in wanted]
