"""Read the shipped reference files: one table each, CSV for flat rows and JSON for long texts."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "data"
MAPPINGS = Path(__file__).parent / "mappings"


def read_rows(name: str) -> list[dict[str, Any]]:
    path = FOLDER / name
    if path.suffix == ".json":
        return list(json.loads(path.read_text(encoding="utf-8")))
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def is_true(value: str) -> bool:
    return value == "1"
