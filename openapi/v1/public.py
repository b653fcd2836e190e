"""The public list of requests as everybody sees it: no texts, no people, no contacts."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from appeals.models import Status
from appeals.selectors import names, public
from common.errors import NotFound
from common.reference_numbers import parse_number
from openapi.scopes import Scope
from openapi.v1.base import Resource
from openapi.v1.fields import KeyField, TextField


class PublicQuerySerializer(serializers.Serializer[Any]):
    topic = KeyField(names.topics, required=False)
    area = KeyField(names.areas, required=False)
    status = serializers.ChoiceField(choices=Status.choices, required=False)
    department = KeyField(names.departments, required=False)
    days = serializers.IntegerField(min_value=1, max_value=3650, required=False)
    cursor = TextField(max_length=80, required=False, default="")


class PublicSerializer(serializers.Serializer[public.PublicRow]):
    """One request. `is_demo` marks invented data of a demonstration."""

    number = serializers.CharField()
    regime = serializers.CharField()
    status = serializers.CharField()
    outcome = serializers.CharField()
    topic = KeyField(names.topics, source="topic_id", allow_null=True)
    area = KeyField(names.areas, source="area_id", allow_null=True)
    department = KeyField(names.departments, source="department_id", allow_null=True)
    received_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField()
    answered_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    is_disputed = serializers.BooleanField()
    is_demo = serializers.BooleanField()


class PublicPageSerializer(serializers.Serializer[Any]):
    """Twenty-five of them, the newest first; `next_cursor` is null on the last page."""

    results = PublicSerializer(many=True)
    next_cursor = serializers.CharField(allow_null=True)


class FiguresSerializer(serializers.Serializer[Any]):
    """Of what was received in the last thirty days; kept for ten minutes."""

    received = serializers.IntegerField()
    answered = serializers.IntegerField()
    overdue = serializers.IntegerField()
    disputed = serializers.IntegerField()


class Gone(exceptions.APIException):
    status_code = 410
    default_code = "taken_down"
    default_detail = _("This request was taken off the public list.")


class PublicRequests(Resource):
    tag = "public"
    scopes = dict.fromkeys(("list", "retrieve", "figures"), Scope.PUBLIC_READ)

    @extend_schema(
        operation_id="list_public_requests",
        summary="Public list",
        parameters=[PublicQuerySerializer],
        responses=PublicPageSerializer,
    )
    def list(self, request: Request) -> Response:
        """Confidential requests and those taken down are never among them."""
        asked = PublicQuerySerializer(data=request.query_params.dict())
        asked.is_valid(raise_exception=True)
        data = asked.validated_data
        chosen = public.PublicFilter(
            topic_id=data.get("topic"),
            area_id=data.get("area"),
            status=data.get("status", ""),
            department_id=data.get("department"),
            days=data.get("days"),
        )
        page = public.public_page(chosen, after=data["cursor"])
        return Response(PublicPageSerializer({"results": page.rows, "next_cursor": page.after or None}).data)

    @extend_schema(operation_id="read_public_request", summary="Public card", responses=PublicSerializer)
    def retrieve(self, request: Request, number: str) -> Response:
        """410 when there was one and it was taken down."""
        parsed = parse_number(number)
        found = public.public_row(str(parsed)) if parsed else None
        if parsed and found is None and public.is_taken_down(str(parsed)):
            raise Gone
        if found is None:
            raise NotFound
        return Response(PublicSerializer(found).data)

    @extend_schema(operation_id="read_public_figures", summary="Thirty days in figures", responses=FiguresSerializer)
    def figures(self, request: Request) -> Response:
        """Each of them can be recounted from the list."""
        return Response(FiguresSerializer(public.figures()).data)
