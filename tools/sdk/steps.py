"""What both builds do: copy what is written by hand, run a tool, say what it said when it fails."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from openapi import documents

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = documents.FILE


def version() -> str:
    """The clients carry the version of the interface."""
    return str(documents.load()["info"]["version"])


def fresh_copy(source: str, target: Path) -> Path:
    """The hand-written part with the licence, in an empty folder."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(ROOT / "clients" / source, target, ignore=shutil.ignore_patterns("__pycache__", "node_modules"))
    shutil.copy(ROOT / "LICENSE", target)
    return target


def run(command: Sequence[str | Path], folder: Path, **more: str) -> str:
    """What the tool printed; its complaint ends the build."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=folder,
        env=_environment(more),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}")
    return done.stdout


def _environment(more: Mapping[str, str]) -> dict[str, str]:
    return {**os.environ, **more}
