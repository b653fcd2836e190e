"""Reads /metrics as Prometheus does."""

from __future__ import annotations

from typing import Any

from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from monitoring import reading

TOKEN = "a-token-of-the-tests-that-is-long-enough"
Figures = dict[str, dict[tuple[tuple[str, str], ...], float]]


def scrape(client: Client | None = None, **headers: str) -> Figures:
    """Every sample by its name and labels, true now."""
    reading.forget()
    answer: Any = (client or Client()).get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"} | headers)
    assert answer.status_code == 200, answer.content
    return parse(answer.content.decode())


def parse(text: str) -> Figures:
    found: Figures = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            found.setdefault(sample.name, {})[tuple(sorted(sample.labels.items()))] = sample.value
    return found


def value(figures: Figures, name: str, **labels: str) -> float:
    """One sample; nought when it was never counted."""
    return figures.get(name, {}).get(tuple(sorted(labels.items())), 0.0)
