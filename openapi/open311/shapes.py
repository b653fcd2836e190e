"""How a row of the public list looks in Open311: nothing that the list does not show to everybody."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _

from appeals.models import Outcome, Status
from appeals.selectors import names
from appeals.selectors.public import PublicRow
from openapi.open311.search import CLOSED


def as_request(row: PublicRow) -> dict[str, Any]:
    """The texts, the exact place and the photos are the applicant's own, so they are empty here."""
    topic = names.topics().get(row.topic_id) if row.topic_id else None
    area = names.areas().get(row.area_id) if row.area_id else None
    unit = names.departments().get(row.department_id) if row.department_id else None
    return {
        "service_request_id": row.number,
        "status": "closed" if row.status in CLOSED else "open",
        "status_notes": _notes(row),
        "service_name": topic.name if topic else _("The topic is not chosen yet"),
        "service_code": topic.key if topic else None,
        "description": None,
        "agency_responsible": unit.name if unit else None,
        "service_notice": None,
        "requested_datetime": _w3(row.received_at),
        "updated_datetime": _w3(row.closed_at or row.answered_at or row.received_at),
        "expected_datetime": _w3(row.due_at),
        "address": area.name if area else None,
        "address_id": area.key if area else None,
        "zipcode": None,
        "lat": None,
        "long": None,
        "media_url": None,
    }


def _notes(row: PublicRow) -> str:
    """What open and closed do not tell: the status of the hub and how it ended."""
    told = [str(Status(row.status).label)]
    if row.outcome:
        told.append(str(Outcome(row.outcome).label))
    if row.is_disputed:
        told.append(_("Disputed"))
    if row.is_demo:
        told.append(_("invented for the demo city"))
    return "; ".join(told)


def _w3(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
