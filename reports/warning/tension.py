"""The social-tension index: a weighted mean of a few published figures, each on a scale from calm to tense.

index = 100 · Σ weight · s / Σ weight, s = (value - calm) / (tense - calm), cut to 0…1

The form is that of additive composite indicators (OECD & JRC 2008, "Handbook on constructing composite indicators",
sections on min-max normalisation and linear aggregation). A figure that rests on too few appeals is left out together
with its weight, and the page says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Measured:
    """One figure with its place on the scale; `value` is None where too little was counted."""

    key: str
    weight: float
    calm: float
    tense: float
    value: float | None
    numerator: float | None = None
    denominator: float | None = None

    @property
    def score(self) -> float | None:
        """0 = calm, 1 = tense."""
        if self.value is None:
            return None
        return min(1.0, max(0.0, (self.value - self.calm) / (self.tense - self.calm)))


@dataclass(frozen=True)
class Part:
    """What a figure adds to the index, in points of it."""

    measured: Measured
    points: float | None
    most: float


@dataclass(frozen=True)
class Index:
    value: float | None
    parts: tuple[Part, ...]
    weight_used: float  # share of all weights whose figures could be measured


def index(measured: Sequence[Measured], least_weight: float = 0.5) -> Index:
    """The index with what each figure adds; without a value where figures for half of the weights are missing."""
    whole = sum(one.weight for one in measured)
    used = sum(one.weight for one in measured if one.score is not None)
    known = whole > 0 and used > 0 and used / whole >= least_weight
    parts = tuple(
        Part(one, 100 * one.weight * one.score / used, 100 * one.weight / used)
        if known and one.score is not None
        else Part(one, None, 0.0)
        for one in measured
    )
    value = sum(part.points for part in parts if part.points is not None) if known else None
    return Index(value, parts, used / whole if whole else 0.0)
