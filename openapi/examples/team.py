"""The team: who stands in for whom, who is on duty."""

from __future__ import annotations

from openapi.examples.appeals import KEY
from openapi.examples.base import Example

EXAMPLES = {
    "list_substitutions": Example(
        "A week in December",
        answer=[
            {
                "id": 1,
                "user": {"id": 181, "name": "Әбенов Ерлан"},
                "substitute": {"id": 182, "name": "Қасымова Дана"},
                "begins_on": "2026-12-07",
                "ends_on": "2026-12-11",
                "reason": "Жыл сайынғы еңбек демалысы",
                "ended_at": None,
                "may_end": True,
            }
        ],
    ),
    "list_substitutes": Example(
        "Whom the executor may ask",
        answer={
            "for_whom": [{"id": 186, "name": "Әбенов Ерлан"}],
            "substitutes": [
                {"id": 189, "name": "Ахметова Сәуле"},
                {"id": 188, "name": "Оспанов Болат"},
                {"id": 187, "name": "Қасымова Дана"},
                {"id": 186, "name": "Әбенов Ерлан"},
            ],
        },
    ),
    "set_substitution": Example(
        "A week in December",
        answer={
            "id": 2,
            "user": {"id": 191, "name": "Әбенов Ерлан"},
            "substitute": {"id": 192, "name": "Қасымова Дана"},
            "begins_on": "2026-12-07",
            "ends_on": "2026-12-11",
            "reason": "Жыл сайынғы еңбек демалысы",
            "ended_at": None,
            "may_end": True,
        },
        body={
            "substitute": 18,
            "begins_on": "2026-12-07",
            "ends_on": "2026-12-11",
            "reason": "Жыл сайынғы еңбек демалысы",
        },
        headers=KEY,
        status=201,
    ),
    "end_substitution": Example(
        "Back early",
        answer={
            "id": 3,
            "user": {"id": 196, "name": "Әбенов Ерлан"},
            "substitute": {"id": 197, "name": "Қасымова Дана"},
            "begins_on": "2026-12-07",
            "ends_on": "2026-12-11",
            "reason": "Жыл сайынғы еңбек демалысы",
            "ended_at": "2026-11-27T10:15:00+05:00",
            "may_end": False,
        },
        path={"substitution": 4},
        headers=KEY,
    ),
    "list_shifts": Example(
        "The first week of December",
        answer=[
            {
                "id": 1,
                "person": {"id": 201, "name": "Әбенов Ерлан"},
                "department": "water-supply",
                "starts_at": "2026-11-30T08:00:00+05:00",
                "ends_at": "2026-11-30T19:00:00+05:00",
                "pattern": "single",
            }
        ],
        query={"department": "water-supply", "week": "2026-11-30"},
    ),
    "make_roster": Example(
        "One Monday",
        answer={"made": 1},
        body={
            "department": "water-supply",
            "people": [17],
            "pattern": "single",
            "first": "2026-11-30",
            "last": "2026-11-30",
            "begins": "08:00",
            "ends": "19:00",
        },
        headers=KEY,
        status=201,
    ),
    "copy_week": Example(
        "The same a week later",
        answer={"made": 1},
        body={"department": "water-supply", "week": "2026-11-30"},
        headers=KEY,
        status=201,
    ),
    "change_shift": Example(
        "An hour later",
        answer={
            "id": 5,
            "person": {"id": 216, "name": "Әбенов Ерлан"},
            "department": "water-supply",
            "starts_at": "2026-11-30T09:00:00+05:00",
            "ends_at": "2026-11-30T20:00:00+05:00",
            "pattern": "single",
        },
        body={"person": 17, "day": "2026-11-30", "begins": "09:00", "ends": "20:00"},
        path={"shift": 8},
        headers=KEY,
    ),
    "swap_shifts": Example(
        "With the colleague",
        answer={
            "id": 6,
            "person": {"id": 222, "name": "Қасымова Дана"},
            "department": "water-supply",
            "starts_at": "2026-11-30T08:00:00+05:00",
            "ends_at": "2026-11-30T19:00:00+05:00",
            "pattern": "single",
        },
        body={"other": 9},
        path={"shift": 8},
        headers=KEY,
    ),
    "delete_shift": Example("Not needed", path={"shift": 8}, status=204),
}
