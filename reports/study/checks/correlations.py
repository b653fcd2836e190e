"""Correlations of tables 17 and 18, with their p-values, from the reconstructed series."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import correlation

from reports.study.checks.counts import Results
from reports.study.contents import Table, table


def results() -> Results:
    lines = of_rows(table("derived-17"))
    for row in table("table-17").rows:
        first, second = row.split("-")
        name, (x, y) = f"{first} - {second}", (lines[first], lines[second])
        yield "table-17", f"coefficient {name}", correlation(x, y)
        yield "table-17", f"p {name}", p_of_correlation(correlation(x, y), len(x))
        yield "table-17", f"coefficient {name} as captioned", kendall(x, y)
    for row in table("table-18").rows:
        first, second = row.split("-")
        r = correlation(lines[first], lines[second])
        yield "table-18", f"coefficient {first} - {second}", r
        yield "table-18", f"p {first} - {second}", p_of_correlation(r, len(lines[first]))


def of_rows(source: Table) -> dict[str, list[float]]:
    return {
        row: [float(value.number) for value in source.row_of(row).values() if value.number is not None]
        for row in source.rows
    }


def p_of_correlation(r: float, n: int) -> float:
    """Two-sided, for five observations: Student's distribution with three degrees of freedom has a closed form."""
    if n != 5:
        raise ValueError("the closed form is that of three degrees of freedom")
    t = abs(r) * math.sqrt((n - 2) / (1 - r * r))
    scaled = t / math.sqrt(3)
    below = 0.5 + (scaled / (1 + scaled * scaled) + math.atan(scaled)) / math.pi
    return 2 * (1 - below)


def kendall(x: Sequence[float], y: Sequence[float]) -> float:
    """Tau-b, which allows for ties."""
    pairs = [(i, j) for i in range(len(x)) for j in range(i)]
    signs = [(_sign(x[i] - x[j]), _sign(y[i] - y[j])) for i, j in pairs]
    agreement = sum(a * b for a, b in signs)
    untied_x, untied_y = sum(a != 0 for a, _ in signs), sum(b != 0 for _, b in signs)
    return agreement / math.sqrt(untied_x * untied_y)


def _sign(number: float) -> int:
    return (number > 0) - (number < 0)
