"""Which rows of the public list are asked for: by number, or by service, time and status."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from appeals import terms
from appeals.models import Status
from appeals.selectors import public
from appeals.selectors.public import PublicRow
from common.errors import NotFound, ValidationFailed
from common.reference_numbers import parse_number

SPAN = timedelta(days=90)
MOST = 1000
FARTHEST = 100_000  # rows passed over; whoever wants more narrows the dates
CLOSED = (Status.ANSWERED, Status.CLOSED)
OPEN = tuple(status for status in Status if status not in CLOSED)
STATUSES = {"open": OPEN, "closed": CLOSED}
W3 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)")
LOST_PLUS = re.compile(r" (\d\d:\d\d)$")  # in an address an unescaped plus is a space
INSIDE = re.compile(r"[1-9]\d{0,5}")


@dataclass(frozen=True)
class Wanted:
    """A checked question."""

    conditions: dict[str, Any]
    offset: int
    limit: int


def read(query: Mapping[str, str]) -> Wanted:
    """`service_request_id` overrides everything but the pages."""
    size = _whole(query, "page_size", default=MOST, most=MOST)
    offset = (_whole(query, "page", default=1, most=FARTHEST) - 1) * size
    if offset > FARTHEST:
        raise ValidationFailed(_("This is too far back in the list. Narrow the dates."), field="page")
    return Wanted(_conditions(query), offset, size)


def rows(wanted: Wanted) -> list[PublicRow]:
    """Newest first."""
    found = public.public_appeals().filter(**wanted.conditions).order_by("-received_at", "-id")
    values = found.values_list(*public.COLUMNS)[wanted.offset : wanted.offset + wanted.limit]
    return [PublicRow(*row) for row in values]


def _conditions(query: Mapping[str, str]) -> dict[str, Any]:
    if numbers := _listed(query, "service_request_id"):
        parsed = [parse_number(text[:40]) for text in numbers]
        return {"number__in": [str(number) for number in parsed if number]}
    since, until = _span(query, timezone.now())
    found: dict[str, Any] = {"received_at__gte": since, "received_at__lte": until}
    if codes := _listed(query, "service_code"):
        found["topic_id__in"] = _topics(codes)
    if words := _listed(query, "status"):
        found["status__in"] = _statuses(words)
    return found


def _listed(query: Mapping[str, str], name: str) -> list[str]:
    """Parts of a comma-delimited value."""
    found = [part.strip() for part in query.get(name, "").split(",") if part.strip()]
    if len(found) > MOST:
        raise ValidationFailed(_("At most %(count)d values.") % {"count": MOST}, field=name)
    return found


def _topics(codes: list[str]) -> list[int]:
    """Also of services that are no longer offered: there are requests about them."""
    known = {row.slug: pk for pk, row in terms.topics().items()}
    for code in codes:
        if code not in known:
            raise NotFound(_("There is no service with the service_code “%(code)s”.") % {"code": code[:60]})
    return [known[code] for code in codes]


def _statuses(words: list[str]) -> list[Status]:
    if any(word not in STATUSES for word in words):
        raise ValidationFailed(_("The status is open or closed."), field="status")
    return [status for word in words for status in STATUSES[word]]


def _span(query: Mapping[str, str], now: datetime) -> tuple[datetime, datetime]:
    since, until = _moment(query, "start_date"), _moment(query, "end_date")
    if since is None:
        until = until or now
        return until - SPAN, until
    if until is None:
        return since, since + SPAN
    if not timedelta() <= until - since <= SPAN:
        raise ValidationFailed(
            _("end_date comes after start_date, and between them lie 90 days at most."), field="end_date"
        )
    return since, until


def _moment(query: Mapping[str, str], name: str) -> datetime | None:
    text = LOST_PLUS.sub(r"+\1", query.get(name, "").strip())
    if not text:
        return None
    try:
        found = parse_datetime(text) if W3.fullmatch(text) else None
        if found is not None and 1970 < found.year < 2200:
            return found
    except ValueError:  # a thirteenth month
        pass
    raise ValidationFailed(_("Write the time as 2026-01-31T00:00:00Z, with Z or an offset."), field=name)


def _whole(query: Mapping[str, str], name: str, *, default: int, most: int) -> int:
    text = query.get(name, "").strip()
    if not text:
        return default
    if not INSIDE.fullmatch(text) or int(text) > most:
        raise ValidationFailed(_("Give a whole number from 1 to %(most)d.") % {"most": most}, field=name)
    return int(text)
