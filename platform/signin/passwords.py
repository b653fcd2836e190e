"""When a password was changed, and having somebody change it."""

from __future__ import annotations

from datetime import datetime

from django.contrib.sessions.backends.base import SessionBase
from django.utils import timezone

from accounts.models import User
from signin.models import PasswordState

DUE = "password_due"


def changed(user: User) -> None:
    """It is new: whatever was due is done."""
    PasswordState.objects.update_or_create(user=user, defaults={"changed_at": timezone.now(), "due_since": None})


def make_due(user: User) -> None:
    """The present password must not be used any longer than it takes to change it."""
    PasswordState.objects.update_or_create(user=user, defaults={"due_since": timezone.now()})


def is_due(user: User) -> bool:
    return PasswordState.objects.filter(user=user, due_since__isnull=False).exists()


def changed_at(user: User) -> datetime | None:
    return PasswordState.objects.filter(user=user).values_list("changed_at", flat=True).first()


def note_in_session(session: SessionBase, user: User) -> None:
    """Read once at signing in; every request then looks at the session alone."""
    if is_due(user):
        session[DUE] = True
    else:
        session.pop(DUE, None)
