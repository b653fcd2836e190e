"""What the statistics take from the appeals besides events: the names of keys. The second door, beside `facts`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from django.conf import settings
from django.db.models import Case, CharField, F, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Concat
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from appeals.models import Appeal, Applicant, Category, Channel, Outcome, Regime, Status
from appeals.models import Incident as AppealIncident
from appeals.policies import visible_to
from appeals.selectors import names
from appeals.selectors.public import public_appeals
from common.masking import mask_contacts
from common.rows import CachedRows
from common.text import beginning
from organizations.models import Area
from privacy import restrictions
from reports.dimensions import DIMENSIONS, PUBLIC
from reports.models import AppealFact
from reports.models.facts import Term
from reports.periods import Period

Key = int | str

TITLES = {
    "area": _("City sector"),
    "sector": _("Sector"),
    "topic": _("Topic"),
    "channel": _("Channel"),
    "category": _("Category"),
    "applicant": _("Applicant"),
    "regime": _("Legal regime"),
    "department": _("Unit"),
    "executor": _("Executor"),
}
_WORDS = {"channel": Channel, "category": Category, "applicant": Applicant.Type, "regime": Regime}
_ROWS = {"area": names.areas, "sector": names.sectors, "topic": names.topics, "department": names.departments}


@dataclass(frozen=True)
class Choice:
    """A key of a dimension: as the database has it, as addresses and the API write it, and its name."""

    key: Key
    slug: str
    name: str
    parent: Key | None = None
    is_active: bool = True


def choices(dimension: str) -> Sequence[Choice]:
    """Every key of a dimension in its own order (rows as their tables are ordered, words as their list is)."""
    if dimension in _WORDS:
        return [Choice(value, value, str(label)) for value, label in _WORDS[dimension].choices]
    if dimension == "executor":
        return [Choice(row.id, str(row.id), row.name) for row in names.colleagues().values()]
    return [
        Choice(row.id, row.key, row.name, parent=row.parent_id, is_active=row.is_active)
        for row in _ROWS[dimension]().values()
    ]


def not_given(dimension: str) -> Choice:
    """The entry for appeals that have no such property."""
    return Choice(0 if DIMENSIONS[dimension].is_number else "", "none", gettext("Not given"))


def offered(dimension: str, *, retired: bool = False) -> list[tuple[str, object]]:
    """What a form lets choose: topics under their sector; what is not in use any more only if it is wanted too."""
    entries = [choice for choice in choices(dimension) if choice.is_active or retired]
    found = _under_sectors(entries) if dimension == "topic" else _pairs(entries)
    return [*found, ("none", not_given(dimension).name)]


def _pairs(entries: Iterable[Choice]) -> list[tuple[str, object]]:
    return [(choice.slug, choice.name) for choice in entries]


def _under_sectors(topics: Sequence[Choice]) -> list[tuple[str, object]]:
    groups: list[tuple[str, object]] = []
    for sector in choices("sector"):
        if under := [topic for topic in topics if topic.parent == sector.key]:
            groups.append((sector.name, _pairs(under)))
    return groups + _pairs(topic for topic in topics if topic.parent is None)


def by_key(dimension: str) -> Mapping[Key, Choice]:
    return _kept(dimension)[0]


def by_slug(dimension: str) -> Mapping[str, Choice]:
    """Slugs are unique within a dimension; the one for "not given" is `none`."""
    return _kept(dimension)[1]


Named = tuple[Mapping[Key, Choice], Mapping[str, Choice]]


def _named(dimension: str) -> Named:
    listed = [*choices(dimension), not_given(dimension)]
    return {choice.key: choice for choice in listed}, {choice.slug: choice for choice in listed}


# A page asks for the names of a dimension up to eighty times.
_KEPT = {
    (dimension, language): CachedRows(partial(_named, dimension))
    for dimension in PUBLIC
    for language, _name in settings.LANGUAGES
}


def _kept(dimension: str) -> Named:
    kept = _KEPT.get((dimension, get_language() or ""))
    return kept() if kept else _named(dimension)


def name(dimension: str, key: Key) -> str:
    """The name of a key in the active language; a row that is gone is named by its number.

    Looked up, not searched: lists ask for thousands of names.
    """
    if not key:
        return gettext("Not given")
    if words := _WORDS.get(dimension):
        return str(words(key).label) if key in words.values else str(key)
    row = (names.colleagues() if dimension == "executor" else _ROWS[dimension]()).get(int(key))
    return row.name if row else f"№ {key}"


def holds_invented() -> bool:
    """Whether appeals here were made up for a demo city; nowhere but on a machine for trying out."""
    return settings.DEMO_ALLOWED and Appeal.objects.filter(is_demo=True).exists()


# Texts and addresses for early warning; who told is a pseudonym, and what is confidential stays out


@dataclass(frozen=True)
class ToldPlace:
    """Where an appeal says that something is; `person` only tells people apart."""

    appeal_id: int
    person: str
    address: str
    latitude: Decimal | None
    longitude: Decimal | None
    day: dt.date
    area_id: int


@dataclass(frozen=True)
class ToldText:
    """What an appeal says, in the language it was written in."""

    appeal_id: int
    person: str
    language: str
    text: str


_STREAMED = 2000
_EXCERPT = 240


def _told(start: dt.date, end: dt.date) -> QuerySet[Appeal]:
    """Appeals filed on these days; not confidential ones, nor those of people who restricted the use of their data."""
    zone = timezone.get_default_timezone()
    begin = dt.datetime.combine(start, dt.time.min, tzinfo=zone)
    until = dt.datetime.combine(end + dt.timedelta(days=1), dt.time.min, tzinfo=zone)
    rows = Appeal.objects.filter(received_at__gte=begin, received_at__lt=until, is_confidential=False)
    rows = rows.filter(anonymised_at=None).annotate(person=_PERSON).order_by("received_at")
    if restricted := restrictions.restricted_users():
        rows = rows.exclude(applicant__user__in=restricted)
    return rows


def _known_by(field: str) -> When:
    return When(~Q(**{f"applicant__{field}": ""}), then=F(f"applicant__{field}"))


# The surest of what is known; people of whom nothing is known count as one.
_PERSON = Case(
    When(applicant__user__isnull=False, then=Concat(Value("user:"), Cast("applicant__user", CharField()))),
    *(_known_by(field) for field in ("identifier_hash", "phone_hash", "email_hash", "thread_key")),
    default=Value(""),
    output_field=CharField(),
)


def told_places(start: dt.date, end: dt.date) -> Iterator[ToldPlace]:
    """Places that appeals of these days name or point at, one after the other."""
    columns = ("pk", "person", "address", "latitude", "longitude", "received_at", "area_id")
    rows = _told(start, end).exclude(address="", latitude=None).values_list(*columns)
    for pk, person, address, latitude, longitude, received_at, area_id in rows.iterator(_STREAMED):
        day = timezone.localtime(received_at).date()
        yield ToldPlace(pk, person, address, latitude, longitude, day, area_id or 0)


def told_texts(start: dt.date, end: dt.date) -> Iterator[ToldText]:
    """Texts of these days, one after the other."""
    columns = ("pk", "person", "language", "subject", "text")
    rows = _told(start, end).values_list(*columns)
    for pk, person, language, subject, text in rows.iterator(_STREAMED):
        yield ToldText(pk, person, language, f"{subject}\n{text}" if subject else text)


@dataclass(frozen=True)
class Example:
    """An appeal that the reader may open."""

    appeal_id: int
    number: str
    received_on: dt.date
    topic_id: int
    area_id: int
    address: str
    excerpt: str
    is_confidential: bool


def examples(appeal_ids: Iterable[int], reader: User, *, limit: int) -> list[Example]:
    """The newest of these appeals that the reader's roles let him see; contacts in their texts are masked."""
    rows = visible_to(reader).filter(pk__in=list(appeal_ids)).order_by("-received_at", "-pk")
    columns = ("pk", "number", "received_at", "topic_id", "area_id", "address", "text", "is_confidential")
    return [
        Example(
            appeal_id=row["pk"],
            number=row["number"],
            received_on=timezone.localtime(row["received_at"]).date(),
            topic_id=row["topic_id"] or 0,
            area_id=row["area_id"] or 0,
            address=row["address"],
            excerpt=beginning(mask_contacts(row["text"]), _EXCERPT),
            is_confidential=row["is_confidential"],
        )
        for row in rows.values(*columns)[:limit]
    ]


def count_visible(appeal_ids: Iterable[int], reader: User) -> int:
    return visible_to(reader).filter(pk__in=list(appeal_ids)).order_by().count()


def addresses(appeal_ids: Iterable[int], reader: User) -> Mapping[int, str]:
    """Where those of these appeals are that the reader may see."""
    return dict(visible_to(reader).filter(pk__in=list(appeal_ids)).values_list("pk", "address"))


@dataclass(frozen=True)
class RegisterLine:
    """An appeal as the register lists it: no name, no text, no address."""

    number: str
    received_on: dt.date
    channel: str
    topic_id: int
    department_id: int
    due_on: dt.date | None
    state: str
    is_confidential: bool


_LINES_AT_ONCE = 2000
_ADDED = {Term.LATE: _("late"), Term.OPEN: _("overdue"), Term.LAPSED: _("overdue")}


def register(period: Period, *, limit: int) -> list[RegisterLine]:
    """Appeals filed in the period in the order of their filing, at most `limit`."""
    facts = AppealFact.objects.filter(received_on__range=(period.start, period.end)).order_by(
        "received_on", "appeal_id"
    )
    today = timezone.localdate()
    lines: list[RegisterLine] = []
    found = list(facts[:limit])
    for start in range(0, len(found), _LINES_AT_ONCE):
        chunk = found[start : start + _LINES_AT_ONCE]
        rows = Appeal.objects.filter(pk__in=[fact.appeal_id for fact in chunk]).values_list("pk", "number", "status")
        known = {pk: (number, status) for pk, number, status in rows}
        lines += [_line(fact, *known[fact.appeal_id], today) for fact in chunk if fact.appeal_id in known]
    return lines


def _line(fact: AppealFact, number: str, status: str, today: dt.date) -> RegisterLine:
    is_over = fact.term != Term.OPEN or (fact.due_on is not None and fact.due_on < today)
    added = _ADDED.get(Term(fact.term)) if fact.term and is_over else None
    state = ", ".join(str(word) for word in (Status(status).label, added) if word)
    return RegisterLine(
        number, fact.received_on, fact.channel, fact.topic_id, fact.department_id, fact.due_on, state,
        fact.is_confidential,
    )  # fmt: skip


def outlines() -> Mapping[Key, Mapping[str, Any]]:
    """Boundaries of the city sectors as GeoJSON, as far as they are known."""
    return {
        pk: outline
        for pk, outline in Area.objects.exclude(outline=None).values_list("pk", "outline")
        if isinstance(outline, dict) and "coordinates" in (outline.get("geometry") or outline)
    }


@dataclass(frozen=True)
class Incident:
    """An event in the city that appeals are joined to. Its title is for the staff: it may name an address."""

    id: int
    topic_id: int
    area_id: int
    opened_on: dt.date
    closed_on: dt.date | None


def incidents(ids: Iterable[int]) -> Mapping[int, Incident]:
    rows = AppealIncident.objects.filter(pk__in=list(ids))
    return {
        row.pk: Incident(
            row.pk, row.topic_id or 0, row.area_id or 0, timezone.localtime(row.opened_at).date(),
            timezone.localtime(row.closed_at).date() if row.closed_at else None,
        )
        for row in rows
    }  # fmt: skip


def outcomes() -> Sequence[tuple[str, str]]:
    """How an answer may end, in the order of the list, in words."""
    return [(value, str(label)) for value, label in Outcome.choices]


@dataclass(frozen=True)
class Published:
    """An appeal as the public list of the hub shows it to everybody."""

    number: str
    topic_id: int
    area_id: int
    is_demo: bool


def published(appeal_ids: Iterable[int]) -> Mapping[int, Published]:
    """Those of the appeals that are in the public list: not confidential, not taken down, not restricted."""
    rows = (
        public_appeals().filter(pk__in=list(appeal_ids)).values_list("pk", "number", "topic_id", "area_id", "is_demo")
    )
    return {pk: Published(number, topic or 0, area or 0, is_demo) for pk, number, topic, area, is_demo in rows}
