"""Small reference tables kept in the process for a few seconds, so that the hot path does not read them each time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Generic, TypeVar

T = TypeVar("T")

SECONDS = 5.0
_all: list[CachedRows[Any]] = []


class CachedRows(Generic[T]):
    """The value of `load()`, at most `SECONDS` (or `seconds`) old. An edit is seen by every process within that time.

    Whatever must be exact after an edit waits longer than that before it acts (see the calendar's recalculation).
    """

    def __init__(self, load: Callable[[], T], *, seconds: float | None = None) -> None:
        self._load = load
        self._seconds = seconds
        self._value: T | None = None
        self._until = 0.0
        _all.append(self)

    def __call__(self) -> T:
        now = time.monotonic()
        value = self._value  # another thread may forget it at any moment
        if value is None or now >= self._until:
            value = self._value = self._load()
            self._until = now + (SECONDS if self._seconds is None else self._seconds)
        return value

    def clear(self) -> None:
        self._value = None


def forget_rows(*_: object, **__: object) -> None:
    """Drop every kept table of this process; a signal receiver and a test fixture."""
    for rows in _all:
        rows.clear()
