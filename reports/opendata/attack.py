"""Try to find people in what is released, as somebody would who knows what the public pages tell. Pure rules.

`singled_out` must be none: whoever looks for an appeal is left with at least K that fit all he knows. `inferred` says
how often all that fit agree in something he did not know: he learns it without finding the row. `guessed` says how
often he is right when he trusts the closest rows; compare it with a guess made blindly. `told_by_the_group` must be
none: nobody has to be found where all who are like him share what is sensitive. `recovered` are hidden cells of a
table that follow from its totals.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from reports.cells import K
from reports.opendata.dataset import Row as Line
from reports.opendata.deidentification import (
    ANY,
    COLUMNS,
    PLACE,
    PUBLIC_LIST,
    SENSITIVE,
    Row,
    all_alike,
    quarter_of,
)

# A neighbour knows what the public list tells, and how it was filed, and by whom.
NEIGHBOUR = tuple(column for column in COLUMNS if column != "verdict")
ATTACKERS: Mapping[str, Sequence[str]] = {"public list": PUBLIC_LIST, "neighbour": NEIGHBOUR, "everything": COLUMNS}


@dataclass
class Found:
    """What one attacker got of the appeals he looked for."""

    looked_for: int = 0
    singled_out: int = 0  # fewer than K fit
    fewest: int = 0  # that fit one of them
    inferred: dict[str, int] = field(default_factory=dict)
    guessed: dict[str, int] = field(default_factory=dict)  # rightly, from the rows that fit closest

    def share(self, count: int) -> float:
        return count / self.looked_for if self.looked_for else 0.0


def attack(released: Mapping[Row, int], targets: Mapping[Row, int], known: Sequence[str]) -> Found:
    """Look for each target by what is known of it. Targets that were left out of the release are not in it to find."""
    found = Found()
    unknown = [column for column in COLUMNS if column not in known]
    for told, behind in _by_known(targets, known).items():
        count = sum(behind.values())
        fits = [row for row in released if _may_be(row, told, known)]
        if not fits:
            continue
        alike = sum(released[row] for row in fits)
        found.looked_for += count
        found.fewest = min(found.fewest or alike, alike)
        found.singled_out += count if alike < K else 0
        for column in unknown:
            values = {row[PLACE[column]] for row in fits}
            if len(values) == 1 and ANY not in values:
                found.inferred[column] = found.inferred.get(column, 0) + count
            guess = _guess(released, fits, column, known)
            right = sum(number for row, number in behind.items() if row[PLACE[column]] == guess)
            found.guessed[column] = found.guessed.get(column, 0) + right
    return found


def told_by_the_group(released: Mapping[Row, int]) -> dict[str, int]:
    """Appeals by the sensitive column that their row tells, since everybody who is like them has the same in it.

    Where K are alike nobody is found, and yet all of them are told (Machanavajjhala et al. 2007, l-diversity, l = 2).
    """
    return {rule.column: sum(released[row] for row in all_alike(released, rule)) for rule in SENSITIVE}


def best_blind_guess(targets: Mapping[Row, int], column: str) -> float:
    """How often the most frequent value is right: what guessing is worth without any release."""
    values: Counter[str] = Counter()
    for row, count in targets.items():
        values[row[PLACE[column]]] += count
    return max(values.values()) / values.total() if values else 0.0


def _guess(released: Mapping[Row, int], fits: Sequence[Row], column: str, known: Sequence[str]) -> str:
    """The most frequent value among the rows that tell most of what is known: where a method leaks, it leaks here."""
    untold = {row: sum(row[PLACE[name]] == ANY for name in known) for row in fits}
    values: Counter[str] = Counter()
    for row in fits:
        if untold[row] == min(untold.values()) and row[PLACE[column]] != ANY:
            values[row[PLACE[column]]] += released[row]
    return max(values, key=lambda value: (values[value], value)) if values else ""


def _by_known(targets: Mapping[Row, int], known: Sequence[str]) -> Mapping[tuple[str, ...], Counter[Row]]:
    told: dict[tuple[str, ...], Counter[Row]] = defaultdict(Counter)
    for row, count in targets.items():
        told[tuple(row[PLACE[column]] for column in known)][row] += count
    return told


def _may_be(row: Row, told: tuple[str, ...], known: Sequence[str]) -> bool:
    """Whether a released row may be about what is known: equal, coarser or untold in each column."""
    return all(
        released in (ANY, value) or (column == "period" and released == quarter_of(value))
        for column, value in zip(known, told, strict=True)
        for released in (row[PLACE[column]],)
    )


def recovered(lines: Iterable[Line], parents: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """(month, dimension, metric) of small counts that subtraction tells: one hidden key under a total that is shown.

    `parents` gives the sector of each topic: topics are subtracted from their sector.
    """
    tables: dict[tuple[str, str, str, str], dict[str, int | None]] = defaultdict(dict)
    totals: dict[tuple[str, str, str, str], int] = {}
    for line in lines:
        month, dimension, metric = str(line["month"]), str(line["dimension"]), str(line["metric"])
        count = line["numerator"] if isinstance(line["numerator"], int) else None
        key = str(line["key"])
        group = parents.get(key, "none") if dimension == "topic" else ""
        if dimension == "city":
            totals |= {(month, "", "", metric): count} if count is not None else {}
            continue
        if dimension == "sector" and count is not None:
            totals[month, "topic", key, metric] = count
        tables[month, dimension, group, metric][key] = count
    found = []
    for (month, dimension, group, metric), table in tables.items():
        total = totals.get((month, "topic", group, metric) if dimension == "topic" else (month, "", "", metric))
        hidden = [key for key, count in table.items() if count is None]
        if total is not None and len(hidden) == 1:
            rest = total - sum(count for count in table.values() if count is not None)
            if 0 < rest < K:
                found.append((month, dimension, metric))
    return found
