"""The files of the demo city: sentences, names, streets and the proportions of the study."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, TypeVar

FOLDER = Path(__file__).parent / "data"
Choice = TypeVar("Choice")


@cache
def read(name: str) -> dict[str, Any]:
    """One of the files; treat what comes back as read-only."""
    return dict(json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8")))


def weighted(rng: Random, weights: dict[Choice, float]) -> Choice:
    return rng.choices(list(weights), list(weights.values()))[0]
