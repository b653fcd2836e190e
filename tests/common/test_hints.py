"""Hints of a web process are gathered by a thread of its own."""

from __future__ import annotations

import threading
from typing import Any

from common.hints import Hinter


def test_without_a_thread_each_hint_is_given_at_once(settings: Any) -> None:
    settings.HINTS_IN_BACKGROUND = False
    given: list[str] = []
    hint = Hinter(given.append)
    hint("a")
    hint("a")
    assert given == ["a", "a"]


def test_many_hints_within_a_moment_become_one(settings: Any) -> None:
    settings.HINTS_IN_BACKGROUND = True
    given: list[str] = []
    enough = threading.Event()

    def note(name: str) -> None:
        given.append(name)
        if set(given) == {"a", "b"}:
            enough.set()

    hint = Hinter(note)
    for _ in range(1000):
        hint("a")
        hint("b")
    assert enough.wait(timeout=10)
    assert len(given) < 1000


def test_no_hint_is_lost_between_two_looks(settings: Any) -> None:
    """Whatever is asked for after a look is given by the next one."""
    settings.HINTS_IN_BACKGROUND = True
    given: set[str] = set()
    hint = Hinter(given.add)
    names = {f"task-{number}" for number in range(200)}
    threads = [
        threading.Thread(target=lambda part=part: [hint(name) for name in part])
        for part in (sorted(names)[::2], sorted(names)[1::2])
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    hint.flush()
    waited = threading.Event()
    for _ in range(200):
        if given == names:
            break
        waited.wait(0.02)
    assert given == names
