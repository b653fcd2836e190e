"""Every sum, share, mean and test statistic of the study that can be recomputed, and how it compares with print."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import cache

from reports.study.checks import correlations, counts, models, shares, survey
from reports.study.checks.references import Reference, Verdict, references

Result = Decimal | float | str
# Each yields (table, quantity, value); the quantity is the English name in the data file of references.
SOURCES: tuple[Callable[[], Iterator[tuple[str, str, Result]]], ...] = (
    counts.results,
    shares.results,
    survey.results,
    correlations.results,
    models.results,
)

__all__ = ["Reference", "Verdict", "recomputed", "references", "reproduces"]


@cache
def recomputed() -> dict[tuple[str, str], Result]:
    """What the data files of this package give, by table and quantity."""
    found: dict[tuple[str, str], Result] = {}
    for source in SOURCES:
        for table, quantity, value in source():
            if (table, quantity) in found:
                raise ValueError(f"recomputed twice: {table}, {quantity}")
            found[table, quantity] = value
    return found


def reproduces(reference: Reference, value: Result) -> bool:
    """Whether a value is the printed one to the printed number of digits."""
    if isinstance(value, str):
        return value == reference.printed
    if reference.tolerance is None:
        raise ValueError(f"{reference.quantity.en} is printed in words but recomputed as a number")
    return abs(float(value) - float(reference.printed)) <= reference.tolerance + 1e-9
