"""Where a case goes: register, classify, give to a unit, forward, split, link, incidents, promote, move messages."""

from __future__ import annotations

from typing import Any, cast

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from accounts.rights import Action
from appeals import casework, intake, links, policies, routing, terms, threads
from appeals.models import Appeal, AppealLink, Category, Kind, LinkKind, Message, Priority, Question, Topic
from appeals.selectors import case as case_rows
from appeals.selectors import names
from common.errors import NotFound, ValidationFailed
from common.reference_numbers import parse_number
from openapi import idempotency
from openapi.scopes import Scope
from openapi.v1.cases.base import CaseResource, CaseSerializer, ReasonSerializer, versioned
from openapi.v1.fields import FlagField, KeyField, NumberField, TextField
from organizations.models import Department


class ClassifySerializer(serializers.Serializer[Any]):
    """What is left out stays as it is."""

    topic = KeyField(names.topics, required=False, allow_null=True)
    kind = serializers.ChoiceField(choices=Kind.choices, required=False)
    category = serializers.ChoiceField(choices=Category.choices, required=False)
    priority = serializers.ChoiceField(choices=Priority.choices, required=False)
    area = KeyField(names.areas, required=False, allow_null=True)
    complaint_department = KeyField(names.departments, required=False, allow_null=True)
    complaint_user = NumberField(required=False, allow_null=True)
    is_confidential = FlagField(required=False)
    reason = TextField(max_length=4000, required=False, default="", allow_blank=True)


class RouteSerializer(serializers.Serializer[Any]):
    department = KeyField(names.departments)
    question = NumberField(required=False, allow_null=True, default=None)
    reason = TextField(max_length=4000, required=False, default="", allow_blank=True)


class ForwardSerializer(serializers.Serializer[Any]):
    department = KeyField(names.departments)
    question = NumberField(required=False, allow_null=True, default=None)
    ground = TextField(max_length=4000)


class SplitSerializer(serializers.Serializer[Any]):
    questions = serializers.ListField(child=TextField(max_length=20_000), min_length=2, max_length=20)


class LinkSerializer(serializers.Serializer[Any]):
    number = TextField(max_length=40, help_text=_("The other appeal."))
    kind = serializers.ChoiceField(choices=LinkKind.choices)


class IncidentSerializer(serializers.Serializer[Any]):
    """An incident that is open, or the title of a new one."""

    incident = NumberField(required=False, allow_null=True, default=None)
    title = TextField(max_length=250, required=False, default="", allow_blank=True)


class PromoteSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=Kind.choices)
    reason = TextField(max_length=4000, required=False, default="", allow_blank=True)


class MoveSerializer(serializers.Serializer[Any]):
    """To another appeal by its number, to one of its own (`new`), or back to where it was (`undo`)."""

    to = TextField(max_length=40)


class Route(CaseResource):
    scopes = {"register": Scope.CASES_REGISTER} | dict.fromkeys(
        ("classify", "route", "forward", "split", "link", "unlink", "join_incident", "leave_incident", "promote",
         "move_message"), Scope.CASES_ROUTE,
    )  # fmt: skip

    @extend_schema(
        operation_id="register_case",
        summary="Register without a confirmed contact",
        request=ReasonSerializer,
        responses=CaseSerializer,
    )
    @idempotency.once
    def register(self, request: Request, number: str) -> Response:
        """Acceptance may not be refused; the ground stays in the history."""
        appeal, body = self.open(number, Action.REGISTER), self.checked(ReasonSerializer)
        intake.register_appeal(appeal.pk, actor=self.person, reason=body["reason"])
        return self.answer(appeal.pk)

    @extend_schema(
        operation_id="classify_case",
        summary="Topic, kind, priority",
        request=ClassifySerializer,
        responses=CaseSerializer,
    )
    @idempotency.once
    @versioned
    def classify(self, request: Request, number: str) -> Response:
        """The terms follow the new values; the history keeps the old ones. A new topic brings its own priority along
        where the case has the normal one and none is given."""
        appeal, body = self.open(number, Action.CLASSIFY), self.checked(ClassifySerializer)
        casework.check_seen(appeal, self.seen)
        reason = body.pop("reason")
        values = _with_priority_of_topic(appeal, _rows(body))
        routing.classify_appeal(appeal.pk, actor=self.person, reason=reason.strip(), **values)
        return self.answer(appeal.pk)

    @extend_schema(
        operation_id="route_case", summary="Give to a unit", request=RouteSerializer, responses=CaseSerializer
    )
    @idempotency.once
    @versioned
    def route(self, request: Request, number: str) -> Response:
        """The whole appeal, or one question of it."""
        appeal, body = self.open(number, Action.ROUTE), self.checked(RouteSerializer)
        casework.check_seen(appeal, self.seen)
        unit = _unit(body["department"])
        if body["question"] is None:
            routing.assign_unit(appeal.pk, department=unit, actor=self.person, reason=body["reason"].strip())
        else:
            routing.assign_question(_question(appeal, body["question"]), department=unit, actor=self.person)
        return self.answer(appeal.pk)

    @extend_schema(
        operation_id="forward_case",
        summary="Forward by competence",
        request=ForwardSerializer,
        responses=CaseSerializer,
    )
    @idempotency.once
    @versioned
    def forward(self, request: Request, number: str) -> Response:
        """To the competent body; the applicant is told at once where it went and why."""
        appeal, body = self.open(number, Action.ROUTE), self.checked(ForwardSerializer)
        casework.check_seen(appeal, self.seen)
        unit, ground = _unit(body["department"]), body["ground"]
        if body["question"] is None:
            routing.forward_appeal(appeal.pk, department=unit, ground=ground, actor=self.person)
        else:
            question = _question(appeal, body["question"])
            routing.forward_question(question, department=unit, ground=ground, actor=self.person)
        return self.answer(appeal.pk)

    @extend_schema(
        operation_id="split_case", summary="Split into questions", request=SplitSerializer, responses=CaseSerializer
    )
    @idempotency.exactly_once
    @versioned
    def split(self, request: Request, number: str) -> Response:
        """Each question gets its own unit, executor and clock."""
        appeal, body = self.open(number, Action.ROUTE), self.checked(SplitSerializer)
        casework.check_seen(appeal, self.seen)
        routing.split_questions(appeal.pk, texts=body["questions"], actor=self.person)
        return self.answer(appeal.pk)

    @extend_schema(
        operation_id="link_case", summary="Link with another appeal", request=LinkSerializer, responses=CaseSerializer
    )
    @idempotency.once
    def link(self, request: Request, number: str) -> Response:
        """A duplicate is closed here and lives on in the other appeal; the link can be undone."""
        appeal, body = self.open(number, Action.ROUTE), self.checked(LinkSerializer)
        parsed = parse_number(body["number"])
        other = case_rows.appeal_by_number(str(parsed)) if parsed else None
        if other is None or not policies.may(self.person, Action.SEE, other):
            raise ValidationFailed(_("No appeal with this number"), field="number")
        links.link_appeals(appeal.pk, other.pk, kind=LinkKind(body["kind"]), actor=self.person)
        return self.answer(appeal.pk)

    @extend_schema(operation_id="unlink_case", summary="Undo a link", request=None, responses={200: CaseSerializer})
    def unlink(self, request: Request, number: str, link: int) -> Response:
        """A duplicate opens again."""
        appeal = self.open(number, Action.ROUTE)
        row = AppealLink.objects.filter(pk=link).first()
        if row is None or appeal.pk not in (row.source_id, row.target_id):
            raise NotFound
        links.unlink_appeals(row.pk, actor=self.person)
        return self.answer(appeal.pk)

    @extend_schema(
        operation_id="join_incident",
        summary="Join to an incident",
        request=IncidentSerializer,
        responses=CaseSerializer,
    )
    @idempotency.once
    def join_incident(self, request: Request, number: str) -> Response:
        """Appeals about one event are worked on together; each keeps its own clock and answer."""
        appeal, body = self.open(number, Action.ROUTE), self.checked(IncidentSerializer)
        if body["incident"] is None:
            links.open_incident([appeal.pk], title=body["title"], actor=self.person)
        else:
            links.join_incident(appeal.pk, body["incident"], actor=self.person)
        return self.answer(appeal.pk)

    @extend_schema(
        operation_id="leave_incident", summary="Take out of the incident", request=None, responses={200: CaseSerializer}
    )
    def leave_incident(self, request: Request, number: str) -> Response:
        """The incident stays with the other appeals."""
        appeal = self.open(number, Action.ROUTE)
        links.leave_incident(appeal.pk, actor=self.person)
        return self.answer(appeal.pk)

    @extend_schema(
        operation_id="promote_case",
        summary="Promote to a statutory appeal",
        request=PromoteSerializer,
        responses=CaseSerializer,
    )
    @idempotency.once
    @versioned
    def promote(self, request: Request, number: str) -> Response:
        """The statutory term starts today; name, IIN or BIN and address must be known."""
        appeal, body = self.open(number, Action.ROUTE), self.checked(PromoteSerializer)
        casework.check_seen(appeal, self.seen)
        routing.promote_appeal(appeal.pk, kind=Kind(body["kind"]), actor=self.person, reason=body["reason"].strip())
        return self.answer(appeal.pk)

    @extend_schema(
        operation_id="move_message",
        summary="Move a message to another appeal",
        request=MoveSerializer,
        responses=CaseSerializer,
    )
    @idempotency.once
    def move_message(self, request: Request, number: str, message: int) -> Response:
        """Answers with the case that has the message now."""
        appeal, body = self.open(number, Action.ROUTE), self.checked(MoveSerializer)
        row = Message.objects.filter(pk=message, appeal=appeal).first()
        if row is None:
            raise NotFound
        moved = self._moved(row, body["to"])
        moved.refresh_from_db()
        return self.answer(moved.appeal_id)

    def _moved(self, row: Message, to: str) -> Message:
        if to == "undo":
            return threads.undo_move(row.pk, actor=self.person)
        if to == "new":
            return threads.move_to_new_appeal(row.pk, actor=self.person)
        target = case_rows.appeal_by_number(to)
        if target is None or not policies.may(self.person, Action.ROUTE, target):
            raise NotFound
        return threads.move_message(row.pk, to_appeal_id=target.pk, actor=self.person)


def _unit(pk: int) -> Department:
    return terms.departments()[pk]


def _question(appeal: Appeal, pk: int) -> int:
    if not Question.objects.filter(pk=pk, appeal=appeal).exists():
        raise NotFound
    return pk


def _rows(body: dict[str, Any]) -> dict[str, object]:
    """Keys of reference tables as the rows the step takes."""
    tables: dict[str, Any] = {"topic": terms.topics, "area": terms.areas, "complaint_department": terms.departments}
    rows = {name: tables[name]().get(value) if name in tables else value for name, value in body.items()}
    if rows.get("complaint_user") is not None:
        rows["complaint_user"] = User.objects.filter(pk=rows["complaint_user"], is_active=True).first()
        if rows["complaint_user"] is None:
            raise ValidationFailed(_("There is no such person."), code="no_such_one", field="complaint_user")
    return rows


def _with_priority_of_topic(appeal: Appeal, values: dict[str, object]) -> dict[str, object]:
    """As on the page: a manhole found open does not wait for seven days."""
    topic = values.get("topic")
    is_new = isinstance(topic, Topic) and topic.pk != appeal.topic_id
    if is_new and "priority" not in values and appeal.priority == Priority.NORMAL:
        return values | {"priority": cast(Topic, topic).default_priority}
    return values
