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


def scope_of(slugs: Iterable[str]) -> tuple[str, ...]:
    """The dimensions of the scope that tells these apart, in their order.

    A topic belongs to one sector, so every scope of topics tells their sectors as well and has hardly more rows for it.
    """
    told = set(slugs)
    return tuple(slug for slug in DIMENSIONS if slug in told or (slug == "sector" and "topic" in told))


SINGLE = tuple(scope_of([slug]) for slug in PUBLIC)
PAIRS = tuple(scope_of(pair) for pair in combinations(PUBLIC, 2))
SCOPES: tuple[tuple[str, ...], ...] = tuple(dict.fromkeys(((), *SINGLE, *PAIRS, ("department", "executor"))))


def mask(slugs: Iterable[str]) -> int:
    """The number by which the scope that tells these apart is stored."""
    return sum(DIMENSIONS[slug].bit for slug in scope_of(slugs))


_READY = {mask(scope) for scope in SCOPES}


def is_ready(slugs: Iterable[str]) -> bool:
    """Whether a rollup that tells just these dimensions apart is kept for each day."""
    return mask(slugs) in _READY
