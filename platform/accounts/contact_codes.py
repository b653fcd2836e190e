"""One-time codes by which a person proves that a phone or an e-mail address is his."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

import pyotp
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import ContactChallenge
from common.crypto import keyed_hash
from common.errors import Conflict, RateLimited, ValidationFailed

LIFETIME = timedelta(minutes=10)
MOST_ATTEMPTS = 5
MOST_SENDS = 3
MOST_CHALLENGES_PER_ADDRESS = 5  # within the hour, whoever asks: nobody's phone is flooded through us
ADDRESS_WINDOW = timedelta(hours=1)
DIGITS = 6


@dataclass(frozen=True)
class IssuedCode:
    """A code to be sent; the only moment at which it is known outside the challenge."""

    challenge_id: int
    code: str
    medium: str
    address: str
    language: str
    send_number: int


@dataclass(frozen=True)
class AcceptedCode:
    """A right guess that has not been used yet."""

    challenge_id: int
    medium: str
    address: str


@dataclass(frozen=True)
class CodeState:
    """What the page that asks for the code may tell."""

    medium: str
    address: str
    expires_at: datetime
    attempts_left: int
    sends_left: int


@transaction.atomic
def issue_code(*, purpose: str, subject_ref: str, medium: str, address: str, language: str) -> IssuedCode:
    """Give the next code of the open challenge, or open one: three sends in ten minutes, each with a new code."""
    now = timezone.now()
    _one_at_a_time(purpose, subject_ref)
    challenge = _open(purpose, subject_ref, now)
    hashed = address_hash(medium, address)
    if challenge is not None and challenge.address_hash != hashed:
        ContactChallenge.objects.filter(pk=challenge.pk).update(expires_at=now)
        challenge = None
    if challenge is None:
        challenge = _new(purpose, subject_ref, medium, address, hashed, language, now)
    elif challenge.sends >= MOST_SENDS or challenge.attempts >= MOST_ATTEMPTS:
        raise RateLimited(_("No more codes can be sent just now. Try again in ten minutes."), code="too_many_codes")
    challenge.counter += 1
    challenge.sends += 1
    challenge.save(update_fields=["counter", "sends"])
    code = _code_of(challenge)
    return IssuedCode(challenge.pk, code, challenge.medium, address, challenge.language, challenge.sends)


def try_code(*, purpose: str, subject_ref: str, code: str) -> AcceptedCode:
    """Compare a guess. It is counted before it is compared, so parallel guesses cannot exceed the limit.

    Call it outside a transaction: a count that is rolled back would be a free guess.
    """
    now = timezone.now()
    challenge = _open(purpose, subject_ref, now)
    if challenge is None:
        raise ValidationFailed(_("The code has expired. Ask for a new one."), code="code_expired", field="code")
    counted = ContactChallenge.objects.filter(
        pk=challenge.pk, attempts__lt=MOST_ATTEMPTS, confirmed_at__isnull=True, expires_at__gt=now
    ).update(attempts=F("attempts") + 1)
    if not counted:
        raise RateLimited(
            _("Too many wrong codes. Ask for a new code in ten minutes."), code="code_exhausted", field="code"
        )
    challenge.refresh_from_db(fields=["attempts", "counter"])
    given = "".join(sign for sign in code if sign.isdecimal())
    if not hmac.compare_digest(given.encode(), _code_of(challenge).encode()):
        raise ValidationFailed(_wrong(MOST_ATTEMPTS - challenge.attempts), code="code_wrong", field="code")
    return AcceptedCode(challenge.pk, challenge.medium, challenge.address)


def redeem(accepted: AcceptedCode) -> None:
    """Use a right guess, once. Call it in the transaction of what the confirmation brings about."""
    now = timezone.now()
    used = ContactChallenge.objects.filter(pk=accepted.challenge_id, confirmed_at__isnull=True).update(confirmed_at=now)
    if not used:
        raise Conflict(_("This code has been used already."), code="code_used")


def state_of(*, purpose: str, subject_ref: str) -> CodeState | None:
    """The open challenge, or None when there is nothing to enter."""
    challenge = _open(purpose, subject_ref, timezone.now())
    if challenge is None:
        return None
    return CodeState(
        medium=challenge.medium,
        address=challenge.address,
        expires_at=challenge.expires_at,
        attempts_left=max(MOST_ATTEMPTS - challenge.attempts, 0),
        sends_left=max(MOST_SENDS - challenge.sends, 0),
    )


def is_confirmed(*, purpose: str, subject_ref: str, medium: str, address: str) -> bool:
    """Whether this very address was confirmed for this subject at some time."""
    return ContactChallenge.objects.filter(
        purpose=purpose,
        subject_ref=subject_ref,
        address_hash=address_hash(medium, address),
        confirmed_at__isnull=False,
    ).exists()


def address_hash(medium: str, address: str) -> str:
    """The same hash by which applicants are found: phones by number, e-mail addresses in small letters."""
    if medium == ContactChallenge.Medium.EMAIL:
        return keyed_hash(address.lower(), purpose="email")
    return keyed_hash(address, purpose="phone")


def _one_at_a_time(purpose: str, subject_ref: str) -> None:
    """Two tabs opened at once get one challenge; there is no row to lock before the first one exists."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"code:{purpose}:{subject_ref}"])


def _open(purpose: str, subject_ref: str, now: datetime) -> ContactChallenge | None:
    return (
        ContactChallenge.objects.filter(
            purpose=purpose, subject_ref=subject_ref, confirmed_at__isnull=True, expires_at__gt=now
        )
        .order_by("-id")
        .first()
    )


def _new(
    purpose: str, subject_ref: str, medium: str, address: str, hashed: str, language: str, now: datetime
) -> ContactChallenge:
    recent = ContactChallenge.objects.filter(address_hash=hashed, created_at__gt=now - ADDRESS_WINDOW).count()
    if recent >= MOST_CHALLENGES_PER_ADDRESS:
        raise RateLimited(_("Too many codes were sent to this address. Try again in an hour."), code="too_many_codes")
    return ContactChallenge.objects.create(
        purpose=purpose,
        subject_ref=subject_ref,
        medium=medium,
        address=address,
        address_hash=hashed,
        language=language,
        secret=pyotp.random_base32(),
        created_at=now,
        expires_at=now + LIFETIME,
    )


def _code_of(challenge: ContactChallenge) -> str:
    return str(pyotp.HOTP(challenge.secret, digits=DIGITS).at(challenge.counter))


def _wrong(attempts_left: int) -> str:
    if attempts_left < 1:
        return str(_("The code is wrong, and there are no tries left. Ask for a new code in ten minutes."))
    message = ngettext(
        "The code is wrong. You have %(count)s try left.",
        "The code is wrong. You have %(count)s tries left.",
        attempts_left,
    )
    return message % {"count": attempts_left}
