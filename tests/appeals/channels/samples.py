"""Recorded payloads, and ready answers of the channels' servers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "payloads"
SECRET = "test-secret_1"


def raw(name: str) -> bytes:
    return (FOLDER / name).read_bytes()


def update(name: str, **changes: Any) -> bytes:
    """A recorded Telegram update with changes at the top level, or in its message with `message=`."""
    payload = json.loads(raw(f"{name}.json"))
    payload["message"] = payload.get("message", {}) | changes.pop("message", {}) if "message" in payload else None
    if payload["message"] is None:
        del payload["message"]
    return json.dumps(payload | changes).encode()
