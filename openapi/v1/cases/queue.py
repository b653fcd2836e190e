"""The queue as a whole: how many wait in each ready view, a step on many cases, the list as a table file."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from appeals import bulk
from appeals.filters import Tab
from appeals.models import Priority
from appeals.selectors import names, oversight
from appeals.selectors import queue as queue_rows
from appeals.views.staff import export
from appeals.views.staff.base import queue_times
from appeals.views.staff.tabs import first_tab, tabs_of
from audit import trail
from audit.actions import Action as Recorded
from openapi import errors, idempotency
from openapi.scopes import Scope
from openapi.v1.cases.base import CaseResource
from openapi.v1.cases.rows import QuerySerializer
from openapi.v1.fields import KeyField, NumberField, TextField

WORK_STEPS, ROUTE_STEPS = ("claim", "person"), ("department", "topic", "priority")
OF_PAGE = {"department": "unit"}  # where the page has another word


class TabSerializer(serializers.Serializer[Any]):
    """A ready view of the caller's role; counted to 1,000, and `is_more` says that there are more. What is in `all` is
    not counted."""

    tab = serializers.ChoiceField(choices=[tab.value for tab in Tab])
    count = serializers.IntegerField(allow_null=True)
    is_more = serializers.BooleanField()
    opens_first = serializers.BooleanField()


class CountSerializer(serializers.Serializer[Any]):
    count = serializers.IntegerField()
    is_more = serializers.BooleanField()


class ManySerializer(serializers.Serializer[Any]):
    """One step for all; its value stands in the field of the same name."""

    numbers = serializers.ListField(child=TextField(max_length=40), min_length=1, max_length=bulk.MOST_ROWS)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        step = attrs["step"]
        if step in self.fields and attrs.get(step) is None:
            raise serializers.ValidationError({step: [_("This step needs a value.")]}, code="needed")
        return attrs


class WorkStepSerializer(ManySerializer):
    """`claim` takes each case into work, `person` gives each to a person of its unit."""

    step = serializers.ChoiceField(choices=WORK_STEPS)
    person = NumberField(required=False, min_value=1, max_value=2**31)


class RouteStepSerializer(ManySerializer):
    step = serializers.ChoiceField(choices=ROUTE_STEPS)
    department = KeyField(names.departments, required=False)
    topic = KeyField(names.topics, required=False)
    priority = serializers.ChoiceField(choices=Priority.choices, required=False)


class RefusedSerializer(serializers.Serializer[Any]):
    number = serializers.CharField()
    problem = serializers.DictField()


class BulkReportSerializer(serializers.Serializer[Any]):
    done = serializers.IntegerField()
    refused = RefusedSerializer(many=True)


class Queue(CaseResource):
    scopes = {
        "tabs": Scope.CASES_READ,
        "count": Scope.CASES_READ,
        "work": Scope.CASES_WORK,
        "route": Scope.CASES_ROUTE,
        "export": Scope.CASES_EXPORT,
    }

    @extend_schema(
        operation_id="list_tabs", summary="Ready views and how many wait", responses=TabSerializer(many=True)
    )
    def tabs(self, request: Request) -> Response:
        """The views of the caller's roles (`tab` of the list), in the order of the page."""
        tabs = tabs_of(self.person)
        counts = oversight.tab_counts(self.person, [tab for tab in tabs if tab != Tab.ALL], queue_times())
        return Response([_tab(tab, counts.get(tab), first_tab(self.person)) for tab in tabs])

    @extend_schema(
        operation_id="count_cases",
        summary="How many there are",
        parameters=[QuerySerializer],
        responses=CountSerializer,
    )
    def count(self, request: Request) -> Response:
        """Of a list narrowed in this way; counted to 1,000."""
        asked = QuerySerializer(data=request.query_params.dict())
        asked.is_valid(raise_exception=True)
        number = queue_rows.count(self.person, asked.filters(), queue_times())
        most = queue_rows.MOST_COUNTED
        return Response({"count": min(number, most), "is_more": number > most})

    @extend_schema(
        operation_id="work_on_cases",
        summary="Take or give many cases",
        request=WorkStepSerializer,
        responses=BulkReportSerializer,
    )
    @idempotency.once
    def work(self, request: Request) -> Response:
        """Each case for itself: one that is refused stops no other, and the report says why."""
        return self._each(self.checked(WorkStepSerializer))

    @extend_schema(
        operation_id="route_cases",
        summary="Route or classify many cases",
        request=RouteStepSerializer,
        responses=BulkReportSerializer,
    )
    @idempotency.once
    def route(self, request: Request) -> Response:
        """Each case for itself: one that is refused stops no other, and the report says why."""
        return self._each(self.checked(RouteStepSerializer))

    def _each(self, body: dict[str, Any]) -> Response:
        name = body["step"]
        step = bulk.step_for(OF_PAGE.get(name, name), str(body.get(name, "")), user=self.person)
        done, refused = bulk.run(step, list(dict.fromkeys(body["numbers"])), user=self.person)
        report = [{"number": row.number, "problem": errors.as_problem(row.error)} for row in refused]
        return Response({"done": done, "refused": report})

    @extend_schema(
        operation_id="export_cases",
        summary="The list as a table file",
        parameters=[QuerySerializer],
        responses={(200, "text/csv"): OpenApiResponse(str, "CSV in UTF-8, at most 5,000 rows, without applicants.")},
    )
    def export(self, request: Request) -> HttpResponse:
        """Of a list narrowed in this way, what the caller may take along. Each time is recorded."""
        asked = QuerySerializer(data=request.query_params.dict())
        asked.is_valid(raise_exception=True)
        filters = asked.filters()
        trail.record(
            actor=self.person,
            action=Recorded.EXPORTED,
            subject_ref="queue",
            fields=["queue"],
            reason=filters.query(q="*" if filters.q else "")[:500],
            details={"application": self.caller.application.pk},
            request=request._request,
        )
        table = "".join(export.lines(export.all_rows(self.person, filters)))
        name = f"appeals-{timezone.localdate():%Y-%m-%d}.csv"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return HttpResponse(table, content_type="text/csv; charset=utf-8", headers=headers)


def _tab(tab: Tab, count: int | None, first: Tab) -> dict[str, Any]:
    most = queue_rows.MOST_COUNTED
    return {
        "tab": tab,
        "count": None if count is None else min(count, most),
        "is_more": count is not None and count > most,
        "opens_first": tab == first,
    }
