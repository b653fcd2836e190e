"""The contacts of an account: which it has, how one is confirmed or changed, and who is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts import contact_codes
from accounts.contact_codes import AcceptedCode, CodeState
from accounts.models import User
from audit import trail
from audit.actions import Action
from common.errors import Conflict
from common.masking import mask_email
from common.phones import format_phone, mask_phone
from notifications import delivery
from signin import code_messages, limits, logins
from signin.code_messages import EMAIL, SMS, TRANSPORTS

# Sent in the transaction that confirms a contact; keyword arguments: user, medium, address. A receiver may return a
# number of things it did with it.
contact_confirmed = Signal()


@dataclass(frozen=True)
class Contact:
    """A phone or an e-mail address of an account."""

    medium: str
    address: str
    is_confirmed: bool

    @property
    def shown(self) -> str:
        """To its owner, on a page of his own."""
        return format_phone(self.address) if self.medium == SMS else self.address

    @property
    def masked(self) -> str:
        return mask(self.medium, self.address)


def mask(medium: str, address: str) -> str:
    return mask_email(address) if medium == EMAIL else mask_phone(address)


def contacts_of(user: User) -> list[Contact]:
    """Phone and e-mail address, if the account has them."""
    found = []
    if user.phone:
        found.append(Contact(SMS, user.phone, user.phone_confirmed_at is not None))
    if user.email:
        confirmed = EmailAddress.objects.filter(user=user, email=user.email.lower(), verified=True).exists()
        found.append(Contact(EMAIL, user.email, confirmed))
    return found


def confirmed_media(user: User) -> set[str]:
    """Which of the account's present contacts are confirmed."""
    return {contact.medium for contact in contacts_of(user) if contact.is_confirmed}


def is_confirmed_for(user: User, *, phone: str, email: str) -> bool:
    """Whether the contact given in a form is one that the account has confirmed already."""
    wanted: tuple[str, str] = (str(SMS), phone) if phone else (str(EMAIL), email.lower())
    confirmed = {(str(row.medium), row.address.lower()) for row in contacts_of(user) if row.is_confirmed}
    return wanted in confirmed


@transaction.atomic
def send_account_code(user: User, *, medium: str, address: str) -> None:
    """A code to a contact that the account wants to call its own."""
    limits.take([(limits.CONTACT_SENDS, str(user.pk)), (limits.CONTACT_SENDS_DAILY, str(user.pk))])
    reference = _ref(user)
    issued = contact_codes.issue_code(
        purpose=contact_codes.ACCOUNT, subject_ref=reference, medium=medium, address=address, language=user.language
    )
    code_messages.queue_code(issued, purpose=contact_codes.ACCOUNT, subject_ref=reference, user=user)


def account_state(user: User) -> CodeState | None:
    return contact_codes.state_of(purpose=contact_codes.ACCOUNT, subject_ref=_ref(user))


def try_account_code(user: User, code: str) -> AcceptedCode:
    """Compare a code; all tries of the account count together, for each contact it names has five of its own."""
    who = f"{user.pk}:contact"
    counted = [(limits.CODE, who), (limits.CODE_DAILY, who)]
    limits.take(counted)
    accepted = contact_codes.try_code(purpose=contact_codes.ACCOUNT, subject_ref=_ref(user), code=code)
    limits.give_back(counted)
    return accepted


@transaction.atomic
def confirm_account_contact(user: User, accepted: AcceptedCode) -> int:
    """Make the contact the account's own and tell the old one; the number of things that receivers took in."""
    contact_codes.redeem(accepted)
    owner = logins.account_with_contact(accepted.medium, accepted.address)
    if owner is not None and owner.pk != user.pk:
        raise Conflict(_("Another account has this contact. Sign in to that account, or ask at the reception desk."))
    former = next((row for row in contacts_of(user) if row.medium == accepted.medium), None)
    mark_confirmed(user, accepted.medium, accepted.address)
    if former is not None and former.address.lower() != accepted.address.lower():
        _tell_former(user, former)
    _record(user, accepted.medium, former)
    return announce(user, accepted.medium, accepted.address)


def announce(user: User, medium: str, address: str) -> int:
    """Tell the apps above that the account holds this contact now; the number of things they took in."""
    answers: list[tuple[Any, Any]] = contact_confirmed.send(sender=User, user=user, medium=medium, address=address)
    return sum(answer for _receiver, answer in answers if isinstance(answer, int))


@transaction.atomic
def remove(user: User, medium: str) -> None:
    """Take a contact away, as long as another confirmed one stays; it is told, in case somebody else did it."""
    mine = contacts_of(user)
    gone = next((row for row in mine if row.medium == medium), None)
    if gone is None:
        return
    if not any(row.is_confirmed for row in mine if row.medium != medium):
        raise Conflict(_("This is your only confirmed contact. Add another one first."))
    if medium == EMAIL:
        EmailAddress.objects.filter(user=user).delete()
        user.email = ""
        user.save(update_fields=["email"])
    else:
        user.phone, user.phone_confirmed_at = "", None
        user.save(update_fields=["phone", "phone_confirmed_at"])
    _tell_former(user, gone)
    action = Action.EMAIL_CHANGED if medium == EMAIL else Action.PHONE_CHANGED
    trail.record(action=action, actor=user, subject_ref=_ref(user), details={"removed": True})


def mark_confirmed(user: User, medium: str, address: str) -> bool:
    """Store that the account holds this contact; false when another account has confirmed it meanwhile."""
    try:
        with transaction.atomic():
            if medium == EMAIL:
                _keep_email(user, address)
            else:
                user.phone, user.phone_confirmed_at = address, timezone.now()
                user.save(update_fields=["phone", "phone_confirmed_at"])
    except IntegrityError:
        user.refresh_from_db(fields=["phone", "phone_confirmed_at", "email"])
        return False
    return True


def _keep_email(user: User, address: str) -> None:
    """One address to an account: whoever could read the former one can no longer get a new password by it."""
    EmailAddress.objects.filter(user=user).exclude(email=address.lower()).delete()
    EmailAddress.objects.update_or_create(
        user=user, email=address.lower(), defaults={"verified": True, "primary": True}
    )
    user.email = address
    user.save(update_fields=["email"])


def tell(user: User, *, key: str, template: str, subject: str, body: str, to: list[Contact] | None = None) -> None:
    """A notice about the account's security to each of its contacts; `subject` and `body` are in its language."""
    for contact in contacts_of(user) if to is None else to:
        delivery.queue(
            delivery.Draft(
                dedupe_key=f"{key}:{contact.medium}",
                transport=TRANSPORTS[contact.medium],  # type: ignore[index]  # a member of Medium
                address=contact.address,
                template=template,
                subject=subject,
                body=body,
                language=user.language,
                subject_ref=_ref(user),
                user=user,
            )
        )


def _tell_former(user: User, former: Contact) -> None:
    with override(user.language):
        subject = _("The contact of your account was changed")
        body = _("Halyq Uni: your account has a new contact. Not you? Ask for help at the reception desk at once.")
    key = f"contact-changed:{user.pk}:{timezone.now():%Y%m%d%H%M%S}"
    tell(user, key=key, template="contact_changed", subject=subject, body=body, to=[former])


def _record(user: User, medium: str, former: Contact | None) -> None:
    changed = former is None or not former.is_confirmed
    by_mail = Action.EMAIL_CONFIRMED if changed else Action.EMAIL_CHANGED
    action = by_mail if medium == EMAIL else Action.PHONE_CHANGED
    trail.record(action=action, actor=user, subject_ref=_ref(user))


def _ref(user: User) -> str:
    return f"user:{user.pk}"
