"""Figures of the connections: how many work, fail or are not set up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from catalogue import selectors
from catalogue.health import Health
from monitoring.gauges import gauge


@gauge("halyq_connections", "Connections to other systems, by health.", "state", seconds=30)
def connections() -> Mapping[str, float]:
    found = Counter(connection.health.value for connection in selectors.connections())
    return {health: float(found[health]) for health in Health.values}
