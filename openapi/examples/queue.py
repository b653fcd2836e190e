"""The queue, the desk and the figures of the staff."""

from __future__ import annotations

from openapi.examples.appeals import KEY, NUMBER
from openapi.examples.base import Example

EXAMPLES = {
    "list_tabs": Example(
        "The executor's views",
        answer=[
            {"tab": "mine", "count": 0, "is_more": False, "opens_first": True},
            {"tab": "unit", "count": 1, "is_more": False, "opens_first": False},
            {"tab": "overdue", "count": 0, "is_more": False, "opens_first": False},
            {"tab": "soon", "count": 0, "is_more": False, "opens_first": False},
            {"tab": "awaiting", "count": 0, "is_more": False, "opens_first": False},
            {"tab": "messages", "count": 0, "is_more": False, "opens_first": False},
            {"tab": "all", "count": None, "is_more": False, "opens_first": False},
        ],
    ),
    "count_cases": Example("What is overdue", answer={"count": 0, "is_more": False}, query={"tab": "overdue"}),
    "export_cases": Example("The head takes the list along", query={"tab": "all"}, media="text/csv"),
    "work_on_cases": Example(
        "Taken into work together",
        answer={"done": 1, "refused": []},
        body={"numbers": [NUMBER], "step": "claim"},
        headers=KEY,
    ),
    "route_cases": Example(
        "Given to one unit together",
        answer={"done": 1, "refused": []},
        body={"numbers": [NUMBER], "step": "department", "department": "water-supply"},
        headers=KEY,
    ),
    "register_appeal": Example(
        "A call to 109",
        answer={
            "number": NUMBER,
            "external_id": "",
            "status": "registered",
            "outcome": "",
            "regime": "request",
            "kind": "message",
            "category": "personal",
            "channel": "call109",
            "topic": "water-outage",
            "area": "yassy",
            "address": "",
            "location": None,
            "language": "kk",
            "answer_language": "kk",
            "subject": "",
            "text": "Тәуке хан даңғылы, 24 үйде үш күннен бері су жоқ.",
            "department": None,
            "received_at": "2026-11-27T10:15:00+05:00",
            "registered_at": "2026-11-27T10:15:00+05:00",
            "due_at": "2026-12-04T23:59:59+05:00",
            "answered_at": None,
            "closed_at": None,
            "is_confidential": False,
            "version": 1,
            "tracking_code": "2CH23-M73CM",
            "tracking_url": "https://uni.example.kz/track/?number=TRK-26-0001234-6",
        },
        body={
            "channel": "call109",
            "text": "Тәуке хан даңғылы, 24 үйде үш күннен бері су жоқ.",
            "topic": "water-outage",
            "area": "yassy",
            "applicant": {"full_name": "Серікова Айгүл Маратқызы", "phone": "+7 701 000 00 00"},
        },
        headers=KEY,
        status=201,
    ),
    "look_up": Example(
        "What helps while she speaks",
        answer={
            "topics": [],
            "emergency_phones": "",
            "similar": [
                {
                    "number": NUMBER,
                    "status": "registered",
                    "subject": "Үйде су жоқ",
                    "excerpt": "Тәуке хан даңғылы, 24 үйде үш күннен бері су жоқ, құбыр жарылған.",
                    "topic": "water-outage",
                    "area": "yassy",
                    "department": None,
                    "received_at": "2026-11-27T10:15:00+05:00",
                    "due_at": "2026-12-04T23:59:59+05:00",
                    "closed_at": None,
                }
            ],
            "earlier": [
                {
                    "number": NUMBER,
                    "status": "registered",
                    "subject": "Үйде су жоқ",
                    "excerpt": "Тәуке хан даңғылы, 24 үйде үш күннен бері су жоқ, құбыр жарылған.",
                    "topic": "water-outage",
                    "area": "yassy",
                    "department": None,
                    "received_at": "2026-11-27T10:15:00+05:00",
                    "due_at": "2026-12-04T23:59:59+05:00",
                    "closed_at": None,
                }
            ],
            "consultations": [],
        },
        body={"text": "Тәуке хан даңғылында үш күннен бері су жоқ", "area": "yassy", "phone": "+7 701 000 00 00"},
    ),
    "read_oversight": Example(
        "Thirty days of the head's unit",
        answer={
            "lines": [
                {
                    "name": "Әбенов Е.",
                    "department": None,
                    "person": 126,
                    "waiting": 1,
                    "overdue": 0,
                    "soon": 0,
                    "paused": 0,
                    "unclaimed": 0,
                    "mean_age_days": 0.0,
                    "answered": 0,
                    "late": 0,
                    "not_done": 0,
                    "disputed": 0,
                }
            ],
            "weeks": [{"starts_on": "2026-11-23", "received": 1, "answered": 0}],
            "forwarded": None,
        },
        query={"days": 30},
    ),
}
