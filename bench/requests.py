"""What is asked of the server: each kind of page and step as raw requests, made from the rows of the database."""

from __future__ import annotations

import json
import random
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from bench.client import Request, get, post

CSRF = "b" * 32
PAGE = 25
FILTERS = (
    {"status": "closed", "area": "{area}", "channel": "web"},
    {"unit": "{unit}", "sort": "due"},
    {"area": "{area}", "channel": "email", "sort": "due"},
    {"unit": "{unit}", "status": "closed", "priority": "urgent"},
    {"topic": "{topic}", "area": "{area}"},
    {"term": "overdue", "area": "{area}"},
    {"priority": "emergency", "channel": "telegram"},
    {"regime": "appeal", "unit": "{unit}"},
    {"executor": "none", "unit": "{unit}", "sort": "due"},
    {"sector": "{sector}", "status": "answered"},
)
# Frequent and rare words, one and several, in the forms people type them; Kazakh and Russian.
WORDS = (
    "су", "көшеде су жоқ", "жарық", "қоқыс шығарылмады", "балабақшаға кезек", "гидранттар", "кесенеге", "элеватор",
    "вода", "прорвало трубу", "уличные фонари", "мусор не вывозят", "очередь в детский сад", "мавзолея", "септика",
    "дендропарк",
)  # fmt: skip
TEXTS = ("Көшеде үш күннен бері су жоқ, құбыр жарылған болуы керек. Тезірек жөндеп беріңіздер.",
         "Не горят уличные фонари, вечером очень темно и опасно. Прошу починить освещение.")  # fmt: skip


@dataclass(frozen=True)
class Plan:
    """One thing to measure: its name, the requests, the answers that count as good, and how it may be asked."""

    name: str
    request: Request | None  # None: there is nothing to ask it with
    codes: frozenset[int] = frozenset({200})
    clients: Sequence[int] = (1, 8)
    most: int = 0
    warm: int = 3
    writes: bool = False


def plans(rows: dict[str, Any], cookies: dict[str, str]) -> list[Plan]:
    """In the order of measuring: what only reads first, then what writes."""
    read, chance = cookies["inspector"], random.Random(7)
    queue = "/staff/appeals/?"

    def cycle(paths: Sequence[str], who: str = read) -> Request | None:
        return (lambda number: get(paths[number % len(paths)], who)) if paths else None

    filters = [queue + urlencode(_filled(one, rows, chance)) for one in FILTERS for _ in range(3)]
    words = [queue + urlencode({"tab": "all", "q": text}) for text in WORDS]
    both = [
        queue + urlencode({"q": text} | _filled(FILTERS[at % len(FILTERS)], rows, chance))
        for at, text in enumerate(WORDS)
    ]
    return [
        Plan("bare view", lambda number: get("/bench/bare")),
        Plan("bare insert", lambda number: get("/bench/insert"), writes=True),
        Plan("queue: overdue", cycle([queue + "tab=overdue"])),
        Plan("queue: all, newest", cycle([queue + "tab=all"])),
        Plan("queue with filters", cycle(filters)),
        Plan("queue with text", cycle(words)),
        Plan("queue with text and filters", cycle(both)),
        Plan("queue, thousandth page", cycle([queue + "tab=all&after=" + rows["cursor"]])),
        Plan("queue count", cycle(["/staff/appeals/count/?tab=all&q=" + urlencode({"": "су"})[1:]])),
        Plan("case page", cycle([f"/staff/appeals/{number}/" for number in rows["cases"]])),
        Plan("staff home", cycle(["/staff/"])),
        Plan("oversight", cycle(["/staff/oversight/"], cookies["akim"])),
        Plan("public list", cycle(["/appeals/"], "")),
        Plan("figures, read anew", lambda number: get("/bench/figures"), clients=(1,)),
        Plan("figures, as asked for", lambda number: get("/metrics"), clients=(1,)),
        Plan("filing form (page)", cycle([rows["filing_path"]], "")),
        *_writing(rows, cookies),
    ]


def _filled(filters: dict[str, str], rows: dict[str, Any], chance: random.Random) -> dict[str, str]:
    values = {name: chance.choice(rows[name + "s"]) for name in ("area", "unit", "topic", "sector")}
    return {"tab": "all"} | {name: value.format(**values) for name, value in filters.items()}


def _writing(rows: dict[str, Any], cookies: dict[str, str]) -> list[Plan]:
    chance = random.Random(11)
    forged = f"csrftoken={CSRF}"

    def file_web(number: int) -> bytes:
        fields = {
            "csrfmiddlewaretoken": CSRF, "token": uuid.uuid4().hex, "text": f"{TEXTS[number % 2]} № {number}",
            "topic": chance.choice(rows["topics"]), "area": chance.choice(rows["areas"]), "address": "Тәуке хан, 12",
            "full_name": "Сынақ Тұрғын", "phone": f"+7701{number % 10_000_000:07d}", "answer_language": "kk",
            "regime": "request", "consent": "on",
        }  # fmt: skip
        return post(rows["filing_path"], urlencode(fields).encode(), cookies=forged)

    def intake(number: int) -> bytes:
        fields = {
            "text": TEXTS[number % 2],
            "topic": chance.choice(rows["topics"]),
            "area": chance.choice(rows["areas"]),
        }
        return post("/bench/intake", urlencode(fields).encode())

    def telegram(number: int) -> bytes:
        sender = {"id": 10_000 + number % 500, "is_bot": False, "first_name": "Сынақ", "language_code": "kk"}
        message = {
            "message_id": number,
            "from": sender,
            "chat": {"id": sender["id"], "type": "private"},
            "date": 1_764_000_060,
            "text": TEXTS[number % 2],
        }
        update = {"update_id": 900_000_000 + rows["series"](), "message": message}
        secret = "X-Telegram-Bot-Api-Secret-Token: bench-only-secret\r\n"
        return post("/hooks/telegram/", json.dumps(update).encode(), kind="application/json", more=secret)

    claims, back = _steps(rows, cookies["executor"])
    return [
        Plan("status change: claim", claims, frozenset({302}), clients=(1,), most=rows["steps"], warm=0, writes=True),
        Plan("status change: hand back", back, frozenset({302}), clients=(1,), most=rows["steps"], warm=0, writes=True),
        Plan("filing, web form", file_web, frozenset({302, 303}), writes=True),
        Plan("filing, intake view", intake, writes=True),
        Plan("Telegram webhook", telegram, writes=True),
    ]


def _steps(rows: dict[str, Any], executor: str) -> tuple[Request | None, Request | None]:
    numbers = rows["claimable"]
    if not numbers:
        return None, None
    token = f"{executor}; csrftoken={CSRF}"

    def step(path: str, fields: dict[str, str]) -> Callable[[int], bytes]:
        body = urlencode(fields | {"csrfmiddlewaretoken": CSRF}).encode()
        return lambda number: post(f"/staff/appeals/{numbers[number % len(numbers)]}/{path}/", body, cookies=token)

    return step("claim", {}), step("hand-back", {"to": "unit", "reason": "Басқа қызметкерге беру керек", "seen": ""})
