"""What a person is told about his own account: a new device, another password, another way to sign in.

Always in his language, by e-mail or, without one, by SMS; members of staff find it in their inbox as well. Nothing in
it can be used by whoever else reads it: no code, no link that signs in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from accounts.models import User
from accounts.permissions import is_staff_member
from common import limits
from common.errors import RateLimited
from notifications import delivery
from notifications.languages import WORDS, in_every_language
from notifications.models import Notification
from ui.dates import long_datetime

EMAIL, SMS, INBOX = Notification.Transport.EMAIL, Notification.Transport.SMS, Notification.Transport.INBOX
MOST_PER_HOUR = 20  # of one kind to one person
TEMPLATE = "signin_"


@dataclass(frozen=True)
class Kind:
    """What happened, as a subject and a sentence."""

    subject: str | Promise
    sentence: str | Promise


KINDS: dict[str, Kind] = {
    "new_device": Kind(_("Sign-in from a new device"), _("Somebody signed in to your account from a new device.")),
    "password_changed": Kind(_("The password was changed"), _("The password of your account was changed.")),
    "totp_added": Kind(_("A code app was added"), _("An app that makes codes was added to your account.")),
    "totp_removed": Kind(_("The code app was removed"), _("The app that makes codes was removed from your account.")),
    "webauthn_added": Kind(_("A passkey was added"), _("A passkey was added to your account.")),
    "webauthn_removed": Kind(_("A passkey was removed"), _("A passkey was removed from your account.")),
    "recovery_codes_added": Kind(
        _("Recovery codes were made"), _("Recovery codes were made for your account; older ones are void.")
    ),
    "recovery_codes_removed": Kind(_("Recovery codes were removed"), _("The recovery codes of your account are void.")),
    "recovery_code_used": Kind(
        _("A recovery code was used"), _("A recovery code was used to sign in to your account.")
    ),
    "sessions_ended": Kind(
        _("You were signed out everywhere"), _("An administrator ended all sessions of your account.")
    ),
}


@dataclass(frozen=True)
class What:
    """One thing to tell. `cause` makes the key by which it is told once."""

    kind: str
    cause: str
    at: datetime = field(default_factory=timezone.now)
    details: Mapping[str, str] = field(default_factory=dict)  # device, place, left


@transaction.atomic
def tell(user: User, what: What) -> int:
    """Queue the notice by every way of the person that is known; how many were queued."""
    try:
        limits.count(f"notice:{what.kind}", str(user.pk), limit=MOST_PER_HOUR, seconds=3600)
    except RateLimited:
        return 0
    with override(user.language):
        return delivery.queue_all([_draft(user, what, transport, address) for transport, address in ways_of(user)])


def ways_of(user: User) -> list[tuple[str, str]]:
    """The confirmed address, else the one an administrator wrote down, else the confirmed phone."""
    found: list[tuple[str, str]] = []
    address = email_of(user)
    if address:
        found.append((EMAIL, address))
    elif user.phone and user.phone_confirmed_at:
        found.append((SMS, user.phone))
    if is_staff_member(user):
        found.append((INBOX, str(user.pk)))
    return found


def email_of(user: User) -> str:
    """An address that somebody typed and never confirmed is told nothing."""
    rows = list(EmailAddress.objects.filter(user=user).order_by("-primary", "pk"))
    confirmed = next((row.email for row in rows if row.verified), "")
    return str(confirmed) if confirmed or rows else user.email


def _draft(user: User, what: What, transport: str, address: str) -> delivery.Draft:
    kind = KINDS[what.kind]
    context = {
        "sentence": kind.sentence,
        "kind": what.kind,
        "at": long_datetime(what.at),
        "details": what.details,
        "sessions_url": f"{settings.PUBLIC_URL}{reverse('signin:sessions')}",
        "not_me_url": f"{settings.PUBLIC_URL}{reverse('signin:not_me')}",
    }
    name = "notices/signin.sms.txt" if transport == SMS else "notices/signin.txt"
    return delivery.Draft(
        dedupe_key=f"signin:{what.kind}:{user.pk}:{what.cause}:{transport}",
        transport=transport,
        address=address,
        template=f"{TEMPLATE}{what.kind}",
        subject=str(kind.subject),
        body=render_to_string(name, context).strip(),
        language=user.language,
        subject_ref=f"user:{user.pk}",
        headers=_for_the_inbox(what) if transport == INBOX else {},
        user=user if transport == INBOX else None,
    )


def _for_the_inbox(what: What) -> dict[str, object]:
    """Short, in the language it will be read in, with the page where one looks whether it was oneself."""

    def words() -> tuple[str, str]:
        kind = KINDS[what.kind]
        context = {"sentence": kind.sentence, "at": long_datetime(what.at), "details": what.details}
        return str(kind.subject), render_to_string("notices/signin_inbox.txt", context).strip()

    return {WORDS: in_every_language(words), "path": reverse("signin:sessions")}
