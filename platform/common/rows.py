"""Small reference tables kept in the process for a few seconds, so that the hot path does not read them each time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from common import realm

T = TypeVar("T")

SECONDS = 5.0
MOST_REALMS = 50  # beside the real world
_all: list[CachedRows[Any]] = []


class CachedRows(Generic[T]):
    """The value of `load()`, at most `SECONDS` (or `seconds`) old. An edit is seen by every process within that time.

    Whatever must be exact after an edit waits longer than that before it acts (see the calendar's recalculation).
    """

    def __init__(self, load: Callable[[], T], *, seconds: float | None = None) -> None:
        self._load = load
        self._seconds = seconds
        self._kept: dict[str, tuple[T, float]] = {}
        _all.append(self)

    def __call__(self) -> T:
        now, world = time.monotonic(), realm.name()
        kept = self._kept.get(world)  # another thread may forget it at any moment
        if kept is not None and now < kept[1]:
            return kept[0]
        value = self._load()
        if len(self._kept) > MOST_REALMS:
            self._kept.clear()
        self._kept[world] = (value, now + (SECONDS if self._seconds is None else self._seconds))
        return value

    def __deepcopy__(self, _memo: dict[int, Any]) -> CachedRows[T]:
        """There is one cache: fields of serializers are copied for each use, with everything they were given."""
        return self

    def clear(self) -> None:
        self._kept.clear()


def forget_rows(*_: object, **__: object) -> None:
    """Drop every kept table of this process; a signal receiver and a test fixture."""
    for rows in _all:
        rows.clear()
