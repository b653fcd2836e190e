"""Read warnings: the list with its filters, page by page, and the card of one with its chart and examples."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet

from accounts.models import User
from common.calendar_rows import calendar
from reports import sources
from reports.figures import Filters
from reports.models import AppealFact, EarlyWarning
from reports.sources import Example
from reports.warning import access, counts, titles
from reports.warning.expectation import expectation
from reports.warning.growth import Cell, model_of
from reports.warning.rhythm import rhythm_of

Kind, State = EarlyWarning.Kind, EarlyWarning.State
ON_A_PAGE = 30
CHART_DAYS = 42
MOST_EXAMPLES = 6
MOST_LOOKED_AT = 500
ONE_DAY = dt.timedelta(days=1)
OPEN = "open"
NEWEST, LARGEST, SUREST = "newest", "largest", "surest"
ORDERS: Mapping[str, str] = {NEWEST: "-last_on", LARGEST: "-observed", SUREST: "p_value"}


@dataclass(frozen=True)
class Wanted:
    """What the reader wants listed; empty: everything."""

    kind: str = ""
    state: str = OPEN
    area: int | None = None
    sector: int | None = None
    order: str = NEWEST


@dataclass(frozen=True)
class Line:
    """A warning in the list."""

    row: EarlyWarning
    title: str
    where: str
    numbers: str


@dataclass(frozen=True)
class Page:
    lines: list[Line]
    after: str


def page(user: User, wanted: Wanted, *, after: str = "") -> Page:
    """One page by key; the thousandth costs what the first one does."""
    rows = _filtered(access.visible(user), wanted)
    order = ORDERS[wanted.order]
    field, down = order.lstrip("-"), order.startswith("-")
    if key := _read_key(after, field):
        value, pk = key
        beyond = "lt" if down else "gt"
        rows = rows.filter(Q(**{f"{field}__{beyond}": value}) | Q(**{field: value, "pk__lt": pk}))
    found = list(rows.order_by(order, "-pk")[: ON_A_PAGE + 1])
    more, found = len(found) > ON_A_PAGE, found[:ON_A_PAGE]
    shown = titles_for(found, user)
    lines = [Line(row, shown[row.pk], titles.where(row), titles.in_numbers(row)) for row in found]
    return Page(lines, f"{getattr(found[-1], field)}|{found[-1].pk}" if more else "")


def _filtered(rows: QuerySet[EarlyWarning], wanted: Wanted) -> QuerySet[EarlyWarning]:
    if wanted.state == OPEN:
        rows = rows.exclude(state=State.CLOSED)
    elif wanted.state:
        rows = rows.filter(state=wanted.state)
    values = {"kind": wanted.kind or None, "area_id": wanted.area, "sector_id": wanted.sector}
    return rows.filter(**{name: value for name, value in values.items() if value is not None})


def _read_key(text: str, field: str) -> tuple[Any, int] | None:
    """A broken key is the first page, not an error."""
    value, _bar, pk = text.partition("|")
    try:
        if field == "last_on":
            return dt.date.fromisoformat(value), int(pk)
        number = float(value)
        return (number, int(pk)) if math.isfinite(number) else None
    except ValueError:
        return None


def open_count(user: User) -> int:
    return access.visible(user).filter(state=State.NEW).count()


def titles_for(rows: Sequence[EarlyWarning], user: User) -> dict[int, str]:
    """What each is about. An address is read from an appeal that the reader may see; without one it stays unnamed."""
    ids = [pk for row in rows if row.kind == Kind.ADDRESS for pk in row.appeals]
    known = sources.addresses(ids, user) if ids else {}
    return {row.pk: _title(row, known) for row in rows}


def _title(row: EarlyWarning, known: Mapping[int, str]) -> str:
    if row.kind == Kind.WORDING and row.words:
        return f"«{row.words[0]}»"
    if row.kind == Kind.ADDRESS:
        found = next((known[pk] for pk in row.appeals if known.get(pk)), "")
        return found or titles.what(row)
    return titles.what(row)


LEAST_PUBLIC = 5  # a smaller count could point at somebody
MOST_PUBLIC = 15


def public_growth(filters: Filters) -> list[EarlyWarning]:
    """Open warnings about growth that everybody may see: what grew and where, the largest excess first."""
    rows = EarlyWarning.objects.filter(kind=Kind.GROWTH, observed__gte=LEAST_PUBLIC).exclude(state=State.CLOSED)
    keys = {"area_id": filters.area, "topic_id": filters.topic, "sector_id": filters.sector}
    rows = rows.filter(**{name: key for name, key in keys.items() if key is not None})
    return list(rows.order_by(F("high") - F("observed"), "pk")[:MOST_PUBLIC])


# The card


@dataclass(frozen=True)
class Day:
    """One day of the chart."""

    day: dt.date
    observed: int
    low: int | None
    high: int | None


def cell_of(row: EarlyWarning) -> Cell:
    return Cell(row.sector_id, row.topic_id, row.area_id)


def chart(row: EarlyWarning, today: dt.date) -> list[Day]:
    """Observed days beside their expected range, by the model as it stands on the warning's last day."""
    cell, last = cell_of(row), min(row.last_on + ONE_DAY * 7, today)
    if row.kind != Kind.GROWTH:
        return _told(row, last)
    found = counts.of_cell(cell, last)
    if found is None:
        return []
    own, everywhere, city = found
    whole = rhythm_of(city.until(row.last_on), calendar())
    wide = {cell.everywhere: rhythm_of(everywhere.until(row.last_on), calendar(), whole)}
    model = model_of(cell, own.until(row.last_on), row.last_on, whole, wide, calendar())
    first = max(own.start, last - ONE_DAY * (CHART_DAYS - 1))
    days = []
    for place in range((last - first).days + 1):
        day = first + ONE_DAY * place
        expected = model.counts(day, day) if model else None
        days.append(
            Day(
                day,
                sum(own.between(day, day)),
                expected.quantile(0.025) if expected else None,
                expected.quantile(0.975) if expected else None,
            )
        )
    return days


def _told(row: EarlyWarning, last: dt.date) -> list[Day]:
    """The appeals of an address or a wording by day; what is expected there is nearly nothing."""
    days = AppealFact.objects.filter(pk__in=row.appeals).values_list("received_on", flat=True)
    told = list(days)
    first = min([*told, row.first_on])
    length = min((last - first).days + 1, CHART_DAYS)
    shown = [last - ONE_DAY * place for place in reversed(range(length))]
    return [Day(day, told.count(day), None, None) for day in shown]


@dataclass(frozen=True)
class Examples:
    """A few appeals that the reader may open, and how many there are that he may not."""

    shown: list[Example]
    visible: int
    hidden: int


def examples(row: EarlyWarning, user: User) -> Examples:
    ids = row.appeals if row.kind != Kind.GROWTH else _appeals_of_cell(row)
    shown = sources.examples(ids, user, limit=MOST_EXAMPLES)
    visible = len(shown) if len(shown) < MOST_EXAMPLES else sources.count_visible(ids, user)
    return Examples(shown, visible, len(ids) - visible)


def _appeals_of_cell(row: EarlyWarning) -> list[int]:
    begin = min(row.first_on, row.last_on - ONE_DAY * (row.days - 1))
    rows = AppealFact.objects.filter(received_on__range=(begin, row.last_on))
    keys = {"area_id": row.area_id, "topic_id": row.topic_id, "sector_id": 0 if row.topic_id else row.sector_id}
    rows = rows.filter(**{name: key for name, key in keys.items() if key})
    return list(rows.order_by("-received_on", "-pk").values_list("pk", flat=True)[:MOST_LOOKED_AT])


def areas_grown(row: EarlyWarning, today: dt.date) -> list[tuple[str, int, float]]:
    """Of a warning for the whole city: the city sectors with what came and what was expected."""
    if row.kind != Kind.GROWTH or row.area_id:
        return []
    last = min(row.last_on, today)
    first = last - ONE_DAY * (row.days - 1)
    found = []
    for choice in sources.choices("area"):
        cell = Cell(row.sector_id, row.topic_id, int(choice.key))
        known = counts.of_cell(cell, last)
        if known is None:
            return []
        own, everywhere, city = known
        whole = rhythm_of(city, calendar())
        model = expectation(own, last, rhythm_of(everywhere, calendar(), whole), calendar())
        told = sum(own.between(first, last))
        if told:
            found.append((choice.name, told, model.counts(first, last).mean if model else 0.0))
    return sorted(found, key=lambda line: -line[1])
