"""The messages with codes: what they say for each purpose, short enough for one SMS, sent before anything else."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from accounts import contact_codes
from accounts.contact_codes import IssuedCode
from accounts.models import ContactChallenge, User
from notifications import delivery
from notifications.models import Notification
from notifications.transports.sms import parts_of

SMS, EMAIL = ContactChallenge.Medium.SMS, ContactChallenge.Medium.EMAIL
TRANSPORTS = {SMS: Notification.Transport.SMS, EMAIL: Notification.Transport.EMAIL}
NOT_YOURS = timedelta(minutes=30)  # a message without a code is worth reading a little longer

Text = str | Promise
SHORT: dict[str, Text] = {
    contact_codes.SIGN_IN: _("Halyq Uni: sign-in code %(code)s. Tell nobody."),
    contact_codes.REGISTRATION: _("Halyq Uni: registration code %(code)s. Tell nobody."),
    contact_codes.PASSWORD_RESET: _("Halyq Uni: code %(code)s for a new password. Tell nobody."),
    contact_codes.ACCOUNT: _("Halyq Uni: code %(code)s for your contact. Tell nobody."),
    contact_codes.APPEAL: _("Halyq Uni: code %(code)s for your contact. Tell nobody."),
}
SUBJECTS: dict[str, Text] = {
    contact_codes.SIGN_IN: _("Code to sign in"),
    contact_codes.REGISTRATION: _("Code to register"),
    contact_codes.PASSWORD_RESET: _("Code for a new password"),
    contact_codes.ACCOUNT: _("Code to confirm your contact"),
    contact_codes.APPEAL: _("Code to confirm your contact"),
}
GOOD_FOR: Text = _("It is good for 5 minutes and once. Do not tell it to anybody: our staff never ask for it.")
WARNINGS: dict[str, Text] = {
    contact_codes.SIGN_IN: _("If you are not signing in now, somebody knows your password. Choose a new one: %(url)s"),
    contact_codes.REGISTRATION: _("If you are not registering, do nothing: no account is opened."),
    contact_codes.PASSWORD_RESET: _("If it was not you, do nothing: your password stays as it is."),
}


def queue_code(issued: IssuedCode, *, purpose: str, subject_ref: str, note: str = "", user: User | None = None) -> None:
    """Put the code on its way, in the present transaction. `note` tells what it is about, such as an appeal."""
    medium = ContactChallenge.Medium(issued.medium)
    with override(issued.language):
        body = _sms(purpose, issued.code, note) if medium == SMS else _mail(purpose, issued.code, note)
        subject = str(SUBJECTS[purpose])
    _queue(
        medium, issued.address, issued.language, subject=subject, body=body, subject_ref=subject_ref,
        key=f"code:{issued.challenge_id}:{issued.send_number}",
        template="contact_code" if purpose in (contact_codes.ACCOUNT, contact_codes.APPEAL) else f"{purpose}_code",
        good_for=contact_codes.LIFETIME, user=user,
    )  # fmt: skip


def queue_known(medium: str, address: str, language: str, *, key: str, reference: str) -> None:
    """To whom somebody wants to register with a contact that has an account: the same page, another message."""
    with override(language):
        subject = str(_("You already have an account in Halyq Uni"))
        login, reset = _url("account_login"), _url("account_reset_password")
        if medium == SMS:
            body = str(_("Halyq Uni: this number has an account already. Just sign in."))
        else:
            body = str(
                _(
                    "Hello!\n\nSomebody, probably you, wants to open an account with this address, but there is one "
                    "already.\n\nSign in: %(login)s\nForgot the password: %(reset)s\n\nIf it was not you, do nothing."
                )
            ) % {"login": login, "reset": reset}
    _queue(
        ContactChallenge.Medium(medium), address, language, subject=subject, body=body, subject_ref=reference,
        key=key, template="registration_known", good_for=NOT_YOURS, user=None,
    )  # fmt: skip


def queue_reset_hint(phone: str, language: str, *, key: str, reference: str) -> None:
    """To who asks for a new password by SMS and has an e-mail address, by which it is safer."""
    with override(language):
        subject = str(_("Code for a new password"))
        body = str(_("Halyq Uni: for a new password give your e-mail address, not the phone."))
    _queue(
        SMS, phone, language, subject=subject, body=body, subject_ref=reference,
        key=key, template="password_reset_hint", good_for=NOT_YOURS, user=None,
    )  # fmt: skip


def _queue(
    medium: ContactChallenge.Medium, address: str, language: str, *, subject: str, body: str, subject_ref: str,
    key: str, template: str, good_for: timedelta, user: User | None,
) -> None:  # fmt: skip
    delivery.queue(
        delivery.Draft(
            dedupe_key=key,
            transport=TRANSPORTS[medium],
            address=address,
            template=template,
            subject=subject,
            body=body,
            language=language,
            subject_ref=subject_ref,
            user=user,
            is_secret=True,
            good_until=timezone.now() + good_for,
        )
    )


def _sms(purpose: str, code: str, note: str) -> str:
    """With the line by which telephones fill in the code on our page alone, if all of it fits into one SMS."""
    text = str(SHORT[purpose]) % {"code": code}
    if note:
        return f"{text} {note}"
    bound = f"{text}\n@{urlsplit(settings.PUBLIC_URL).hostname} #{code}"
    return bound if parts_of(bound) == 1 else text


def _mail(purpose: str, code: str, note: str) -> str:
    lines = [str(_("Your code: %(code)s")) % {"code": code}, str(GOOD_FOR)]
    if note:
        lines.append(note)
    if purpose in WARNINGS:
        lines.append(str(WARNINGS[purpose]) % {"url": _url("account_reset_password")})
    return "\n\n".join([*lines, str(_("Halyq Uni"))])


def _url(name: str) -> str:
    return f"{settings.PUBLIC_URL.rstrip('/')}{reverse(name)}"
