"""What the queue page is asked for: its address read into checked values and written back, without a database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

from django.db.models import TextChoices

from appeals.models.appeal import WAITING_STATUSES
from appeals.models.choices import Category, Channel, Priority, Regime, Status

LONGEST_SEARCH = 200
NOBODY, ME = "none", "me"


class Tab(StrEnum):
    """The ready views of the queue."""

    MINE = "mine"
    UNIT = "unit"
    NEW = "new"
    OVERDUE = "overdue"
    SOON = "soon"
    AWAITING = "awaiting"
    MESSAGES = "messages"
    DISPUTED = "disputed"
    ALL = "all"


class Term(StrEnum):
    """Where the running term stands."""

    OVERDUE = "overdue"
    TODAY = "today"
    SOON = "soon"
    PAUSED = "paused"


class Sort(StrEnum):
    """The order of the rows; by time left only what still waits for the hub is listed."""

    DUE = "due"
    NEWEST = "newest"
    OLDEST = "oldest"


# Tabs that list only what still waits for the hub, so they can be read by time left.
BY_TIME_LEFT = frozenset({Tab.MINE, Tab.UNIT, Tab.NEW, Tab.OVERDUE, Tab.SOON})


@dataclass(frozen=True)
class QueueFilters:
    """The checked values of the address; an empty string stands for «any»."""

    tab: str = Tab.ALL
    q: str = ""
    status: str = ""
    unit: str = ""  # a number, or NOBODY
    executor: str = ""  # a number, ME or NOBODY
    area: str = ""
    sector: str = ""
    topic: str = ""
    channel: str = ""
    regime: str = ""
    category: str = ""
    priority: str = ""
    term: str = ""
    since: str = ""  # ISO dates
    until: str = ""
    sort: str = ""

    @property
    def order(self) -> Sort:
        """The chosen order, else the one that fits the tab; what waits for nobody has no time left."""
        order = Sort(self.sort) if self.sort else Sort.DUE if self.tab in BY_TIME_LEFT else Sort.NEWEST
        ended = self.status and self.status not in WAITING_STATUSES
        return Sort.NEWEST if order == Sort.DUE and ended else order

    @property
    def active(self) -> dict[str, str]:
        """What narrows the tab, for the chips and their number."""
        return {name: value for name, value in self.as_dict().items() if value and name not in ("tab", "sort")}

    def as_dict(self) -> dict[str, str]:
        return {field.name: str(getattr(self, field.name)) for field in fields(self)}

    def query(self, **changed: str) -> str:
        """The query string of this view, with some values changed; empty values are left out."""
        values = replace(self, **changed).as_dict()
        return urlencode({name: value for name, value in values.items() if value})


@dataclass(frozen=True)
class ParsedFilters:
    """The filters, and the names of the values that were not understood and left out."""

    filters: QueueFilters
    ignored: tuple[str, ...] = ()


def _one_of(known: Iterable[str]) -> Callable[[str], bool]:
    allowed = frozenset(str(value) for value in known)
    return lambda value: value in allowed


def _number_or(*words: str) -> Callable[[str], bool]:
    return lambda value: value in words or (value.isascii() and value.isdigit() and 0 < len(value) <= 18)


def _date(value: str) -> bool:
    try:
        return 2000 <= dt.date.fromisoformat(value).year <= 2100
    except ValueError:
        return False


def _values(choices: type[TextChoices]) -> Callable[[str], bool]:
    return _one_of(choices.values)


CHECKS: dict[str, Callable[[str], bool]] = {
    "tab": _one_of(Tab),
    "q": lambda value: len(value) <= LONGEST_SEARCH and "\x00" not in value,
    "status": _values(Status),
    "unit": _number_or(NOBODY),
    "executor": _number_or(NOBODY, ME),
    "area": _number_or(),
    "sector": _number_or(),
    "topic": _number_or(),
    "channel": _values(Channel),
    "regime": _values(Regime),
    "category": _values(Category),
    "priority": _values(Priority),
    "term": _one_of(Term),
    "since": _date,
    "until": _date,
    "sort": _one_of(Sort),
}


def parse(given: Mapping[str, Any]) -> ParsedFilters:
    """Read the parameters of an address; a value that makes no sense is left out and named, never an error."""
    accepted: dict[str, str] = {}
    ignored = []
    for name, check in CHECKS.items():
        value = str(given.get(name) or "").strip()
        if not value:
            continue
        if check(value):
            accepted[name] = value
        else:
            ignored.append(name)
    return ParsedFilters(QueueFilters(**accepted), tuple(ignored))
