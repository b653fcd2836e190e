"""The metric dictionary: every figure of the hub, defined once. Pages, exports, the API and reports read only this."""

from reports.dictionary.entries import METRICS
from reports.dictionary.metric import Basis, Kind, Metric, Tendency, Unit

__all__ = ["METRICS", "Basis", "Kind", "Metric", "Tendency", "Unit", "metric", "metrics"]


def metrics() -> tuple[Metric, ...]:
    """All of them, in the order in which the page lists them."""
    return tuple(METRICS.values())


def metric(key: str) -> Metric:
    """Raises KeyError for a figure that the dictionary does not have."""
    return METRICS[key]
