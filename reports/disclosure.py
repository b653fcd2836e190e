"""Which figures everybody may see: none about one to four appeals, wherever something tells these apart from others.

A figure is about a group: late terms about the terms that ended, disputed answers about the answers. The group is what
must not be small; its outcomes are told, for they are what the hub is to be measured by. Without a filter and without a
breakdown the group is the whole city, and its figures are exact.

Within one answer a hidden group cannot be had by subtracting: others are hidden with it. Whoever puts many answers
together (other periods, other filters) can still narrow it down; what protects people then is that the statistics know
neither names nor texts nor addresses.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from common.rows import CachedRows
from reports import sources
from reports.cells import K, hide_counts, hide_pairs, is_small
from reports.models import DisclosureRule

Counts = Mapping[Any, int]


def _load() -> int:
    return DisclosureRule.objects.order_by("pk").values_list("fewest", flat=True).first() or K


fewest = CachedRows(_load)


def hidden(counts: Counts, dimensions: Sequence[str] = (), *, adds_up: bool = True) -> frozenset[Any]:
    """The keys of groups that are not shown, of an answer told apart by these dimensions, or over time by none.

    `adds_up` says whether the groups make up one that is known; states at different times do not.
    """
    least = fewest()
    if len(dimensions) == 2:
        return hide_pairs(counts, fewest=least)
    found: set[Any] = set()
    for part in _by_sector(counts) if tuple(dimensions) == ("topic",) else [counts]:
        hides = hide_counts(part, total_is_known=adds_up, fewest=least)
        found |= {key for key in part if key in hides}
    return frozenset(found)


def _by_sector(counts: Counts) -> Sequence[Counts]:
    """Topics add up to their sector."""
    parents = {choice.key: choice.parent for choice in sources.choices("topic")}
    parts: dict[Any, dict[Any, int]] = {}
    for key, count in counts.items():
        parts.setdefault(parents.get(key), {})[key] = count
    return list(parts.values())


def is_too_few_for_percentiles(answers: int) -> bool:
    """Of so few answers a percentile tells how long a single one took."""
    least = fewest()
    return least > 1 and is_small(answers, 2 * least)
