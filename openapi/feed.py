"""Append to the feed and read it. A number is given when an event has committed, not when it was written.

Numbers given by the writers themselves commit in any order: a reader who has seen 8 would never look for the 7 that
commits after it. Here one writer at a time takes what has committed and gives the next numbers, and the next writer
begins when these can be read.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Max, Min, QuerySet
from django.utils.translation import gettext_lazy as _

from appeals.models import AppealEvent
from common.errors import ValidationFailed
from common.events import publish
from openapi.authentication import Caller
from openapi.event_types import type_of
from openapi.models import Application, FeedEntry, FiledAppeal, WaitingEvent
from openapi.webhooks import outbox

TASK = "openapi.tasks.append_feed"
APPENDING = 0x46454544  # advisory lock: one writer at a time
BATCH = 500
LONGEST_COMMIT = timedelta(hours=1)  # between the moment that an event notes and the one at which it can be read
READ = (
    "kind",
    "seq",
    "occurred_at",
    "is_public",
    "appeal__number",
    "appeal__status",
    "appeal__topic",
    "appeal__area",
    "appeal__applicant__user",
)


def hint(event: Any, **_kwargs: Any) -> None:
    """An event was recorded: append it as soon as it has committed."""
    if isinstance(event, AppealEvent) and event.is_public:
        publish(TASK)


@transaction.atomic
def append(limit: int = BATCH) -> list[FeedEntry] | None:
    """Give numbers to events that wait; None when nothing waits. Withheld ones leave the list without a number."""
    _take_turn()
    waiting = list(WaitingEvent.objects.order_by("event_id").values_list("event_id", flat=True)[:limit])
    if not waiting:
        return None
    events = AppealEvent.objects.filter(pk__in=waiting).select_related("appeal__applicant").order_by("pk")
    entries = _entries(list(events.only(*READ)))
    FeedEntry.objects.bulk_create(entries)
    outbox.write(entries)
    WaitingEvent.objects.filter(pk__in=waiting).delete()
    return entries


def _take_turn() -> None:
    """Wait until the writer before has committed; held until this one has."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [APPENDING])


def _entries(events: list[AppealEvent]) -> list[FeedEntry]:
    filed = FiledAppeal.objects.filter(appeal__in={event.appeal_id for event in events})
    application_of = dict(filed.values_list("appeal_id", "application_id"))
    published = [(event, word) for event in events if event.is_public and (word := type_of(event.kind))]
    return [
        FeedEntry(
            seq=seq,
            event=event,
            appeal=event.appeal,
            application_id=application_of.get(event.appeal_id),
            type=word,
            time=event.occurred_at,
            status=event.appeal.status,
            version=event.seq,
        )
        for seq, (event, word) in enumerate(published, start=last() + 1)
    ]


def last() -> int:
    """The newest number; 0 before the first entry."""
    return FeedEntry.objects.aggregate(last=Max("seq"))["last"] or 0


def first() -> int:
    """The oldest number that is still kept; numbers follow each other without gaps, so what is before it is gone."""
    return FeedEntry.objects.aggregate(first=Min("seq"))["first"] or 0


def before(older: datetime) -> QuerySet[FeedEntry]:
    """The beginning of the feed that is over: never the newest entry, for the next number follows it."""
    young = FeedEntry.objects.filter(time__gte=older).order_by("seq").values_list("seq", flat=True)[:1]
    return FeedEntry.objects.filter(seq__lt=min([*young, last()]))


def after(caller: Caller, cursor: int, limit: int) -> list[FeedEntry]:
    """What happened to the caller's own appeals since the entry with this number, the oldest first."""
    if cursor > last():
        raise ValidationFailed(
            _("The feed has no such place. It may have begun anew: begin without a cursor."),
            code="cursor_unknown",
            field="cursor",
        )
    if 0 < cursor < first() - 1:
        raise ValidationFailed(
            _("The feed no longer goes back so far: read the appeals, then begin anew."),
            code="cursor_expired",
            field="cursor",
        )
    rows = own_entries(caller.application).filter(seq__gt=cursor).select_related("appeal").order_by("seq")
    return list(rows.only("seq", "type", "time", "status", "version", "appeal__number")[:limit])


def own_entries(application: Application) -> QuerySet[FeedEntry]:
    """The same appeals that the operations (`openapi.v1.appeals`) let the application read."""
    if application.files_for_others:
        return FeedEntry.objects.filter(application=application)
    return FeedEntry.objects.filter(appeal__applicant__user=application.owner)


def recorded_since(application: Application, moment: datetime) -> QuerySet[FeedEntry]:
    """Own entries by when the hub recorded their events."""
    begin = _number_at(moment - LONGEST_COMMIT)
    return own_entries(application).filter(seq__gte=begin, event__recorded_at__gte=moment)


def _number_at(moment: datetime) -> int:
    """The number about which the feed had arrived then, found by halves: numbers follow the order of recording."""
    low, high = first(), last() + 1
    while low < high:
        middle = (low + high) // 2
        entries = FeedEntry.objects.filter(seq__gte=middle).order_by("seq")
        at = entries.values_list("event__recorded_at", flat=True).first()
        low, high = (low, middle) if at is None or at >= moment else (middle + 1, high)
    return low
