"""Figures that are read from tables and servers when somebody asks. Every app announces its own when it is ready.

    @gauge("halyq_letters_waiting", "Letters nobody has sent yet.", "way")
    def letters_waiting() -> Mapping[str, float]:
        return dict(Letter.objects.filter(...).values_list("way").annotate(Count("pk")))

A figure is a number, or numbers by label. It has to come from an index: see `docs/monitoring.md`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from common.registry import Registry

Found = float | None | Mapping[str, float] | Mapping[tuple[str, ...], float]
Read = Callable[[], Found]

NAME = re.compile(r"halyq_[a-z][a-z0-9_]*[a-z0-9]")
SECONDS = 10  # how long a figure is good for: less than the time between two scrapes
MOST_SAMPLES = 100  # more than so many values of a label are a mistake
MOST_COUNTED = 100_000  # a figure need not be exact when it is alarming anyhow


@dataclass(frozen=True)
class Gauge:
    """One figure: how it is called and read, and how many seconds a value may be given out again."""

    name: str
    help: str
    labels: tuple[str, ...]
    read: Read
    seconds: int
    from_database: bool

    @property
    def is_counter(self) -> bool:
        return self.name.endswith("_total")


gauges: Registry[Gauge] = Registry("gauge")


def gauge(
    name: str, help_text: str, *labels: str, seconds: int = SECONDS, from_database: bool = True
) -> Callable[[Read], Read]:
    """Announce the decorated function as the source of a figure; with labels it returns a mapping by their values.

    `from_database=False`: it asks another server, and is read even while the database is gone.
    """
    if not NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no name of a figure of the hub")

    def keep(read: Read) -> Read:
        gauges.register(name)(Gauge(name, help_text, labels, read, seconds, from_database))
        return read

    return keep


def samples(found: Found, labels: tuple[str, ...]) -> dict[tuple[str, ...], float]:
    """What a source returned, by the values of all labels; refuses what does not fit the announcement."""
    if found is None:
        return {}
    given: Mapping[Any, float] = found if isinstance(found, Mapping) else {(): found}
    rows = {key if isinstance(key, tuple) else (key,): float(value) for key, value in given.items()}
    if any(len(key) != len(labels) for key in rows):
        raise ValueError(f"values for the labels {labels} are wanted")
    if len(rows) > MOST_SAMPLES:
        raise ValueError(f"more than {MOST_SAMPLES} values of the labels {labels}")
    return {tuple(str(part) for part in key): value for key, value in rows.items()}
