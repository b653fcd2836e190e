"""Confirm that a phone or an e-mail address is the applicant's, and give appeals to the account that has it."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.db import transaction
from django.dispatch import receiver
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts import contact_codes
from accounts.contact_codes import AcceptedCode, CodeState
from accounts.models import ContactChallenge, User
from appeals.models import Appeal, Applicant
from common.errors import RateLimited, ValidationFailed
from signin import code_messages
from signin.contacts import contact_confirmed

OF_APPEAL = contact_codes.APPEAL
SMS, EMAIL = ContactChallenge.Medium.SMS, ContactChallenge.Medium.EMAIL


@transaction.atomic
def send_first_code(appeal_id: int) -> CodeState | None:
    """Send a code once, however often the receipt is opened; None when there is nothing to confirm.

    The appeal is in already: when no code may be sent now (the same form came twice at once, or the address had
    its share of the hour), nothing is refused and the applicant can ask for one later.
    """
    appeal = Appeal.objects.select_related("applicant").get(pk=appeal_id)
    if appeal.applicant.contact_confirmed_at or not _contacts_of(appeal.applicant):
        return None
    ref = _ref(appeal_id)
    if not ContactChallenge.objects.filter(purpose=OF_APPEAL, subject_ref=ref).exists():
        medium, address = _contacts_of(appeal.applicant)[0]
        with suppress(RateLimited):
            _send(appeal, medium, address)
    return contact_codes.state_of(purpose=OF_APPEAL, subject_ref=ref)


@transaction.atomic
def send_code_again(appeal_id: int, *, medium: str = "") -> None:
    """Send the next code, to the other contact when the applicant asks for it."""
    appeal = Appeal.objects.select_related("applicant").get(pk=appeal_id)
    known = dict(_contacts_of(appeal.applicant))
    if not known or appeal.applicant.contact_confirmed_at:
        raise ValidationFailed(_("There is nothing to confirm."), code="nothing_to_confirm")
    chosen = ContactChallenge.Medium(medium) if medium in known else next(iter(known))
    _send(appeal, chosen, known[chosen])


def try_code(appeal_id: int, code: str) -> AcceptedCode:
    return contact_codes.try_code(purpose=OF_APPEAL, subject_ref=_ref(appeal_id), code=code)


def state_for(appeal: Appeal) -> CodeState | None:
    return contact_codes.state_of(purpose=OF_APPEAL, subject_ref=_ref(appeal.pk))


def media_of(applicant: Applicant) -> list[str]:
    """By which ways a code can be sent."""
    return [medium for medium, _address in _contacts_of(applicant)]


def _contacts_of(applicant: Applicant) -> list[tuple[ContactChallenge.Medium, str]]:
    both = [(SMS, applicant.phone), (EMAIL, applicant.email)]
    return [(medium, address) for medium, address in both if address]


def _send(appeal: Appeal, medium: ContactChallenge.Medium, address: str) -> None:
    issued = contact_codes.issue_code(
        purpose=OF_APPEAL, subject_ref=_ref(appeal.pk), medium=medium, address=address, language=appeal.answer_language
    )
    with override(issued.language):
        about = _("Appeal %(number)s") % {"number": appeal.number}
    code_messages.queue_code(issued, purpose=OF_APPEAL, subject_ref=_ref(appeal.pk), note=about)


def _ref(appeal_id: int) -> str:
    return f"appeal:{appeal_id}"


@receiver(contact_confirmed, dispatch_uid="appeals-take-in")
def take_in(user: User, medium: str, address: str, **_: Any) -> int:
    """Give an account the appeals that were filed with a contact it has confirmed; how many there are.

    An IIN that is only typed proves nothing, so appeals are never taken in by it.
    """
    hashed = contact_codes.address_hash(medium, address)
    by_medium = {"email_hash": hashed} if medium == EMAIL else {"phone_hash": hashed}
    confirmed = Applicant.objects.filter(user__isnull=True, contact_confirmed_at__isnull=False, **by_medium)
    return confirmed.update(user=user)
