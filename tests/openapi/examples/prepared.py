"""What must have happened before the example of an operation can be sent, and by whom it is sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from appeals.models import AppealLink, ExtensionProposal, Question
from openapi.examples.appeals import REPLY
from openapi.examples.cases import KEY
from openapi.examples.events import WEBHOOK
from openapi.examples.routing import SPLIT
from tests.openapi.api import Program
from tests.openapi.examples.world import STATUTORY, World
from tests.queue import run_everything


@dataclass
class Ready:
    """Who calls, and the numbers of this world in place of those that the example names."""

    program: Program
    path: dict[str, Any] = field(default_factory=dict)
    body: dict[str, Any] = field(default_factory=dict)


Step = Callable[[World], Ready]


def portal(state: str) -> Step:
    return lambda world: Ready(world.portal, {"number": getattr(world, state)()})


def executor(state: str) -> Step:
    return lambda world: Ready(world.executor, {"number": getattr(world, state)()})


def inspector(state: str) -> Step:
    return lambda world: Ready(world.inspector, {"number": getattr(world, state)()})


def with_colleague(world: World) -> Ready:
    return Ready(world.executor, {"number": world.claimed()}, {"person": world.unit.colleague.pk})


def assigned_by_head(world: World) -> Ready:
    return Ready(world.head, {"number": world.claimed()}, {"person": world.unit.colleague.pk})


def releasing(world: World) -> Ready:
    ready = with_colleague(world)
    world.done(ready.program, f"cases/{ready.path['number']}/co-executors", ready.body)
    return Ready(ready.program, ready.path | ready.body)


def waiting(world: World) -> Ready:
    number = world.claimed()
    body = {"text": "Су қай кіреберісте жоқ екенін жазыңызшы."}
    world.done(world.executor, f"cases/{number}/questions-to-applicant", body, If_Match="*")
    return Ready(world.executor, {"number": number})


def with_message(world: World) -> Ready:
    number = world.claimed()
    world.message(number)
    return Ready(world.executor, {"number": number})


def moving(world: World) -> Ready:
    number = world.claimed()
    return Ready(world.inspector, {"number": number, "message": world.message(number).pk})


def linking(world: World) -> Ready:
    return Ready(world.inspector, {"number": world.with_unit()}, {"number": world.filed(external_id="AK-2026-90")})


def linked(world: World) -> Ready:
    ready = linking(world)
    world.done(ready.program, f"cases/{ready.path['number']}/links", ready.body | {"kind": "related"})
    return Ready(ready.program, ready.path | {"link": AppealLink.objects.get().pk})


def in_incident(world: World) -> Ready:
    number = world.with_unit()
    path, headers = f"/api/v1/cases/{number}/incident", {"Authorization": f"Bearer {world.inspector.key}", **KEY}
    body = {"title": "Тәуке хан даңғылында құбыр жарылды"}
    answer = world.inspector.client.put(path, body, content_type="application/json", headers=headers)
    assert answer.status_code == 200, answer.json()
    return Ready(world.inspector, {"number": number})


def unregistered(world: World) -> Ready:
    return Ready(world.inspector, {"number": world.filed(**STATUTORY)})


def to_promote(world: World) -> Ready:
    return Ready(world.inspector, {"number": world.with_unit(world.filed(applicant=STATUTORY["applicant"]))})


def drafted(world: World) -> Ready:
    number = world.claimed()
    headers = {"Authorization": f"Bearer {world.executor.key}"}
    saved = world.executor.client.put(
        f"/api/v1/cases/{number}/draft", REPLY, content_type="application/json", headers=headers
    )
    assert saved.status_code == 200, saved.json()
    return Ready(world.executor, {"number": number})


def with_questions(world: World) -> Ready:
    number = world.claimed()
    world.done(world.inspector, f"cases/{number}/questions", {"questions": SPLIT}, If_Match="*")
    question = Question.objects.filter(appeal__number=number).earliest("pk")
    return Ready(world.executor, {"number": number, "question": question.pk})


def statutory_case(world: World) -> Ready:
    return Ready(world.head, {"number": world.claimed(world.statutory())})


def proposed(world: World) -> Ready:
    ready = statutory_case(world)
    body = {"until": date(2027, 1, 15).isoformat(), "ground": "Құбырды ауыстыру үшін қосымша сараптама қажет"}
    world.done(world.executor, f"cases/{ready.path['number']}/extension", body, If_Match="*")
    return Ready(ready.program, ready.path | {"proposal": ExtensionProposal.objects.get().pk})


def with_changes(world: World) -> Ready:
    world.filed()
    run_everything()
    return Ready(world.portal)


def with_webhook(world: World) -> Ready:
    body = {name: WEBHOOK[name] for name in ("url", "types", "topics")}
    return Ready(world.portal, {"webhook": world.done(world.portal, "webhooks", body, key=None)["id"]})


def with_delivery(world: World) -> Ready:
    ready = with_webhook(world)
    made = world.portal.post(f"webhooks/{ready.path['webhook']}/test", key=None)
    assert made.status_code == 202
    return Ready(ready.program, ready.path | {"message_id": made.json()["message_id"]})


# What is not named here needs nothing but a key.
BEFORE: dict[str, Step] = {
    "list_appeals": portal("filed"),
    "read_appeal": portal("claimed"),
    "read_story": portal("answered"),
    "add_message": portal("claimed"),
    "judge_reply": portal("answered"),
    "dispute_reply": portal("answered"),
    "withdraw_appeal": portal("claimed"),
    "list_cases": executor("with_unit"),
    "read_case": executor("with_unit"),
    "read_identity": executor("with_unit"),
    "claim_case": executor("with_unit"),
    "assign_case": assigned_by_head,
    "hand_back_case": executor("claimed"),
    "add_co_executor": with_colleague,
    "remove_co_executor": releasing,
    "ask_applicant": executor("claimed"),
    "end_wait": waiting,
    "write_to_applicant": executor("claimed"),
    "add_note": executor("claimed"),
    "mark_read": with_message,
    "register_case": unregistered,
    "classify_case": inspector("filed"),
    "route_case": inspector("filed"),
    "forward_case": inspector("filed"),
    "split_case": inspector("filed"),
    "link_case": linking,
    "unlink_case": linked,
    "join_incident": inspector("with_unit"),
    "leave_incident": in_incident,
    "promote_case": to_promote,
    "move_message": moving,
    "read_draft": drafted,
    "save_draft": executor("claimed"),
    "check_reply": executor("claimed"),
    "send_reply": executor("claimed"),
    "answer_question": with_questions,
    "extend_case": statutory_case,
    "grant_extension": proposed,
    "refuse_extension": proposed,
    "close_case": executor("claimed"),
    "list_changes": with_changes,
    "stream_changes": with_changes,
    "list_webhooks": with_webhook,
    "read_webhook": with_webhook,
    "change_webhook": with_webhook,
    "delete_webhook": with_webhook,
    "rotate_webhook_secret": with_webhook,
    "test_webhook": with_webhook,
    "list_webhook_deliveries": with_delivery,
    "replay_webhook": with_webhook,
    "resend_webhook_delivery": with_delivery,
}
