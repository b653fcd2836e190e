"""What the charts made of rows take: bars with their parts, places of a map."""

from __future__ import annotations

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
class Place:
    """A place of a map; `step` from 1 to 5 is its colour, 0 is nothing. `outline` is GeoJSON."""

    name: str
    words: str
    note: str = ""
    url: str = ""
    step: int = 0
    outline: Mapping[str, Any] | None = None
