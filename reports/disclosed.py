"""What the open data take from the tables of the appeals: which facts may go out at all, terms, consented texts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils import timezone

from appeals.models import Appeal, SlaPolicy
from appeals.selectors import names, public
from privacy import restrictions
from privacy.models import ConsentEvent

STREAMED = 2000
TEXT_PURPOSE = "text-publication"  # the consent by which texts of one's appeals may be published

# An appeal goes out unless it is confidential, taken down, or of somebody who restricted the use of his data.
_OPEN = """NOT f.is_confidential AND NOT a.is_confidential AND NOT a.is_taken_down
    AND (p.user_id IS NULL OR p.user_id <> ALL(%(restricted)s))"""
_FROM = """FROM reports_appealfact f
    JOIN appeals_appeal a ON a.id = f.appeal_id
    JOIN appeals_applicant p ON p.id = a.applicant_id"""
_GROUPS = f"""
SELECT to_char(f.received_on, 'YYYY-MM'), f.area_id, f.sector_id, f.topic_id, f.channel, f.category, f.applicant,
       f.regime, f.language,
       CASE WHEN f.term = 'lapsed' OR f.term = 'open' AND f.due_on < %(today)s THEN 'not_done' ELSE f.term END,
       w.days, f.ending, coalesce(w.verdict, ''), coalesce(w.is_disputed, false),
       f.category = 'staff_complaint' OR a.complaint_user_id IS NOT NULL OR a.complaint_department_id IS NOT NULL,
       count(*)
{_FROM}
CROSS JOIN LATERAL (
    SELECT (array_agg(days ORDER BY position))[1] AS days,
           (array_agg(verdict ORDER BY position DESC) FILTER (WHERE verdict <> ''))[1] AS verdict,
           bool_or(is_disputed) AS is_disputed
    FROM reports_answerfact WHERE appeal_id = f.appeal_id
) w
WHERE f.received_on BETWEEN %(start)s AND %(end)s AND {_OPEN}
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15"""


@dataclass(frozen=True)
class Group:
    """Appeals that are alike in everything that a release may tell. `days` until the first answer."""

    month: str
    area_id: int
    sector_id: int
    topic_id: int
    channel: str
    category: str
    applicant: str
    regime: str
    language: str
    term: str
    days: int | None
    ending: str
    verdict: str
    is_disputed: bool
    is_about_staff: bool
    count: int


def groups(start: dt.date, end: dt.date, *, today: dt.date) -> Iterator[Group]:
    """The appeals filed on these days that may go out, counted by everything that is told of them."""
    with connection.cursor() as cursor:
        cursor.execute(_GROUPS, _parameters(start, end) | {"today": today})
        while rows := cursor.fetchmany(STREAMED):
            for row in rows:
                yield Group(*row)


def kept_back(start: dt.date, end: dt.date) -> int:
    """Appeals filed on these days that do not go out at all, whatever they are like."""
    return _number(f"SELECT count(*) {_FROM} WHERE f.received_on BETWEEN %(start)s AND %(end)s AND NOT ({_OPEN})",
                   _parameters(start, end))  # fmt: skip


def has_demo(start: dt.date, end: dt.date) -> bool:
    """Whether invented appeals are among them."""
    exists = f"SELECT EXISTS (SELECT {_FROM} WHERE f.received_on BETWEEN %(start)s AND %(end)s AND a.is_demo)::int"
    return bool(_number(exists, _parameters(start, end)))


def _parameters(start: dt.date, end: dt.date) -> dict[str, Any]:
    return {"start": start, "end": end, "restricted": sorted(restrictions.restricted_users())}


def _number(sql: str, parameters: dict[str, Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return int(cursor.fetchone()[0])


def slugs(dimension: str) -> dict[int, str]:
    """The published key of each row of a reference table; 0 is "not given"."""
    tables = {"area": names.areas, "sector": names.sectors, "topic": names.topics, "department": names.departments}
    return {0: "none"} | {pk: row.key for pk, row in tables[dimension]().items()}


def terms() -> Sequence[SlaPolicy]:
    """The terms in force."""
    return list(SlaPolicy.objects.filter(is_active=True).select_related("topic", "organization").order_by("code"))


@dataclass(frozen=True)
class ToldText:
    """A text whose author agreed that it be published; `private` is what must not be left in it."""

    month: str
    topic_id: int
    sector_id: int
    language: str
    text: str
    private: tuple[str, ...]


def consented_texts() -> Iterator[ToldText]:
    """Texts of publicly listed appeals of people who agreed to it and have not taken that back."""
    last = ConsentEvent.objects.filter(purpose__slug=TEXT_PURPOSE, user__isnull=False).order_by("user", "-id")
    agreed = [event.user_id for event in last.distinct("user") if event.kind == ConsentEvent.Kind.GIVEN]
    if not agreed:
        return
    rows = public.public_appeals().filter(applicant__user__in=agreed, anonymised_at=None, complaint_user=None)
    for appeal in rows.select_related("applicant").order_by("pk").iterator(STREAMED):
        yield _told(appeal)


def _told(appeal: Appeal) -> ToldText:
    person = appeal.applicant
    private = (person.full_name, person.representative_name, person.postal_address, appeal.address)
    return ToldText(
        month=f"{timezone.localtime(appeal.received_at):%Y-%m}",
        topic_id=appeal.topic_id or 0,
        sector_id=appeal.sector_id or 0,
        language=appeal.language,
        text=appeal.text,
        private=tuple(value for value in private if value),
    )
