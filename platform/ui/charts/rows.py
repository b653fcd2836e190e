"""What the charts made of rows take: bars with their parts, places of a map."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Part:
    """A piece of a bar: its length, its look (`c1` to `c6`, `c-good` and so on), and what pointing at it tells."""

    value: float
    ink: str
    title: str = ""


@dataclass(frozen=True)
class BarRow:
    label: str
    parts: Sequence[Part]
    words: str
    note: str = ""
    url: str = ""
    is_total: bool = False


@dataclass(frozen=True)
class RangeRow:
    """A share in its range beside what was expected, all in per cent."""

    label: str
    low: float
    high: float
    share: float
    expected: float
    words: str
    note: str = ""
    before: str = ""
    url: str = ""


@dataclass(frozen=True)
class RangeScale:
    """Where the line of every range begins and ends: whole tens of per cent."""

    first: float
    last: float

    @classmethod
    def around(cls, rows: Sequence[RangeRow]) -> RangeScale:
        lows = [min(row.low, row.expected) for row in rows]
        highs = [max(row.high, row.expected) for row in rows]
        first, last = 10 * math.floor(min(lows, default=0) / 10), 10 * math.ceil(max(highs, default=100) / 10)
        return cls(first, max(last, first + 10))

    def at(self, value: float) -> float:
        """The place of a value on a line of a hundred."""
        return 100 * (value - self.first) / (self.last - self.first)


@dataclass(frozen=True)
class Place:
    """A place of a map; `step` from 1 to 5 is its colour, 0 is nothing. `outline` is GeoJSON."""

    name: str
    words: str
    note: str = ""
    url: str = ""
    step: int = 0
    outline: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class NumberRow:
    """A row of a table of figures; each cell is a figure in words and, unless empty, what it is made of."""

    label: str
    url: str
    cells: Sequence[tuple[str, str]]
    is_total: bool = False
