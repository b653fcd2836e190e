"""Who else tells the log: sign-in, changes of accounts and roles, and what an administrator edits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from allauth.account import signals as account
from allauth.account.models import EmailAddress
from allauth.mfa import signals as mfa
from allauth.mfa.models import Authenticator
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from accounts.models import User
from accounts.signals import duty_changed
from audit import trail
from audit.actions import Action, Outcome
from audit.current import current_user, must_survive
from common.admin import configured
from common.crypto import keyed_hash
from common.malware import malware_found
from common.masking import mask_email
from common.phones import phone_or_none

METHODS = "account_authentication_methods"  # where allauth keeps by what steps a session was opened


def subject_of(user: User | None) -> str:
    return f"user:{user.pk}" if user is not None else ""


@receiver(configured, dispatch_uid="audit-configured")
def keep_configuration(
    actor: User, subject: str, what: list[str], values: dict[str, Any] | None = None, **_: Any
) -> None:
    details = {"values": values} if values else {}
    trail.record(actor=actor, action=Action.CONFIGURED, subject_ref=subject, fields=what, details=details)


@receiver(user_logged_in, dispatch_uid="audit-signed-in")
def keep_sign_in(request: HttpRequest, user: User, **_: Any) -> None:
    """Django's signal, so that no way in is missed; allauth signs in through it as well."""
    session = getattr(request, "session", {})
    steps = [str(step.get("method", "")) for step in session.get(METHODS, []) if isinstance(step, dict)]
    trail.record(
        action=Action.SIGNED_IN, actor=user, subject_ref=subject_of(user), details={"steps": steps}, request=request
    )


@receiver(account.authentication_step_completed, dispatch_uid="audit-step")
def keep_step(request: HttpRequest, user: User, method: str, **more: Any) -> None:
    details = {"method": method} | {name: more[name] for name in ("type", "reauthenticated") if name in more}
    trail.record(action=Action.SIGN_IN_STEP, actor=user, subject_ref=subject_of(user), details=details, request=request)


@receiver(user_login_failed, dispatch_uid="audit-sign-in-failed")
def keep_failure(credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any) -> None:
    """What was typed may be a contact or a misplaced password: a keyed hash shows which tries belong together."""
    login = str(credentials.get("username") or credentials.get("email") or credentials.get("phone") or "").strip()
    details = {"step": "password", "login": keyed_hash(login.lower(), purpose="login")[:16]}
    _refused(request, _known(login), details)


def _known(login: str) -> User | None:
    """Asks the same questions whether the account is known or not."""
    named = User.objects.filter(username=login).first()
    address = EmailAddress.objects.filter(email=login.lower()).select_related("user").order_by("pk").first()
    phone = phone_or_none(login)
    caller = User.objects.filter(phone=phone, phone_confirmed_at__isnull=False).first() if phone else None
    return named or (address.user if address else caller)


@receiver(mfa.authentication_failed, dispatch_uid="audit-factor-failed")
def keep_factor_failure(request: HttpRequest, user: User, authenticator: Authenticator | None = None, **_: Any) -> None:
    _refused(request, user, {"step": "factor", "type": getattr(authenticator, "type", "")})


@receiver(account.login_code_rejected, dispatch_uid="audit-code-rejected")
def keep_code_failure(request: HttpRequest, user: User | None, last_attempt: bool = False, **_: Any) -> None:
    _refused(request, user, {"step": "code", "last_attempt": last_attempt})


@receiver(account.password_reset_code_rejected, dispatch_uid="audit-reset-code-rejected")
def keep_reset_failure(request: HttpRequest, user: User | None, last_attempt: bool = False, **_: Any) -> None:
    _refused(request, user, {"step": "password_reset_code", "last_attempt": last_attempt})


@receiver(account.email_verification_code_rejected, dispatch_uid="audit-email-code-rejected")
def keep_email_code_failure(request: HttpRequest, user: User | None, last_attempt: bool = False, **_: Any) -> None:
    _refused(request, user, {"step": "email_code", "last_attempt": last_attempt})


def _refused(request: HttpRequest | None, user: User | None, details: dict[str, Any]) -> None:
    """Nobody has proved who he is, so the account stands as subject and not as actor."""
    trail.record(
        action=Action.SIGN_IN_FAILED,
        actor=None,
        subject_ref=subject_of(user),
        outcome=Outcome.FAILURE,
        details=details,
        request=request,
    )


@receiver(user_logged_out, dispatch_uid="audit-signed-out")
def keep_sign_out(request: HttpRequest, user: User | None, **_: Any) -> None:
    if isinstance(user, User):
        trail.record(action=Action.SIGNED_OUT, actor=user, subject_ref=subject_of(user), request=request)


@receiver(account.user_signed_up, dispatch_uid="audit-signed-up")
def keep_sign_up(request: HttpRequest, user: User, **_: Any) -> None:
    trail.record(action=Action.SIGNED_UP, actor=user, subject_ref=subject_of(user), request=request)


@receiver(account.password_changed, dispatch_uid="audit-password-changed")
@receiver(account.password_set, dispatch_uid="audit-password-set")
def keep_password(request: HttpRequest, user: User, **_: Any) -> None:
    trail.record(action=Action.PASSWORD_CHANGED, actor=user, subject_ref=subject_of(user), request=request)


@receiver(account.password_reset, dispatch_uid="audit-password-reset")
def keep_reset(request: HttpRequest, user: User, **_: Any) -> None:
    trail.record(action=Action.PASSWORD_RESET, actor=user, subject_ref=subject_of(user), request=request)


@receiver(account.email_added, dispatch_uid="audit-email-added")
def keep_email_added(request: HttpRequest, user: User, email_address: EmailAddress, **_: Any) -> None:
    _email(request, user, Action.EMAIL_CHANGED, added=mask_email(email_address.email))


@receiver(account.email_removed, dispatch_uid="audit-email-removed")
def keep_email_removed(request: HttpRequest, user: User, email_address: EmailAddress, **_: Any) -> None:
    _email(request, user, Action.EMAIL_CHANGED, removed=mask_email(email_address.email))


@receiver(account.email_confirmed, dispatch_uid="audit-email-confirmed")
def keep_email_confirmed(request: HttpRequest, email_address: EmailAddress, **_: Any) -> None:
    _email(request, email_address.user, Action.EMAIL_CONFIRMED, address=mask_email(email_address.email))


def _email(request: HttpRequest, user: User, action: Action, **details: str) -> None:
    trail.record(action=action, actor=user, subject_ref=subject_of(user), details=details, request=request)


@receiver(mfa.authenticator_added, dispatch_uid="audit-factor-added")
def keep_factor_added(request: HttpRequest, user: User, authenticator: Authenticator, **_: Any) -> None:
    _factor(request, user, Action.FACTOR_ADDED, authenticator)


@receiver(mfa.authenticator_removed, dispatch_uid="audit-factor-removed")
def keep_factor_removed(request: HttpRequest, user: User, authenticator: Authenticator, **_: Any) -> None:
    _factor(request, user, Action.FACTOR_REMOVED, authenticator)


@receiver(mfa.authenticator_reset, dispatch_uid="audit-factor-renewed")
def keep_factor_renewed(request: HttpRequest, user: User, authenticator: Authenticator, **_: Any) -> None:
    _factor(request, user, Action.FACTOR_RENEWED, authenticator)


def _factor(request: HttpRequest, user: User, action: Action, authenticator: Authenticator) -> None:
    trail.record(
        action=action,
        actor=user,
        subject_ref=subject_of(user),
        details={"type": str(authenticator.type)},
        request=request,
    )


@receiver(malware_found, dispatch_uid="audit-malware")
def keep_malware(signature: str, size: int, sha256: str, subject: int | None, **_: Any) -> None:
    """A file was refused when it came, or thrown away when the scanner answered later.

    The step that brought it fails often because of it, so the record must survive its transaction.
    """
    row = trail.record(
        actor=current_user(),
        action=Action.MALWARE_FOUND,
        outcome=Outcome.FAILURE,
        subject_ref=f"appeal:{subject}" if subject else "",
        details={"signature": signature, "size": size, "sha256": sha256},
    )
    must_survive(row)


@receiver(duty_changed, dispatch_uid="audit-duty-changed")
def keep_duty(
    actor: User, what: str, subject_ref: str, before: Mapping[str, Any], after: Mapping[str, Any], **_: Any
) -> None:
    """A roster may open rights (roles that act on shift alone), so it is kept like a substitution."""
    action = {"substitution": Action.SUBSTITUTION_CHANGED, "roster": Action.ROSTER_CHANGED}[what]
    details = {"before": dict(before), "after": dict(after)}
    trail.record(action=action, actor=actor, subject_ref=subject_ref, details=details)
