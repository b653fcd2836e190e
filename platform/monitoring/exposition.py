"""Everything Prometheus is told, as text: what the processes of this machine counted, and the announced figures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from platform import python_version

from django import get_version
from django.conf import settings
from prometheus_client import REGISTRY, CollectorRegistry, generate_latest, multiprocess
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from monitoring import ended
from monitoring.gauges import Gauge, gauges
from monitoring.reading import Reading, Readings, read_all

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class FigureCollector(Collector):
    """The announced figures, and how reading them went."""

    def __init__(self, readings: Readings) -> None:
        self._readings = readings

    def collect(self) -> Iterable[Metric]:
        yield from (_family(one, self._readings[name]) for name, one in gauges)
        yield from _about(self._readings)


def text(*, with_figures: bool = True) -> bytes:
    """A worker tells only what it counted itself: the figures are the same wherever they are read."""
    found = _counted(Path(settings.METRICS_FOLDER)) if settings.METRICS_FOLDER else generate_latest(REGISTRY)
    if not with_figures:
        return found
    figures = CollectorRegistry(auto_describe=False)
    figures.register(FigureCollector(read_all()))
    return found + generate_latest(figures)


def _counted(folder: Path) -> bytes:
    """What all processes of this server have counted, also those that ended."""
    counted = CollectorRegistry()
    multiprocess.MultiProcessCollector(counted, str(folder))  # type: ignore[no-untyped-call]
    with ended.held(folder):
        return generate_latest(counted)


def _family(one: Gauge, reading: Reading) -> Metric:
    made = CounterMetricFamily if one.is_counter else GaugeMetricFamily
    family = made(one.name, one.help, labels=one.labels)
    for labels, value in sorted((reading.samples or {}).items()):
        family.add_metric(labels, value)
    return family


def _about(readings: Readings) -> Iterator[Metric]:
    failed = GaugeMetricFamily("halyq_figure_failed", "1 for a figure that could not be read.", labels=["figure"])
    took = GaugeMetricFamily("halyq_figure_seconds", "How long reading a figure took.", labels=["figure"])
    for name, reading in sorted(readings.items()):
        failed.add_metric([name], float(reading.samples is None))
        took.add_metric([name], reading.took)
    info = GaugeMetricFamily("halyq_info", "Versions, as labels; always 1.", labels=["python", "django"])
    info.add_metric([python_version(), get_version()], 1)
    return iter((failed, took, info))
