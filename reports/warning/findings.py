"""What the rules find on a day, in one form: growth from the rollups, addresses and wordings from the appeals."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from common.calendar_rows import calendar
from common.crypto import keyed_hash
from reports import sources
from reports.models import EarlyWarning
from reports.warning.addresses import place_key
from reports.warning.counts import histories
from reports.warning.growth import Alarm, alarms, measure
from reports.warning.repeats import PAST_DAYS, Repeat, Told, repeats
from reports.warning.thresholds import thresholds
from reports.warning.wordings import Text, Wording, new_wordings

Kind = EarlyWarning.Kind
ONE_DAY = dt.timedelta(days=1)
RECENT_DAYS, EARLIER_DAYS = 7, 56  # of texts
MOST_KEPT = 50  # ids of appeals with a warning


@dataclass(frozen=True)
class Finding:
    """Something beyond its expected range, as it is kept."""

    kind: str
    key: str
    first_on: dt.date
    day: dt.date
    days: int
    observed: int
    expected: float
    low: int
    high: int
    p_value: float
    sector_id: int = 0
    topic_id: int = 0
    area_id: int = 0
    words: tuple[str, ...] = ()
    appeals: tuple[int, ...] = ()


def growth(day: dt.date) -> list[Finding]:
    """Cells of topics, spheres and city sectors beyond their range on the day or in the week that ends with it."""
    tested = measure(histories(day), day, calendar())
    return [_grown(alarm, day) for alarm in alarms(tested, thresholds().growth)]


def _grown(alarm: Alarm, day: dt.date) -> Finding:
    cell, span = alarm.cell, alarm.span
    return Finding(
        kind=Kind.GROWTH,
        key=f"{cell.sphere}:{cell.topic}:{cell.area}",
        first_on=day - ONE_DAY * (span.days - 1),
        day=day,
        days=span.days,
        observed=span.observed,
        expected=round(span.expected.mean, 2),
        low=span.low,
        high=span.high,
        p_value=alarm.p_value,
        sector_id=cell.sphere,
        topic_id=cell.topic,
        area_id=cell.area,
    )


def addresses(day: dt.date) -> list[Finding]:
    """Houses that several people told of."""
    limits = thresholds().repeats
    since = day - ONE_DAY * (limits.window - 1)
    found = repeats(_places(since, day), _places(day - ONE_DAY * PAST_DAYS, since - ONE_DAY), day, limits)
    return [_repeated(one, day, limits.window) for one in found]


def _places(start: dt.date, end: dt.date) -> Iterator[Told]:
    for row in sources.told_places(start, end):
        if place := place_key(row.address, row.latitude, row.longitude):
            yield Told(row.appeal_id, row.person, place, row.day, row.area_id)


def _repeated(one: Repeat, day: dt.date, window: int) -> Finding:
    return Finding(
        kind=Kind.ADDRESS,
        key=keyed_hash(one.place, purpose="warning_place"),
        first_on=one.first,
        day=day,
        days=window,
        observed=one.people,
        expected=round(one.expected.mean, 2),
        low=one.expected.quantile(0.025),
        high=one.expected.quantile(0.975),
        p_value=one.p_value,
        area_id=one.area,
        appeals=one.appeals[-MOST_KEPT:],
    )


def wordings(day: dt.date) -> list[Finding]:
    """Words that many people suddenly use."""
    since = day - ONE_DAY * (RECENT_DAYS - 1)
    earlier = since - ONE_DAY * EARLIER_DAYS
    found = new_wordings(lambda: _texts(since, day), lambda: _texts(earlier, since - ONE_DAY), thresholds().wordings)
    return [_worded(one, since, day) for one in found]


def _texts(start: dt.date, end: dt.date) -> Iterator[Text]:
    for row in sources.told_texts(start, end):
        yield Text(row.appeal_id, row.person, row.language, row.text)


def _worded(one: Wording, since: dt.date, day: dt.date) -> Finding:
    return Finding(
        kind=Kind.WORDING,
        key=" ".join(one.term)[:80],
        first_on=since,
        day=day,
        days=RECENT_DAYS,
        observed=one.people,
        expected=round(one.expected, 2),
        low=0,
        high=max(0, int(one.expected * thresholds().wordings.least_ratio)),
        p_value=one.p_value,
        words=(one.written, *one.also),
        appeals=one.appeals[-MOST_KEPT:],
    )
