"""Confirm that a phone or an e-mail address is the applicant's: codes for appeals and for accounts."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts import contact_codes
from accounts.contact_codes import AcceptedCode, CodeState, IssuedCode
from accounts.models import ContactChallenge, User
from appeals.models import Appeal, Applicant
from common.errors import ValidationFailed
from notifications import delivery
from notifications.models import Notification

OF_APPEAL, OF_ACCOUNT = "appeal", "account"
SMS, EMAIL = ContactChallenge.Medium.SMS, ContactChallenge.Medium.EMAIL
TRANSPORTS = {SMS: Notification.Transport.SMS, EMAIL: Notification.Transport.EMAIL}


# The contact of an appeal


@transaction.atomic
def send_first_code(appeal_id: int) -> CodeState | None:
    """Send a code once, however often the receipt is opened; None when there is nothing to confirm."""
    appeal = Appeal.objects.select_related("applicant").get(pk=appeal_id)
    if appeal.applicant.contact_confirmed_at or not _contacts_of(appeal.applicant):
        return None
    ref = _ref(appeal_id)
    if not ContactChallenge.objects.filter(purpose=OF_APPEAL, subject_ref=ref).exists():
        medium, address = _contacts_of(appeal.applicant)[0]
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
    _queue(issued, subject_ref=_ref(appeal.pk), number=appeal.number)


def _ref(appeal_id: int) -> str:
    return f"appeal:{appeal_id}"


# The contacts of an account


@transaction.atomic
def send_account_code(user: User, *, medium: str, address: str) -> None:
    """A code to a contact that the account wants to call its own."""
    issued = contact_codes.issue_code(
        purpose=OF_ACCOUNT, subject_ref=f"user:{user.pk}", medium=medium, address=address, language=user.language
    )
    _queue(issued, subject_ref=f"user:{user.pk}", number="")


def account_state(user: User) -> CodeState | None:
    return contact_codes.state_of(purpose=OF_ACCOUNT, subject_ref=f"user:{user.pk}")


def try_account_code(user: User, code: str) -> AcceptedCode:
    return contact_codes.try_code(purpose=OF_ACCOUNT, subject_ref=f"user:{user.pk}", code=code)


@transaction.atomic
def confirm_account_contact(user: User, accepted: AcceptedCode) -> int:
    """Make the contact the account's own and take in the appeals filed with it; the number of appeals taken in.

    An IIN that is only typed proves nothing, so appeals are never taken in by it.
    """
    contact_codes.redeem(accepted)
    if accepted.medium == EMAIL:
        EmailAddress.objects.filter(user=user).update(primary=False)
        EmailAddress.objects.update_or_create(
            user=user, email=accepted.address.lower(), defaults={"verified": True, "primary": True}
        )
        user.email = accepted.address
        user.save(update_fields=["email"])
    else:
        user.phone = accepted.address
        user.save(update_fields=["phone"])
    return _take_in(user, accepted)


def _take_in(user: User, accepted: AcceptedCode) -> int:
    hashed = contact_codes.address_hash(accepted.medium, accepted.address)
    by_medium = {"email_hash": hashed} if accepted.medium == EMAIL else {"phone_hash": hashed}
    confirmed = Applicant.objects.filter(user__isnull=True, contact_confirmed_at__isnull=False, **by_medium)
    return confirmed.update(user=user)


def confirmed_media(user: User) -> set[str]:
    """Which of the account's present contacts are confirmed."""
    present = [(SMS, user.phone), (EMAIL, user.email)]
    return {medium for medium, address in present if address and _is_confirmed(user, medium, address)}


def is_confirmed_for(user: User, *, phone: str, email: str) -> bool:
    """Whether the contact given in a form is one that the account has confirmed already."""
    return _is_confirmed(user, SMS, phone) if phone else bool(email) and _is_confirmed(user, EMAIL, email)


def _is_confirmed(user: User, medium: str, address: str) -> bool:
    if medium == EMAIL and EmailAddress.objects.filter(user=user, email__iexact=address, verified=True).exists():
        return True
    return contact_codes.is_confirmed(purpose=OF_ACCOUNT, subject_ref=f"user:{user.pk}", medium=medium, address=address)


def _queue(issued: IssuedCode, *, subject_ref: str, number: str) -> None:
    with override(issued.language):
        subject = _("Code to confirm your contact")
        body = _("Halyq Uni: your code is %(code)s. It is good for 10 minutes. Do not tell it to anybody.") % {
            "code": issued.code
        }
        if number:
            about = _("Appeal %(number)s") % {"number": number}
            body = f"{body} {about}"
    delivery.queue(
        delivery.Draft(
            dedupe_key=f"code:{issued.challenge_id}:{issued.send_number}",
            transport=TRANSPORTS[ContactChallenge.Medium(issued.medium)],
            address=issued.address,
            template="contact_code",
            subject=subject,
            body=body,
            language=issued.language,
            subject_ref=subject_ref,
        )
    )
