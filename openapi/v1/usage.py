"""How a key is used: calls, refusals, latency and limits, by hour or by day."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from openapi import usage_names, usage_report
from openapi.scopes import Scope
from openapi.usage_report import Figures, Line
from openapi.v1.base import Resource

MOST_HOURS, MOST_DAYS = 48, 366


class UsageQuerySerializer(serializers.Serializer[Any]):
    """The last hours or days, the present one included."""

    step = serializers.ChoiceField(choices=["hour", "day"], default="day")
    last = serializers.IntegerField(
        min_value=1, max_value=MOST_DAYS, default=30, help_text=_("How many; 48 hours at most.")
    )
    of = serializers.ChoiceField(choices=["key", "application"], default="key")


class UsageFiguresSerializer(serializers.Serializer[Figures]):
    calls = serializers.IntegerField()
    errors = serializers.IntegerField()  # type: ignore[assignment]  # the name of the field
    failures = serializers.IntegerField()
    limited = serializers.IntegerField()
    median_ms = serializers.IntegerField(allow_null=True)
    p95_ms = serializers.IntegerField(allow_null=True)


class UsageMomentSerializer(UsageFiguresSerializer):
    at = serializers.DateTimeField()


class UsageOperationSerializer(UsageFiguresSerializer):
    operation = serializers.CharField()


class UsageErrorSerializer(serializers.Serializer[Any]):
    status_code = serializers.IntegerField()
    code = serializers.CharField(allow_blank=True)
    calls = serializers.IntegerField()


class UsageSerializer(serializers.Serializer[Any]):
    """Of the calling key, or of all keys of its application."""

    since = serializers.DateTimeField()
    until = serializers.DateTimeField()
    totals = UsageFiguresSerializer()
    series = UsageMomentSerializer(many=True)
    operations = UsageOperationSerializer(many=True)
    errors = UsageErrorSerializer(many=True)  # type: ignore[assignment]  # the name of the field


class Usage(Resource):
    tag = "usage"
    scopes = {"retrieve": Scope.USAGE_READ}

    def perform_authentication(self, request: Request) -> None:
        """Stays outside of the sandbox: what is counted there is counted outside."""
        GenericViewSet.perform_authentication(self, request)

    @extend_schema(
        operation_id="read_usage",
        summary="How the key is used",
        parameters=[UsageQuerySerializer],
        responses=UsageSerializer,
    )
    def retrieve(self, request: Request) -> Response:
        """Calls count at once. Latencies are told as bounds of classes: so many milliseconds at most."""
        asked = UsageQuerySerializer(data=request.query_params.dict())
        asked.is_valid(raise_exception=True)
        data, now = asked.validated_data, timezone.now()
        hourly = data["step"] == "hour"
        last = min(data["last"], MOST_HOURS) if hourly else data["last"]
        since = usage_report.begin_of(now, **{"hours" if hourly else "days": last})
        key_id = self.caller.key.pk if data["of"] == "key" else None
        found = usage_report.report(self.caller.application.pk, since=since, now=now, hourly=hourly, key_id=key_id)
        body = {
            "since": since,
            "until": now,
            "totals": _figures(found.totals),
            "series": [_named(line, at=usage_report.moment_of(line.name)) for line in found.series],
            "operations": [_named(line, operation=usage_names.name_of(line.name)) for line in found.by_operation],
            "errors": [
                {"status_code": line.name[0], "code": line.name[1], "calls": line.figures.calls}
                for line in found.by_code
            ],
        }
        return Response(UsageSerializer(body).data)


def _named(line: Line, **name: Any) -> dict[str, Any]:
    return {**_figures(line.figures), **name}


def _figures(row: Figures) -> dict[str, Any]:
    counts = {name: getattr(row, name) for name in ("calls", "errors", "failures", "limited")}
    return counts | {"median_ms": _bound(row.median), "p95_ms": _bound(row.p95)}


def _bound(value: int | None) -> int | None:
    return None if value == usage_report.TOO_SLOW else value
