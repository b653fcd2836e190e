"""Named plug-ins: a place where channels, checks, reports and transports announce themselves by slug."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class Registry(Generic[T]):
    """A dictionary that refuses two entries of one name and says what it holds when a name is unknown."""

    def __init__(self, what: str) -> None:
        self.what = what
        self._entries: dict[str, T] = {}

    def register(self, slug: str) -> Callable[[T], T]:
        def keep(entry: T) -> T:
            if slug in self._entries:
                raise ValueError(f"{self.what} {slug!r} is registered twice")
            self._entries[slug] = entry
            return entry

        return keep

    def get(self, slug: str) -> T:
        try:
            return self._entries[slug]
        except KeyError:
            raise KeyError(f"no {self.what} {slug!r}; known: {', '.join(sorted(self._entries))}") from None

    def __contains__(self, slug: object) -> bool:
        return slug in self._entries

    def __iter__(self) -> Iterator[tuple[str, T]]:
        return iter(sorted(self._entries.items()))
