"""Reports of the catalogue, the ranking of bodies, the index of social tension."""

from __future__ import annotations

from typing import Any

from openapi.examples.base import Example

FORMAL: list[dict[str, Any]] = [
    {
        "report": "formal-in-short",
        "title": "Formal replies in short",
        "lead": "Answers in which the reply gate found nothing specific.",
        "metrics": ["formal_share", "formal", "answered"],
        "filters": ["area", "sector", "topic", "channel", "category", "applicant", "regime", "department"],
        "dimensions": [],
        "options": [],
        "dashboards": ["formal-replies"],
    },
    {
        "report": "formal-over-time",
        "title": "Formal replies over time",
        "lead": "The share of formal replies, beside the year before.",
        "metrics": ["formal_share"],
        "filters": ["area", "sector", "topic", "channel", "category", "applicant", "regime", "department"],
        "dimensions": [],
        "options": [],
        "dashboards": ["formal-replies"],
    },
    {
        "report": "formal-replies",
        "title": "Formal replies",
        "lead": "The share of answers in which the reply gate found nothing specific.",
        "metrics": ["formal_share", "formal", "answered"],
        "filters": ["area", "sector", "topic", "channel", "category", "applicant", "regime", "department"],
        "dimensions": ["department", "sector", "area", "topic", "channel", "category", "applicant", "regime"],
        "options": [],
        "dashboards": ["formal-replies"],
    },
]
DISPUTED: dict[str, Any] = {
    "report": "disputed-closures",
    "asked": {"since": "2026-11-01", "until": "2026-11-30"},
    "counted": {"since": "2026-11-01", "until": "2026-11-30"},
    "title": "Disputed closures",
    "filters": {},
    "filters_left_out": [],
    "options": {},
    "by": "area",
    "grain": None,
    "head": "City sector",
    "columns": [
        {
            "key": "disputed_share",
            "metric": "disputed_share",
            "title": "Disputed closures",
            "unit": "percent",
            "note": "",
        },
        {"key": "answered", "metric": "answered", "title": "Answers given", "unit": "answers", "note": ""},
        {
            "key": "judged_share",
            "metric": "judged_share",
            "title": "Answers judged by the applicant",
            "unit": "percent",
            "note": "",
        },
    ],
    "rows": [
        {
            "key": "yassy",
            "label": "Yassy",
            "figures": {
                "disputed_share": {"value": "0.0", "numerator": 0, "denominator": 1, "hidden": False},
                "answered": {"value": "1", "numerator": 1, "denominator": None, "hidden": False},
                "judged_share": {"value": "0.0", "numerator": 0, "denominator": 1, "hidden": False},
            },
        }
    ],
    "total": {
        "key": "total",
        "label": "All together",
        "figures": {
            "disputed_share": {"value": "0.0", "numerator": 0, "denominator": 1, "hidden": False},
            "answered": {"value": "1", "numerator": 1, "denominator": None, "hidden": False},
            "judged_share": {"value": "0.0", "numerator": 0, "denominator": 1, "hidden": False},
        },
    },
    "told": [],
    "notes": ["In the order of: Answers given."],
    "counted_at": "2026-11-27T10:15:00+05:00",
}
RANKED = {"figure": "disputed", "mix": "none", "period": "last-year"}
WATER: dict[str, Any] = {
    "key": "water-supply", "name": "Water supply unit", "best_place": 1, "worst_place": 1, "part": 6, "whole": 120,
    "share": "5.0", "interval": {"low": "2.3", "high": "10.5"}, "expected": "17.1", "difference": "-12.1",
    "groups": [1],
}  # fmt: skip
ROADS: dict[str, Any] = {
    "key": "roads", "name": "Roads unit", "best_place": 2, "worst_place": 2, "part": 30, "whole": 90,
    "share": "33.3", "interval": {"low": "24.5", "high": "43.6"}, "expected": "17.1", "difference": "16.2",
    "groups": [2],
}  # fmt: skip
RANKING: dict[str, Any] = {
    "figure": "disputed",
    "metric": "disputed_share",
    "counted": {"since": "2025-01-01", "until": "2025-12-31"},
    "minimum": 30,
    "summary": "The two bodies are statistically different.",
    "placed": [WATER, ROADS],
    "unlike": [],
    "few": [],
}
PAIR: dict[str, Any] = {
    "verdict": "Water supply unit does better than Roads unit: by 28.3 percentage points (95 % range +17.9 to +38.9). "
    "Chance makes such a difference less than once in twenty.",
    "is_different": True,
    "difference": "-28.3",
    "interval": {"low": "-38.9", "high": "-17.9"},
    "one": WATER,
    "other": ROADS,
}
TENSION: dict[str, Any] = {
    "day": "2026-11-26",
    "value": 50.0,
    "area": None,
    "parts": [
        {
            "metric": "disputed_share", "name": "Disputed closures", "weight": 3.0, "calm": 2.0, "tense": 12.0,
            "value": 7.0, "numerator": 14.0, "denominator": 200.0, "points": 50.0, "most": 100.0,
        }
    ],
    "history": [{"day": "2026-11-26", "value": 50.0}],
}  # fmt: skip
NOVEMBER = {"since": "2026-11-01", "until": "2026-11-30"}

EXAMPLES: dict[str, Example] = {
    "list_statistics": Example("Those of one dashboard", FORMAL, query={"dashboard": "formal-replies"}),
    "get_statistics": Example(
        "Disputed closures by part of the city",
        DISPUTED,
        path={"chart": "disputed-closures"},
        query={**NOVEMBER, "by": "area"},
    ),
    "get_ranking": Example("By disputed closures", RANKING, query=RANKED),
    "compare_bodies": Example("Two units", PAIR, query={**RANKED, "one": "water-supply", "other": "roads"}),
    "get_tension": Example("The whole city", TENSION),
}
