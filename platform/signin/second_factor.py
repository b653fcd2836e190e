"""The second factor of a sign-in: which ways an account has, sending a code, trying one, and what a session proves."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts import contact_codes
from accounts.contact_codes import AcceptedCode, CodeState
from accounts.models import User
from accounts.permissions import is_staff_member
from audit import trail
from audit.actions import Action
from common.errors import DomainError, ValidationFailed
from common.limits import network_of
from signin import code_messages, contacts, known_browsers, limits
from signin.contacts import Contact
from signin.limits import Counted
from signin.models import PasswordReset

# Ways to authenticate as allauth records them in the session. "provider": an outside provider that vouches for
# two factors of its own.
CODE, MFA, TRUSTED, PROVIDER = "code", "mfa", "trusted_device", "provider"
PROVES = frozenset({CODE, MFA, PROVIDER})

# Who besides the staff must have a second factor each time, such as holders of API keys; apps above add to it.
always: list[Callable[[User], bool]] = []


def needs_second_factor_always(user: User) -> bool:
    """Whether no device of this user can be trusted instead of a second factor."""
    return user.is_superuser or user.is_staff or is_staff_member(user) or any(rule(user) for rule in always)


def passed(request: HttpRequest, user: User) -> bool:
    """Whether this session has seen two factors of the user; a trusted device is enough for residents only."""
    methods = {record.get("method") for record in get_authentication_records(request, user)}
    if methods & PROVES:
        return True
    return TRUSTED in methods and not needs_second_factor_always(user)


def was_shown(request: HttpRequest, user: User) -> bool:
    """Whether a second factor itself was shown in this session, not a device that is trusted instead of it."""
    return any(record.get("method") in PROVES for record in get_authentication_records(request, user))


def has_authenticator(user: User) -> bool:
    """Whether allauth's own stage asks this user: for the code of an app or a passkey."""
    types = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    return bool(Authenticator.objects.filter(user=user, type__in=types).exists())


def has_recovery_codes(user: User) -> bool:
    return bool(Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).exists())


def ways_of(user: User) -> list[Contact]:
    """Where a code may go: confirmed contacts. An account without one gets it where its owner or administrator said.

    Nobody can change that place before he has entered the code, so it is no weaker; and the code confirms it.
    The way by which the password was just set anew is no second factor as long as there is another one.
    """
    every = contacts.contacts_of(user)
    found = [way for way in every if way.is_confirmed] or every
    reset = PasswordReset.objects.filter(user=user).values_list("medium", flat=True).first()
    return [way for way in found if way.medium != reset] or found


def new_nonce() -> str:
    """Names one pending sign-in, so that a code of another one is worth nothing in it."""
    return secrets.token_hex(16)


def state_of(user: User, nonce: str) -> CodeState | None:
    return contact_codes.state_of(purpose=contact_codes.SIGN_IN, subject_ref=_ref(user, nonce))


@transaction.atomic
def send_code(request: HttpRequest, user: User, nonce: str, *, medium: str = "") -> None:
    """Send a code by the wanted way, or by the first one."""
    ways = ways_of(user)
    if not ways:
        raise ValidationFailed(_("This account has no contact for a code."), code="no_way")
    way = next((way for way in ways if way.medium == medium), ways[0])
    issued = contact_codes.issue_code(
        purpose=contact_codes.SIGN_IN,
        subject_ref=_ref(user, nonce),
        medium=way.medium,
        address=way.address,
        language=user.language,
        budget="sign_in_known" if known_browsers.name_for(request, user) else "sign_in",
    )
    code_messages.queue_code(issued, purpose=contact_codes.SIGN_IN, subject_ref=f"user:{user.pk}", user=user)


def try_code(request: HttpRequest, user: User, nonce: str, code: str) -> AcceptedCode:
    """Compare and use a code of this pending sign-in. Call it outside a transaction: tries stay counted."""
    counted = take_try(request, user)
    try:
        accepted = contact_codes.try_code(purpose=contact_codes.SIGN_IN, subject_ref=_ref(user, nonce), code=code)
        _refuse_former_contact(user, accepted)
        with transaction.atomic():
            contact_codes.redeem(accepted)
            _settle(user, accepted)
    except DomainError:
        note_failure(request, user)
        raise
    limits.give_back(counted)
    return accepted


def try_recovery_code(request: HttpRequest, user: User, code: str) -> Authenticator:
    """Compare and use up one of the printed codes; it counts together with the codes that are sent."""
    counted = take_try(request, user)
    row = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()
    typed = "".join(sign for sign in code if sign.isalnum())
    if row is None or not row.wrap().validate_code(typed):
        note_failure(request, user)
        raise ValidationFailed(_("The recovery code is wrong or was used already."), code="code_wrong", field="code")
    limits.give_back(counted)
    return row


def _refuse_former_contact(user: User, accepted: AcceptedCode) -> None:
    """A code that went to a phone or an address which was taken from the account since then is worth nothing."""
    present = {(row.medium, row.address.lower()) for row in contacts.contacts_of(user)}
    if (accepted.medium, accepted.address.lower()) not in present:
        raise ValidationFailed(_("The code has expired. Ask for a new one."), code="code_expired", field="code")


def _settle(user: User, accepted: AcceptedCode) -> None:
    """What a right code brings about beside the sign-in: its contact is confirmed, a reset by another way is over."""
    way = next((way for way in contacts.contacts_of(user) if way.medium == accepted.medium), None)
    is_new = way is not None and not way.is_confirmed
    if is_new and contacts.mark_confirmed(user, accepted.medium, accepted.address):
        contacts.announce(user, accepted.medium, accepted.address)
    PasswordReset.objects.filter(user=user).exclude(medium=accepted.medium).delete()


def take_try(request: HttpRequest, user: User) -> list[Counted]:
    """Count one more code, of whatever kind, before it is compared; give back what this returns when it was right."""
    counted = _counted(request, user)
    limits.take(counted)
    return counted


def _counted(request: HttpRequest, user: User) -> list[Counted]:
    """A browser in which the account was signed in before has a count of its own: strangers cannot lock it out."""
    who = f"{user.pk}:{known_browsers.name_for(request, user) or 'stranger'}"
    network = network_of(request)
    return [(limits.CODE, who), (limits.CODE_DAILY, who), (limits.CODE_NETWORK, network)]


def note_failure(request: HttpRequest, user: User) -> None:
    """Log a wrong code of a sign-in."""
    trail.record(
        action=Action.SIGN_IN_FAILED, actor=None, subject_ref=f"user:{user.pk}", outcome="failure",
        details={"step": "second_factor"}, request=request,
    )  # fmt: skip
    warn_when_full(request, user)


def warn_when_full(request: HttpRequest, user: User) -> None:
    """Warn the owner when the count of codes is full, for whoever got so far knows his password."""
    limit, who = _counted(request, user)[0]
    if limits.is_full(limit, who):
        with override(user.language):
            subject = _("Somebody knows your password")
            body = _("Halyq Uni: many wrong sign-in codes. Somebody knows your password: change it.")
        key = f"password-known:{user.pk}:{timezone.now():%Y%m%d}"
        contacts.tell(user, key=key, template="password_known", subject=subject, body=body)


def forget_failures(user: User) -> None:
    """The password is new: whoever knew the old one counts no longer."""
    who = f"{user.pk}:stranger"
    limits.forget([(limits.CODE, who), (limits.CODE_DAILY, who)])


def _ref(user: User, nonce: str) -> str:
    return f"signin:{user.pk}:{nonce}"
