"""One-time codes by which a person proves that he holds a phone or an e-mail address."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

import pyotp
from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import ContactChallenge
from common.crypto import keyed_hash
from common.errors import Conflict, RateLimited, ValidationFailed

LIFETIME = timedelta(minutes=5)
RESEND_AFTER = timedelta(minutes=1)
LONG_WAIT = timedelta(minutes=15)  # after the last send, and after the last try
MOST_ATTEMPTS = 5
MOST_SENDS = 3
MOST_CHALLENGES_PER_ADDRESS = 5  # within the hour, whoever asks: nobody's phone is flooded through us
ADDRESS_WINDOW = timedelta(hours=1)
DIGITS = 6

# What a code is good for. It is never good for anything else: the purpose is part of what it is looked up by.
APPEAL, ACCOUNT, SIGN_IN, REGISTRATION, PASSWORD_RESET = (
    "appeal",
    "account",
    "sign_in",
    "registration",
    "password_reset",
)
PURPOSES = frozenset({APPEAL, ACCOUNT, SIGN_IN, REGISTRATION, PASSWORD_RESET})


class TooManyCodes(RateLimited):
    """No code can be sent or tried before `until`; the text says how long that is."""

    def __init__(self, until: datetime, now: datetime, *, code: str, wrong: bool = False) -> None:
        self.until = until
        super().__init__(_refusal(wait_words(until - now), wrong=wrong), code=code, field="code")


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
    resend_at: datetime

    def resend_wait(self, now: datetime) -> str:
        """How long until another code can be sent, in words; empty when one can be sent now."""
        return wait_words(self.resend_at - now) if self.resend_at > now else ""


@transaction.atomic
def issue_code(
    *, purpose: str, subject_ref: str, medium: str, address: str, language: str, budget: str = ""
) -> IssuedCode:
    """Give the next code of the open challenge, or open one: three sends, a minute apart, each with a new code.

    Challenges to one address are counted for each budget apart: what a stranger may ask for (a form that needs no
    password) cannot use up what the owner needs to sign in.
    """
    if purpose not in PURPOSES:
        raise ValueError(f"no purpose of codes: {purpose!r}")
    now = timezone.now()
    _one_at_a_time(purpose, subject_ref)
    hashed = address_hash(medium, address)
    last = _last(purpose, subject_ref)
    if last is not None and last.address_hash == hashed:
        _refuse_soon(last, now)
    is_open = last is not None and last.expires_at > now
    if is_open and last is not None and last.address_hash != hashed:
        ContactChallenge.objects.filter(pk=last.pk).update(expires_at=now)
        is_open = False
    challenge = (
        last if is_open and last is not None else _new(purpose, subject_ref, medium, address, hashed, budget, now)
    )
    challenge.language = language
    challenge.counter += 1
    challenge.sends += 1
    challenge.sent_at, challenge.expires_at = now, now + LIFETIME
    challenge.save()
    code = _code_of(challenge)
    return IssuedCode(challenge.pk, code, challenge.medium, address, challenge.language, challenge.sends)


def _refuse_soon(last: ContactChallenge, now: datetime) -> None:
    """A minute between two sends; a longer wait after the last send and after the last try."""
    is_spent = last.sends >= MOST_SENDS or last.attempts >= MOST_ATTEMPTS
    until = last.sent_at + (LONG_WAIT if is_spent else RESEND_AFTER)
    if until > now:
        raise TooManyCodes(until, now, code="too_many_codes" if is_spent else "too_soon")


def try_code(*, purpose: str, subject_ref: str, code: str) -> AcceptedCode:
    """Compare a guess. It is counted before it is compared, so parallel guesses cannot exceed the limit.

    Call it outside a transaction: a count that is rolled back would be a free guess.
    """
    now = timezone.now()
    challenge = _open(purpose, subject_ref, now)
    if challenge is None:
        raise ValidationFailed(_("The code has expired. Ask for a new one."), code="code_expired", field="code")
    if not _count_try(challenge, now):
        raise TooManyCodes(challenge.sent_at + LONG_WAIT, now, code="code_exhausted", wrong=True)
    challenge.refresh_from_db(fields=["attempts", "counter"])
    if not _is_right(challenge, code):
        left = MOST_ATTEMPTS - challenge.attempts
        if left < 1:
            raise TooManyCodes(challenge.sent_at + LONG_WAIT, now, code="code_wrong", wrong=True)
        raise ValidationFailed(_wrong(left), code="code_wrong", field="code")
    return AcceptedCode(challenge.pk, challenge.medium, challenge.address)


def _count_try(challenge: ContactChallenge, now: datetime) -> bool:
    """One atomic statement, whatever number of web processes ask at once."""
    row = ContactChallenge.objects.filter(
        pk=challenge.pk, attempts__lt=MOST_ATTEMPTS, confirmed_at__isnull=True, expires_at__gt=now
    )
    return bool(row.update(attempts=F("attempts") + 1))


def _is_right(challenge: ContactChallenge, code: str) -> bool:
    given = "".join(sign for sign in code if sign.isdecimal())
    return hmac.compare_digest(given.encode(), _code_of(challenge).encode())


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
    is_spent = challenge.sends >= MOST_SENDS or challenge.attempts >= MOST_ATTEMPTS
    return CodeState(
        medium=challenge.medium,
        address=challenge.address,
        expires_at=challenge.expires_at,
        attempts_left=max(MOST_ATTEMPTS - challenge.attempts, 0),
        sends_left=max(MOST_SENDS - challenge.sends, 0),
        resend_at=challenge.sent_at + (LONG_WAIT if is_spent else RESEND_AFTER),
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
    last = _last(purpose, subject_ref)
    return last if last is not None and last.expires_at > now else None


def _last(purpose: str, subject_ref: str) -> ContactChallenge | None:
    return (
        ContactChallenge.objects.filter(purpose=purpose, subject_ref=subject_ref, confirmed_at__isnull=True)
        .order_by("-id")
        .first()
    )


def _new(
    purpose: str, subject_ref: str, medium: str, address: str, hashed: str, budget: str, now: datetime
) -> ContactChallenge:
    """Codes that were entered are no flood; they do not use up the budget of who signs in with one."""
    is_flood = Q(confirmed_at__isnull=True) if budget else Q()
    recent = ContactChallenge.objects.filter(
        is_flood, address_hash=hashed, budget=budget, created_at__gt=now - ADDRESS_WINDOW
    )
    begun = list(recent.order_by("-created_at").values_list("created_at", flat=True)[:MOST_CHALLENGES_PER_ADDRESS])
    if len(begun) >= MOST_CHALLENGES_PER_ADDRESS:
        raise TooManyCodes(begun[-1] + ADDRESS_WINDOW, now, code="too_many_codes")
    return ContactChallenge(
        purpose=purpose,
        subject_ref=subject_ref,
        medium=medium,
        address=address,
        address_hash=hashed,
        budget=budget,
        secret=pyotp.random_base32(),
        created_at=now,
    )


def _code_of(challenge: ContactChallenge) -> str:
    return str(pyotp.HOTP(challenge.secret, digits=DIGITS).at(challenge.counter))


def _wrong(attempts_left: int) -> str:
    message = ngettext(
        "The code is wrong. You have %(count)s try left.",
        "The code is wrong. You have %(count)s tries left.",
        attempts_left,
    )
    return message % {"count": attempts_left}


def _refusal(wait: str, *, wrong: bool) -> str:
    text = (
        _("There are no tries left for this code. You can ask for a new one in %(wait)s.")
        if wrong
        else _("Another code can be sent in %(wait)s.")
    )
    return str(text) % {"wait": wait}


def wait_words(wait: timedelta) -> str:
    """Seconds within two minutes, then whole minutes or hours, always rounded up: no wait is over earlier than said."""
    seconds = max(1, ceil(wait.total_seconds()))
    if seconds <= 120:
        return ngettext("%(count)s second", "%(count)s seconds", seconds) % {"count": seconds}
    if seconds <= 2 * 3600:
        minutes = ceil(seconds / 60)
        return ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes}
    hours = ceil(seconds / 3600)
    return ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": hours}
