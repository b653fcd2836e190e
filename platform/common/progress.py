"""A progress bar for long commands: drawn in place on a terminal, a line for every tenth elsewhere."""

from __future__ import annotations

import time
from typing import TextIO

WIDTH = 30


class Progress:
    """Shows the share done, a count and the time passed."""

    def __init__(self, stream: TextIO, label: str) -> None:
        self._stream, self._label = stream, label
        self._began, self._tenth = time.monotonic(), -1

    def show(self, done: float, count: int) -> None:
        seconds = time.monotonic() - self._began
        text = f"{self._label}: {done:4.0%} {count:>8,} rows {seconds:6.1f} s"
        if self._stream.isatty():
            filled = int(done * WIDTH)
            self._stream.write(f"\r[{'#' * filled}{'.' * (WIDTH - filled)}] {text}")
        elif int(done * 10) > self._tenth:
            self._tenth = int(done * 10)
            self._stream.write(f"    {text}\n")
        self._stream.flush()

    def end(self) -> None:
        if self._stream.isatty():
            self._stream.write("\n")

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._began
