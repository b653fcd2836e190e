"""What is asked of the open API: read one, lists, search, filing; and the keys and rows that it needs."""

from __future__ import annotations

import json
import random
import uuid
from typing import Any
from urllib.parse import quote

from django.db import connection

from accounts.models import User
from bench.client import get, post
from bench.requests import TEXTS, WORDS, Plan
from openapi import keys
from openapi.models import Application
from openapi.models.applications import Environment, State
from openapi.scopes import offered_in

NO_LIMIT = 10_000_000  # requests a minute
BULK = 100
# A portal that filed every second appeal of the city, and a small one that filed few of them.
FILED = """
INSERT INTO openapi_filedappeal (appeal_id, application_id, external_id)
SELECT id, CASE WHEN id %% 1000 = 1 THEN %s ELSE %s END, id::text FROM appeals_appeal
WHERE id %% 2 = 0 OR id %% 1000 = 1 ON CONFLICT DO NOTHING
"""


def plans(rows: dict[str, Any]) -> list[Plan]:
    """Reading first, then filing."""
    staff, portal, small = (
        _key("bench-inspector", "Staff"),
        _key("bench-operator", "Portal"),
        _key("bench-akim", "Small"),
    )
    own = _filed(portal[0], small[0])
    chance = random.Random(3)
    read = _asked(staff[1])
    by_portal, by_small = _asked(portal[1]), _asked(small[1])

    def file_one(number: int) -> bytes:
        body = json.dumps(_appeal(number, rows, chance)).encode()
        head = f"{_bearer(portal[1])}Idempotency-Key: {uuid.uuid4()}\r\n"
        return post("/api/v1/appeals", body, kind="application/json", more=head)

    def file_bulk(number: int) -> bytes:
        appeals = [_appeal(number, rows, chance) | {"external_id": uuid.uuid4().hex} for _ in range(BULK)]
        return post(
            "/api/v1/appeals/bulk",
            json.dumps({"appeals": appeals}).encode(),
            kind="application/json",
            more=_bearer(portal[1]),
        )

    return [
        Plan("API: read a case", lambda number: read(f"cases/{rows['cases'][number % len(rows['cases'])]}")),
        Plan("API: read an appeal", lambda number: by_portal(f"appeals/{own[number % len(own)]}")),
        Plan("API: list of cases", lambda number: read("cases")),
        Plan("API: list of cases, words", lambda number: read(f"cases?q={quote(WORDS[number % len(WORDS)])}")),
        Plan("API: list of appeals", lambda number: by_portal("appeals")),
        Plan("API: list of appeals, few among many", lambda number: by_small("appeals")),
        Plan("API: topics", lambda number: read("reference/topics")),
        Plan("filing, API", file_one, frozenset({201}), writes=True),
        Plan(f"filing, API, {BULK} in a request", file_bulk, clients=(1,), writes=True),
    ]


def _appeal(number: int, rows: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    return {
        "text": f"{TEXTS[number % 2]} № {number}",
        "topic": chance.choice(rows["topic_keys"]),
        "area": chance.choice(rows["area_keys"]),
        "address": "Тәуке хан, 12",
        "applicant": {"full_name": "Сынақ Тұрғын", "phone": f"+7701{chance.randrange(10_000_000):07d}"},
    }


def _key(username: str, name: str) -> tuple[int, str]:
    owner = User.objects.get(username=username)
    application = Application.objects.create(
        owner=owner,
        name=f"Bench {name}",
        purpose="Measures.",
        environment=Environment.LIVE,
        state=State.APPROVED,
        scopes=sorted(offered_in(Environment.LIVE, owner)),
        files_for_others=True,
        rate=NO_LIMIT,
    )
    return application.pk, keys.issue(application, by=owner).key


def _filed(portal: int, small: int) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(FILED, [small, portal])
        cursor.execute("ANALYZE openapi_filedappeal")
        cursor.execute(
            "SELECT a.number FROM openapi_filedappeal f JOIN appeals_appeal a ON a.id = f.appeal_id"
            " WHERE f.application_id = %s AND f.appeal_id %% 7 = 0 LIMIT 300",
            [portal],
        )
        return [row[0] for row in cursor.fetchall()]


def _bearer(key: str) -> str:
    return f"Authorization: Bearer {key}\r\n"


def _asked(key: str) -> Any:
    def asked(path: str) -> bytes:
        return get(f"/api/v1/{path}", more=_bearer(key))

    return asked
