"""Hints about waiting work, gathered by one thread of a web process so that no request waits for the queue server."""

from __future__ import annotations

import atexit
import os
import threading
import time
from collections.abc import Callable

from django.conf import settings

GATHER_SECONDS = 0.02


class Hinter:
    """Calls `hint` soon after it was asked to, once for many requests within a moment.

    A hint that is lost with its process costs time only: the sweep finds the work.
    """

    def __init__(self, hint: Callable[[str], None]) -> None:
        self._hint = hint
        self._wanted: set[str] = set()
        self._wake = threading.Event()
        self._starting = threading.Lock()
        self._process = 0

    def __call__(self, task_name: str) -> None:
        if not settings.HINTS_IN_BACKGROUND:
            self._hint(task_name)
            return
        self._wanted.add(task_name)
        if self._process != os.getpid():
            self._start()
        self._wake.set()

    def flush(self) -> None:
        while self._wanted:
            self._hint(self._wanted.pop())

    def _start(self) -> None:
        """Begin in the process that asks: threads do not survive the fork by which web processes are made."""
        with self._starting:
            if self._process == os.getpid():
                return
            self._process = os.getpid()
            threading.Thread(target=self._run, name="hints", daemon=True).start()
            atexit.register(self.flush)

    def _run(self) -> None:
        while True:
            self._wake.wait()
            self._wake.clear()
            time.sleep(GATHER_SECONDS)
            self.flush()
