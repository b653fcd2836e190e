"""How long records of events are kept and what of them belongs to a person, told to the duties on personal data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from openapi import feed
from openapi.models import Delivery, FeedEntry, Subscription
from privacy.models import Decision, RetentionRule
from privacy.registries import Erased, Erasure, ExportPart, Held, RecordType, Row, Subject, erasures, exports, retention


def _webhooks(subject: Subject) -> QuerySet[Subscription]:
    if subject.user is None:
        return Subscription.objects.none()
    return Subscription.objects.filter(application__owner=subject.user).select_related("application").order_by("pk")


def _rows(subject: Subject) -> Iterator[Row]:
    for row in _webhooks(subject):
        yield {
            "application": row.application.name,
            "address": row.url,
            "state": row.get_state_display(),
            "at": row.created_at,
        }


def _forget(subject: Subject, action: str, ground: str) -> Erased:
    """The addresses with everything that was sent there; the feed names appeals and nobody."""
    rows = _webhooks(subject)
    count = rows.count()
    Subscription.objects.filter(pk__in=rows.values("pk")).delete()
    return Erased(count)


def _deliveries(older: dt.datetime) -> QuerySet[Delivery]:
    """Also what waits for an address that is switched off: so far back nothing is replayed any more."""
    return Delivery.objects.filter(created_at__lt=older, next_try_at__lt=older)


def _delete_deliveries(older: dt.datetime, action: str, limit: int) -> int:
    keys = list(_deliveries(older).order_by("pk").values_list("pk", flat=True)[:limit])
    Delivery.objects.filter(pk__in=keys).delete()
    return len(keys)


def _delete_entries(older: dt.datetime, action: str, limit: int) -> int:
    """From the oldest on, so that a reader can tell by his cursor whether he has missed something."""
    keys = list(feed.before(older).order_by("seq").values_list("seq", flat=True)[:limit])
    return FeedEntry.objects.filter(seq__in=keys).delete()[0]


def register() -> None:
    exports.register("webhooks")(
        ExportPart(
            title=_("Webhooks"),
            columns={
                "application": pgettext_lazy("program", "Application"),
                "address": _("address"),
                "state": _("State"),
                "at": _("Made"),
            },
            rows=_rows,
            order=75,
        )
    )
    erasures.register("webhooks")(
        Erasure(
            title=_("Webhooks"),
            actions=(Decision.Action.DELETE,),
            look=lambda subject: Held(_webhooks(subject).count()),
            erase=_forget,
            order=85,
            is_closing=True,
        )
    )
    retention.register("webhook_deliveries")(
        RecordType(
            _("Messages to programs and their tries"), (RetentionRule.Action.DELETE,),
            lambda older: _deliveries(older).count(), _delete_deliveries,
            _("A replay reaches back 30 days; the feed has the events for longer."), order=52,
        )
    )  # fmt: skip
    retention.register("feed_entries")(
        RecordType(
            _("Entries of the feed of changes"), (RetentionRule.Action.DELETE,),
            lambda older: feed.before(older).count(), _delete_entries,
            _("Which appeal changed when; a program that comes with an older cursor is told so."), order=54,
        )
    )  # fmt: skip
