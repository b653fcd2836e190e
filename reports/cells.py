"""Which cells of a table of counts stay hidden: small ones, and others so that nobody can subtract. Pure rules.

Two shapes are protected. A list of counts whose total is known; and counts beside the parts that make them up (terms:
kept, late, not done), where the total of each part is known, too. Whoever subtracts all that is published is left with
a range; the rules go on hiding until the range of every small cell is wide enough.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

K = 5  # of fewer nobody is told; the figures take it from an editable row (`reports.disclosure`)
Key = TypeVar("Key", bound=Hashable)
Row = TypeVar("Row", bound=Hashable)
Column = TypeVar("Column", bound=Hashable)


def is_small(count: int, fewest: int = K) -> bool:
    """Nothing is not small: where nobody is, nobody is found."""
    return 0 < count < fewest


@dataclass(frozen=True)
class Hidden:
    """The keys whose cells are not shown. `all`: not even which keys have any."""

    keys: frozenset[Hashable]
    all: bool = False

    def __contains__(self, key: object) -> bool:
        return self.all or key in self.keys


NOTHING = Hidden(frozenset())


def hide_counts(counts: Mapping[Key, int], *, total_is_known: bool = True, fewest: int = K) -> Hidden:
    """Small counts, and the smallest of the others until nobody who knows the total learns a small one."""
    small = {key for key, count in counts.items() if is_small(count, fewest)}
    if not small:
        return NOTHING
    if not total_is_known:
        return Hidden(frozenset(small))
    others = sorted((count, place, key) for place, (key, count) in enumerate(counts.items()) if count >= fewest)
    chosen: set[Key] = set(small)
    total = sum(counts[key] for key in small)
    for added in range(len(others) + 1):
        if _is_open(total, len(small), added, fewest):
            return Hidden(frozenset(chosen))
        if added < len(others):
            total += others[added][0]
            chosen.add(others[added][2])
    return Hidden(frozenset(counts), all=True)


def _is_open(total: int, small: int, others: int, fewest: int) -> bool:
    """Whether each small cell may still be anything below the fewest, even for someone who knows which are small."""
    highest = total - (small - 1) - fewest * others
    lowest = 1 if others else total - (fewest - 1) * (small - 1)
    return lowest <= 1 and highest >= fewest - 1


def hide_pairs(counts: Mapping[tuple[Row, Column], int], *, fewest: int = K) -> frozenset[tuple[Row, Column]]:
    """Cells of a table of two dimensions whose rows and columns are known, too: every line is a list for itself.

    A cell that one line hides may be all that is hidden in the other, so lines are looked at until none asks for more.
    Each line for itself is safe; what several lines together tell is not computed (that is an integer programme).
    """
    lines: dict[tuple[int, Hashable], dict[tuple[Row, Column], int]] = {}
    for key, count in counts.items():
        for side, name in enumerate(key):
            lines.setdefault((side, name), {})[key] = count
    hidden: set[tuple[Row, Column]] = set()
    waiting = set(lines)
    while waiting:
        line = lines[waiting.pop()]
        more = _with_cover(line, hidden & line.keys(), fewest) - hidden
        hidden |= more
        waiting |= {(side, name) for key in more for side, name in enumerate(key)}
    return frozenset(hidden)


def _with_cover(line: Mapping[Key, int], hidden: set[Key], fewest: int) -> set[Key]:
    """The small cells of a line, those hidden already, and the smallest others that are needed to cover the small."""
    small = {key for key, count in line.items() if is_small(count, fewest)}
    chosen = small | hidden
    total = sum(line[key] for key in chosen)
    others = sorted(
        (count, place, key) for place, (key, count) in enumerate(line.items()) if count >= fewest and key not in chosen
    )
    for count, _place, key in others:
        is_open = not small or _is_open(total, len(small), len(chosen) - len(small), fewest)
        if is_open and len(chosen) != 1:  # a single hidden cell is the rest of its line, and would cover nothing
            break
        chosen.add(key)
        total += count
    return chosen


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
