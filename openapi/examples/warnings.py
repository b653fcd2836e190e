"""Early warnings and what becomes of them."""

from __future__ import annotations

from typing import Any

from openapi.examples.appeals import KEY
from openapi.examples.base import Example

SHORT: dict[str, Any] = {
    "id": 7,
    "kind": "growth",
    "state": "new",
    "title": "No water",
    "where": "Yassy",
    "in_words": "31 appeals within 7 days, expected 4 to 16.",
    "area": "yassy",
    "sector": "utilities",
    "topic": "water-outage",
    "observed": 31,
    "expected": 9.5,
    "low": 4,
    "high": 16,
    "days": 7,
    "first_on": "2026-11-20",
    "last_on": "2026-11-26",
    "version": 0,
}
RAISED, CHANGED, UNDONE = [
    {"kind": "raised", "at": "2026-11-27T10:15:00+05:00", "actor": "", "before": "", "after": "", "reason": ""},
    {
        "kind": "state",
        "at": "2026-11-27T10:15:00+05:00",
        "actor": "Серікова Мадина",
        "before": "new",
        "after": "watched",
        "reason": "",
    },
    {
        "kind": "undone",
        "at": "2026-11-27T10:15:00+05:00",
        "actor": "Серікова Мадина",
        "before": "watched",
        "after": "new",
        "reason": "",
    },
]
DETAILS: dict[str, Any] = {**SHORT, "chart": [], "examples": [], "hidden": 0}
WATCHED = DETAILS | {"state": "watched", "version": 1, "events": [RAISED, CHANGED]}
AS_BEFORE = DETAILS | {"version": 2, "events": [RAISED, CHANGED, UNDONE]}

EXAMPLES: dict[str, Example] = {
    "list_warnings": Example("One that is new", {"results": [SHORT], "next_cursor": None}),
    "read_warning": Example("One that is watched", WATCHED, path={"warning_id": 7}),
    "change_warning": Example(
        "Watch it", WATCHED, {"to": "watched", "reason": "", "version": 0}, path={"warning_id": 7}, headers=KEY
    ),
    "undo_warning_change": Example("It was a slip", AS_BEFORE, {"version": 1}, path={"warning_id": 7}, headers=KEY),
    "subscribe_to_warnings": Example("Of the whole city", None, {"area": None}, status=204),
    "unsubscribe_from_warnings": Example("No more", None, status=204),
}
