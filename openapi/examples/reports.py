"""Periodic reports, the check of a file, and saved questions."""

from __future__ import annotations

from typing import Any

from openapi.examples.base import Example
from reports.documents.model import FILE_TYPES

DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
CHECK_URL = "https://uni.example.kz/reports/check/7XK4M2QP9RTW/"
WEEKLY: dict[str, Any] = {
    "id": 12,
    "form": "weekly-akim",
    "title": "Weekly report on appeals",
    "period_kind": "week",
    "since": "2026-11-16",
    "until": "2026-11-22",
    "language": "kk",
    "version": 1,
    "made_at": "2026-11-23T08:00:10+05:00",
    "code": "7XK4M2QP9RTW",
    "check_url": CHECK_URL,
    "data_sha256": DIGEST,
    "has_contents": True,
    "files": [
        {"kind": "pdf", "size": 48211, "sha256": "0" * 64},
        {"kind": "xlsx", "size": 9120, "sha256": "1" * 64},
    ],
}
COLUMNS: list[dict[str, Any]] = [
    {"key": "name", "title": "Атауы", "kind": "text", "metric": ""},
    {"key": "count", "title": "Саны", "kind": "number", "metric": "received"},
]
TABLE: dict[str, Any] = {
    "key": "work",
    "title": "Апта жұмысы",
    "note": "",
    "columns": COLUMNS,
    "rows": [
        {
            "key": "received",
            "is_total": False,
            "cells": [
                {"text": "Түскені", "value": None, "part": None, "whole": None},
                {"text": "7", "value": 7, "part": None, "whole": None},
            ],
        }
    ],
}
DOCUMENT: dict[str, Any] = {
    "title": "Әкімге апталық есеп",
    "period": "16–22 қараша 2026 ж.",
    "sections": [{"title": "Қысқаша", "text": "", "tables": [TABLE]}],
    "notes": [],
}
QUESTION: dict[str, Any] = {
    "id": 4,
    "name": "By the way in",
    "owner": "Серікова Мадина",
    "is_own": True,
    "is_shared": False,
    "query": "rows=channel&m=received&start=2026-11-01&end=2026-11-30",
    "changed_at": "2026-11-27T10:15:00+05:00",
}
NOVEMBER = {"since": "2026-11-01", "until": "2026-11-30"}
ANSWER: dict[str, Any] = {
    "question": QUESTION,
    "asked": NOVEMBER,
    "counted": NOVEMBER,
    "table": {
        "key": "answer",
        "title": "Appeals received: Channel",
        "note": "",
        "columns": [
            {"key": "name", "title": "Channel", "kind": "text", "metric": ""},
            {"key": "0-received", "title": "Appeals received", "kind": "number", "metric": "received"},
        ],
        "rows": [
            {
                "key": "total",
                "is_total": True,
                "cells": [
                    {"text": "Total", "value": None, "part": None, "whole": None},
                    {"text": "0", "value": 0, "part": None, "whole": None},
                ],
            }
        ],
    },
}

EXAMPLES: dict[str, Example] = {
    "list_reports": Example(
        "Of one form", {"results": [WEEKLY], "next_cursor": None}, query={"form": "weekly-akim", "language": "kk"}
    ),
    "read_report": Example("A week", WEEKLY | {"document": DOCUMENT, "changes": []}, path={"report_id": 12}),
    "download_report": Example("The PDF", path={"report_id": 12, "file_kind": "pdf"}, media=FILE_TYPES["pdf"]),
    "check_report": Example(
        "The digest in the foot",
        {
            "verdict": "data",
            "report": {
                "title": "Weekly report on appeals",
                "period": "16.11.2026 – 22.11.2026",
                "language": "kk",
                "version": 1,
                "newest_version": 1,
                "made_at": "2026-11-23T08:00:10+05:00",
                "check_url": CHECK_URL,
            },
        },
        path={"digest": DIGEST},
    ),
    "list_questions": Example("One's own", [QUESTION]),
    "answer_saved_question": Example("As kept", ANSWER, path={"question_id": 4}),
}
