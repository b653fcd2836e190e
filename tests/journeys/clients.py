"""The built clients at work: each runs its own example against the live server and tells what it saw."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from openapi import cookbook
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


def build(language: str, folder: Path) -> None:
    if language == "python":
        python.build(folder)
    else:
        typescript.build(folder)
        typescript.compile_examples(folder)


def run(language: str, folder: Path, example: str, environment: dict[str, str]) -> Any:
    """What the example of a built client told, as data."""
    if language == "python":
        command = [sys.executable, f"examples/{example.replace('-', '_')}.py"]
        return _told(command, folder, environment | {"PYTHONPATH": str(folder)})
    return _told([str(node()), f"programs/{example}.js"], folder, environment)


def run_recipe(heading: str, environment: dict[str, str]) -> str:
    """What the Python of a recipe of the cookbook prints, one program after the other."""
    recipe = cookbook.FILE.read_text(encoding="utf-8").partition(f"## {heading}")[2].partition("\n## ")[0]
    printed = ""
    for code in re.findall(r"^```python\n(.*?)^```", recipe, re.MULTILINE | re.DOTALL):
        done = _done([sys.executable, "-c", code], Path.cwd(), environment)
        printed += done
    return printed


def node() -> Path | None:
    """Node.js that is new enough, or None."""
    found = shutil.which("node")
    if not found:
        return None
    said = subprocess.run([found, "--version"], capture_output=True, text=True, check=True).stdout
    return Path(found) if int(said.lstrip("v").split(".")[0]) >= OLDEST_NODE else None


def _told(command: list[str], folder: Path, environment: dict[str, str]) -> Any:
    return json.loads(_done(command, folder, environment))


def _done(command: list[str], folder: Path, environment: dict[str, str]) -> str:
    done = subprocess.run(
        command, cwd=folder, env={**os.environ, **environment}, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
