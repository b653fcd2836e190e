"""Load, lateness and disputes by unit or person: the figures of the oversight page."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from appeals.selectors import names
from appeals.views.staff import oversight
from appeals.views.staff.base import queue_times
from openapi.scopes import Scope
from openapi.v1.base import Resource
from openapi.v1.fields import KeyField


class OversightQuerySerializer(serializers.Serializer[Any]):
    days = serializers.ChoiceField(choices=oversight.PERIODS, default=30)
    department = KeyField(names.departments, required=False)


class OversightLineSerializer(serializers.Serializer[Any]):
    """A unit or a person: what waits now, and what came of the period. `mean_age_days` is over what waits."""

    name = serializers.CharField()
    department = serializers.CharField(allow_null=True)
    person = serializers.IntegerField(allow_null=True)
    waiting = serializers.IntegerField()
    overdue = serializers.IntegerField()
    soon = serializers.IntegerField()
    paused = serializers.IntegerField()
    unclaimed = serializers.IntegerField()
    mean_age_days = serializers.FloatField()
    answered = serializers.IntegerField()
    late = serializers.IntegerField()
    not_done = serializers.IntegerField()
    disputed = serializers.IntegerField()


class OversightWeekSerializer(serializers.Serializer[Any]):
    starts_on = serializers.DateField()
    received = serializers.IntegerField()
    answered = serializers.IntegerField()


class OversightSerializer(serializers.Serializer[Any]):
    """`forwarded` is of the whole hub and null for whoever oversees a part of it."""

    lines = OversightLineSerializer(many=True)
    weeks = OversightWeekSerializer(many=True)
    forwarded = serializers.IntegerField(allow_null=True)


class Oversight(Resource):
    tag = "oversight"
    scopes = {"retrieve": Scope.OVERSIGHT_READ}

    @extend_schema(
        operation_id="read_oversight",
        summary="Load and lateness",
        parameters=[OversightQuerySerializer],
        responses=OversightSerializer,
    )
    def retrieve(self, request: Request) -> Response:
        """By unit; of a single unit by person. Only what the caller oversees."""
        asked = OversightQuerySerializer(data=request.query_params.dict())
        asked.is_valid(raise_exception=True)
        data = asked.validated_data
        scope = oversight.scope_of(self.person, str(data.get("department") or ""))
        lines, weeks, forwarded = oversight.read(self.person, scope, int(data["days"]), queue_times())
        body = {
            "lines": [_line(line, by_person=scope.by_person) for line in lines],
            "weeks": weeks,
            "forwarded": forwarded,
        }
        return Response(OversightSerializer(body).data)


def _line(line: oversight.Line, *, by_person: bool) -> dict[str, Any]:
    key = line.load.key if line.load.key is not None else line.results.key
    unit = names.departments().get(key or 0)
    load = {name: getattr(line.load, name) for name in ("waiting", "overdue", "soon", "paused", "unclaimed")}
    done = {name: getattr(line.results, name) for name in ("answered", "late", "not_done", "disputed")}
    return {
        "name": line.name,
        "department": unit.key if unit and not by_person else None,
        "person": key if by_person else None,
        "mean_age_days": round(line.load.mean_age, 1),
        **load,
        **done,
    }
