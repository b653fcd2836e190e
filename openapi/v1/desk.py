"""The desk: register what somebody called, wrote or came with; what helps while he speaks."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from appeals import consultation, intake, policies, terms
from appeals.channels import desk
from appeals.forms.choices import topic_words
from appeals.forms.desk import EARLIEST
from appeals.models import Appeal, Category, Channel, Kind, KnowledgeArticle, Priority, Regime
from appeals.selectors import names
from appeals.selectors.knowledge import find_consultations
from appeals.selectors.similar import BriefAppeal, earlier_by_phone, similar_open
from appeals.suggestions import emergency_lines, suggest_topics
from openapi import idempotency, preconditions
from openapi.scopes import Scope
from openapi.v1.base import Resource
from openapi.v1.fields import FlagField, KeyField, TextField
from openapi.v1.filing import ApplicantSerializer
from openapi.v1.shapes import ReceiptSerializer

SHORTEST_LOOKED_UP = 6
DESKS = [(channel.value, channel.label) for channel in desk.DESKS]


class SolvedSerializer(serializers.Serializer[Any]):
    """Solved while the caller was on the line: what he was told, and the article it came from."""

    answer = TextField(min_length=consultation.SHORTEST_ANSWER, max_length=20_000)
    article = TextField(max_length=100, required=False, default="", allow_blank=True)


class RegistrationSerializer(serializers.Serializer[Any]):
    """An appeal as a member of the staff took it down."""

    channel = serializers.ChoiceField(choices=DESKS)
    text = TextField(min_length=intake.SHORTEST_TEXT, max_length=intake.LONGEST_TEXT)
    received_at = serializers.DateTimeField(required=False, allow_null=True, default=None)
    answer_language = serializers.ChoiceField(choices=[("kk", "Қазақша"), ("ru", "Русский")], default="kk")
    regime = serializers.ChoiceField(choices=Regime.choices, default=Regime.REQUEST)
    kind = serializers.ChoiceField(choices=Kind.choices, required=False)
    category = serializers.ChoiceField(choices=Category.choices, required=False)
    topic = KeyField(names.topics, required=False, allow_null=True, default=None)
    priority = serializers.ChoiceField(choices=Priority.choices, required=False)
    area = KeyField(names.areas, required=False, allow_null=True, default=None)
    address = TextField(max_length=300, required=False, default="", allow_blank=True)
    is_confidential = FlagField(default=False)
    complaint_department = KeyField(names.departments, required=False, allow_null=True, default=None)
    applicant = ApplicantSerializer()
    solved = SolvedSerializer(required=False, allow_null=True, default=None)

    def validate_received_at(self, value: Any) -> Any:
        """Paper may have come earlier than it is typed; never later than now, nor in another age."""
        if value is not None and value > timezone.now():
            raise serializers.ValidationError(_("This time has not come yet."), code="future")
        if value is not None and value < timezone.now() - EARLIEST:
            raise serializers.ValidationError(_("This is more than a year ago. Check the year."), code="too_old")
        return value

    def filing(self, token: str) -> desk.DeskFiling:
        data = self.validated_data
        statutory = data["regime"] == Regime.APPEAL
        who = dict(data["applicant"])
        return desk.DeskFiling(
            token=token,
            channel=Channel(data["channel"]),
            text=data["text"],
            received_at=(data["received_at"] if data["channel"] not in desk.CALLS else None) or timezone.now(),
            answer_language=data["answer_language"],
            regime=Regime(data["regime"]),
            kind=Kind(data["kind"]) if statutory and data.get("kind") else None,
            category=Category(data["category"]) if data.get("category") else None,
            topic_id=data["topic"],
            priority=Priority(data["priority"]) if data.get("priority") else None,
            area_id=data["area"],
            address=data["address"],
            applicant_type=who.pop("type"),
            is_confidential=data["is_confidential"],
            complaint_department_id=data["complaint_department"],
            **who,
        )


class LookupSerializer(serializers.Serializer[Any]):
    """What is known so far; nothing of it is stored, and it stands in no address."""

    text = TextField(max_length=4000, required=False, default="", allow_blank=True)
    topic = KeyField(names.topics, required=False, allow_null=True, default=None)
    area = KeyField(names.areas, required=False, allow_null=True, default=None)
    address = TextField(max_length=300, required=False, default="", allow_blank=True)
    phone = TextField(max_length=40, required=False, default="", allow_blank=True)


class BriefSerializer(serializers.Serializer[BriefAppeal]):
    """An appeal in one line."""

    number = serializers.CharField()
    status = serializers.CharField()
    subject = serializers.CharField()
    excerpt = serializers.CharField()
    topic = KeyField(names.topics, source="topic_id", allow_null=True)
    area = KeyField(names.areas, source="area_id", allow_null=True)
    department = KeyField(names.departments, source="department_id", allow_null=True)
    received_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField()
    closed_at = serializers.DateTimeField(allow_null=True)


class ArticleSerializer(serializers.Serializer[Any]):
    """A ready consultation, in the caller's language."""

    key = serializers.CharField(source="slug")
    title = serializers.CharField()
    body = serializers.CharField()


class FoundSerializer(serializers.Serializer[Any]):
    topics = serializers.ListField(child=serializers.CharField())
    emergency_phones = serializers.CharField()
    similar = BriefSerializer(many=True)
    earlier = BriefSerializer(many=True)
    consultations = ArticleSerializer(many=True)


class Desk(Resource):
    tag = "cases"
    scopes = dict.fromkeys(("create", "lookup"), Scope.CASES_REGISTER)

    @extend_schema(
        operation_id="register_appeal",
        summary="Register for somebody",
        request=RegistrationSerializer,
        responses={201: ReceiptSerializer},
    )
    @idempotency.exactly_once
    def create(self, request: Request) -> Response:
        """For whoever called, wrote or came; his contact counts as confirmed. With `solved` the matter is closed at
        first contact."""
        sent = RegistrationSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        solved = sent.validated_data["solved"]
        key = hashlib.sha256((idempotency.key_of(request) or "").encode()).hexdigest()[:32]
        token = f"api-{self.caller.application.pk}-{key}"
        appeal = intake.submit_appeal(desk.parse(sent.filing(token)), actor=self.person).appeal
        if solved:
            article = KnowledgeArticle.objects.filter(slug=solved["article"]).first() if solved["article"] else None
            appeal = consultation.resolve_at_first_contact(
                appeal.pk, answer=solved["answer"], actor=self.person, article=article
            )
        shown = Appeal.objects.get(pk=appeal.pk)
        body = ReceiptSerializer(shown, context={"request": request}).data
        return Response(body, status=201, headers={"ETag": preconditions.etag(shown.history_seq)})

    @extend_schema(
        operation_id="look_up",
        summary="What helps while he speaks",
        request=LookupSerializer,
        responses=FoundSerializer,
    )
    def lookup(self, request: Request) -> Response:
        """Likely topics, telephone numbers for danger, open appeals about the same, earlier appeals, consultations."""
        sent = LookupSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        return Response(FoundSerializer(self._found(sent.validated_data)).data)

    def _found(self, data: dict[str, Any]) -> dict[str, Any]:
        text, topic = data["text"], data["topic"]
        enough = len(text.strip()) >= SHORTEST_LOOKED_UP
        by_words = suggest_topics(text, topic_words())
        seen = policies.visible_to(self.person)
        lines = {pk: row.hand_over_to for pk, row in terms.topics().items()}
        similar = similar_open(text, data["area"], topic, address=data["address"], among=seen) if enough else []
        return {
            "topics": _keys(by_words),
            "emergency_phones": emergency_lines([topic] if topic else by_words, lines),
            "similar": similar,
            "earlier": earlier_by_phone(data["phone"], among=seen),
            "consultations": find_consultations(text, topic_id=topic) if enough or topic else [],
        }


def _keys(topic_ids: Iterable[int]) -> list[str]:
    rows = names.topics()
    return [rows[pk].key for pk in topic_ids if pk in rows]
