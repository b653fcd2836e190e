"""How an appeal looks in answers."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from appeals.models import Appeal, Category, Channel, Kind, Outcome, Regime, Status
from appeals.selectors import names
from openapi.v1.fields import KeyField, MomentField, PointField, ValueField
from openapi.v1.shape import Shape


class AppealSerializer(Shape[Appeal]):
    """Where an appeal stands: what its applicant may know."""

    number = serializers.CharField()
    external_id = serializers.SerializerMethodField()
    status = ValueField(Status.choices)
    outcome = ValueField(Outcome.choices)
    regime = ValueField(Regime.choices)
    kind = ValueField(Kind.choices)
    category = ValueField(Category.choices)
    channel = ValueField(Channel.choices)
    topic = KeyField(names.topics, source="topic_id", allow_null=True)
    area = KeyField(names.areas, source="area_id", allow_null=True)
    address = serializers.CharField()
    location = serializers.SerializerMethodField()
    language = serializers.CharField()
    answer_language = serializers.CharField()
    subject = serializers.CharField()
    text = serializers.CharField()
    department = KeyField(names.departments, source="department_id", allow_null=True)
    received_at = MomentField()
    registered_at = MomentField(allow_null=True)
    due_at = MomentField()
    answered_at = MomentField(allow_null=True)
    closed_at = MomentField(allow_null=True)
    is_confidential = serializers.BooleanField()
    version = serializers.IntegerField(source="history_seq")

    def get_external_id(self, appeal: Appeal) -> str:
        """The number in the system that filed it."""
        filed: dict[int, str] = self.context.get("external_ids", {})
        return filed.get(appeal.pk, "")

    @extend_schema_field(PointField(allow_null=True))
    def get_location(self, appeal: Appeal) -> dict[str, Any] | None:
        if appeal.latitude is None or appeal.longitude is None:
            return None
        return PointField().to_representation((appeal.latitude, appeal.longitude))


class ReceiptSerializer(AppealSerializer):
    """The answer to a filing: the appeal, and the secret with which its applicant follows it."""

    tracking_code = serializers.CharField()
    tracking_url = serializers.SerializerMethodField()

    def get_tracking_url(self, appeal: Appeal) -> str:
        """Where the applicant follows the appeal with number and code."""
        url: str = self.context["request"].build_absolute_uri(reverse("appeals:track"))
        return f"{url}?number={appeal.number}"
