"""The answer: draft, check, sending; the term; the end without an answer."""

from __future__ import annotations

from openapi.examples.appeals import KEY, PATH, REPLY
from openapi.examples.base import Example
from openapi.examples.cases import CHANGE, CLAIMED, LATER

DRAFT = REPLY | {"draft_version": 1}
ANSWERED = CLAIMED | {
    "status": "answered",
    "outcome": "satisfied",
    "answered_at": "2026-11-27T16:40:00+05:00",
    "version": 7,
}
EXTENDED = LATER | {"regime": "appeal", "kind": "complaint", "due_at": "2027-01-15T23:59:59+05:00"}

EXAMPLES = {
    "read_draft": Example("Begun by the executor", DRAFT, path=PATH),
    "save_draft": Example("The first version", DRAFT, REPLY, path=PATH),
    "check_reply": Example(
        "Too short to go out",
        {
            "findings": [
                {
                    "code": "too_short",
                    "message": "The answer is too short to say what was done, when and by whom.",
                },
                {"code": "no_when", "message": "The answer does not say when it was done."},
                {"code": "no_by_whom", "message": "The answer does not say who did it."},
            ]
        },
        {"text": "Жасалды.", "outcome": "satisfied", "language": "kk"},
        path=PATH,
    ),
    "send_reply": Example(
        "Repaired on the same day", ANSWERED, REPLY | {"ground": "Өтініш иесімен телефон арқылы келісілді"}, path=PATH,
        headers=CHANGE,
    ),
    "answer_question": Example(
        "One of two matters", LATER, {"text": "Су 28 қарашада сағат 18:00-де қосылады."}, path=PATH | {"question": 5},
        headers=KEY,
    ),
    "extend_case": Example(
        "The head needs more time", EXTENDED,
        {"until": "2027-01-15", "ground": "Құбырды ауыстыру үшін қосымша сараптама қажет"}, path=PATH, headers=CHANGE,
    ),
    "grant_extension": Example("The head agrees", EXTENDED, path=PATH | {"proposal": 3}, headers=KEY),
    "refuse_extension": Example(
        "The head does not agree", EXTENDED | {"due_at": "2026-12-18T23:59:59+05:00"},
        {"reason": "Жұмыс белгіленген мерзімде аяқталуы тиіс"}, path=PATH | {"proposal": 3}, headers=KEY,
    ),
    "close_case": Example(
        "There is nothing left to decide",
        LATER | {"status": "closed", "outcome": "terminated", "closed_at": "2026-11-27T12:00:00+05:00"},
        {"ground": "subject_gone", "reason": "Құбыр өтінішке дейін жөнделген, тексеру актісі бар"},
        path=PATH, headers=CHANGE,
    ),
}  # fmt: skip
