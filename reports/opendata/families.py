"""Which measures of the rollups stand or fall together when small cells are hidden: a count, and what divides it."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from reports.cells import NOTHING, Hidden, Line, hide_counts, hide_parts

Key = TypeVar("Key", bound=Hashable)
Counts = Mapping[str, int]


@dataclass(frozen=True)
class Family:
    """Partitions of a count. `-` takes a measure off another: answers that were checked and not formal."""

    base: str
    partitions: Sequence[Sequence[str]]
    also: Sequence[str] = ()  # measures that follow from these

    @property
    def measures(self) -> set[str]:
        named = {name for parts in self.partitions for part in parts for name in part.split("-")}
        return (named | set(self.also)) - {self.base}

    def line(self, counts: Counts) -> Line:
        return Line(
            counts.get(self.base, 0),
            [[_value(part, counts) for part in parts] for parts in self.partitions],
        )


def _value(part: str, counts: Counts) -> int:
    first, _minus, second = part.partition("-")
    return counts.get(first, 0) - (counts.get(second, 0) if second else 0)


FAMILIES = (
    Family("received", (("repeated",),)),
    # Deemed refusals follow from the regime and the terms that were not kept.
    Family("due", (("kept", "late", "not_done"), ("deemed_refusals",))),
    Family("due", (("extended",),)),
    Family("due", (("lapsed",),)),
    Family("done", (("forwarded", "withdrawn", "without_answer", "first_contact"),)),
    Family("answered", (("formal", "checked-formal"),)),
    Family("answered", (("solved", "partly", "not_solved"),), also=("judged",)),
    Family("answered", (("disputed",),)),
    # Of a dispute several reasons may be named: each is a partition of its own.
    Family("answered", (("disputed_incomplete", "disputed-disputed_incomplete"),)),
    Family("answered", (("disputed_not_specific", "disputed-disputed_not_specific"),)),
    Family("answered", (("disputed_late", "disputed-disputed_late"),)),
    Family("answered", (("disputed_other", "disputed-disputed_other"),)),
    Family("answered", (("disputed_unnamed", "disputed-disputed_unnamed"),)),
    Family("answered", (("mended",),)),
    Family("answered", (("rated",),), also=("rating_sum",)),
)
BASES = tuple(dict.fromkeys(family.base for family in FAMILIES))
KNOWN = frozenset(BASES).union(*(family.measures for family in FAMILIES))


@dataclass
class Veil:
    """What of a table is hidden: measures of keys; `whole` names the bases of which not even the keys are told."""

    of: dict[Hashable, set[str]] = field(default_factory=dict)
    whole: set[str] = field(default_factory=set)

    def hides(self, key: Hashable, measures: Sequence[str]) -> bool:
        """A measure that no family protects is never shown."""
        if not KNOWN.issuperset(measures):
            return True
        return bool(self.of.get(key, set()) & set(measures)) or any(self.is_whole(name) for name in measures)

    def is_whole(self, measure: str) -> bool:
        return measure in self.whole

    def add(self, keys: Sequence[Hashable], measures: set[str]) -> None:
        for key in keys:
            self.of.setdefault(key, set()).update(measures)


CITY = ""


def veil_city(counts: Counts) -> Veil:
    """The line of the whole city: nothing can be subtracted from it, so only what is small is hidden."""
    return veil({CITY: counts}, known=set())


def veil(table: Mapping[Key, Counts], *, known: set[str]) -> Veil:
    """What to hide of the keys of a dimension. `known` are the measures whose total is published."""
    found = Veil()
    for base in BASES:
        hidden = hide_counts({key: counts.get(base, 0) for key, counts in table.items()}, total_is_known=base in known)
        families = [family for family in FAMILIES if family.base == base]
        everything = {base}.union(*(family.measures for family in families))
        if hidden.all:
            found.whole |= everything
            continue
        found.add(list(hidden.keys), everything)
        for family in families:
            found.add(list(_parts(table, family, hidden, known).keys), family.measures)
    return found


def _parts(table: Mapping[Key, Counts], family: Family, hidden: Hidden, known: set[str]) -> Hidden:
    lines = {key: family.line(counts) for key, counts in table.items() if counts.get(family.base, 0)}
    if not lines:
        return NOTHING
    return hide_parts(
        lines,
        already=[key for key in lines if key in hidden.keys],
        totals_are_known=bool(family.measures & known),
    )


def known_of(veiled: Veil, key: Hashable = CITY) -> set[str]:
    """Measures that the line of a key shows."""
    return set(KNOWN) - veiled.of.get(key, set()) - veiled.whole
