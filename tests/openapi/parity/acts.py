"""Each act on a case twice: the form of its page and the body of its operation, on the same case by the same person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from appeals import dialogue, extension, links, replies, routing, workqueue
from appeals.models import Appeal, AppealLink, Attachment, ExtensionProposal, Message, Question, Regime
from common.files import check_file
from tests.appeals.cases import Unit
from tests.factories import (
    make_appeal,
    make_department,
    make_identified_applicant,
    make_organization,
    make_rule,
    make_topic,
)
from tests.openapi.examples.calls import PIXEL

FAR = "2027-01-15"
ANSWER = {
    "text": "2026 жылғы 20 қарашада бригада жарылған құбырды ауыстырды, су беру толық қалпына келтірілді.",
    "outcome": "satisfied",
    "measures": "Құбыр ауыстырылды",
    "done_on": "2026-11-20",
    "done_by": "Су арнасы",
    "language": "kk",
}
DRAFT = replies.ReplyContent(**{name: ANSWER[name] for name in ("text", "outcome", "measures", "done_by", "language")})
GROUND = "Өтініш иесімен телефон арқылы келісілді"


@dataclass(frozen=True)
class City:
    """What the acts speak of."""

    unit: Unit
    other: Any
    outside: Any
    topic: Any
    second: Appeal
    rule: Any


def make_city(unit: Unit) -> City:
    outside = make_department("police", organization=make_organization("police", kind="external"), is_external=True)
    rule = make_rule(department=unit.department)
    return City(unit, make_department("roads"), outside, make_topic("lamps"), make_appeal(), rule)


State = Callable[[City], Appeal]


def new(city: City) -> Appeal:
    appeal = make_appeal()
    Appeal.objects.filter(pk=appeal.pk).update(suggested_rule=city.rule)
    return appeal


def waiting(city: City) -> Appeal:
    return routing.assign_unit(make_appeal().pk, department=city.unit.department, actor=city.unit.inspector)


def claimed(city: City) -> Appeal:
    return workqueue.claim(waiting(city).pk, actor=city.unit.executor)


def unregistered(city: City) -> Appeal:
    """Statutory, from the web, by somebody who never entered his code."""
    return make_appeal(regime=Regime.APPEAL, applicant=make_identified_applicant())


def promotable(city: City) -> Appeal:
    appeal = make_appeal(applicant=make_identified_applicant())
    return routing.assign_unit(appeal.pk, department=city.unit.department, actor=city.unit.inspector)


def asked(city: City) -> Appeal:
    appeal = claimed(city)
    dialogue.ask(appeal.pk, actor=city.unit.executor, text="Үйіңіздің нөмірі қандай?")
    return appeal


def drafted(city: City) -> Appeal:
    """An answer that is being written, with a photo."""
    appeal = claimed(city)
    replies.save_draft(appeal.pk, actor=city.unit.executor, content=DRAFT, version=0)
    dialogue.add_files(appeal.pk, actor=city.unit.executor, files=[check_file("a.png", PIXEL)])
    return appeal


def in_incident(city: City) -> Appeal:
    appeal = new(city)
    links.open_incident([appeal.pk], title="Құбыр жарылды", actor=city.unit.inspector)
    return appeal


def proposed(city: City) -> Appeal:
    appeal = claimed(city)
    until = dt.date.fromisoformat(FAR)
    extension.propose(appeal.pk, actor=city.unit.executor, until=until, ground=GROUND)
    return appeal


@dataclass(frozen=True)
class Act:
    """`page` and `path` are below the address of the case; callables get the city, the last ones the case too.

    `ids` fill the places in addresses and in the values of the form.
    """

    by: str
    state: State
    page: str
    form: Any
    path: str
    body: Any = None
    method: str = "post"
    ids: Callable[[City, Appeal], tuple[int, ...]] = field(default=lambda city, appeal: ())
    is_upload: bool = False


def _message(city: City, appeal: Appeal) -> tuple[int, ...]:
    row = Message.objects.filter(appeal=appeal).first() or Message.objects.create(
        appeal=appeal, direction="in", channel="web", text="Тағы бір мәселе", external_id=f"m-{appeal.pk}"
    )
    return (row.pk,)


def _link(city: City, appeal: Appeal) -> tuple[int, ...]:
    row, _made = AppealLink.objects.get_or_create(source=appeal, target=city.second, defaults={"kind": "related"})
    return (row.pk,)


def _colleague(city: City, appeal: Appeal) -> tuple[int, ...]:
    if not appeal.assignments.filter(user=city.unit.colleague, ended_at=None).exists():
        workqueue.add_co_executor(appeal.pk, user_id=city.unit.colleague.pk, actor=city.unit.executor)
    return (city.unit.colleague.pk,)


def _question(city: City, appeal: Appeal) -> tuple[int, ...]:
    if not appeal.questions.exists():
        routing.split_questions(appeal.pk, texts=["Су жоқ", "Шам жанбайды"], actor=city.unit.inspector)
    return (Question.objects.filter(appeal=appeal).earliest("pk").pk,)


def _evidence(city: City, appeal: Appeal) -> tuple[int, ...]:
    return (Attachment.objects.get(appeal=appeal).pk,)


def _proposal(city: City, appeal: Appeal) -> tuple[int, ...]:
    return (ExtensionProposal.objects.get(appeal=appeal).pk,)


def _photo(city: City) -> SimpleUploadedFile:
    return SimpleUploadedFile("a.png", PIXEL, "image/png")


TEXT = {"text": "Бригада сағат үшке дейін келеді"}
SPLIT = ["Үйде су жоқ", "Көшеде шам жанбайды"]

ACTS: dict[str, Act] = {
    "claim": Act("executor", waiting, "claim", {}, "claim"),
    "assign": Act(
        "head", claimed, "assign", lambda city: {"user": city.unit.colleague.pk},
        "assign", lambda city: {"person": city.unit.colleague.pk},
    ),
    "hand back": Act(
        "executor", claimed, "hand-back", {"to": "unit", "reason": GROUND},
        "hand-back", {"to": "unit", "reason": GROUND},
    ),
    "call in": Act(
        "executor", claimed, "co-executors", lambda city: {"user": city.unit.colleague.pk},
        "co-executors", lambda city: {"person": city.unit.colleague.pk},
    ),
    "release": Act("executor", claimed, "co-executors/{}/release", {}, "co-executors/{}", None, "delete", _colleague),
    "note": Act("executor", claimed, "note", TEXT, "notes", TEXT),
    "message": Act("executor", claimed, "message", TEXT, "messages", TEXT),
    "ask": Act("executor", claimed, "ask", TEXT, "questions-to-applicant", TEXT),
    "read": Act("executor", claimed, "read", {}, "messages/read"),
    "answer question": Act(
        "executor", claimed, "questions/{}", TEXT, "questions/{}/answer", TEXT, "put", _question
    ),
    "draft": Act("executor", claimed, "reply", ANSWER | {"action": "save", "version": 0}, "draft", ANSWER, "put"),
    "send": Act(
        "executor", claimed, "reply", ANSWER | {"action": "send", "version": 0, "override_ground": GROUND},
        "replies", ANSWER | {"ground": GROUND},
    ),
    "extend": Act(
        "head", claimed, "extend", {"until": FAR, "ground": GROUND}, "extension", {"until": FAR, "ground": GROUND}
    ),
    "close": Act(
        "head", claimed, "close", {"ground": "subject_gone", "reason": GROUND},
        "closing", {"ground": "subject_gone", "reason": GROUND},
    ),
    "classify": Act(
        "inspector", new, "classify",
        lambda city: {"topic": city.topic.pk, "kind": "message", "category": "personal", "priority": "normal"},
        "classification", lambda city: {"topic": city.topic.slug}, "patch",
    ),
    "route": Act(
        "inspector", new, "route", lambda city: {"department": city.other.pk},
        "route", lambda city: {"department": city.other.slug},
    ),
    "accept": Act("inspector", new, "route/accept", {}, "route/accept"),
    "forward": Act(
        "inspector", new, "forward", lambda city: {"department": city.outside.pk, "ground": GROUND},
        "forward", lambda city: {"department": city.outside.slug, "ground": GROUND},
    ),
    "split": Act("inspector", new, "split", {"texts": "\n\n".join(SPLIT)}, "questions", {"questions": SPLIT}),
    "link": Act(
        "inspector", new, "link", lambda city: {"number": city.second.number, "kind": "related"},
        "links", lambda city: {"number": city.second.number, "kind": "related"},
    ),
    "unlink": Act("inspector", new, "links/{}/remove", {}, "links/{}", None, "delete", _link),
    "incident": Act(
        "inspector", new, "incident", {"incident": "new", "title": "Құбыр жарылды"},
        "incident", {"title": "Құбыр жарылды"}, "put",
    ),
    "move message": Act(
        "inspector", new, "messages/{}/move", {"to": "new"}, "messages/{}/move", {"to": "new"}, "post", _message
    ),
    "register": Act("inspector", unregistered, "register", {"reason": GROUND}, "registration", {"reason": GROUND}),
    "promote": Act(
        "inspector", promotable, "promote", {"kind": "complaint", "reason": GROUND},
        "promotion", {"kind": "complaint", "reason": GROUND},
    ),
    "end wait": Act("executor", asked, "end-wait", {}, "wait", None, "delete"),
    "discard": Act(
        "executor", drafted, "reply", {"action": "discard", "version": 1, "language": "kk"},
        "draft?draft_version=1", None, "delete",
    ),
    "add file": Act(
        "executor", claimed, "files", lambda city: {"purpose": "internal", "uploads": _photo(city)},
        "files", lambda city: {"purpose": "internal", "file": _photo(city)}, is_upload=True,
    ),
    "keep back": Act(
        "executor", drafted, "reply", ANSWER | {"leave_out": "{}", "version": 1, "done_on": ""},
        "files/{}", None, "delete", _evidence,
    ),
    "leave incident": Act("inspector", in_incident, "incident/leave", {}, "incident", None, "delete"),
    "grant": Act("head", proposed, "extensions/{}/grant", {}, "extensions/{}/grant", {}, "post", _proposal),
    "refuse": Act(
        "head", proposed, "extensions/{}/refuse", {"reason": GROUND},
        "extensions/{}/refuse", {"reason": GROUND}, "post", _proposal,
    ),
}  # fmt: skip
