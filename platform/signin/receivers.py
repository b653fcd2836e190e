"""What follows when somebody signs in or out, proves who he is, or changes how he does: sessions, notices."""

from __future__ import annotations

import time
from typing import Any

from allauth.account import signals as account_signals
from allauth.core import context
from allauth.mfa import signals as mfa_signals
from allauth.mfa.models import Authenticator
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils.functional import lazy

from accounts.models import RoleAssignment, User
from common.limits import client_address
from signin import known_devices, notices, passwords, recovery_codes, sessions, trusted_devices
from signin.device_words import describe
from signin.models import OpenSession
from signin.notices import What
from signin.places import place_of

# Sessions


@receiver(user_logged_in, dispatch_uid="signin-session-begins")
def session_begins(request: HttpRequest, user: User, **_: Any) -> None:
    sessions.begin(request, user)
    passwords.note_in_session(request.session, user)


@receiver(user_logged_out, dispatch_uid="signin-session-ends")
def session_ends(request: HttpRequest, user: User | None, **_: Any) -> None:
    if user is not None:
        OpenSession.objects.filter(session_key=request.session.session_key).delete()


@receiver(account_signals.authentication_step_completed, dispatch_uid="signin-reauthenticated")
def proved_again(request: HttpRequest, reauthenticated: bool = False, **_: Any) -> None:
    """Who proves again who he is gets a new session id; the row follows at the end of the request."""
    if reauthenticated:
        request.session.cycle_key()


@receiver([post_save, post_delete], sender=RoleAssignment, dispatch_uid="signin-rights-changed")
def rights_changed(instance: RoleAssignment, raw: bool = False, **_: Any) -> None:
    if not raw:
        sessions.rights_changed(instance.user, context.request)


# A new device


@receiver(account_signals.user_logged_in, dispatch_uid="signin-device")
def device_recognised(request: HttpRequest, user: User, **_: Any) -> None:
    found = known_devices.recognise(request, user)
    if not found.is_new or found.is_first:
        return
    tell_of_device(request, user, cause=f"{found.device.pk}:{found.device.last_seen_at.timestamp():.0f}")


def tell_of_device(request: HttpRequest, user: User, *, cause: str) -> None:
    agent, address = request.META.get("HTTP_USER_AGENT", ""), client_address(request)
    details = {"device": _device_words(agent), "place": _place_words(address)}  # found when they are read
    notices.tell(user, What("new_device", cause, details=details))


def _device(agent: str) -> str:
    words = describe(agent)
    return f"{words} ({words.kind_words})"


_device_words, _place_words = lazy(_device, str), lazy(place_of, str)


# Passwords


@receiver(post_save, sender=User, dispatch_uid="signin-account-saved")
def account_saved(instance: User, created: bool, raw: bool = False, **_: Any) -> None:
    """By whatever way a password is changed or an account closed, its other sessions end.

    `_password` is Django's own mark of a password that was set anew; rehashing an old one leaves none.
    """
    if created or raw:
        return
    if getattr(instance, "_password", None) is not None:
        passwords.changed(instance)
        sessions.end_all(instance, but=sessions.own_row(instance, context.request))
        trusted_devices.forget_all(instance)
        if not _is_reset():
            notices.tell(instance, What("password_changed", f"{time.time():.0f}"))
    elif not instance.is_active:
        sessions.end_all(instance)
        trusted_devices.forget_all(instance)


def _is_reset() -> bool:
    """A visitor sets a password after a code or a link; `signin.password_reset` tells of it by every contact."""
    user = getattr(context.request, "user", None)
    return user is not None and not user.is_authenticated


@receiver(account_signals.password_changed, dispatch_uid="signin-password-is-new")
@receiver(account_signals.password_set, dispatch_uid="signin-password-is-set")
def password_is_new(request: HttpRequest, user: User, **_: Any) -> None:
    passwords.note_in_session(request.session, user)


# Second factors


@receiver(mfa_signals.authenticator_added, dispatch_uid="signin-factor-added")
def factor_added(user: User, authenticator: Authenticator, **_: Any) -> None:
    notices.tell(user, What(f"{authenticator.type}_added", str(authenticator.pk)))


@receiver(mfa_signals.authenticator_reset, dispatch_uid="signin-factor-reset")
def factor_reset(user: User, authenticator: Authenticator, **_: Any) -> None:
    notices.tell(user, What(f"{authenticator.type}_added", str(authenticator.pk)))


@receiver(mfa_signals.authenticator_removed, dispatch_uid="signin-factor-removed")
def factor_removed(user: User, authenticator: Authenticator, **_: Any) -> None:
    notices.tell(user, What(f"{authenticator.type}_removed", f"{time.time():.0f}"))


@receiver(mfa_signals.authenticator_used, dispatch_uid="signin-factor-used")
def factor_used(user: User, authenticator: Authenticator, **_: Any) -> None:
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        left = recovery_codes.count_left(user)
        notices.tell(user, What("recovery_code_used", f"{authenticator.pk}:{left}", details={"left": str(left)}))
