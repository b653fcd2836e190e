"""The chart of observed days beside their expected range: places in a drawing, and the same as a table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from reports.models import EarlyWarning
from reports.warning.selectors import Day
from ui import dates

WIDTH, HEIGHT = 100.0, 50.0


@dataclass(frozen=True)
class Column:
    """One day: its column, whether it is beyond the range, and its words."""

    day: dt.date
    observed: int
    low: int | None
    high: int | None
    is_beyond: bool
    x: str
    y: str
    width: str
    height: str


@dataclass(frozen=True)
class Chart:
    columns: list[Column]
    band: str  # the points of the expected range as a polygon; empty where none is expected
    top: str
    first: dt.date
    last: dt.date


def drawn(days: Sequence[Day], row: EarlyWarning) -> Chart | None:
    if not days:
        return None
    top = max([1, *(day.observed for day in days), *(day.high or 0 for day in days)])
    step = WIDTH / len(days)
    columns = []
    for place, day in enumerate(days):
        height = HEIGHT * day.observed / top
        beyond = day.high is not None and day.observed > day.high
        columns.append(
            Column(
                day.day, day.observed, day.low, day.high, beyond,
                f"{place * step + step * 0.2:.2f}", f"{HEIGHT - height:.2f}", f"{step * 0.6:.2f}", f"{height:.2f}",
            )
        )  # fmt: skip
    return Chart(columns, _band(days, step, top), dates.number(top), days[0].day, days[-1].day)


def _band(days: Sequence[Day], step: float, top: int) -> str:
    """Stairs along the upper bounds and back along the lower ones."""
    known = [(place, day.low or 0, day.high) for place, day in enumerate(days) if day.high is not None]
    above = [(place + side, high) for place, _low, high in known for side in (0, 1)]
    below = [(place + side, low) for place, low, _high in reversed(known) for side in (1, 0)]
    return " ".join(f"{x * step:.2f},{HEIGHT - HEIGHT * y / top:.2f}" for x, y in [*above, *below])
