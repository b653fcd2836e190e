"""Ratings of institutions and service points, and the work of those who look after them."""

from __future__ import annotations

from typing import Any

from openapi.examples.appeals import KEY
from openapi.examples.base import Example

RATED: dict[str, Any] = {
    "count": 10,
    "minimum": 10,
    "average": "4.50",
    "interval": {"low": "3.27", "high": "4.90"},
    "good_share": "90.0",
    "scores": {"5": 7, "4": 2, "3": 0, "2": 1, "1": 0},
    "set_aside": 0,
    "refused": 0,
}
NOT_YET: dict[str, Any] = {
    "count": 0,
    "minimum": 10,
    "average": None,
    "interval": None,
    "good_share": None,
    "scores": None,
    "set_aside": 0,
    "refused": 0,
}
EMPTY_MONTHS = ("2025-12", *(f"2026-{month:02}" for month in range(1, 11)))
WHAT_WAS_SAID: dict[str, Any] = {
    "ratings": RATED,
    "months": [
        *({"start": f"{month}-01", "count": 0, "average": None} for month in EMPTY_MONTHS),
        {"start": "2026-11-01", "count": 10, "average": "4.50"},
    ],
    "themes": [{"theme": "waiting", "name": "Waiting time", "good": 1, "bad": 0}],
    "comments": [{"text": "Тез қабылдады, рақмет!", "month": "2026-11-01", "score": 5}],
}
RATED_WINDOW: dict[str, Any] = {
    "id": 3,
    "name": "Window 3",
    "department": "water-supply",
    "place": "Тәуке хан даңғылы, 24",
    "is_active": True,
    "is_demo": False,
    "ratings": RATED,
}
SAID = {
    "name_kk": "3-терезе",
    "name_ru": "Окно 3",
    "name_en": "Window 3",
    "place": "Тәуке хан даңғылы, 24",
    "is_active": True,
}
WINDOW: dict[str, Any] = {
    **SAID,
    "id": 3,
    "organization": "akimat",
    "department": "water-supply",
    "sheet_code": "kfamuvhe",
    "sheet_url": "https://uni.example.kz/q/kfamuvhe/",
    "ratings": NOT_YET,
}
MOVED = {"place": "Тәуке хан даңғылы, 26"}
HEAP: dict[str, Any] = {
    "point_id": 3,
    "name": "Window 3",
    "day": "2026-11-27",
    "network": "f2a38c22f7dda32fbb7ab027733b0cc0",
    "count": 9,
    "scores": [9, 0, 0, 0, 0],
    "first_at": "2026-11-27T10:15:00+05:00",
    "last_at": "2026-11-27T10:15:09+05:00",
}
COMMENT = {"id": 5, "point_id": 3, "score": 5, "text": "Тез қабылдады, рақмет!"}
DECISION = {name: HEAP[name] for name in ("point_id", "day", "network")} | {"seen": 9, "counts": False}

EXAMPLES: dict[str, Example] = {
    "list_institution_ratings": Example(
        "The akimat",
        [{"organization": "akimat", "name": "City akimat", "points": 1, "is_demo": False, "ratings": RATED}],
    ),
    "read_institution_ratings": Example(
        "The akimat and its window",
        {"organization": "akimat", "name": "City akimat", "points": [RATED_WINDOW], **WHAT_WAS_SAID},
        path={"body": "akimat"},
    ),
    "read_point_ratings": Example(
        "A window",
        {"organization": "akimat", "point": RATED_WINDOW, **WHAT_WAS_SAID},
        path={"body": "akimat", "point_id": 3},
    ),
    "list_service_points": Example("A window", [WINDOW]),
    "add_service_point": Example(
        "A window",
        WINDOW,
        {"organization": "akimat", "department": "water-supply", **SAID},
        status=201,
        headers=KEY,
    ),
    "change_service_point": Example("It moved", WINDOW | MOVED, SAID | MOVED, path={"point_id": 3}),
    "reissue_point_code": Example(
        "The sheet was torn down", WINDOW, {"seen": "zv9t269f"}, path={"point_id": 3}, headers=KEY
    ),
    "list_ratings_to_review": Example("Many at once, and a comment", {"heaps": [HEAP], "comments": [COMMENT]}),
    "decide_ratings": Example("They do not count", None, DECISION, status=204, headers=KEY),
    "decide_rating_comment": Example(
        "Everybody may read it", None, {"shown": True}, status=204, path={"comment_id": 5}, headers=KEY
    ),
}
