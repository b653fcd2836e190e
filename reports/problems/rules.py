"""Which small counts are hidden, and when a problem came back after it had been quiet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from reports.cells import K, is_small

SMALLEST_SHOWN = K
QUIET_MONTHS = 2  # so many whole months without a word, and the next one is a return


@dataclass(frozen=True)
class Cell:
    """A count as everybody may see it; a hidden one is known to be there and no more."""

    value: int | None

    @property
    def is_hidden(self) -> bool:
        return self.value is None


def hide(counts: Sequence[int]) -> list[Cell]:
    """Counts of a column whose sum is shown: those from 1 to 4 are hidden.

    A single hidden one would be the sum less the others, so the smallest of the others that is not nought goes with it.
    """
    hidden = {place for place, count in enumerate(counts) if is_small(count)}
    others = [place for place, count in enumerate(counts) if count and place not in hidden]
    if len(hidden) == 1 and others:
        hidden.add(min(others, key=lambda place: counts[place]))
    return [Cell(None if place in hidden else count) for place, count in enumerate(counts)]


def alone(count: int) -> Cell:
    """A count for itself."""
    return Cell(None if is_small(count) else count)


@dataclass(frozen=True)
class Episode:
    """Months in which the problem was told, without a long silence between."""

    first: dt.date
    last: dt.date


def episodes(months: Sequence[tuple[dt.date, int]]) -> list[Episode]:
    """Neighbouring months in order, each with how often it was told -> the stretches in which it was."""
    found: list[Episode] = []
    silent = QUIET_MONTHS
    for month, count in months:
        if not count:
            silent += 1
            continue
        if silent >= QUIET_MONTHS or not found:
            found.append(Episode(month, month))
        else:
            found[-1] = Episode(found[-1].first, month)
        silent = 0
    return found
