"""Tables, reference data and static files of a new hub, made once for all tests of a run that start one."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crash.stand import ROOT, environment_of


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder to be copied into that of a hub. The first process that wants it makes it for all of them."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    found = shared / "prepared"
    with (shared / "prepared.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        if not found.exists():
            _prepare(found)
    yield found


def _prepare(target: Path) -> None:
    """In a folder that PostgreSQL's account can enter, which that of pytest is not."""
    folder = Path(tempfile.mkdtemp(prefix="halyq-new-"))
    folder.chmod(0o755)
    try:
        command = [sys.executable, "-m", "tools.stack", "prepare"]
        ran = subprocess.run(command, cwd=ROOT, env=environment_of(folder), capture_output=True, text=True, check=False)
        assert ran.returncode == 0, f"{ran.stdout}\n{ran.stderr}"
        shutil.rmtree(folder / "run")
        unfinished = target.with_suffix(".part")
        copy(folder, unfinished)
        unfinished.rename(target)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def copy(source: Path, target: Path) -> None:
    """With owners and times: PostgreSQL looks at the ones, the steps of the start at the others."""
    target.mkdir(parents=True, exist_ok=True)
    subprocess.run(["cp", "-a", f"{source}/.", str(target)], check=True)
