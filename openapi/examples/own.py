"""What is the caller's own: notices, their ways, saved filters."""

from __future__ import annotations

from openapi.examples.appeals import KEY, NUMBER
from openapi.examples.base import Example

EXAMPLES = {
    "read_me": Example(
        "The executor's system",
        answer={
            "id": 131,
            "name": "Әбенов Ерлан",
            "language": "kk",
            "application": "Aikey",
            "environment": "live",
            "scopes": [
                "appeals:file",
                "appeals:read",
                "appeals:respond",
                "cases:export",
                "cases:extend",
                "cases:identity",
                "cases:read",
                "cases:register",
                "cases:reply",
                "cases:route",
                "cases:work",
                "events:read",
                "oversight:read",
                "own",
                "public:read",
                "reference:read",
                "sandbox",
                "statistics:read",
                "team",
                "usage:read",
                "webhooks:manage",
            ],
            "roles": [{"role": "executor", "department": "water-supply", "area": None, "stands_in": False}],
            "stands_in_for": [],
            "stood_in_by": [],
            "unread_notices": 0,
        },
    ),
    "list_notices": Example(
        "A new case in the unit",
        answer=[
            {
                "id": 6,
                "number": NUMBER,
                "text": "The appeal was given to your unit.",
                "details": ["No water", "Answer due by 4 December 2026"],
                "at": "2026-11-27T10:15:00+05:00",
                "read_at": None,
            }
        ],
    ),
    "mark_notices_read": Example("All of them", answer={"marked": 1}, body={}, headers=KEY),
    "list_notice_choices": Example(
        "The portal's owner",
        answer=[
            {
                "group": "resident_owed",
                "title": "Registration, questions to you, terms and the answer",
                "text": "The law asks us to tell you of these: leave at least one way.",
                "media": ["email", "sms", "telegram"],
                "chosen": ["email", "sms", "telegram"],
                "is_owed": True,
            },
            {
                "group": "resident_progress",
                "title": "The course of the work",
                "text": "Who deals with the appeal, and that a disputed answer is looked at again.",
                "media": ["email", "sms", "telegram"],
                "chosen": ["email", "sms", "telegram"],
                "is_owed": False,
            },
        ],
    ),
    "choose_notices": Example(
        "By SMS alone",
        answer=[
            {
                "group": "resident_owed",
                "title": "Registration, questions to you, terms and the answer",
                "text": "The law asks us to tell you of these: leave at least one way.",
                "media": ["email", "sms", "telegram"],
                "chosen": ["email", "sms", "telegram"],
                "is_owed": True,
            },
            {
                "group": "resident_progress",
                "title": "The course of the work",
                "text": "Who deals with the appeal, and that a disputed answer is looked at again.",
                "media": ["email", "sms", "telegram"],
                "chosen": ["sms"],
                "is_owed": False,
            },
        ],
        body={"chosen": {"resident_progress": ["sms"]}},
    ),
    "list_looks": Example("Nobody yet", answer=[]),
    "list_filters": Example(
        "One for the morning", answer=[{"id": 1, "name": "Таңғы тізім", "query": "tab=overdue", "is_default": True}]
    ),
    "save_filter": Example(
        "One for the morning",
        answer={"id": 2, "name": "Таңғы тізім", "query": "tab=overdue", "is_default": True},
        body={"name": "Таңғы тізім", "query": "tab=overdue", "is_default": True},
        headers=KEY,
        status=201,
    ),
    "open_filter_first": Example(
        "No longer the first",
        answer={"id": 3, "name": "Таңғы тізім", "query": "tab=overdue", "is_default": False},
        body={"is_default": False},
        path={"saved": 5},
    ),
    "delete_filter": Example("No longer needed", path={"saved": 5}, status=204),
}
