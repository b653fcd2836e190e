"""Work on a case: take it, give it, hand it back, ask, write, note."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.rights import Action
from appeals import dialogue, workqueue
from appeals.dialogue import WaitEnd
from appeals.workqueue import BackTo
from openapi import idempotency
from openapi.scopes import Scope
from openapi.v1.cases.base import CaseResource, CaseSerializer, versioned
from openapi.v1.fields import NumberField, TextField


class AssignSerializer(serializers.Serializer[Any]):
    person = NumberField(help_text=_("From the people of the unit."))
    reason = TextField(max_length=2000, required=False, default="", allow_blank=True)


class HandBackSerializer(serializers.Serializer[Any]):
    reason = TextField(max_length=2000)
    to = serializers.ChoiceField(choices=[place.value for place in BackTo], default=BackTo.UNIT.value)


class CoExecutorSerializer(serializers.Serializer[Any]):
    person = NumberField()


class TextSerializer(serializers.Serializer[Any]):
    text = TextField(max_length=20_000)


class AskSerializer(TextSerializer):
    until = serializers.DateField(required=False, allow_null=True, default=None)


class Work(CaseResource):
    scopes = dict.fromkeys(
        ("claim", "assign", "hand_back", "add_co_executor", "remove_co_executor", "ask", "end_wait", "message", "note",
         "mark_read"), Scope.CASES_WORK,
    )  # fmt: skip

    @extend_schema(operation_id="claim_case", summary="Take into work", request=None, responses=CaseSerializer)
    @idempotency.once
    def claim(self, request: Request, number: str) -> Response:
        """Take a case of the unit's queue; refused when somebody was faster."""
        appeal = self.open(number, Action.CLAIM)
        workqueue.claim(appeal.pk, actor=self.person)
        return self.answer(appeal.pk)

    @extend_schema(
        operation_id="assign_case", summary="Give to a person", request=AssignSerializer, responses=CaseSerializer
    )
    @idempotency.once
    @versioned
    def assign(self, request: Request, number: str) -> Response:
        """To somebody of the unit that has the case."""
        appeal, body = self.open(number, Action.ASSIGN), self.checked(AssignSerializer)
        workqueue.assign(
            appeal.pk, user_id=body["person"], actor=self.person, reason=body["reason"].strip(), seen=self.seen
        )
        return self.answer(appeal.pk)

    @extend_schema(
        operation_id="hand_back_case", summary="Hand back", request=HandBackSerializer, responses=CaseSerializer
    )
    @idempotency.once
    @versioned
    def hand_back(self, request: Request, number: str) -> Response:
        """To the unit's queue, or to whoever routes appeals."""
        appeal, body = self.open(number, Action.WORK), self.checked(HandBackSerializer)
        workqueue.hand_back(appeal.pk, actor=self.person, reason=body["reason"], to=BackTo(body["to"]), seen=self.seen)
        return self.answer(appeal.pk)

    @extend_schema(
        operation_id="add_co_executor",
        summary="Call in a co-executor",
        request=CoExecutorSerializer,
        responses=CaseSerializer,
    )
    @idempotency.once
    def add_co_executor(self, request: Request, number: str) -> Response:
        """He sees the case, writes notes and prepares the answer; the executor decides and sends it."""
        appeal, body = self.open(number, Action.WORK), self.checked(CoExecutorSerializer)
        workqueue.add_co_executor(appeal.pk, user_id=body["person"], actor=self.person)
        return self.answer(appeal.pk)

    @extend_schema(
        operation_id="remove_co_executor",
        summary="Release a co-executor",
        request=None,
        responses={200: CaseSerializer},
    )
    def remove_co_executor(self, request: Request, number: str, person: int) -> Response:
        """Repeating it changes nothing."""
        appeal = self.open(number, Action.WORK)
        workqueue.remove_co_executor(appeal.pk, user_id=person, actor=self.person)
        return self.answer(appeal.pk)

    @extend_schema(
        operation_id="ask_applicant", summary="Ask the applicant", request=AskSerializer, responses=CaseSerializer
    )
    @idempotency.once
    @versioned
    def ask(self, request: Request, number: str) -> Response:
        """The clock stands still until the answer, or until the day that is set."""
        appeal, body = self.open(number, Action.WORK), self.checked(AskSerializer)
        until = dialogue.end_of_day(body["until"]) if body["until"] else None
        dialogue.ask(appeal.pk, actor=self.person, text=body["text"], until=until, seen=self.seen)
        return self.answer(appeal.pk)

    @extend_schema(
        operation_id="end_wait", summary="Let the clock run again", request=None, responses={200: CaseSerializer}
    )
    @idempotency.once
    def end_wait(self, request: Request, number: str) -> Response:
        """Without waiting for the applicant any longer."""
        appeal = self.open(number, Action.WORK)
        dialogue.end_wait(appeal.pk, at=timezone.now(), why=WaitEnd.ENDED, actor=self.person)
        return self.answer(appeal.pk)

    @extend_schema(
        operation_id="write_to_applicant",
        summary="Message to the applicant",
        request=TextSerializer,
        responses=CaseSerializer,
    )
    @idempotency.exactly_once
    @versioned
    def message(self, request: Request, number: str) -> Response:
        """Goes out by the channel of the appeal; the clock runs on."""
        appeal, body = self.open(number, Action.WORK), self.checked(TextSerializer)
        dialogue.send_message(appeal.pk, actor=self.person, text=body["text"], seen=self.seen)
        return self.answer(appeal.pk)

    @extend_schema(operation_id="add_note", summary="Internal note", request=TextSerializer, responses=CaseSerializer)
    @idempotency.exactly_once
    def note(self, request: Request, number: str) -> Response:
        """For colleagues; the applicant never sees it."""
        appeal, body = self.open(number, Action.WORK), self.checked(TextSerializer)
        dialogue.add_note(appeal.pk, actor=self.person, text=body["text"])
        return self.answer(appeal.pk)

    @extend_schema(operation_id="mark_read", summary="Mark messages as read", request=None, responses=CaseSerializer)
    @idempotency.once
    def mark_read(self, request: Request, number: str) -> Response:
        """The applicant's messages are no longer new."""
        appeal = self.open(number, Action.WORK)
        dialogue.mark_read(appeal.pk, actor=self.person)
        return self.answer(appeal.pk)
