"""What an applicant does with his appeal, or a system that filed it for him: add, judge, dispute, withdraw."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from appeals import feedback, intake, threads
from appeals.feedback import Judgement
from appeals.models import Appeal, Channel, EventKind, Feedback, Message, Outcome, Reply, Verdict
from appeals.selectors.tracking import citizen_case
from openapi import idempotency, uploads
from openapi.scopes import Scope
from openapi.v1.appeals import Appeals
from openapi.v1.fields import NumberField, TextField, ValueField
from openapi.v1.shapes import AppealSerializer


class AddSerializer(serializers.Serializer[Any]):
    """Words, files or both."""

    text = TextField(max_length=20_000, required=False, default="", allow_blank=True)
    uploads = serializers.ListField(
        child=TextField(max_length=uploads.LONGEST_ID), max_length=intake.MAX_FILES, required=False,
        default=list, help_text=_("Ids of files that were uploaded before."),
    )  # fmt: skip

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs["text"].strip() and not attrs["uploads"]:
            raise serializers.ValidationError({"text": [_("Write a message or add a file.")]}, code="needed")
        return attrs


class MessageSerializer(serializers.Serializer[Message]):
    """One message of the conversation; `in` is from the applicant."""

    direction = ValueField(Message.Direction.choices)
    text = serializers.CharField()
    at = serializers.DateTimeField()


class ReplySerializer(serializers.Serializer[Reply]):
    """An answer that was sent."""

    outcome = ValueField(Outcome.choices)
    text = serializers.CharField()
    language = serializers.CharField()
    is_interim = serializers.BooleanField()
    sent_at = serializers.DateTimeField()


class EventSerializer(serializers.Serializer[Any]):
    """A step of the appeal, as far as it is written for the applicant."""

    kind = ValueField(EventKind.choices)
    at = serializers.DateTimeField(source="occurred_at")


class StorySerializer(serializers.Serializer[Any]):
    events = EventSerializer(many=True)
    messages = MessageSerializer(many=True)
    replies = ReplySerializer(many=True)


class JudgementSerializer(serializers.Serializer[Any]):
    verdict = serializers.ChoiceField(choices=Verdict.choices)
    rating = NumberField(min_value=1, max_value=5, required=False, allow_null=True, default=None)
    reasons = serializers.ListField(
        child=serializers.ChoiceField(choices=Feedback.Reason.choices), max_length=4, required=False, default=list
    )
    comment = TextField(max_length=4000, required=False, default="", allow_blank=True)


class RatingSerializer(serializers.Serializer[Any]):
    rating = NumberField(min_value=1, max_value=5)
    comment = TextField(max_length=4000, required=False, default="", allow_blank=True)


class WithdrawSerializer(serializers.Serializer[Any]):
    reason = TextField(max_length=2000, required=False, default="", allow_blank=True)


class Following(Appeals):
    """On appeals that `Appeals` opens: one's own, or with the secret code."""

    scopes = {"story": Scope.APPEALS_READ} | dict.fromkeys(
        ("add", "judge", "rate", "dispute", "withdraw"), Scope.APPEALS_RESPOND
    )

    @extend_schema(operation_id="read_story", summary="Steps, messages, answers", responses=StorySerializer)
    def story(self, request: Request, number: str) -> Response:
        """What the tracking page shows: internal notes and people are not among it."""
        case = citizen_case(self.find(request, number))
        body = {"events": case.events, "messages": case.messages, "replies": case.replies}
        return Response(StorySerializer(body).data)

    @extend_schema(
        operation_id="add_message", summary="Add a message", request=AddSerializer, responses=AppealSerializer
    )
    @idempotency.exactly_once
    def add(self, request: Request, number: str) -> Response:
        """To an open appeal; it also answers a question that was asked, and the clock runs on."""
        appeal = self.find(request, number)
        sent = AddSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        ids = tuple(sent.validated_data["uploads"])
        parts = threads.MessageParts(
            channel=Channel(self.caller.application.channel),
            external_id=f"api:{self.caller.application.pk}:{idempotency.number_of(request)}",
            received_at=timezone.now(),
            text=sent.validated_data["text"].strip(),
            files=uploads.take(ids, application_id=self.caller.application.pk),
        )
        threads.join_message(appeal.pk, parts=parts)
        if ids:
            transaction.on_commit(partial(uploads.forget, ids, application_id=self.caller.application.pk))
        return self._answer(appeal)

    @extend_schema(
        operation_id="judge_reply", summary="Judge the answer", request=JudgementSerializer, responses=AppealSerializer
    )
    @idempotency.once
    def judge(self, request: Request, number: str) -> Response:
        """«Solved» closes the matter."""
        appeal = self.find(request, number)
        feedback.give_feedback(appeal.pk, self._judgement(), actor=self.person)
        return self._answer(appeal)

    @extend_schema(
        operation_id="rate_reply", summary="Rate the answer", request=RatingSerializer, responses=AppealSerializer
    )
    @idempotency.once
    def rate(self, request: Request, number: str) -> Response:
        """What follows a judgement that was given without a rating."""
        appeal = self.find(request, number)
        sent = RatingSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        feedback.complete_feedback(appeal.pk, actor=self.person, **sent.validated_data)
        return self._answer(appeal)

    @extend_schema(
        operation_id="dispute_reply",
        summary="Dispute the answer",
        request=JudgementSerializer,
        responses=AppealSerializer,
    )
    @idempotency.once
    def dispute(self, request: Request, number: str) -> Response:
        """Another unit takes a second look."""
        appeal = self.find(request, number)
        feedback.dispute_answer(appeal.pk, self._judgement(), actor=self.person)
        return self._answer(appeal)

    @extend_schema(
        operation_id="withdraw_appeal", summary="Withdraw", request=WithdrawSerializer, responses=AppealSerializer
    )
    @idempotency.once
    def withdraw(self, request: Request, number: str) -> Response:
        """Nobody works on it any more; it cannot be brought back."""
        appeal = self.find(request, number)
        sent = WithdrawSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        feedback.withdraw(appeal.pk, reason=sent.validated_data["reason"], actor=self.person)
        return self._answer(appeal)

    def _judgement(self) -> Judgement:
        sent = JudgementSerializer(data=self.request.data)
        sent.is_valid(raise_exception=True)
        data = sent.validated_data
        return Judgement(Verdict(data["verdict"]), data["rating"], tuple(data["reasons"]), data["comment"])

    def _answer(self, appeal: Appeal) -> Response:
        return self.shown(Appeal.objects.defer("search").get(pk=appeal.pk))
