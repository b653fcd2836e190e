"""A new password for who forgot the old one: a link by e-mail, or a code by SMS where there is no e-mail address.

It opens nothing by itself: the sign-in that follows asks for the second factor, and by another way if there is one.
"""

from __future__ import annotations

from dataclasses import dataclass

from allauth.account import signals
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.password_reset import request_password_reset
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts import contact_codes
from accounts.contact_codes import CodeState
from accounts.models import User
from common.errors import ValidationFailed
from common.limits import network_of
from signin import code_messages, contacts, known_browsers, limits, logins, second_factor, trusted_devices
from signin.code_messages import SMS
from signin.models import PasswordReset


@dataclass(frozen=True)
class Asked:
    """A question for a new password by SMS, as the session keeps it."""

    reference: str
    phone: str
    user_id: int | None  # None: no account can be helped this way, no code is right


def ask_by_email(request: HttpRequest, email: str) -> None:
    """A link for the account of this address; a message of another kind when there is none."""
    _count(request, email)
    user = _whose(email)
    if user is not None and user.is_active and not would_be_one_factor(user):
        request_password_reset(request, user.email, [user], None)
    elif user is not None and user.is_active:
        get_adapter(request).send_mail("signin/email/ask_administrator", user.email, {"user": user})
    else:
        request_password_reset(request, email, [], None)


def _whose(email: str) -> User | None:
    """Whose contact this very address is: one that is only written alike is another's mailbox, and so is a name."""
    user = logins.account_of(email)
    return user if user is not None and user.email.lower() == email.lower() else None


def ask_by_phone(request: HttpRequest, phone: str) -> Asked:
    """The page that follows is the same for every number; a code goes only where it can help."""
    _count(request, phone)
    user = logins.account_with_contact(SMS, phone)
    can_help = user is not None and user.is_active and not user.email and not would_be_one_factor(user)
    asked = Asked(second_factor.new_nonce(), phone, user.pk if user is not None and can_help else None)
    send_code(request, asked, user)
    return asked


@transaction.atomic
def send_code(request: HttpRequest, asked: Asked, user: User | None = None) -> None:
    """Count a code as sent in any case; send it to whom it helps, and a hint to who has an e-mail address."""
    user = user or User.objects.filter(pk=asked.user_id or 0).first()
    issued = contact_codes.issue_code(
        purpose=contact_codes.PASSWORD_RESET,
        subject_ref=_ref(asked),
        medium=SMS,
        address=asked.phone,
        language=user.language if user else "kk",
        budget="reset_known" if known_browsers.name_for_login(request, asked.phone) else "",
    )
    if asked.user_id is not None:
        code_messages.queue_code(issued, purpose=contact_codes.PASSWORD_RESET, subject_ref=_ref(asked), user=user)
    elif user is not None:
        key = f"code:{issued.challenge_id}:{issued.send_number}"
        code_messages.queue_reset_hint(asked.phone, user.language, key=key, reference=_ref(asked))


def state_of(asked: Asked) -> CodeState | None:
    return contact_codes.state_of(purpose=contact_codes.PASSWORD_RESET, subject_ref=_ref(asked))


def prove(request: HttpRequest, asked: Asked, code: str) -> User:
    """Compare and use the code. Call it outside a transaction: tries stay counted.

    They are counted by the number, whether it has an account or not: else the moment of the refusal would tell.
    """
    who = f"{_who(request, asked.phone)}:reset"
    counted = [(limits.CODE, who), (limits.CODE_DAILY, who), (limits.CODE_NETWORK, network_of(request))]
    limits.take(counted)
    accepted = contact_codes.try_code(purpose=contact_codes.PASSWORD_RESET, subject_ref=_ref(asked), code=code)
    user = holder(asked.user_id, asked.phone)
    if user is None:
        raise ValidationFailed(_("The code has expired. Ask for a new one."), code="code_expired", field="code")
    contact_codes.redeem(accepted)
    limits.give_back(counted)
    return user


def holder(user_id: int | None, phone: str) -> User | None:
    """The account, as long as it is open and the number, which may have been taken away meanwhile, is its own."""
    rows = User.objects.filter(pk=user_id or 0, is_active=True, phone=phone, phone_confirmed_at__isnull=False)
    return rows.first()


@transaction.atomic
def set_password(request: HttpRequest, user: User, password: str, *, medium: str) -> None:
    """The new password ends every trust, and is noted so that the same way is no second factor."""
    get_adapter(request).set_password(user, password)
    note(user, medium)
    request.has_noted_reset = True  # type: ignore[attr-defined]  # for the listener of the signal
    signals.password_reset.send(sender=User, request=request, user=user)


def note(user: User, medium: str) -> None:
    PasswordReset.objects.update_or_create(user=user, defaults={"medium": medium, "reset_at": timezone.now()})


@transaction.atomic
def settle(user: User) -> None:
    """Whatever way the password was changed: no device is trusted any more, and nobody is locked out by old tries."""
    trusted_devices.forget_all(user)
    second_factor.forget_failures(user)


def tell(user: User) -> None:
    """Each contact of the account learns that its password is a new one."""
    with override(user.language):
        subject = _("Your password was changed")
        body = _("Halyq Uni: your password was changed. Not you? Ask at the reception desk.")
    key = f"password-reset:{user.pk}:{timezone.now():%Y%m%d%H%M%S}"
    contacts.tell(user, key=key, template="password_was_reset", subject=subject, body=body)


def would_be_one_factor(user: User) -> bool:
    """For the staff a mailbox must not be enough: with the link and the code in it, it would be the only factor."""
    if not second_factor.needs_second_factor_always(user):
        return False
    has_other = len(contacts.confirmed_media(user)) > 1 or second_factor.has_authenticator(user)
    return not has_other


def _count(request: HttpRequest, contact: str) -> None:
    limits.take([(limits.RESET_NETWORK, network_of(request)), (limits.RESET_CONTACT, _who(request, contact))])


def _who(request: HttpRequest, contact: str) -> str:
    """Strangers have one count for a contact, the browser of its owner another, so that they cannot keep him out."""
    return f"{limits.as_login(contact)}:{known_browsers.name_for_login(request, contact) or 'stranger'}"


def _ref(asked: Asked) -> str:
    return f"reset:{asked.reference}"
