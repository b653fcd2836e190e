"""What follows a changed password or a given role: trust that was given before ends."""

from __future__ import annotations

from typing import Any

from allauth.account import signals
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.http import HttpRequest

from accounts.models import RoleAssignment, User
from signin import password_reset, trusted_devices
from signin.code_messages import EMAIL
from signin.models import PasswordReset


@receiver(signals.password_reset, dispatch_uid="signin-password-reset")
def end_trust_after_reset(request: HttpRequest, user: User, **_: Any) -> None:
    """Allauth's own page sets a password after a link by e-mail; our page has noted its way before it tells."""
    if not getattr(request, "has_noted_reset", False):
        password_reset.note(user, EMAIL)
    password_reset.settle(user)
    password_reset.tell(user)


@receiver(signals.password_changed, dispatch_uid="signin-password-changed")
@receiver(signals.password_set, dispatch_uid="signin-password-set")
def end_trust_after_change(user: User, **_: Any) -> None:
    """Whoever changes it in a session of two factors needs no other way next time."""
    PasswordReset.objects.filter(user=user).delete()
    password_reset.settle(user)


@receiver([post_save, post_delete], sender=RoleAssignment, dispatch_uid="signin-role-given")
def end_trust_of_staff(instance: RoleAssignment, raw: bool = False, **_: Any) -> None:
    """A member of the staff is asked each time, also on devices he trusted before; who was one leaves nothing open."""
    if not raw:
        trusted_devices.forget_all(instance.user)
