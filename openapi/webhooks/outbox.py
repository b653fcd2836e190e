"""Write deliveries in the transaction of what they tell about, so that none is lost and none is invented."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone
from rest_framework.utils.encoders import JSONEncoder

from common import realm
from common.events import publish
from openapi import event_types
from openapi.models import Delivery, FeedEntry, Subscription

SEND_TASK = "openapi.tasks.send_webhooks"


def write(entries: Sequence[FeedEntry]) -> None:
    """A delivery for each webhook that wants one of the entries."""
    people = {entry.appeal.applicant.user_id for entry in entries} - {None}
    filed, own = {entry.application_id for entry in entries} - {None}, Q(application__files_for_others=False)
    rows = Subscription.objects.filter(
        Q(application__in=filed, application__files_for_others=True) | (own & Q(application__owner__in=people)),
        state=Subscription.State.ON,
    )
    found = list(rows.select_related("application"))
    put([_delivery(row, entry) for entry in entries for row in found if wants(row, entry)])


def wants(row: Subscription, entry: FeedEntry) -> bool:
    """Whether the entry is the application's own and passes the filters."""
    application, appeal = row.application, entry.appeal
    if application.files_for_others:
        is_own = entry.application_id == application.pk
    else:
        is_own = appeal.applicant.user_id == application.owner_id
    return is_own and passes(row, entry)


def passes(row: Subscription, entry: FeedEntry) -> bool:
    filters = ((row.types, entry.type), (row.topics, entry.appeal.topic_id), (row.areas, entry.appeal.area_id))
    return all(not wanted or value in wanted for wanted, value in filters)


def write_again(row: Subscription, entries: Iterable[FeedEntry]) -> int:
    """Send entries to one webhook, also those that were sent before, under the ids they had; how many."""
    fresh = [_delivery(row, entry) for entry in entries if passes(row, entry)]
    ids = [delivery.message_id for delivery in fresh]
    again(Delivery.objects.filter(subscription=row, message_id__in=ids))
    put(fresh)
    return len(fresh)


def again(known: QuerySet[Delivery]) -> int:
    """From the first try on; how many there are."""
    if realm.current() is None:
        publish(SEND_TASK)
    return known.update(status=_first_status(), attempts=0, next_try_at=timezone.now())


def write_test(row: Subscription) -> Delivery:
    message_id = f"test_{uuid.uuid4().hex}"
    body = _body(event_types.TEST, timezone.now(), {"id": message_id})
    delivery = Delivery(subscription=row, message_id=message_id, type=event_types.TEST, body=body)
    put([delivery])
    return Delivery.objects.get(subscription=row, message_id=message_id)


def put(deliveries: Sequence[Delivery]) -> None:
    """Store what is not stored yet, and hint after the commit that something waits."""
    for delivery in deliveries:
        delivery.status = _first_status()
    Delivery.objects.bulk_create(deliveries, ignore_conflicts=True)
    if deliveries and realm.current() is None:
        publish(SEND_TASK)


def _first_status() -> Delivery.Status:
    """Nothing leaves a sandbox by itself."""
    return Delivery.Status.RECORDED if realm.current() else Delivery.Status.WAITING


def _delivery(row: Subscription, entry: FeedEntry) -> Delivery:
    data = {
        "id": str(entry.seq),
        "number": entry.appeal.number,
        "status": entry.status,
        "version": entry.version,
    }
    body = _body(entry.type, entry.time, data)
    return Delivery(subscription=row, message_id=f"evt_{entry.seq}", type=entry.type, body=body)


def _body(word: str, at: datetime, data: dict[str, object]) -> str:
    """Type, timestamp and data: the form the specification recommends."""
    return json.dumps({"type": word, "timestamp": at, "data": data}, cls=JSONEncoder, separators=(",", ":"))
