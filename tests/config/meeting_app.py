"""A program for gunicorn whose requests wait until as many are under way as may be: by then all threads work."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from uuid import uuid4

PATIENCE = 20.0


def application(_environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    place, expected = Path(os.environ["MEETING_PLACE"]), int(os.environ["MEETING_SIZE"])
    (place / uuid4().hex).touch()
    ends = time.monotonic() + PATIENCE
    while len(list(place.iterdir())) < expected and time.monotonic() < ends:
        time.sleep(0.01)
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"{os.getpid()} {len(list(place.iterdir()))}".encode()]
