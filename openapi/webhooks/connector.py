"""Webhooks to programs as a connector: whether the hub sends in time, and whether anybody takes what it sends."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Min, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.connectors import ConnectionTrouble, Connector, Reason, connectors
from openapi.models import Delivery, Subscription

TOO_LATE = timedelta(minutes=15)


class Webhooks(Connector):
    name = _("Webhooks to programs")
    platform = "partners"

    def is_configured(self) -> bool:
        return _on().exists()

    def check(self) -> str:
        """One receiver that is down is the trouble of its owner; ours is lateness, or that nobody takes anything."""
        now = timezone.now()
        rows = Delivery.objects.filter(status=Delivery.Status.WAITING, subscription__in=_on())
        due_at = rows.exclude(subscription__rests_until__gt=now).aggregate(due=Min("next_try_at"))["due"]
        if due_at and now - due_at > TOO_LATE:
            raise ConnectionTrouble(Reason.BEHIND, f"{int((now - due_at).total_seconds() // 60)} minutes late")
        every, failing = _on().count(), _on().filter(failing_since__isnull=False).count()
        if failing == every:
            raise ConnectionTrouble(Reason.UNREACHABLE, f"{failing} of {every} addresses fail")
        return f"{failing} of {every} addresses fail"


def _on() -> QuerySet[Subscription]:
    return Subscription.objects.filter(state=Subscription.State.ON)


connectors.register("webhooks")(Webhooks())
