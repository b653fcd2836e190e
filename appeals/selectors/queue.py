"""The rows of the staff's queue: read along an index whatever is asked, and never counted to the end."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import DateTimeField, ExpressionWrapper, F, Q, QuerySet, Value
from django.db.models.functions import Left

from accounts.models import User
from accounts.rights import Action
from appeals.filters import ME, QueueFilters, Sort, Tab
from appeals.models import Appeal, Timer, TimerCode, TimerPause
from appeals.models.appeal import WAITING
from appeals.policies import visible_to
from appeals.selectors import conditions, words
from appeals.selectors.conditions import QueueTimes

PAGE_SIZE = 25
MOST_COUNTED = 1000
# Index entries looked at along the order before a text search is answered from the index of words instead; with
# filters more, since most of them are passed over without fetching their rows.
TEXT_WALK = 5000
FILTERED_WALK = 25_000
EXCERPT = 140
LEADING = (TimerCode.ANSWER, TimerCode.SECOND_LOOK)


@dataclass(frozen=True)
class Cursor:
    """A place in the list: the sort value and the id of a row. It names no page, so new rows move nothing."""

    at: dt.datetime
    id: int

    def __str__(self) -> str:
        raw = f"{self.at.astimezone(dt.UTC):%Y%m%d%H%M%S%f}.{self.id}".encode()
        return base64.urlsafe_b64encode(raw).decode().rstrip("=")

    @classmethod
    def parse(cls, text: str) -> Cursor | None:
        """None for whatever is no cursor: an old or mistyped address begins at the top."""
        try:
            raw = base64.urlsafe_b64decode(text[:80] + "=" * (-len(text) % 4)).decode()
            at, pk = raw.split(".")
            if not (pk.isascii() and pk.isdigit() and len(pk) < 19):
                return None
            return cls(dt.datetime.strptime(at, "%Y%m%d%H%M%S%f").replace(tzinfo=dt.UTC), int(pk))
        except (ValueError, binascii.Error):
            return None


@dataclass(frozen=True)
class Clock:
    """The leading timer of a row, as it is stored."""

    unit: str
    day_count: str
    started_at: dt.datetime
    due_at: dt.datetime
    paused_at: dt.datetime | None
    stopped_at: dt.datetime | None
    pauses: tuple[tuple[dt.datetime, dt.datetime], ...] = ()


@dataclass(frozen=True)
class QueueRow:
    """One appeal as the queue shows it. Names are looked up by id from the kept reference tables."""

    id: int
    number: str
    status: str
    outcome: str
    priority: str
    regime: str
    channel: str
    language: str
    subject: str
    excerpt: str
    topic_id: int | None
    area_id: int | None
    address: str
    department_id: int | None
    executor_id: int | None
    received_at: dt.datetime
    due_at: dt.datetime
    answered_at: dt.datetime | None
    closed_at: dt.datetime | None
    is_disputed: bool
    is_confidential: bool
    has_unread_message: bool
    version: int


COLUMNS = tuple(name for name in QueueRow.__dataclass_fields__ if name != "excerpt")


@dataclass(frozen=True)
class QueuePage:
    """A page of rows with the cursors of its neighbours; None where there is none.

    `parts` are the ids of rows that are here for a part of the case only.
    """

    rows: Sequence[QueueRow]
    next: Cursor | None
    previous: Cursor | None
    parts: frozenset[int] = frozenset()


@dataclass(frozen=True)
class View:
    """The appeals of one view. `reach` bounds a walk along its order; None where a small index of its own serves it.

    `parts` are the few appeals of which only a part is the reader's: read apart, for an OR would cost the others
    their index, and never among `rows`.
    """

    rows: QuerySet[Appeal]
    reach: Q | None
    is_filtered: bool = False
    parts: QuerySet[Appeal] | None = None


def view_of(user: User, filters: QueueFilters, times: QueueTimes) -> View:
    """What the user may see, narrowed by the filters, without the text search and without an order.

    What is assigned to him outside the scope of his roles stands in his own queue only.
    """
    is_own = filters.tab == Tab.MINE or filters.executor == ME
    columns = (
        conditions.of_columns(filters) & conditions.of_people(user, filters) & conditions.of_term(filters.term, times)
    )
    # By time left only what waits is listed; said in so many words, because the index of waiting cases needs it.
    waiting = WAITING if filters.tab in (Tab.MINE, Tab.UNIT) or filters.order == Sort.DUE else Q()
    narrowed = columns & conditions.of_period(filters) & waiting
    if filters.sector:
        narrowed &= Q(sector_id=int(filters.sector))
    tab = conditions.of_tab(user, filters.tab, times)
    rows = visible_to(user, Action.SEE, elsewhere=is_own).filter(narrowed & tab)
    if filters.tab in (Tab.MESSAGES, Tab.DISPUTED):  # a small index of their own
        return View(rows, None)
    reach = (Q() if is_own else conditions.reach(user)) & conditions.of_period(filters) & waiting
    if filters.unit:
        reach &= conditions.of_people(user, replace(filters, executor=""))
    return View(rows, reach, is_filtered=bool(columns), parts=_parts(user, filters.tab, narrowed, tab))


def _parts(user: User, tab: str, narrowed: Q, whole: Q) -> QuerySet[Appeal] | None:
    ids = conditions.in_part(user, tab)
    return visible_to(user, Action.SEE).filter(narrowed & ~whole, pk__in=ids) if ids else None


def page(
    user: User,
    filters: QueueFilters,
    times: QueueTimes,
    *,
    after: Cursor | None = None,
    before: Cursor | None = None,
    size: int = PAGE_SIZE,
) -> QueuePage:
    """The rows after (or before) a cursor, and one more to know whether there is a next page."""
    backwards = before is not None
    key, descending = ("due_at", False) if filters.order == Sort.DUE else ("received_at", filters.order == Sort.NEWEST)
    view = view_of(user, filters, times)
    cursor = before if backwards else after
    order = Order(key, descending != backwards)
    if cursor is not None:
        view = _from(view, _beyond(key, cursor, order.down))
    found = _search(view, filters.q, order, size + 1)
    in_part = _search(View(view.parts, None), filters.q, order, size + 1) if view.parts is not None else []
    if in_part:
        found = sorted([*found, *in_part], key=lambda row: (getattr(row, key), row.id), reverse=order.down)
    more = len(found) > size
    found = found[:size]
    if backwards:
        found.reverse()
    first, last = (_cursor(found[0], key), _cursor(found[-1], key)) if found else (None, None)
    return QueuePage(
        rows=found,
        next=last if (more or backwards) else None,
        previous=first if (more if backwards else after is not None) else None,
        parts=frozenset(row.id for row in in_part),
    )


def count(user: User, filters: QueueFilters, times: QueueTimes, *, most: int = MOST_COUNTED) -> int:
    """How many rows the view has; counting stops one above `most`."""
    view = view_of(user, filters, times)
    if filters.q:
        view = _from(view, words.exact(filters.q) or words.indexed(filters.q))
    sets = [view.rows] if view.parts is None else [view.rows, view.parts]
    return min(sum(rows.order_by()[: most + 1].count() for rows in sets), most + 1)


def clocks(appeal_ids: Sequence[int]) -> dict[int, Clock]:
    """The leading timer of each row, the running one or else the last, with its finished pauses."""
    timers = (
        Timer.objects.filter(appeal_id__in=appeal_ids, question=None, code__in=LEADING)
        .order_by("id")
        .values_list("id", "appeal_id", "unit", "day_count", "started_at", "due_at", "paused_at", "stopped_at")
    )
    last = {row[1]: row for row in timers}
    pauses: dict[int, list[tuple[dt.datetime, dt.datetime]]] = {}
    finished = TimerPause.objects.filter(timer_id__in=[row[0] for row in last.values()], ended_at__isnull=False)
    for timer_id, begun, ended in finished.order_by("id").values_list("timer_id", "started_at", "ended_at"):
        if ended is not None:
            pauses.setdefault(timer_id, []).append((begun, ended))
    return {
        appeal_id: Clock(unit, day_count, started, due, paused, stopped, tuple(pauses.get(timer_id, ())))
        for timer_id, appeal_id, unit, day_count, started, due, paused, stopped in last.values()
    }


def _from(view: View, condition: Q) -> View:
    parts = None if view.parts is None else view.parts.filter(condition)
    return replace(view, rows=view.rows.filter(condition), parts=parts)


def _beyond(key: str, cursor: Cursor, down: bool) -> Q:
    """The rows after the cursor. The first condition bounds the walk along the index, the second breaks ties."""
    near, past = ("lte", "lt") if down else ("gte", "gt")
    return Q(**{f"{key}__{near}": cursor.at}) & (Q(**{f"{key}__{past}": cursor.at}) | Q(**{f"id__{past}": cursor.id}))


def _cursor(row: QueueRow, key: str) -> Cursor:
    return Cursor(getattr(row, key), row.id)


@dataclass(frozen=True)
class Order:
    """By which column, and whether from the last value down; the id breaks ties."""

    key: str
    down: bool

    @property
    def columns(self) -> tuple[str, str]:
        return (f"-{self.key}", "-id") if self.down else (self.key, "id")


def _search(view: View, text: str, order: Order, limit: int) -> list[QueueRow]:
    """Read the rows in order; with words to search for, along the order first and from the word index after that.

    Frequent words fill a page within a short walk. What does not is rare among the newest, and so the word index,
    which knows the filters too, has few enough rows to sort.
    """
    exact = words.exact(text) if text else Q()
    if exact is not None:
        return _rows(view.rows.filter(exact).order_by(*order.columns), limit)
    if view.reach is not None and not words.is_rare(text):
        found = _walk(view, text, order, limit)
        if found is not None:
            return found
    return _gather(view.rows.filter(words.indexed(text)), order, limit)


def _walk(view: View, text: str, order: Order, limit: int) -> list[QueueRow] | None:
    """Look for the words in the first rows of the order; None when they do not fill a page and there are more rows."""
    width = FILTERED_WALK if view.is_filtered else TEXT_WALK
    walked = Appeal.objects.filter(view.reach or Q()).order_by(*order.columns).values_list(order.key, flat=True)
    bound = walked[width : width + 1].first()
    near = view.rows.filter(words.plain(text))
    if bound is not None:
        near = near.filter(**{f"{order.key}__{'gte' if order.down else 'lte'}": bound})
    found = _rows(near.order_by(*order.columns), limit)
    return found if bound is None or len(found) == limit else None


def _gather(matching: QuerySet[Appeal], order: Order, limit: int) -> list[QueueRow]:
    """All matches, then sorted. Adding nothing to the sort value keeps the planner from walking the whole order."""
    value = ExpressionWrapper(F(order.key) + Value(dt.timedelta(0)), output_field=DateTimeField())
    return _rows(matching.order_by(value.desc() if order.down else value.asc(), order.columns[1]), limit)


def _rows(rows: QuerySet[Appeal], limit: int) -> list[QueueRow]:
    values: Any = rows.annotate(excerpt=Left("text", EXCERPT)).values(*COLUMNS, "excerpt")[:limit]
    return [QueueRow(**row) for row in values]


def by_number(rows: QuerySet[Appeal], numbers: Sequence[str]) -> list[QueueRow]:
    """Given appeals as rows, in the order of their numbers as given."""
    found = {row.number: row for row in _rows(rows.filter(number__in=numbers).order_by(), len(numbers))}
    return [found[number] for number in numbers if number in found]
