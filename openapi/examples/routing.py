"""Where a case goes: registration, classification, units, other bodies, links, incidents, messages."""

from __future__ import annotations

from openapi.examples.appeals import KEY, PATH
from openapi.examples.base import Example
from openapi.examples.cases import CASE, CHANGE

FRESH = CASE | {"status": "registered", "department": None, "version": 2, "rights": ["classify", "route", "see"]}
ROUTABLE = CASE | {"version": 4, "rights": ["classify", "route", "see"]}
STATUTORY = {"regime": "appeal", "kind": "complaint", "due_at": "2026-12-18T23:59:59+05:00"}
MOVED = FRESH | {
    "text": "Көшедегі шамдар да екі аптадан бері жанбайды.",
    "subject": "",
    "topic": None,
    "address": "",
    "location": None,
}
SPLIT = ["Су қашан қосылады?", "Көшедегі шамдар неге жанбайды?"]

EXAMPLES = {
    "register_case": Example(
        "The applicant showed his identity card",
        FRESH | STATUTORY,
        {"reason": "Өтініш иесі жеке куәлігімен өзі келді"},
        path=PATH,
        headers=KEY,
    ),
    "classify_case": Example(
        "It is urgent",
        FRESH | {"priority": "urgent", "kind": "message", "version": 3},
        {"priority": "urgent", "kind": "message", "reason": "Үш күн сусыз"},
        path=PATH,
        headers=CHANGE,
    ),
    "route_case": Example(
        "To the water supply unit",
        CASE | {"rights": ["classify", "route", "see"]},
        {"department": "water-supply", "reason": "Құбыр желісі осы бөлімде"},
        path=PATH,
        headers=CHANGE,
    ),
    "forward_case": Example(
        "To another body by competence",
        FRESH
        | {
            "status": "forwarded",
            "outcome": "forwarded",
            "department": "police",
            "closed_at": "2026-11-27T11:00:00+05:00",
            "version": 3,
        },
        {"department": "police", "ground": "Қоғамдық тәртіп мәселесі полицияның құзыретінде"},
        path=PATH,
        headers=CHANGE,
    ),
    "split_case": Example("Two matters in one text", FRESH | {"version": 3}, {"questions": SPLIT}, path=PATH,
                          headers=CHANGE),
    "link_case": Example(
        "About the same", ROUTABLE, {"number": "TRK-26-0001230-4", "kind": "related"}, path=PATH, headers=KEY
    ),
    "unlink_case": Example("They were about different houses", ROUTABLE | {"version": 5}, path=PATH | {"link": 9}),
    "join_incident": Example(
        "The first appeal about a burst main", ROUTABLE, {"title": "Тәуке хан даңғылында құбыр жарылды"}, path=PATH,
        headers=KEY,
    ),
    "leave_incident": Example("It belongs to another event", ROUTABLE | {"version": 5}, path=PATH),
    "promote_case": Example(
        "The applicant asks for a statutory answer",
        ROUTABLE | STATUTORY,
        {"kind": "complaint", "reason": "Өтініш иесі ресми жауап сұрады"},
        path=PATH,
        headers=CHANGE,
    ),
    "move_message": Example(
        "The message was about something else", MOVED, {"to": "new"}, path=PATH | {"message": 31},
        headers=KEY,
    ),
}  # fmt: skip
