"""Open data: datasets, versions, files."""

from __future__ import annotations

from typing import Any

from openapi.examples.base import Example

VERSION: dict[str, Any] = {
    "version": 1,
    "made_at": "2026-11-27T10:15:00+05:00",
    "rows": 4,
    "covers_from": "2026-01-01",
    "covers_until": "2026-12-31",
    "is_open": True,
    "reason": "",
    "has_demo": False,
    "files": [
        {
            "format": "csv",
            "media_type": "text/csv",
            "size": 321,
            "sha256": "0000000000000000000000000000000000000000000000000000000000000000",
            "file_url": "https://uni.example.kz/data/working-calendar/1/working-calendar.csv",
            "latest_url": "https://uni.example.kz/data/working-calendar/latest/working-calendar.csv",
        }
    ],
}
CALENDAR: dict[str, Any] = {
    "dataset": "working-calendar",
    "title": "Working calendar",
    "description": "Public holidays and moved days by which terms in working days are counted.",
    "keywords": ["holidays", "working days"],
    "every": "day",
    "licence": "CC BY 4.0",
    "licence_url": "https://creativecommons.org/licenses/by/4.0/",
    "newest": VERSION,
}
DETAILS: dict[str, Any] = {
    **CALENDAR,
    "columns": [
        {"name": "date", "type": "date", "title": "Date", "description": "", "is_required": True, "codes": {}},
        {
            "name": "kind",
            "type": "string",
            "title": "Kind",
            "description": "",
            "is_required": True,
            "codes": {"holiday": "Public holiday", "moved_off": "Moved day off", "moved_work": "Worked day off"},
        },
        {
            "name": "name_kk",
            "type": "string",
            "title": "Name in Kazakh",
            "description": "",
            "is_required": True,
            "codes": {},
        },
        {
            "name": "name_ru",
            "type": "string",
            "title": "Name in Russian",
            "description": "",
            "is_required": True,
            "codes": {},
        },
        {
            "name": "name_en",
            "type": "string",
            "title": "Name in English",
            "description": "",
            "is_required": True,
            "codes": {},
        },
        {
            "name": "source",
            "type": "string",
            "title": "Source",
            "description": "",
            "is_required": False,
            "codes": {},
        },
    ],
    "key": ["date"],
    "quality": [],
    "versions": [VERSION],
}

EXAMPLES: dict[str, Example] = {
    "list_datasets": Example("One of them", [CALENDAR], query={"dataset": "working-calendar"}),
    "get_dataset": Example("The working calendar", DETAILS, path={"dataset": "working-calendar"}),
}
