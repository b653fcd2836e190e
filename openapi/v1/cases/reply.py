"""The answer: draft, check, send; single questions; the term; the end without an answer."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.rights import Action
from appeals import closing, extension, policies, replies
from appeals.models import Appeal, ExtensionProposal, Outcome, Question
from appeals.replies import ReplyContent
from common.errors import NotFound
from openapi import idempotency
from openapi.scopes import Scope
from openapi.v1.cases.base import CaseResource, CaseSerializer, ReasonSerializer, versioned
from openapi.v1.fields import FlagField, NumberField, TextField


class ContentSerializer(serializers.Serializer[Any]):
    """The answer as it is being written. `draft_version` is that of the draft it replaces, 0 for a new one."""

    text = TextField(max_length=20_000, required=False, default="", allow_blank=True)
    outcome = serializers.ChoiceField(choices=Outcome.choices, required=False, default="", allow_blank=True)
    measures = TextField(max_length=20_000, required=False, default="", allow_blank=True)
    done_on = serializers.DateField(required=False, allow_null=True, default=None)
    done_by = TextField(max_length=250, required=False, default="", allow_blank=True)
    language = serializers.ChoiceField(choices=[("kk", "Қазақша"), ("ru", "Русский")], required=False, default="kk")
    is_interim = FlagField(required=False, default=False)
    draft_version = NumberField(min_value=0, required=False, default=0)


class SendSerializer(ContentSerializer):
    ground = TextField(
        max_length=4000, required=False, default="", allow_blank=True,
        help_text=_("Why it is sent over the findings of the check; it stays in the history."),
    )  # fmt: skip


class FindingSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    message = serializers.CharField()


class DraftSerializer(serializers.Serializer[Any]):
    text = serializers.CharField()
    outcome = serializers.CharField()
    measures = serializers.CharField()
    done_on = serializers.DateField(allow_null=True)
    done_by = serializers.CharField()
    language = serializers.CharField()
    is_interim = serializers.BooleanField()
    draft_version = serializers.IntegerField(source="version")


class DraftVersionSerializer(serializers.Serializer[Any]):
    draft_version = serializers.IntegerField(
        min_value=0, help_text=_("The version that was read: a draft somebody went on writing stays.")
    )


class CheckedSerializer(serializers.Serializer[Any]):
    """What the gate has found; an empty list means that the answer may go out."""

    findings = FindingSerializer(many=True)


class ExtendSerializer(serializers.Serializer[Any]):
    until = serializers.DateField()
    ground = TextField(max_length=4000)


class CloseSerializer(serializers.Serializer[Any]):
    ground = TextField(max_length=40)
    reason = TextField(max_length=4000)


class AnswerSerializer(serializers.Serializer[Any]):
    text = TextField(max_length=20_000)


class Replies(CaseResource):
    scopes = dict.fromkeys(("draft", "save", "discard", "check", "answer_question"), Scope.CASES_WORK) | dict.fromkeys(
        ("send", "close"), Scope.CASES_REPLY
    ) | dict.fromkeys(("grant", "refuse"), Scope.CASES_EXTEND) | {"extend": Scope.CASES_WORK}  # fmt: skip

    @extend_schema(operation_id="read_draft", summary="Read the draft", responses=DraftSerializer)
    def draft(self, request: Request, number: str) -> Response:
        """The answer being written, by whomever; 404 when none is begun."""
        draft = replies.draft_of(self.open(number, Action.WORK))
        if draft is None:
            raise NotFound
        return Response(DraftSerializer(draft).data)

    @extend_schema(
        operation_id="save_draft", summary="Save the draft", request=ContentSerializer, responses=DraftSerializer
    )
    def save(self, request: Request, number: str) -> Response:
        """409 with code `draft_changed` when somebody saved in between: read, merge, save again."""
        appeal, body = self.open(number, Action.WORK), self.checked(ContentSerializer)
        draft = replies.save_draft(appeal.pk, actor=self.person, content=_content(body), version=body["draft_version"])
        return Response(DraftSerializer(draft).data)

    @extend_schema(
        operation_id="discard_draft",
        summary="Throw the draft away",
        request=None,
        parameters=[DraftVersionSerializer],
        responses={204: OpenApiResponse(description="There is no draft any more.")},
    )  # fmt: skip
    def discard(self, request: Request, number: str) -> Response:
        """Its files stay with the case. Repeating it changes nothing."""
        appeal = self.open(number, Action.WORK)
        asked = DraftVersionSerializer(data=request.query_params.dict())
        asked.is_valid(raise_exception=True)
        replies.discard_draft(appeal.pk, actor=self.person, version=asked.validated_data["draft_version"])
        return Response(status=204)

    @extend_schema(
        operation_id="check_reply", summary="Check an answer", request=ContentSerializer, responses=CheckedSerializer
    )
    def check(self, request: Request, number: str) -> Response:
        """What would keep the answer from going out; nothing is stored."""
        appeal, body = self.open(number, Action.WORK), self.checked(ContentSerializer)
        return Response({"findings": _findings(appeal, _content(body))})

    @extend_schema(
        operation_id="send_reply", summary="Send the answer", request=SendSerializer, responses=CaseSerializer
    )
    @idempotency.exactly_once
    @versioned
    def send(self, request: Request, number: str) -> Response:
        """Once. Refused with 422 and `errors` while the check finds something and no ground is given."""
        appeal, body = self.open(number, Action.REPLY), self.checked(SendSerializer)
        replies.send_reply(
            appeal.pk,
            actor=self.person,
            content=_content(body),
            version=body["draft_version"],
            ground=body["ground"],
            seen=self.seen,
        )
        return self.answer(appeal.pk)

    @extend_schema(
        operation_id="answer_question",
        summary="Answer one question",
        request=AnswerSerializer,
        responses=CaseSerializer,
    )
    @idempotency.once
    def answer_question(self, request: Request, number: str, question: int) -> Response:
        """It goes out with the answer to the whole appeal."""
        appeal, body = self.open(number, Action.WORK), self.checked(AnswerSerializer)
        row = Question.objects.filter(appeal=appeal, pk=question).first()
        if row is None:
            raise NotFound
        replies.answer_question(row.pk, actor=self.person, text=body["text"])
        return self.answer(appeal.pk)

    @extend_schema(
        operation_id="extend_case", summary="Extend the term", request=ExtendSerializer, responses=CaseSerializer
    )
    @idempotency.exactly_once
    @versioned
    def extend(self, request: Request, number: str) -> Response:
        """Whoever decides extends at once; anybody else proposes it to the head."""
        appeal, body = self.open(number, Action.WORK, Action.EXTEND), self.checked(ExtendSerializer)
        decides = policies.may(self.person, Action.EXTEND, appeal)
        step = extension.extend if decides else extension.propose
        step(appeal.pk, actor=self.person, until=body["until"], ground=body["ground"], seen=self.seen)
        return self.answer(appeal.pk)

    @extend_schema(operation_id="grant_extension", summary="Grant an extension", request=None, responses=CaseSerializer)
    @idempotency.once
    def grant(self, request: Request, number: str, proposal: int) -> Response:
        """The applicant is told."""
        appeal = self.open(number, Action.EXTEND)
        extension.grant(_proposal(appeal, proposal), actor=self.person)
        return self.answer(appeal.pk)

    @extend_schema(
        operation_id="refuse_extension",
        summary="Refuse an extension",
        request=ReasonSerializer,
        responses=CaseSerializer,
    )
    @idempotency.once
    def refuse(self, request: Request, number: str, proposal: int) -> Response:
        """The present term holds."""
        appeal, body = self.open(number, Action.EXTEND), self.checked(ReasonSerializer)
        extension.refuse(_proposal(appeal, proposal), actor=self.person, reason=body["reason"])
        return self.answer(appeal.pk)

    @extend_schema(
        operation_id="close_case", summary="Close without an answer", request=CloseSerializer, responses=CaseSerializer
    )
    @idempotency.exactly_once
    @versioned
    def close(self, request: Request, number: str) -> Response:
        """Only on one of the legal grounds; the applicant is told and may complain."""
        appeal, body = self.open(number, Action.REPLY), self.checked(CloseSerializer)
        closing.close(appeal.pk, actor=self.person, ground=body["ground"], reason=body["reason"], seen=self.seen)
        return self.answer(appeal.pk)


def _content(body: dict[str, Any]) -> ReplyContent:
    wanted = ("text", "outcome", "measures", "done_on", "done_by", "language", "is_interim")
    return ReplyContent(**{name: body[name] for name in wanted})


def _findings(appeal: Appeal, content: ReplyContent) -> list[dict[str, str]]:
    return [{"code": found.code, "message": str(found.message)} for found in replies.check(appeal, content)]


def _proposal(appeal: Appeal, pk: int) -> int:
    if not ExtensionProposal.objects.filter(appeal=appeal, pk=pk).exists():
        raise NotFound
    return pk
