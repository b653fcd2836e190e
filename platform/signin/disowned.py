"""«That was not me»: throw the stranger out and have the password changed."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest

from accounts.models import User
from audit import trail
from audit.actions import Action
from signin import known_devices, passwords, sessions, trusted_devices


@transaction.atomic
def close_everything(user: User, request: HttpRequest) -> None:
    """End all sessions but this one, forget all devices, and let nothing be done before the password is new."""
    sessions.end_all(user, but=sessions.row_of(request.session), request=request)
    known_devices.forget_all(user)
    known_devices.recognise(request, user)  # else the next browser were the first one, of which nobody is told
    trusted_devices.forget_all(user)
    passwords.make_due(user)
    passwords.note_in_session(request.session, user)
    trail.record(action=Action.SIGN_IN_DISOWNED, actor=user, subject_ref=f"user:{user.pk}", request=request)
