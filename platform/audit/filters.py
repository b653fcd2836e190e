"""What the page of the log is asked for: its address read into checked values and written back; no database."""

from __future__ import annotations

import datetime as dt
import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from urllib.parse import urlencode

from audit.actions import Action, Category, Outcome

LONGEST = 120
SEARCHED_DAYS = 30  # how far back a search without an index goes when no beginning is given
ANYTHING = "*"


@dataclass(frozen=True)
class LogFilters:
    """The checked values of the address; an empty string stands for «any»."""

    since: str = ""  # ISO dates, both days included
    until: str = ""
    actor: str = ""  # user name
    category: str = ""
    action: str = ""
    outcome: str = ""
    subject: str = ""  # as it stands in the list; * stands for anything
    address: str = ""  # one address, or a network as 10.1.0.0/16

    @property
    def active(self) -> dict[str, str]:
        return {field.name: getattr(self, field.name) for field in fields(self) if getattr(self, field.name)}

    def query(self, **changed: str) -> str:
        return urlencode(replace(self, **changed).active)

    @property
    def is_slow(self) -> bool:
        """Whether no index finds it, so that it must not look through all years."""
        return bool(self.address or ANYTHING in self.subject)


def parse(values: Mapping[str, str]) -> tuple[LogFilters, tuple[str, ...]]:
    """The filters, and the names of the values that were not understood and left out."""
    found: dict[str, str] = {}
    ignored: list[str] = []
    for field in fields(LogFilters):
        value = values.get(field.name, "").replace("\x00", "").strip()[:LONGEST]
        if value and CHECKS[field.name](value):
            found[field.name] = value
        elif value:
            ignored.append(field.name)
    return LogFilters(**found), tuple(ignored)


def with_beginning(filters: LogFilters, today: dt.date) -> LogFilters:
    """A slow search gets a beginning that the form shows, so that nobody believes he has seen everything."""
    if filters.is_slow and not filters.since:
        last = min(dt.date.fromisoformat(filters.until), today) if filters.until else today
        return replace(filters, since=(last - dt.timedelta(days=SEARCHED_DAYS)).isoformat())
    return filters


def _date(value: str) -> bool:
    try:
        return 2000 <= dt.date.fromisoformat(value).year <= 2100
    except ValueError:
        return False


def _network(value: str) -> bool:
    try:
        return bool(ipaddress.ip_network(value, strict=False))
    except ValueError:
        return False


def _anything(value: str) -> bool:
    return True


CHECKS = {
    "since": _date,
    "until": _date,
    "actor": _anything,
    "category": lambda value: value in Category.values,
    "action": lambda value: value in Action.values,
    "outcome": lambda value: value in Outcome.values,
    "subject": _anything,
    "address": _network,
}
