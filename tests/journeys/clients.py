"""The built clients at work: each runs its own example against the live server and tells what it saw."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from openapi.models.applications import Environment
from tests.factories import make_user
from tests.openapi.api import Program, make_application
from tools.sdk import python, typescript

ROLES = {"PORTAL": "resident", "INSPECTOR": "inspector", "EXECUTOR": "executor"}
OLDEST_NODE = 20


def keys_of_a_partner() -> dict[str, str]:
    """Three applications of one owner share his sandbox; each acts as somebody else there."""
    owner = make_user()
    found = {}
    for name, role in ROLES.items():
        application = make_application(owner, environment=Environment.SANDBOX, acts_as=role, files_for_others=True)
        found[f"HUB_{name}_KEY"] = Program(application).key
    return found


def run_python(folder: Path, environment: dict[str, str]) -> Any:
    python.build(folder)
    return _told(
        [sys.executable, "examples/from_filing_to_answer.py"], folder, environment | {"PYTHONPATH": str(folder)}
    )


def run_typescript(folder: Path, environment: dict[str, str]) -> Any:
    typescript.build(folder)
    program = typescript.compile_examples(folder) / "from-filing-to-answer.js"
    return _told([str(node()), str(program)], folder, environment)


def node() -> Path | None:
    """Node.js that is new enough, or None."""
    found = shutil.which("node")
    if not found:
        return None
    said = subprocess.run([found, "--version"], capture_output=True, text=True, check=True).stdout
    return Path(found) if int(said.lstrip("v").split(".")[0]) >= OLDEST_NODE else None


def _told(command: list[str], folder: Path, environment: dict[str, str]) -> Any:
    done = subprocess.run(
        command, cwd=folder, env={**os.environ, **environment}, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
