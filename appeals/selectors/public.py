"""What everybody may see without signing in: the list of requests without texts, names and contacts."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from appeals.models import Appeal
from privacy import restrictions

PAGE = 25
MOST_DOWNLOADED = 5000
FIGURE_DAYS = 30
FIGURE_SECONDS = 600
COLUMNS = (
    "pk", "number", "regime", "topic_id", "sector_id", "area_id", "status", "outcome", "department_id",
    "received_at", "due_at", "answered_at", "closed_at", "is_disputed", "is_demo",
)  # fmt: skip


@dataclass(frozen=True)
class PublicFilter:
    """Narrow the list; None means everything."""

    topic_id: int | None = None
    area_id: int | None = None
    status: str = ""
    department_id: int | None = None
    days: int | None = None


@dataclass(frozen=True)
class PublicRow:
    """One request as everybody sees it."""

    pk: int
    number: str
    regime: str
    topic_id: int | None
    sector_id: int | None
    area_id: int | None
    status: str
    outcome: str
    department_id: int | None
    received_at: dt.datetime
    due_at: dt.datetime
    answered_at: dt.datetime | None
    closed_at: dt.datetime | None
    is_disputed: bool
    is_demo: bool


@dataclass(frozen=True)
class PublicPage:
    rows: list[PublicRow]
    after: str
    before: str


def public_appeals() -> QuerySet[Appeal]:
    """Everything but the confidential, the taken down and that of people who restricted the use of their data.

    Which columns leave the house is decided by COLUMNS alone.
    """
    rows = Appeal.objects.filter(is_confidential=False, is_taken_down=False)
    restricted = restrictions.restricted_users()
    if not restricted:
        return rows
    return rows.filter(Q(applicant__user=None) | ~Q(applicant__user__in=restricted))


def is_taken_down(number: str) -> bool:
    """Whether there was such a card and it was taken down: the page says «gone» instead of «never heard of»."""
    return Appeal.objects.filter(number=number, is_confidential=False, is_taken_down=True).exists()


def filtered(chosen: PublicFilter, now: dt.datetime) -> QuerySet[Appeal]:
    rows = public_appeals()
    values: dict[str, Any] = {
        "topic_id": chosen.topic_id,
        "area_id": chosen.area_id,
        "status": chosen.status or None,
        "department_id": chosen.department_id,
        "received_at__gte": now - dt.timedelta(days=chosen.days) if chosen.days else None,
    }
    return rows.filter(**{name: value for name, value in values.items() if value is not None})


def public_page(
    chosen: PublicFilter, *, after: str = "", before: str = "", now: dt.datetime | None = None
) -> PublicPage:
    """One page by key, newest first: the thousandth page costs what the first one does."""
    rows = filtered(chosen, now or timezone.now())
    forward = not before or bool(after)
    key = _read_key(after or before)
    if key is not None:
        rows = rows.filter(_beyond(key, forward))
    order = ("-received_at", "-id") if forward else ("received_at", "id")
    found = [PublicRow(*values) for values in rows.order_by(*order).values_list(*COLUMNS)[: PAGE + 1]]
    more, found = len(found) > PAGE, found[:PAGE]
    if not forward:
        found.reverse()
    has_next = more if forward else key is not None
    has_previous = key is not None if forward else more
    return PublicPage(
        rows=found,
        after=_write_key(found[-1]) if found and has_next else "",
        before=_write_key(found[0]) if found and has_previous else "",
    )


def _beyond(key: tuple[dt.datetime, int], forward: bool) -> Q:
    """The first condition is what lets the index be entered at the key."""
    at, pk = key
    if forward:
        return Q(received_at__lte=at) & (Q(received_at__lt=at) | Q(received_at=at, pk__lt=pk))
    return Q(received_at__gte=at) & (Q(received_at__gt=at) | Q(received_at=at, pk__gt=pk))


def _write_key(row: PublicRow) -> str:
    return base64.urlsafe_b64encode(f"{row.received_at.isoformat()}|{row.pk}".encode()).decode().rstrip("=")


def _read_key(text: str) -> tuple[dt.datetime, int] | None:
    """A broken key is the first page, not an error."""
    try:
        at, _bar, pk = base64.urlsafe_b64decode(text[:80] + "=" * (-len(text) % 4)).decode().partition("|")
        instant = parse_datetime(at)
        return (instant, int(pk)) if instant is not None and timezone.is_aware(instant) else None
    except (ValueError, binascii.Error):
        return None


def public_row(number: str) -> PublicRow | None:
    values = public_appeals().filter(number=number).values_list(*COLUMNS).first()
    return PublicRow(*values) if values else None


def newest(limit: int = 6) -> list[PublicRow]:
    rows = public_appeals().order_by("-received_at", "-id").values_list(*COLUMNS)[:limit]
    return [PublicRow(*values) for values in rows]


def downloaded(chosen: PublicFilter) -> Iterator[PublicRow]:
    """The rows of the download: the newest of the filter, at most MOST_DOWNLOADED."""
    rows = filtered(chosen, timezone.now()).order_by("-received_at", "-id").values_list(*COLUMNS)[:MOST_DOWNLOADED]
    for values in rows.iterator(chunk_size=1000):
        yield PublicRow(*values)


@dataclass(frozen=True)
class Figures:
    """Counts of what was received in the last thirty days; every one can be recounted from the list."""

    received: int
    answered: int
    overdue: int
    disputed: int
    has_demo: bool


def figures() -> Figures:
    """Kept for ten minutes, because everybody looks at them and nobody needs them to the second."""
    kept = cache.get("public-figures")
    if kept is None:
        kept = _count(timezone.now())
        cache.set("public-figures", kept, timeout=FIGURE_SECONDS)
    return Figures(**kept)


def _count(now: dt.datetime) -> dict[str, Any]:
    recent = Appeal.objects.filter(received_at__gte=now - dt.timedelta(days=FIGURE_DAYS))
    counts = recent.aggregate(
        received=Count("pk"),
        answered=Count("pk", filter=Q(answered_at__isnull=False)),
        overdue=Count("pk", filter=Q(answered_at__isnull=True, closed_at__isnull=True, due_at__lt=now)),
        disputed=Count("pk", filter=Q(is_disputed=True)),
    )
    return counts | {"has_demo": recent.filter(is_demo=True).exists()}
