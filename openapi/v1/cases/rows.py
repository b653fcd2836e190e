"""Find and read cases, as far as the caller's roles reach; the queue of the staff, read along the same indexes."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.rights import Action
from appeals.filters import QueueFilters, Sort, Tab
from appeals.models import Appeal, Applicant, Channel, Priority, Status
from appeals.selectors import names
from appeals.selectors import queue as queue_rows
from appeals.selectors.queue import Cursor
from appeals.views.staff.base import queue_times
from appeals.views.staff.case import show
from audit import trail
from audit.actions import Action as Recorded
from openapi.pagination import NOT_A_CURSOR
from openapi.scopes import Scope
from openapi.v1.cases.base import CaseResource, CaseSerializer
from openapi.v1.fields import KeyField, TextField, ValueField
from openapi.v1.shape import Shape

LARGEST_PAGE = 100


class QuerySerializer(Shape[Any]):
    """How a list is narrowed and ordered."""

    tab = serializers.ChoiceField(choices=[tab.value for tab in Tab], default=Tab.ALL.value)
    q = TextField(max_length=200, required=False, default="", help_text=_("Words or a number."))
    status = serializers.ChoiceField(choices=Status.choices, required=False)
    topic = KeyField(names.topics, required=False)
    area = KeyField(names.areas, required=False)
    department = KeyField(names.departments, required=False)
    channel = serializers.ChoiceField(choices=Channel.choices, required=False)
    priority = serializers.ChoiceField(choices=Priority.choices, required=False)
    since = serializers.DateField(required=False)
    until = serializers.DateField(required=False)
    sort = serializers.ChoiceField(choices=[sort.value for sort in Sort], required=False)
    cursor = TextField(max_length=80, required=False, default="")
    page_size = serializers.IntegerField(min_value=1, max_value=LARGEST_PAGE, default=50)

    def validate_cursor(self, value: str) -> str:
        if value and Cursor.parse(value) is None:
            raise serializers.ValidationError(NOT_A_CURSOR, code="invalid_cursor")
        return value

    def filters(self) -> QueueFilters:
        data = self.validated_data
        same = ("tab", "q", "status", "topic", "area", "channel", "priority", "sort")
        values = {name: str(data[name]) for name in same if data.get(name) is not None}
        dates = {name: data[name].isoformat() for name in ("since", "until") if data.get(name)}
        unit = {"unit": str(data["department"])} if data.get("department") else {}
        return QueueFilters(**values, **dates, **unit)


class CasePageSerializer(Shape[Any]):
    """A page; `next_cursor` is null on the last one."""

    results = CaseSerializer(many=True)
    next_cursor = serializers.CharField(allow_null=True)


class IdentitySerializer(Shape[Any]):
    """The applicant in full."""

    type = ValueField(Applicant.Type.choices)
    full_name = serializers.CharField()
    identifier = serializers.CharField()
    phone = serializers.CharField()
    email = serializers.CharField()
    postal_address = serializers.CharField()
    representative_name = serializers.CharField()
    representative_ground = serializers.CharField()


class Cases(CaseResource):
    scopes = {
        "list": Scope.CASES_READ,
        "retrieve": Scope.CASES_READ,
        "identity": Scope.CASES_IDENTITY,
    }

    @extend_schema(
        operation_id="list_cases",
        summary="List and search cases",
        parameters=[QuerySerializer],
        responses=CasePageSerializer,
    )
    def list(self, request: Request) -> Response:
        """Pages by cursor: new cases move nothing while one reads."""
        asked = QuerySerializer(data=request.query_params.dict())  # an empty value is none of a form
        asked.is_valid(raise_exception=True)
        data = asked.validated_data
        page = queue_rows.page(
            self.person,
            asked.filters(),
            queue_times(),
            after=Cursor.parse(data["cursor"]),
            size=data["page_size"],
        )
        found = Appeal.objects.defer("search").in_bulk([row.id for row in page.rows])
        appeals = [found[row.id] for row in page.rows if row.id in found]
        context = {"request": request, "rights": {}}
        body = CaseSerializer(appeals, many=True, context=context).data  # type: ignore[arg-type]  # the stubs know one row only
        return Response({"results": body, "next_cursor": str(page.next) if page.next else None})

    @extend_schema(operation_id="read_case", summary="Read a case", responses=CaseSerializer)
    def retrieve(self, request: Request, number: str) -> Response:
        """Its state and what the caller may do with it; the applicant is not named here."""
        return self.shown(self.open(number))

    @extend_schema(
        operation_id="read_identity",
        summary="See the applicant in full",
        responses=IdentitySerializer,
        parameters=[
            OpenApiParameter(
                "reason", str, OpenApiParameter.QUERY, description="Why; it stands in the log of the audit."
            )
        ],
    )
    def identity(self, request: Request, number: str) -> Response:
        """Each look is recorded with the person and the application before anything is shown."""
        appeal = self.open(number, Action.SEE_IDENTITY)
        trail.record(
            actor=self.person,
            action=Recorded.VIEWED_IDENTITY,
            subject_ref=f"appeal:{appeal.number}",
            fields=show.fields_shown(appeal.applicant),
            reason=request.query_params.get("reason", "")[:500],
            details={"application": self.caller.application.pk},
            request=request._request,
        )
        return Response(IdentitySerializer(appeal.applicant).data)
