"""Where the processes of one server add up what they count: a folder of its own for each server, empty at its start."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

from config import environment as env

VARIABLE = "PROMETHEUS_MULTIPROC_DIR"  # prometheus_client reads it when it is imported
ROOT = Path(__file__).resolve().parents[2]


def prepare(kind: str) -> Path:
    """Called by the first process before any other is started, and before the library is imported."""
    base = Path(env.text("HALYQ_VAR") or ROOT / "var") / "run" / "metrics"
    try:
        base.mkdir(parents=True, exist_ok=True)
        _sweep(base)
        folder = base / f"{kind}-{os.getpid()}"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
    except OSError:  # figures are no reason not to serve
        folder = Path(tempfile.mkdtemp(prefix=f"halyq-metrics-{kind}-"))
    os.environ[VARIABLE] = str(folder)
    return folder


def _sweep(base: Path) -> None:
    """What servers have left that are gone: their counts begin at nought again, as Prometheus expects of a restart."""
    for folder in base.iterdir():
        number = folder.name.rpartition("-")[2]
        if number.isdigit() and not Path(f"/proc/{number}").exists():
            shutil.rmtree(folder, ignore_errors=True)


def is_worker(words: list[str] | None = None) -> bool:
    """`celery -A config worker`; not `celery inspect`, which runs beside a worker to ask for its health."""
    words = sys.argv if words is None else words
    return bool(words) and "celery" in words[0] and "worker" in words[1:]
