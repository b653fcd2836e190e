"""The one lock of a stack: held by the supervisor, inherited by its children."""

import fcntl
import json
import os
import time
from dataclasses import dataclass
from pathlib import Path

from tools.stack import processes
from tools.stack.folders import Layout

LONGEST_WAIT = 90.0  # the graces of all children together


@dataclass(frozen=True)
class Owner:
    """Who holds the lock, as he wrote it into the file; the start tells him from a later process of his number."""

    pid: int
    started: str
    address: str

    @property
    def is_alive(self) -> bool:
        return processes.state_of(self.pid) not in {"", "Z"} and processes.start_of(self.pid) == self.started


def path(layout: Layout) -> Path:
    return layout.run / "stack.lock"


def read_owner(layout: Layout) -> Owner | None:
    try:
        content = json.loads(path(layout).read_text())
        return Owner(pid=int(content["pid"]), started=str(content["started"]), address=str(content["address"]))
    except (OSError, ValueError, KeyError):
        return None


def write_owner(lock: int, address: str = "") -> None:
    pid = os.getpid()
    content = json.dumps({"pid": pid, "started": processes.start_of(pid), "address": address}).encode()
    os.ftruncate(lock, 0)
    os.pwrite(lock, content, 0)


def acquire(layout: Layout, *, wait_for_living: bool = False) -> int | None:
    """The locked file, or None when a living supervisor has it; what a dead one left behind is waited for."""
    lock = os.open(path(layout), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    deadline = time.monotonic() + LONGEST_WAIT
    told = False
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            owner = read_owner(layout)
            if owner and owner.is_alive and not wait_for_living:
                os.close(lock)
                return None
            if time.monotonic() > deadline and not (owner and owner.is_alive):
                raise SystemExit(f"Processes of an earlier stack still hold {path(layout)}.") from None
            if not told:
                print("Waiting for the processes of an earlier start to end ...", flush=True)
                told = True
            time.sleep(0.2)
        else:
            write_owner(lock)
            return lock
