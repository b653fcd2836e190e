"""Open an account: what was given waits until the code sent to the contact is entered; only then is there a user.

A contact that has an account already makes the same row, the same page and the same count of tries; the message
alone is another one, and only the holder of the contact reads it.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta

from allauth.account import signals
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import contact_codes
from accounts.contact_codes import CodeState
from accounts.models import User
from common.errors import Conflict, ValidationFailed
from common.limits import network_of
from signin import code_messages, contacts, limits, logins
from signin.code_messages import EMAIL
from signin.models import PendingRegistration

LIFETIME = timedelta(minutes=30)


@dataclass(frozen=True)
class Applied:
    """What was given to open an account."""

    medium: str
    contact: str
    last_name: str
    first_name: str
    language: str
    password: str
    next_url: str = ""


def begin(request: HttpRequest, given: Applied) -> PendingRegistration:
    """Keep what was given and send a code, or to a contact that has an account a hint. The work is the same."""
    limits.take([(limits.REGISTER_NETWORK, network_of(request))])
    now = timezone.now()
    password = make_password(given.password)
    with transaction.atomic():
        row = PendingRegistration.objects.create(
            reference=secrets.token_hex(16),
            medium=given.medium,
            contact=given.contact,
            last_name=given.last_name,
            first_name=given.first_name,
            language=given.language,
            password=password,
            is_known=logins.is_taken(given.medium, given.contact),
            next_url=given.next_url[:500],
            created_at=now,
            expires_at=now + LIFETIME,
        )
        _send(row)
    return row


def pending(reference: str) -> PendingRegistration | None:
    """The registration this browser has begun, unless it is too old."""
    return PendingRegistration.objects.filter(reference=reference, expires_at__gt=timezone.now()).first()


@transaction.atomic
def send_again(row: PendingRegistration) -> None:
    _send(row)


def state_of(row: PendingRegistration) -> CodeState | None:
    return contact_codes.state_of(purpose=contact_codes.REGISTRATION, subject_ref=_ref(row))


def finish(request: HttpRequest, row: PendingRegistration, code: str) -> User:
    """Compare the code and open the account. Call it outside a transaction: tries stay counted."""
    limits.take([(limits.CODE_NETWORK, network_of(request))])
    accepted = contact_codes.try_code(purpose=contact_codes.REGISTRATION, subject_ref=_ref(row), code=code)
    if row.is_known:  # nobody was sent this code, so it was guessed
        raise ValidationFailed(_("The code has expired. Ask for a new one."), code="code_expired", field="code")
    try:
        with transaction.atomic():
            contact_codes.redeem(accepted)
            user = _open_account(row)
            PendingRegistration.objects.filter(pk=row.pk).delete()
            contacts.announce(user, row.medium, row.contact)
    except IntegrityError as error:
        raise Conflict(_("There is an account with this contact already. Sign in.")) from error
    signals.user_signed_up.send(sender=User, request=request, user=user)
    return user


def forget_ended() -> int:
    return PendingRegistration.objects.filter(expires_at__lt=timezone.now()).delete()[0]


def _open_account(row: PendingRegistration) -> User:
    """The database forbids a second account with a confirmed contact; the name tells nothing about the person."""
    user = User(
        username=f"r{secrets.token_hex(8)}",
        last_name=row.last_name,
        first_name=row.first_name,
        language=row.language,
        password=row.password,
    )
    if row.medium == EMAIL:
        user.email = row.contact
    else:
        user.phone, user.phone_confirmed_at = row.contact, timezone.now()
    user.save()
    if row.medium == EMAIL:
        EmailAddress.objects.create(user=user, email=row.contact, verified=True, primary=True)
    return user


def _send(row: PendingRegistration) -> None:
    """Both kinds count as a code sent, with the same waits between them."""
    issued = contact_codes.issue_code(
        purpose=contact_codes.REGISTRATION,
        subject_ref=_ref(row),
        medium=row.medium,
        address=row.contact,
        language=row.language,
    )
    if row.is_known:
        key = f"code:{issued.challenge_id}:{issued.send_number}"
        code_messages.queue_known(row.medium, row.contact, row.language, key=key, reference=_ref(row))
    else:
        code_messages.queue_code(issued, purpose=contact_codes.REGISTRATION, subject_ref=_ref(row))


def _ref(row: PendingRegistration) -> str:
    return f"registration:{row.reference}"
