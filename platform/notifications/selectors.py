"""Read the inbox of a member of staff."""

from __future__ import annotations

from django.db.models import QuerySet

from accounts.models import User
from notifications.models import Notification


def inbox(user: User) -> QuerySet[Notification]:
    """What was told to the user, newest first."""
    return Notification.objects.filter(user=user, transport=Notification.Transport.INBOX).order_by("-id")


def unread_count(user: User, *, most: int = 100) -> int:
    """How many of them are unread; counts no further than the badge shows."""
    return inbox(user).filter(read_at__isnull=True)[:most].count()
