"""Help for somebody who stands at the desk: what his account has, taking a lost factor away, ending sessions, a link.

Whoever helps has looked at an identity card; the ground is kept in the log, and every contact of the account is told.
"""

from __future__ import annotations

from dataclasses import dataclass

from allauth.account.internal.flows.password_reset import request_password_reset
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from audit import trail
from audit.actions import Action
from common.errors import Conflict, NotAllowed
from signin import contacts, limits, logins, password_reset, second_factor, sessions, trusted_devices
from signin.code_messages import EMAIL, SMS
from signin.contacts import Contact
from signin.limits import Limit
from signin.models import TrustedDevice

PHONE, MAIL, APP, RECOVERY = "phone", "email", "app", "recovery"
FIND = Limit("find-account", 60, limits.HOUR)  # nobody searches through all accounts


@dataclass(frozen=True)
class Overview:
    """What the desk may see of an account: enough to help, masked, no names of devices or places."""

    contacts: list[Contact]
    apps: int
    passkeys: int
    has_recovery_codes: bool
    trusted_devices: int


@dataclass(frozen=True)
class Lost:
    """What is to be taken away, why, and the contact by which the person signs in from now on."""

    factors: frozenset[str]
    ground: str
    new_contact: tuple[str, str] | None = None


def find(request: HttpRequest, helper: User, typed: str) -> User | None:
    """The account of exactly this login. Each search is counted and each account found is recorded."""
    limits.take([(FIND, str(helper.pk))])
    user = logins.account_of(typed)
    if user is not None:
        trail.record(
            action=Action.VIEWED_IDENTITY, actor=helper, subject_ref=f"user:{user.pk}", fields=["account"],
            request=request,
        )  # fmt: skip
    return user


def overview(user: User) -> Overview:
    types = list(Authenticator.objects.filter(user=user).values_list("type", flat=True))
    return Overview(
        contacts=contacts.contacts_of(user),
        apps=types.count(Authenticator.Type.TOTP),
        passkeys=types.count(Authenticator.Type.WEBAUTHN),
        has_recovery_codes=Authenticator.Type.RECOVERY_CODES in types,
        trusted_devices=TrustedDevice.objects.filter(user=user, expires_at__gt=timezone.now()).count(),
    )


@transaction.atomic
def take_away(request: HttpRequest, helper: User, user: User, lost: Lost) -> None:
    """Take lost factors away, end whatever they opened, tell the contacts that were there."""
    _refuse_own(helper, user)
    former = contacts.contacts_of(user)
    if not _would_have_a_way(former, lost):
        raise Conflict(_("Give a new contact: without one the person cannot sign in."))
    _take_factors(user, lost.factors)
    if lost.new_contact is not None:
        _give_contact(user, *lost.new_contact)
    _end_everything(request, user)
    second_factor.forget_failures(user)
    trail.record(
        action=Action.FACTOR_REMOVED, actor=helper, subject_ref=f"user:{user.pk}", fields=sorted(lost.factors),
        reason=lost.ground, request=request,
    )  # fmt: skip
    _tell(user, former)


@transaction.atomic
def close_sessions(request: HttpRequest, helper: User, user: User) -> None:
    """Sign the account out everywhere and end the trust in its devices."""
    _end_everything(request, user)


def send_link(request: HttpRequest, helper: User, user: User) -> None:
    """A link for a new password to the account's address."""
    _refuse_own(helper, user)
    if not user.email or not user.is_active:
        raise Conflict(_("This account has no e-mail address. It gets a new password by SMS on the sign-in page."))
    if password_reset.would_be_one_factor(user):
        # Else one helper alone could give a mailbox of his own, send the link there and be anybody of the staff.
        raise NotAllowed(_("For the staff a mailbox alone is not enough: an administrator sets the new password."))
    request_password_reset(request, user.email, [user], None)
    trail.record(
        action=Action.PASSWORD_RESET, actor=helper, subject_ref=f"user:{user.pk}", details={"step": "link_sent"},
        request=request,
    )  # fmt: skip


def _refuse_own(helper: User, user: User) -> None:
    if helper.pk == user.pk:
        raise NotAllowed(_("Your own account is another one's business: ask a colleague."))


def _would_have_a_way(former: list[Contact], lost: Lost) -> bool:
    names = {SMS: PHONE, EMAIL: MAIL}
    stays = [row for row in former if names[row.medium] not in lost.factors]  # type: ignore[index]  # a Medium
    return bool(stays) or lost.new_contact is not None


def _take_factors(user: User, factors: frozenset[str]) -> None:
    types = {
        APP: [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN],
        RECOVERY: [Authenticator.Type.RECOVERY_CODES],
    }
    for name, gone in types.items():
        if name in factors:
            Authenticator.objects.filter(user=user, type__in=gone).delete()
    if PHONE in factors:
        user.phone, user.phone_confirmed_at = "", None
    if MAIL in factors:
        EmailAddress.objects.filter(user=user).delete()
        user.email = ""
    user.save(update_fields=["phone", "phone_confirmed_at", "email"])


def _give_contact(user: User, medium: str, address: str) -> None:
    """As stated at the desk; the code of the next sign-in confirms it."""
    if logins.is_taken(medium, address):
        raise Conflict(_("Another account has this contact."))
    if medium == EMAIL:
        EmailAddress.objects.filter(user=user).delete()
        user.email = address
    else:
        user.phone, user.phone_confirmed_at = address, None
    user.save(update_fields=["phone", "phone_confirmed_at", "email"])


def _end_everything(request: HttpRequest, user: User) -> None:
    trusted_devices.forget_all(user)
    sessions.end_all(user, request=request)


def _tell(user: User, former: list[Contact]) -> None:
    with override(user.language):
        subject = _("Your ways to sign in were changed")
        body = _("Halyq Uni: at the desk a way to sign in was taken away. Not you? Come to us.")
    key = f"factors-taken:{user.pk}:{timezone.now():%Y%m%d%H%M%S}"
    contacts.tell(user, key=key, template="factors_taken", subject=subject, body=body, to=former)
