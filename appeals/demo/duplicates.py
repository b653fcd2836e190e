"""Pairs of invented appeals about the same thing: the later one is closed and lives on in the earlier one."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from appeals.demo.cases import Case
from appeals.history.past import Partner, PastStep
from appeals.models import Channel, EventKind

EVERY, AT = 125, 60  # of so many appeals in a row this one and the next are a pair


@dataclass(frozen=True)
class Pair:
    """Both appeals, and when an inspector noticed that they are about the same."""

    target: Case
    source: Case
    linked_at: dt.datetime
    inspector: int


def first_of_pair(number: int) -> int | None:
    """The number of the earlier appeal, when this one is of a pair."""
    place = number % EVERY - AT
    return number - place if place in (0, 1) else None


def steps_of_source(pair: Pair, target_id: str, now: dt.datetime) -> tuple[PastStep, ...]:
    """Nobody works on it: it joins the incident and is closed."""
    if pair.linked_at >= now:
        return ()
    incident = {"incident": int(pair.source.incident)}
    joined = PastStep(EventKind.INCIDENT_JOINED, pair.linked_at, actor_id=pair.inspector, data=incident)
    return joined, _linked(pair, pair.target, target_id, is_source=False)


def with_link(steps: tuple[PastStep, ...], pair: Pair, source_id: str, now: dt.datetime) -> tuple[PastStep, ...]:
    """The story of the earlier appeal, with the moment in which the later one was linked to it."""
    if pair.linked_at >= now:
        return steps
    link = _linked(pair, pair.source, source_id, is_source=True)
    return tuple(sorted((*steps, link), key=lambda step: step.at))


def _linked(pair: Pair, other: Case, external_id: str, *, is_source: bool) -> PastStep:
    partner = Partner(Channel(other.channel), external_id, other.received_at, is_source)
    return PastStep(EventKind.LINKED, pair.linked_at, actor_id=pair.inspector, partner=partner)
