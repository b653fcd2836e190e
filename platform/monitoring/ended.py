"""What processes have counted that ended, added up in one file per kind: else each leaves two more to read for ever."""

from __future__ import annotations

import fcntl
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from prometheus_client import multiprocess
from prometheus_client.mmap_dict import MmapedDict

KINDS = ("counter", "histogram", "summary")
LOCK = "lock"
BROKEN = (RuntimeError, ValueError, struct.error)  # left by a process that was killed while it wrote


def fold(folder: Path, pid: int) -> None:
    """Gauges of living processes go, counts stay. A file that cannot be read goes: it would hide all others."""
    multiprocess.mark_process_dead(pid, str(folder))  # type: ignore[no-untyped-call]  # the library has no types
    for kind in KINDS:
        left = folder / f"{kind}_{pid}.db"
        if left.exists():
            _fold(left, folder / f"{kind}_ended.db", folder)


@contextmanager
def held(folder: Path, *, alone: bool = False) -> Iterator[None]:
    """While somebody reads, nothing moves from one file to the other: it would be counted twice, or not at all."""
    with (folder / LOCK).open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        yield


def _fold(left: Path, whole: Path, folder: Path) -> None:
    try:
        with held(folder, alone=True):
            _add(whole, _rows(left))
            left.unlink()
    except BROKEN:
        left.unlink(missing_ok=True)


def _rows(file: Path) -> list[tuple[str, float]]:
    found = MmapedDict.read_all_values_from_file(str(file))  # type: ignore[no-untyped-call]  # as above
    return [(key, value) for key, value, _time, _place in found]


def _add(whole: Path, rows: list[tuple[str, float]]) -> None:
    kept = MmapedDict(str(whole))  # type: ignore[no-untyped-call]  # as above
    try:
        for key, value in rows:
            kept.write_value(key, kept.read_value(key)[0] + value, 0.0)  # type: ignore[no-untyped-call]  # as above
    finally:
        kept.close()  # type: ignore[no-untyped-call]  # as above
