"""The sandbox: its clock, and what it would have sent."""

from __future__ import annotations

from openapi.examples.appeals import KEY
from openapi.examples.base import Example

NOW = {"now": "2026-11-27T10:15:00+05:00", "ahead_seconds": 0, "reset_at": "2026-11-20T09:00:00+05:00"}

EXAMPLES = {
    "read_sandbox": Example("Its clock is that of the world", NOW),
    "move_sandbox_clock": Example(
        "A week passes, so that a term runs out",
        {"now": "2026-12-04T10:15:00+05:00", "ahead_seconds": 604_800, "reset_at": "2026-11-20T09:00:00+05:00"},
        {"days": 7, "hours": 0},
        headers=KEY,
    ),
    "reset_sandbox": Example("Empty again", NOW | {"reset_at": "2026-11-27T10:15:00+05:00"}, headers=KEY),
    "list_sandbox_messages": Example("Nothing was sent yet", []),
}
