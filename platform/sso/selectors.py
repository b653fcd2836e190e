"""What the pages of the single sign-on show."""

from __future__ import annotations

import datetime as dt

from allauth.socialaccount.models import SocialAccount
from django.db.models import Count, F, Max, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from sso.models import ConnectedSystem, Connection, OutsideProvider

COUNTED = dt.timedelta(days=30)


def systems() -> QuerySet[ConnectedSystem]:
    """All systems with when they were last used and how many people signed in lately."""
    since = timezone.now() - COUNTED
    lately = Q(connections__sign_ins__at__gt=since)
    return ConnectedSystem.objects.select_related("owner").annotate(
        last_used_at=Max("connections__last_used_at"),
        sign_ins=Count("connections__sign_ins", filter=lately, distinct=True),
        people=Count("connections", filter=Q(connections__last_used_at__isnull=False), distinct=True),
    )


def connections_of(user: User) -> QuerySet[Connection]:
    """The systems that know this person and have something of him."""
    return (
        Connection.objects.filter(user=user, withdrawn_at=None, last_used_at__isnull=False)
        .select_related("system__owner")
        .order_by(F("last_used_at").desc())
    )


def providers() -> QuerySet[OutsideProvider]:
    return OutsideProvider.objects.filter(switched_off_at=None)


def links_of(user: User) -> list[tuple[SocialAccount, str]]:
    """The outside accounts that open this one, with the names of their providers."""
    names = {row.slug: row.name for row in OutsideProvider.objects.all()}
    rows = SocialAccount.objects.filter(user=user).order_by("pk")
    return [(row, names.get(row.provider, row.provider)) for row in rows]


def links_with(provider: OutsideProvider) -> list[SocialAccount]:
    rows = SocialAccount.objects.filter(provider=provider.slug).select_related("user")
    return list(rows.order_by("user__last_name", "pk"))
