"""The applicant's side: a portal files what a resident wrote, and follows it for him."""

from __future__ import annotations

from typing import Any

from openapi.examples.base import Example

NUMBER = "TRK-26-0001234-6"
PATH = {"number": NUMBER}
KEY = {"Idempotency-Key": "6f9619ff-8b86-4011-b42d-00c04fc964ff"}
TEXT = "Тәуке хан даңғылы, 24 үйде үш күннен бері су жоқ, құбыр жарылған."
FILING: dict[str, Any] = {
    "text": TEXT,
    "subject": "Үйде су жоқ",
    "topic": "water-outage",
    "area": "yassy",
    "address": "Түркістан қаласы, Тәуке хан даңғылы, 24",
    "location": {"type": "Point", "coordinates": [68.2518, 43.2973]},
    "answer_language": "kk",
    "external_id": "AK-2026-118",
    "applicant": {"full_name": "Серікова Айгүл Маратқызы", "phone": "+7 701 000 00 00"},
}
APPEAL: dict[str, Any] = {
    "number": NUMBER,
    "external_id": "AK-2026-118",
    "status": "registered",
    "outcome": "",
    "regime": "request",
    "kind": "message",
    "category": "personal",
    "channel": "mobile",
    "topic": "water-outage",
    "area": "yassy",
    "address": "Түркістан қаласы, Тәуке хан даңғылы, 24",
    "location": {"type": "Point", "coordinates": [68.2518, 43.2973]},
    "language": "kk",
    "answer_language": "kk",
    "subject": "Үйде су жоқ",
    "text": TEXT,
    "department": None,
    "received_at": "2026-11-27T10:15:00+05:00",
    "registered_at": "2026-11-27T10:15:00+05:00",
    "due_at": "2026-12-04T23:59:59+05:00",
    "answered_at": None,
    "closed_at": None,
    "is_confidential": False,
    "version": 2,
}
RECEIPT = APPEAL | {
    "tracking_code": "KP548-P55YK",
    "tracking_url": f"https://uni.example.kz/track/?number={NUMBER}",
}
REPLY: dict[str, Any] = {
    "text": "2026 жылғы 27 қарашада бригада жарылған құбырды ауыстырды, су беру толық қалпына келтірілді.",
    "outcome": "satisfied",
    "measures": "Құбыр ауыстырылды",
    "done_on": "2026-11-27",
    "done_by": "Су арнасы",
    "language": "kk",
    "is_interim": False,
    "draft_version": 0,
}
WITH_UNIT = APPEAL | {"status": "in_progress", "department": "water-supply", "version": 4}
ANSWERED = WITH_UNIT | {
    "status": "answered",
    "outcome": "satisfied",
    "answered_at": "2026-11-27T16:40:00+05:00",
    "version": 7,
}
STORY = {
    "events": [
        {"kind": "appeal_received", "at": "2026-11-27T10:15:00+05:00"},
        {"kind": "appeal_assigned", "at": "2026-11-27T10:20:00+05:00"},
        {"kind": "appeal_claimed", "at": "2026-11-27T11:05:00+05:00"},
        {"kind": "reply_sent", "at": "2026-11-27T16:40:00+05:00"},
    ],
    "messages": [],
    "replies": [
        {
            "outcome": "satisfied",
            "text": REPLY["text"],
            "language": "kk",
            "is_interim": False,
            "sent_at": "2026-11-27T16:40:00+05:00",
        }
    ],
}
REPORT = {
    "created": 1,
    "known": 0,
    "refused": 1,
    "rows": [
        {
            "external_id": "AK-2026-119",
            "result": "created",
            "number": "TRK-26-0001235-8",
            "tracking_code": "3XA7H-92MTE",
            "problem": None,
        },
        {
            "external_id": "AK-2026-120",
            "result": "refused",
            "number": None,
            "tracking_code": None,
            "problem": {
                "type": "https://uni.example.kz/developers/errors/#invalid",
                "title": "The request is not valid",
                "status": 400,
                "code": "invalid",
                "detail": "What was sent is not valid; see `errors`.",
                "request_id": "5c5b1f4a-6f0e-4b6a-9d0c-0d6a4a3c7f10",
                "errors": [
                    {
                        "code": "unknown",
                        "detail": "There is no active entry with the key “gaz”.",
                        "pointer": "/topic",
                    }
                ],
            },
        },
    ],
}

EXAMPLES = {
    "file_appeal": Example("A resident has no water", RECEIPT, FILING, 201, headers=KEY),
    "file_appeals": Example(
        "Two rows, one of them with a topic that there is not",
        REPORT,
        {
            "appeals": [
                {
                    "external_id": "AK-2026-119",
                    "text": "На улице Амира Темура не горят фонари, вечером дети идут из школы в темноте.",
                    "answer_language": "ru",
                    "applicant": {"phone": "+7 702 000 00 00"},
                },
                {"external_id": "AK-2026-120", "text": "Подъезде газ иісі шығады, тексеріңіздерші.", "topic": "gaz"},
            ]
        },
    ),
    "upload_file": Example(
        "A photo of the burst pipe",
        {"id": "n0Jx1yQ6f0S3m2c7v8b9hA", "name": "qubyr.png", "size": 68, "content_type": "image/png"},
        {"file": "qubyr.png"},
        201,
    ),
    "list_appeals": Example("The newest first", {"results": [APPEAL], "next_cursor": None}),
    "read_appeal": Example("Where it stands", WITH_UNIT, path=PATH),
    "read_story": Example("Answered on the same day", STORY, path=PATH),
    "add_message": Example(
        "More about the place", WITH_UNIT | {"version": 5}, {"text": "Судың орны үйдің артында, екінші кіреберіс."},
        path=PATH, headers=KEY,
    ),
    "judge_reply": Example(
        "Solved", ANSWERED | {"status": "closed", "closed_at": "2026-11-28T09:00:00+05:00", "version": 8},
        {"verdict": "solved", "rating": 5, "comment": "Рахмет, су келді."}, path=PATH, headers=KEY,
    ),
    "dispute_reply": Example(
        "Not solved after all", ANSWERED | {"version": 8},
        {"verdict": "not_solved", "rating": 2, "reasons": ["incomplete"], "comment": "Су кешке қайта тоқтады."},
        path=PATH, headers=KEY,
    ),
    "withdraw_appeal": Example(
        "The water came back by itself",
        WITH_UNIT
        | {"status": "closed", "outcome": "withdrawn", "closed_at": "2026-11-27T12:30:00+05:00", "version": 5},
        {"reason": "Су өзі келді, қарау қажет емес."}, path=PATH, headers=KEY,
    ),
}  # fmt: skip
