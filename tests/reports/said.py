"""A figure as it was read out of what was published."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Said:
    """A figure in words; None where the way does not tell it."""

    value: str | None
    numerator: int | None = None
    denominator: int | None = None
