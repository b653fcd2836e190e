"""Rank bodies by a share: what the whole city reaches on the same mix is compared with what each reached.

Methods and where they come from:

- Mix: indirect standardisation. What a body would have reached with the city's share in each topic is its expected
  share; it is placed by the difference between its own share and that one (N. E. Breslow and N. E. Day, Statistical
  Methods in Cancer Research II, IARC 1987, chapter 2; for institutions D. J. Spiegelhalter, Funnel plots for comparing
  institutional performance, Statistics in Medicine 24 (2005) 1185-1202). Where hardly anybody else has a body's topics
  the city's share in them is the body's own: then it is named and not placed.
- Two bodies: Newcombe's interval of the difference of their shares, moved by the expected difference; all pairs at once
  by Holm's procedure (`reports.intervals`).
- Places: 1 and how many are surely better, to how many are not surely worse; with pairs tested as above these ranges
  hold together with 95 % (M. Mogstad, J. P. Romano, A. M. Shaikh and D. Wilhelm, Inference for ranks with applications
  to mobility across neighbourhoods and academic achievement across countries, Review of Economic Studies 91 (2024)
  476-518).
- Groups: sets of bodies no two of which differ, by insert and absorb (H.-P. Piepho, An algorithm for a letter-based
  representation of all-pairwise comparisons, Journal of Computational and Graphical Statistics 13 (2004) 456-466).
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from reports.intervals import LEVEL, Counts, Interval, holm, of_difference, probability, wilson

MINIMUM = 30  # below it a body is not placed
SHARED = 0.2  # of a topic others must have so much that the city's share in it says something about them
COMPARABLE = 0.5  # so much of its cases must be in such topics, or the body would be compared with itself
Cells = Mapping[Hashable, Counts]


@dataclass(frozen=True)
class Standing:
    """A body as the ranking shows it. `expected` is the share the city reaches on the mix of this body."""

    key: int
    counts: Counts
    expected: float
    best: int = 0  # the places it may have
    worst: int = 0
    groups: tuple[int, ...] = ()

    @property
    def interval(self) -> Interval:
        return wilson(self.counts.part, self.counts.whole)

    @property
    def difference(self) -> float:
        """In how much it differs from the city on the same mix."""
        return self.counts.share - self.expected


@dataclass(frozen=True)
class Pair:
    """Two bodies: the difference that the mix does not explain, its interval, and how likely chance makes it."""

    one: int
    other: int
    difference: float
    interval: Interval
    chance: float  # of this pair alone
    chance_among_all: float = 1.0  # by Holm, among all pairs of the ranking

    @property
    def is_different(self) -> bool:
        return self.chance_among_all < 1 - LEVEL

    @property
    def is_different_alone(self) -> bool:
        return self.chance < 1 - LEVEL


@dataclass(frozen=True)
class Ranking:
    """Best first; `few` have too few cases to be placed, `unlike` have topics that hardly anybody else has."""

    placed: tuple[Standing, ...]
    few: tuple[Standing, ...]
    unlike: tuple[Standing, ...]
    city: Counts
    pairs: Mapping[frozenset[int], Pair]

    def pair(self, one: int, other: int) -> Pair | None:
        """Seen from the first of the two."""
        found = self.pairs.get(frozenset((one, other)))
        if found is None or found.one == one:
            return found
        turned = Interval(-found.interval.high, -found.interval.low)
        return replace(found, one=one, other=other, difference=-found.difference, interval=turned)

    def standing(self, key: int) -> Standing | None:
        return next((row for row in (*self.placed, *self.few, *self.unlike) if row.key == key), None)


def together(cells: Cells) -> Counts:
    total = Counts(0, 0)
    for counts in cells.values():
        total = total.plus(counts)
    return total


def reference(bodies: Mapping[int, Cells]) -> dict[Hashable, Counts]:
    """The whole city by part of the mix."""
    found: dict[Hashable, Counts] = {}
    for cells in bodies.values():
        for part, counts in cells.items():
            found[part] = found.get(part, Counts(0, 0)).plus(counts)
    return found


def expected_share(cells: Cells, city: Cells) -> float:
    """The share that the city's own shares give on this body's mix."""
    whole = sum(counts.whole for counts in cells.values())
    return sum(counts.whole * city[part].share for part, counts in cells.items()) / whole if whole else 0.0


def shared_part(cells: Cells, city: Cells) -> float:
    """How much of a body's cases is in topics of which others have enough."""
    whole = sum(counts.whole for counts in cells.values())
    shared = sum(
        counts.whole for part, counts in cells.items() if city[part].whole - counts.whole >= SHARED * city[part].whole
    )
    return shared / whole if whole else 0.0


def rank(
    bodies: Mapping[int, Cells], *, more_is_better: bool, minimum: int = MINIMUM, city: Cells | None = None
) -> Ranking:
    """Place the bodies; ties keep the order of their keys. `city` has what others do as well, who are not ranked."""
    city = reference(bodies) if city is None else city
    rows = [Standing(key, together(cells), expected_share(cells, city)) for key, cells in sorted(bodies.items())]
    sign = -1 if more_is_better else 1
    enough = [row for row in rows if row.counts.whole >= minimum]
    has_mix = len(city) > 1
    unlike = [row for row in enough if has_mix and shared_part(bodies[row.key], city) < COMPARABLE]
    placed = sorted((row for row in enough if row not in unlike), key=lambda row: sign * row.difference)
    pairs = compare_all(placed)
    places = {row.key: _places(row, placed, pairs, more_is_better) for row in placed}
    groups = _groups([row.key for row in placed], [key for key, pair in pairs.items() if pair.is_different])
    placed = [replace(row, best=places[row.key][0], worst=places[row.key][1], groups=groups[row.key]) for row in placed]
    return Ranking(
        tuple(placed),
        tuple(row for row in rows if 0 < row.counts.whole < minimum),
        tuple(unlike),
        together(city),
        pairs,
    )


def compare(one: Standing, other: Standing) -> Pair:
    """What is left of the difference when both are compared with the city on their own mix."""
    explained = one.expected - other.expected
    raw = of_difference(one.counts, other.counts)
    return Pair(
        one.key, other.key, one.difference - other.difference, Interval(raw.low - explained, raw.high - explained),
        probability(one.counts, other.counts, explained),
    )  # fmt: skip


def compare_all(rows: Sequence[Standing]) -> dict[frozenset[int], Pair]:
    found = [compare(one, other) for one, other in combinations(rows, 2)]
    adjusted = holm([pair.chance for pair in found])
    return {
        frozenset((pair.one, pair.other)): replace(pair, chance_among_all=chance)
        for pair, chance in zip(found, adjusted, strict=True)
    }


def _places(
    row: Standing, rows: Sequence[Standing], pairs: Mapping[frozenset[int], Pair], more_is_better: bool
) -> tuple[int, int]:
    surely = [other for other in rows if other != row and pairs[frozenset((row.key, other.key))].is_different]
    better = sum((other.difference > row.difference) is more_is_better for other in surely)
    return better + 1, len(rows) - (len(surely) - better)


def _groups(keys: Sequence[int], different: Sequence[frozenset[int]]) -> dict[int, tuple[int, ...]]:
    """The numbers of the groups each belongs to; no two of a group differ, and whoever does not differ shares one."""
    sets = [frozenset(keys)]
    for pair in different:
        split: list[frozenset[int]] = []
        for part in sets:
            split += [part - {key} for key in pair] if pair <= part else [part]
        sets = [part for part in dict.fromkeys(split) if not any(part < other for other in split)]
    order = {key: place for place, key in enumerate(keys)}
    sets.sort(key=lambda part: sorted(order[key] for key in part))
    return {key: tuple(number for number, part in enumerate(sets, start=1) if key in part) for key in keys}
