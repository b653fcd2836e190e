"""What /metrics exposes, by name and labels, and what expressions of dashboards and rules ask for."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from prometheus_client import REGISTRY
from prometheus_client.metrics import MetricWrapperBase

from monitoring.gauges import gauges

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
DASHBOARDS = sorted((DEPLOY / "grafana" / "dashboards").glob("*.json"))
RULES = sorted((DEPLOY / "prometheus" / "rules").glob("*.yml"))
OF_PROMETHEUS = {"up": (), "ALERTS": ("alertname", "alertstate", "severity")}
AGGREGATES = {"(", "by", "without"}  # what follows the name of a function
TARGET = {"job", "instance"}
WORDS = {"by", "on", "without", "ignoring", "group_left", "group_right", "and", "or", "unless", "bool", "offset"}
PARTS = re.compile(r'"(?:[^"\\]|\\.)*"|[A-Za-z_:][\w:]*|\d[\w.]*|\S')


def exposed() -> dict[str, tuple[str, ...]]:
    """Every metric with its labels, as the docs name it: a histogram without the endings of its parts."""
    found: dict[str, tuple[str, ...]] = {}
    for metric in set(REGISTRY._names_to_collectors.values()):
        if isinstance(metric, MetricWrapperBase) and metric._name.startswith("halyq_"):
            found[metric._name + ("_total" if metric._type == "counter" else "")] = metric._labelnames
    found |= {name: one.labels for name, one in gauges}
    about = {"halyq_figure_failed": ("figure",), "halyq_figure_seconds": ("figure",)}
    return found | about | {"halyq_info": ("python", "django")}


def series() -> dict[str, set[str]]:
    """The same as expressions name it."""
    found: dict[str, set[str]] = {}
    histograms = {
        metric._name
        for metric in set(REGISTRY._names_to_collectors.values())
        if isinstance(metric, MetricWrapperBase) and metric._type == "histogram"
    }
    for name, labels in (exposed() | OF_PROMETHEUS).items():
        endings = ("_bucket", "_sum", "_count") if name in histograms else ("",)
        for ending in endings:
            found[name + ending] = {*labels, *TARGET, *(["le"] if ending == "_bucket" else [])}
    return found


def expressions() -> Iterator[tuple[str, str]]:
    """Where it stands, and the expression."""
    for path in DASHBOARDS:
        for panel in json.loads(path.read_text())["panels"]:
            for target in panel["targets"]:
                yield f"{path.name}: {panel['title']}", target["expr"]
    for path in RULES:
        for group in yaml.safe_load(path.read_text())["groups"]:
            for rule in group["rules"]:
                yield f"{path.name}: {rule['alert']}", rule["expr"]


def selectors(expression: str) -> Iterator[tuple[str, dict[str, tuple[str, str]]]]:
    """Each metric an expression names, with its matchers: label -> (operator, value)."""
    parts = PARTS.findall(expression)
    depth, skip_until = 0, -1
    for place, part in enumerate(parts):
        following = parts[place + 1] if place + 1 < len(parts) else ""
        if place <= skip_until:
            continue
        if part in {"by", "on", "without", "ignoring", "group_left", "group_right"}:
            skip_until = parts.index(")", place)
        elif part == "{":
            depth += 1
        elif part == "}":
            depth -= 1
        elif part == "[":
            skip_until = parts.index("]", place)
        elif not depth and re.fullmatch(r"[A-Za-z_]\w*", part) and part not in WORDS and following not in AGGREGATES:
            yield part, _matchers(parts, place + 1)


def grouped(expression: str) -> set[str]:
    """Labels an expression groups by."""
    return {
        label.strip() for listed in re.findall(r"\b(?:by|on|without)\s*\(([^)]*)\)", expression)
        for label in listed.split(",") if label.strip()
    }  # fmt: skip


def _matchers(parts: list[str], place: int) -> dict[str, tuple[str, str]]:
    if place >= len(parts) or parts[place] != "{":
        return {}
    inside: Any = parts[place + 1 : parts.index("}", place)]
    text = "".join(inside)
    return {label: (sign, value) for label, sign, value in re.findall(r'(\w+)(=~|!~|!=|=)"([^"]*)"', text)}
