"""How surely the hub knows who somebody is, and what each level allows: one table for the code and for the page."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from allauth.account.models import EmailAddress
from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.errors import NotAllowed
from identity.models import ProvenIdentity


class Level(IntEnum):
    """Each one includes those before it."""

    NONE = 0
    CONTACT = 1
    IIN = 2
    EDS = 3

    @property
    def title(self) -> str | Promise:
        return TITLES[self]


TITLES: dict[Level, str | Promise] = {
    Level.NONE: _("No confirmation"),
    Level.CONTACT: _("Contact confirmed"),
    Level.IIN: _("IIN given"),
    Level.EDS: _("State signature"),
}


@dataclass(frozen=True)
class Capability:
    """Something the hub lets a person do from a level on; with `comes_with` it is not there yet."""

    slug: str
    level: Level
    label: str | Promise
    comes_with: str | Promise = ""


CAPABILITIES: tuple[Capability, ...] = (
    Capability("file", Level.NONE, _("Submit appeals and requests")),
    Capability("follow", Level.NONE, _("Follow an appeal by its number and code")),
    Capability("notices", Level.CONTACT, _("Get notices of every step to your phone or e-mail")),
    Capability("take_in", Level.CONTACT, _("See appeals filed earlier with the same contact in one list")),
    Capability("prefill_official", Level.IIN, _("Official appeals filled in with your IIN")),
    Capability("fixed_name", Level.EDS, _("Your name and IIN as in the state register, confirmed once and for all")),
    Capability("represent", Level.EDS, _("Confirm with the organization's key that you may act for it")),
    Capability("sign_petition", Level.EDS, _("Sign petitions"), _("petitions")),
    Capability("read_personal", Level.EDS, _("Read answers that contain personal data"), _("closed answers")),
    Capability("give_mandate", Level.EDS, _("Confirm a mandate for somebody else"), _("mandates")),
)
BY_SLUG = {capability.slug: capability for capability in CAPABILITIES}


@dataclass(frozen=True)
class Standing:
    """What a level is made of."""

    has_contact: bool = False
    has_iin: bool = False
    is_proven: bool = False

    @property
    def level(self) -> Level:
        """Without a contact the higher levels rest; the proof stays, and counts again with the next contact."""
        if not self.has_contact:
            return Level.NONE
        if self.is_proven:
            return Level.EDS
        return Level.IIN if self.has_iin else Level.CONTACT


def standing_of(user: User | AnonymousUser) -> Standing:
    """One row of one query, read once per user object."""
    if not isinstance(user, User) or not user.is_active:
        return Standing()
    kept: Standing | None = getattr(user, "_standing", None)
    if kept is None:
        kept = read_standing(user.pk)
        user._standing = kept  # type: ignore[attr-defined]  # kept for the life of the request's user object
    return kept


def read_standing(user_id: int) -> Standing:
    own = EmailAddress.objects.filter(user=OuterRef("pk"), verified=True, email__iexact=OuterRef("email"))
    row = (
        User.objects.filter(pk=user_id)
        .annotate(has_email=Exists(own), proven=Exists(ProvenIdentity.objects.filter(user=OuterRef("pk"))))
        .values_list("phone", "phone_confirmed_at", "has_email", "iin_hash", "proven")
        .get()
    )
    phone, phone_confirmed_at, has_email, iin_hash, proven = row
    has_phone = bool(phone) and phone_confirmed_at is not None
    return Standing(has_contact=has_phone or has_email, has_iin=bool(iin_hash) or proven, is_proven=proven)


def forget(user: User) -> None:
    """The next question reads anew; called by the steps that change an identity."""
    user.__dict__.pop("_standing", None)


def level_of(user: User | AnonymousUser) -> Level:
    return standing_of(user).level


def allows(user: User | AnonymousUser, slug: str) -> bool:
    """Whether the table lets this person do it now."""
    capability = BY_SLUG[slug]
    return not capability.comes_with and level_of(user) >= capability.level


def require_level(user: User | AnonymousUser, level: Level) -> None:
    """For steps: refuse whoever is not known surely enough, and say what is missing."""
    if level_of(user) < level:
        message = _("This needs the level «%(level)s». See «My ID».") % {"level": level.title}
        raise NotAllowed(message, code="level_too_low")


def require(user: User | AnonymousUser, slug: str) -> None:
    require_level(user, BY_SLUG[slug].level)
