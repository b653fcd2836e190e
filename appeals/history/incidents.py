"""Incidents of the past, opened once by their title and time."""

from __future__ import annotations

import datetime as dt

from appeals.models import Incident, Topic
from organizations.models import Area


def ensure_incident(
    *,
    title: str,
    topic: Topic,
    area: Area,
    opened_at: dt.datetime,
    opened_by_id: int,
    closed_at: dt.datetime | None,
) -> int:
    values = {"opened_at": opened_at, "closed_at": closed_at}
    incident, _ = Incident.objects.get_or_create(
        title=title[:250], topic=topic, area=area, opened_by_id=opened_by_id, defaults=values
    )
    return int(incident.pk)
