"""What the inspector chooses from: open incidents nearby, other open appeals of the same person."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from appeals.models import Appeal, Incident, Message

INCIDENT_DAYS = 30
MOST = 10


def incidents_for(appeal: Appeal) -> list[Incident]:
    """Open incidents of the last month, those of the same topic and city sector first."""
    since = timezone.now() - timedelta(days=INCIDENT_DAYS)
    rows = list(Incident.objects.filter(closed_at__isnull=True, opened_at__gte=since).order_by("-opened_at")[:50])
    rows.sort(key=lambda row: (row.topic_id != appeal.topic_id, row.area_id != appeal.area_id))
    return rows[:MOST]


def other_open_appeals(appeal: Appeal) -> QuerySet[Appeal]:
    """Open appeals of the same applicant, to which a message may belong as well."""
    person = appeal.applicant
    keys = {
        name: getattr(person, name)
        for name in ("phone_hash", "identifier_hash", "email_hash", "thread_key", "user_id")
        if getattr(person, name)
    }
    same = Q(pk__in=[])
    for name, value in keys.items():
        same |= Q(**{f"applicant__{name}": value})
    return Appeal.objects.filter(same, closed_at__isnull=True).exclude(pk=appeal.pk).order_by("-received_at")[:MOST]


def incoming_messages(appeal: Appeal) -> QuerySet[Message]:
    """Messages of the applicant on this appeal, newest first."""
    return appeal.messages.filter(direction=Message.Direction.IN).order_by(F("at").desc())[:50]
