"""Running works at the same moment, and taking away what keeps them apart."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, connections
from django.db.models import QuerySet

from appeals import events

PATIENCE = 30


def together(works: Sequence[Callable[[], Any]]) -> list[Any]:
    """What each work gave, or the exception it ended with; all begin at the same moment on connections of their own."""
    barrier, results = threading.Barrier(len(works)), [None] * len(works)

    def run(place: int, work: Callable[[], Any]) -> None:
        try:
            barrier.wait(timeout=PATIENCE)
            results[place] = work()
        except Exception as failure:
            results[place] = failure
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=2 * PATIENCE)
    assert not any(thread.is_alive() for thread in threads), "they wait for each other"
    return results


def failures(results: Sequence[Any]) -> list[Exception]:
    return [result for result in results if isinstance(result, Exception)]


class Meeting:
    """A place where as many threads as are expected wait for each other; who comes later passes through."""

    def __init__(self, count: int = 2) -> None:
        self.barrier = threading.Barrier(count)

    def wait(self) -> None:
        with contextlib.suppress(threading.BrokenBarrierError):
            self.barrier.wait(timeout=3)


def without_row_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: `select_for_update` selects and locks nothing."""
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, *_, **__: rows.all())


def careless_record(monkeypatch: pytest.MonkeyPatch, count: int = 2) -> list[str]:
    """The control for steps: nobody locks, both have looked before either writes, and the chain refuses nothing.

    Gives the events that would have been written.
    """
    without_row_locks(monkeypatch)
    meeting, told = Meeting(count), []

    def record(appeal: Any, kind: str, *, changed: Sequence[str] = (), **_: Any) -> None:
        meeting.wait()
        type(appeal).objects.filter(pk=appeal.pk).update(**{name: getattr(appeal, name) for name in changed})
        told.append(str(kind))

    monkeypatch.setattr(events, "record", record)
    return told


@contextmanager
def without_constraint(table: str, name: str, definition: str) -> Iterator[None]:
    """The control for what the database itself forbids. Rows that break the rule go before it comes back."""
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {table} CASCADE")
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
