"""The numbers that decide what is worth a warning: rows of a table, each with a default and bounds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from common.rows import CachedRows
from reports.models import TensionComponent, WarningThreshold
from reports.warning.growth import Limits
from reports.warning.repeats import RepeatLimits
from reports.warning.wordings import WordingLimits

K = WarningThreshold.Key


@dataclass(frozen=True)
class Bounds:
    default: float
    least: float
    most: float


THRESHOLDS: Mapping[str, Bounds] = {
    K.FALSE_SHARE: Bounds(0.05, 0.001, 0.5),
    K.LEAST_APPEALS: Bounds(5, 2, 1000),
    K.LEAST_RATIO: Bounds(1.5, 1.0, 20),
    K.ADDRESS_DAYS: Bounds(14, 3, 90),
    K.ADDRESS_PEOPLE: Bounds(4, 2, 100),
    K.WORDING_PEOPLE: Bounds(5, 3, 1000),
    K.WORDING_RATIO: Bounds(3.0, 1.5, 50),
    K.QUIET_DAYS: Bounds(7, 1, 60),
}


@dataclass(frozen=True)
class Scale:
    """A part of the tension index as the hub comes with it."""

    metric: str
    weight: float
    calm: float
    tense: float
    least: int = 20


# Defaults: a first proposal for the city to discuss, not the result of a study.
TENSION = (
    Scale(TensionComponent.GROWTH, 3, 1.0, 2.0),
    Scale("disputed_share", 3, 2, 20),
    Scale("not_solved_share", 2, 10, 50),
    Scale("not_done_share", 2, 0, 20),
    Scale("late_share", 1, 5, 30),
    Scale("repeated_share", 1, 2, 15),
    Scale("formal_share", 1, 5, 40),
)


@dataclass(frozen=True)
class Thresholds:
    growth: Limits
    repeats: RepeatLimits
    wordings: WordingLimits
    quiet_days: int


def _load() -> Thresholds:
    stored = dict(WarningThreshold.objects.values_list("key", "value"))

    def value(key: str) -> float:
        bounds = THRESHOLDS[key]
        return min(max(stored.get(key, bounds.default), bounds.least), bounds.most)

    return Thresholds(
        growth=Limits(value(K.FALSE_SHARE), int(value(K.LEAST_APPEALS)), value(K.LEAST_RATIO)),
        repeats=RepeatLimits(int(value(K.ADDRESS_DAYS)), int(value(K.ADDRESS_PEOPLE))),
        wordings=WordingLimits(int(value(K.WORDING_PEOPLE)), value(K.WORDING_RATIO)),
        quiet_days=int(value(K.QUIET_DAYS)),
    )


thresholds = CachedRows(_load)


def is_default(row: TensionComponent) -> bool:
    """Whether the row is still as the hub came with it; the page says so."""
    return Scale(row.metric, row.weight, row.calm, row.tense, row.least) in TENSION
