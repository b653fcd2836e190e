"""Which cells of a table of counts stay hidden: small ones, and others so that nobody can subtract. Pure rules.

Two shapes are protected. A list of counts whose total is known; and counts beside the parts that make them up (terms:
kept, late, not done), where the total of each part is known, too. Whoever subtracts all that is published is left with
a range; the rules go on hiding until the range of every small cell is wide enough.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from reports.opendata.deidentification import K

Key = TypeVar("Key", bound=Hashable)


def is_small(count: int) -> bool:
    """Nothing is not small: where nobody is, nobody is found."""
    return 0 < count < K


@dataclass(frozen=True)
class Hidden:
    """The keys whose cells are not shown. `all`: not even which keys have any."""

    keys: frozenset[Hashable]
    all: bool = False

    def __contains__(self, key: object) -> bool:
        return self.all or key in self.keys


NOTHING = Hidden(frozenset())


def hide_counts(counts: Mapping[Key, int], *, total_is_known: bool = True) -> Hidden:
    """Small counts, and the smallest of the others until nobody who knows the total learns a small one."""
    small = {key for key, count in counts.items() if is_small(count)}
    if not small:
        return NOTHING
    if not total_is_known:
        return Hidden(frozenset(small))
    others = sorted((count, place, key) for place, (key, count) in enumerate(counts.items()) if count >= K)
    chosen: set[Key] = set(small)
    total = sum(counts[key] for key in small)
    for added in range(len(others) + 1):
        if _is_open(total, len(small), added):
            return Hidden(frozenset(chosen))
        if added < len(others):
            total += others[added][0]
            chosen.add(others[added][2])
    return Hidden(frozenset(counts), all=True)


def _is_open(total: int, small: int, others: int) -> bool:
    """Whether each small cell may still be anything from 1 to K - 1, even for someone who knows which are small."""
    highest = total - (small - 1) - K * others
    lowest = 1 if others else total - (K - 1) * (small - 1)
    return lowest <= 1 and highest >= K - 1


@dataclass(frozen=True)
class Line:
    """One key of a table: a count, and partitions of it. What a partition does not name is its rest."""

    base: int
    partitions: Sequence[Sequence[int]]

    def cells(self) -> Iterable[tuple[int, int, int]]:
        """Partition, part (the rest is the last) and count."""
        for number, parts in enumerate(self.partitions):
            for place, count in enumerate((*parts, self.base - sum(parts))):
                yield number, place, count

    @property
    def is_small(self) -> bool:
        return any(is_small(count) for _number, _place, count in self.cells())


def hide_parts(lines: Mapping[Key, Line], *, already: Iterable[Key] = (), totals_are_known: bool = True) -> Hidden:
    """Lines whose parts stay hidden: those with a small part, those hidden `already`, and others that cover them.

    The counts themselves are taken as known, which only helps whoever subtracts.
    """
    chosen = {key for key, line in lines.items() if line.is_small} | set(already)
    if not chosen or not totals_are_known:
        return Hidden(frozenset(chosen))
    others = sorted(
        (line.base, place, key) for place, (key, line) in enumerate(lines.items()) if key not in chosen and line.base
    )
    for _base, _place, key in others:
        if all(width >= K - 1 for width in _widths(lines, chosen)):
            break
        chosen.add(key)
    return Hidden(frozenset(chosen))


def _widths(lines: Mapping[Key, Line], chosen: set[Key]) -> Iterable[int]:
    """How far apart the bounds of each small cell are, with the sums of rows and columns known (Fréchet's bounds)."""
    hidden = [lines[key] for key in chosen if key in lines]
    total = sum(line.base for line in hidden)
    columns: dict[tuple[int, int], int] = {}
    for line in hidden:
        for number, place, count in line.cells():
            columns[number, place] = columns.get((number, place), 0) + count
    for line in hidden:
        for number, place, count in line.cells():
            if is_small(count):
                low, high = bounds(line.base, columns[number, place], total)
                yield high - low


def bounds(row: int, column: int, total: int) -> tuple[int, int]:
    """The least and the most that a cell can be when its row, its column and the whole are known."""
    return max(0, row + column - total), min(row, column)
