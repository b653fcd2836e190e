"""The metric dictionary: every figure of the hub, defined once. Pages, exports, the API and reports read only this.

Most figures are made of the rollups (`METRICS`, `metric`); some come from elsewhere and are asked for there. Whoever
wants the words of any figure takes `entry`.
"""

from collections.abc import Mapping

from reports.dictionary.elsewhere import ELSEWHERE
from reports.dictionary.entries import METRICS
from reports.dictionary.metric import Basis, Kind, Metric, Place, Tendency, Unit

__all__ = [
    "ELSEWHERE", "ENTRIES", "METRICS", "Basis", "Kind", "Metric", "Place", "Tendency", "Unit", "entries", "entry",
    "metric", "metrics",
]  # fmt: skip

ENTRIES: Mapping[str, Metric] = {**METRICS, **ELSEWHERE}


def metrics() -> tuple[Metric, ...]:
    """Those made of the rollups, in the order in which the page lists them."""
    return tuple(METRICS.values())


def metric(key: str) -> Metric:
    """Raises KeyError for a figure that the rollups do not give."""
    return METRICS[key]


def entries() -> tuple[Metric, ...]:
    """All figures of the dictionary."""
    return tuple(ENTRIES.values())


def entry(key: str) -> Metric:
    """Raises KeyError for a figure that the dictionary does not have."""
    return ENTRIES[key]
