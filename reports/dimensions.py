"""Along what figures are told apart: the dimensions, and the scopes that are kept ready for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations


@dataclass(frozen=True)
class Dimension:
    """A property of an appeal; `column` is the same in facts and rollups. Keys are numbers of rows or words."""

    slug: str
    column: str
    bit: int

    @property
    def is_number(self) -> bool:
        return self.column.endswith("_id")

    @property
    def nothing(self) -> str:
        """What stands where it is not given, and in scopes that do not tell it apart."""
        return "0" if self.is_number else "''"


DIMENSIONS: Mapping[str, Dimension] = {
    dimension.slug: dimension
    for dimension in (
        Dimension("area", "area_id", 1),
        Dimension("sector", "sector_id", 2),
        Dimension("topic", "topic_id", 4),
        Dimension("channel", "channel", 8),
        Dimension("category", "category", 16),
        Dimension("applicant", "applicant", 32),
        Dimension("regime", "regime", 64),
        Dimension("department", "department_id", 128),
        Dimension("executor", "executor_id", 256),
    )
}
# By which everybody may filter and break down. Figures of single officials are for the staff.
PUBLIC = ("area", "sector", "topic", "channel", "category", "applicant", "regime", "department")

# A topic belongs to one sector: with the topic told apart the sector adds nothing.
_NO_PAIRS = {frozenset(("sector", "topic"))}
SINGLE = tuple((slug,) for slug in PUBLIC)
PAIRS = tuple(pair for pair in combinations(PUBLIC, 2) if frozenset(pair) not in _NO_PAIRS)
SCOPES: tuple[tuple[str, ...], ...] = ((), *SINGLE, *PAIRS, ("department", "executor"))


def mask(slugs: Iterable[str]) -> int:
    """The number by which a scope is stored."""
    return sum(DIMENSIONS[slug].bit for slug in set(slugs))


_READY = {mask(scope) for scope in SCOPES}


def is_ready(slugs: Iterable[str]) -> bool:
    """Whether a rollup of just these dimensions is kept for each day."""
    return mask(slugs) in _READY
