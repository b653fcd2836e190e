"""What a person has done in the hub, told by the apps where he did it: a registry of sources."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

from django.utils.functional import Promise

from accounts.models import User
from common.registry import Registry

MOST_HAPPENINGS = 8


@dataclass(frozen=True)
class Count:
    """One figure."""

    label: str | Promise
    value: int
    url: str = ""
    note: str | Promise = ""


@dataclass(frozen=True)
class Happening:
    """One thing that happened, newest first on the page."""

    at: dt.datetime
    title: str | Promise
    url: str = ""
    icon: str = "circle"
    tone: str = "calm"


@dataclass(frozen=True)
class Activity:
    counts: list[Count] = field(default_factory=list)
    happenings: list[Happening] = field(default_factory=list)


@dataclass(frozen=True)
class Source:
    label: str | Promise
    order: int
    read: Callable[[User], Activity]


@dataclass(frozen=True)
class Badge:
    """A recognition that comes with another capability of the hub; nothing is awarded before that is there."""

    label: str | Promise
    text: str | Promise
    comes_with: str | Promise
    icon: str
    order: int = 100


sources: Registry[Source] = Registry("source of activity")
badges: Registry[Badge] = Registry("badge")


@dataclass(frozen=True)
class Section:
    label: str | Promise
    counts: list[Count]


def activity_of(user: User) -> tuple[list[Section], list[Happening]]:
    """The figures of each source, and the latest of everything."""
    ordered = sorted((source for _slug, source in sources), key=lambda source: source.order)
    read = [(source, source.read(user)) for source in ordered]
    happenings = sorted((one for _s, found in read for one in found.happenings), key=lambda one: one.at, reverse=True)
    return [Section(source.label, found.counts) for source, found in read], happenings[:MOST_HAPPENINGS]


def coming_badges() -> list[Badge]:
    return sorted((badge for _slug, badge in badges), key=lambda badge: badge.order)
