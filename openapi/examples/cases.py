"""The staff's side: the queue of the unit, one case, and the work on it."""

from __future__ import annotations

from typing import Any

from openapi.examples.appeals import APPEAL, KEY, NUMBER, PATH
from openapi.examples.base import Example

CHANGE = KEY | {"If-Match": '"4"'}
EXECUTOR = {"id": 17, "name": "Әбенов Е."}
COLLEAGUE = {"id": 18, "name": "Қасымова Д."}
CASE: dict[str, Any] = APPEAL | {
    "external_id": "",
    "status": "assigned",
    "department": "water-supply",
    "version": 3,
    "priority": "normal",
    "executor": None,
    "is_disputed": False,
    "has_unread_message": False,
    "complaint_department": None,
    "rights": ["claim", "see", "see_identity"],
}
CLAIMED = CASE | {"status": "in_progress", "executor": EXECUTOR, "version": 4, "rights": ["reply", "see", "work"]}
LATER = CLAIMED | {"version": 5}
WAITING = CLAIMED | {"status": "awaiting_info", "version": 5}

EXAMPLES = {
    "list_cases": Example(
        "What waits in the unit",
        {"results": [CASE | {"rights": []}], "next_cursor": None},
        query={"tab": "all", "status": "assigned", "page_size": 20},
    ),
    "read_case": Example("Before taking it", CASE, path=PATH),
    "read_identity": Example(
        "To call the resident back",
        {
            "type": "individual",
            "full_name": "Серікова Айгүл Маратқызы",
            "identifier": "",
            "phone": "+77010000000",
            "email": "",
            "postal_address": "",
            "representative_name": "",
            "representative_ground": "",
        },
        path=PATH,
        query={"reason": "Құбырдың орнын нақтылау үшін қоңырау шалу"},
    ),
    "claim_case": Example("An executor takes it", CLAIMED, path=PATH, headers=KEY),
    "assign_case": Example(
        "The head gives it to somebody else", LATER | {"status": "assigned", "executor": COLLEAGUE},
        {"person": 18, "reason": "Ерлан Әбенов демалыста"}, path=PATH, headers=CHANGE,
    ),
    "hand_back_case": Example(
        "Not ours", CASE | {"version": 5}, {"reason": "Бұл көше басқа бригадаға бекітілген", "to": "unit"},
        path=PATH, headers=CHANGE,
    ),
    "add_co_executor": Example("A colleague helps", LATER, {"person": 18}, path=PATH, headers=KEY),
    "remove_co_executor": Example("His part is done", LATER | {"version": 6}, path=PATH | {"person": 18}),
    "ask_applicant": Example(
        "Which entrance?", WAITING, {"text": "Су қай кіреберісте жоқ екенін жазыңызшы."}, path=PATH, headers=CHANGE
    ),
    "end_wait": Example("It became clear on the spot", LATER | {"version": 6}, path=PATH, headers=KEY),
    "write_to_applicant": Example(
        "The crew is on its way", LATER, {"text": "Бригада сағат 15:00-ге дейін келеді."}, path=PATH, headers=CHANGE
    ),
    "add_note": Example("For colleagues", LATER, {"text": "Бригада № 3 шықты, құбыр 110 мм."}, path=PATH, headers=KEY),
    "mark_read": Example("The message was read", LATER | {"version": 5}, path=PATH, headers=KEY),
}  # fmt: skip

__all__ = ["CASE", "CHANGE", "CLAIMED", "EXAMPLES", "LATER", "NUMBER"]
