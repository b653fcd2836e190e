"""The dictionary of figures: each defined once, in the language of the request."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from common.errors import NotFound
from openapi import caching
from openapi.scopes import Scope
from openapi.v1.base import Resource
from openapi.v1.fields import ValueField
from openapi.v1.statistics.asking import WORDS, unknown_metric
from reports.dictionary import ENTRIES, Basis, Kind, Metric, Tendency, Unit


class MetricSerializer(serializers.Serializer[Metric]):
    """What a figure is. Where it is published, `version` says by which definition it was counted."""

    key = serializers.CharField(help_text=_("The word by which it is asked for; it does not change."))
    name = serializers.CharField(help_text=_("In the language of the request."))
    definition = serializers.CharField(help_text=_("What exactly is counted, in the language of the request."))
    kind = ValueField(Kind.choices, help_text=_("How it is made of the counts."))
    unit = ValueField(Unit.choices, help_text=_("What it is counted in."))
    unit_name = serializers.CharField(source="unit.label", help_text=_("The unit in words."))
    basis = ValueField(Basis.choices, help_text=_("The day that decides in which period something is counted."))
    basis_name = serializers.CharField(source="basis.label", help_text=_("The same in words."))
    numerator = serializers.CharField(source="numerator_words", help_text=_("What is counted, in words."))
    denominator = serializers.CharField(
        source="denominator_words", allow_blank=True, help_text=_("Of what it is a part; empty where it is no share.")
    )
    decimals = serializers.IntegerField(help_text=_("Digits after the point with which it is published."))
    percentile = serializers.IntegerField(
        source="share", allow_null=True, help_text=_("Which percentile it is: 50 is the median; null for others.")
    )
    better = ValueField(Tendency.choices, help_text=_("Which way is better."))
    law = serializers.CharField(allow_blank=True, help_text=_("The article that it follows; empty for none."))
    source = serializers.CharField(help_text=_("Where it comes from."))  # type: ignore[assignment]  # the field's name
    owner = serializers.CharField(help_text=_("Who answers for its definition."))
    version = serializers.IntegerField(help_text=_("Grows whenever the definition changes."))
    since = serializers.DateField(help_text=_("The first day for which this version holds."))
    operation = serializers.CharField(source="place.operation", help_text=_("The operation that answers with it."))


class MetricsQuerySerializer(serializers.Serializer[Any]):
    metrics = serializers.RegexField(
        WORDS, max_length=2000, required=False, help_text=_("Only these, with commas between them; all if left out.")
    )


class Metrics(Resource):
    tag = "statistics"
    scopes = dict.fromkeys(("list", "retrieve"), Scope.STATISTICS_READ)
    open_to_all = frozenset({"list", "retrieve"})
    serializer_class = MetricSerializer
    pagination_class = None

    @extend_schema(
        operation_id="list_metrics",
        summary="The dictionary of figures",
        parameters=[MetricsQuerySerializer, caching.PARAMETER],
        responses={200: MetricSerializer(many=True), 304: caching.NOT_MODIFIED},
    )
    def list(self, request: Request) -> Response:
        """Every figure that the hub publishes, defined once: pages, files and reports read only this."""
        given = MetricsQuerySerializer(data=request.query_params.dict())
        given.is_valid(raise_exception=True)
        text = given.validated_data.get("metrics")
        wanted = dict.fromkeys(text.split(",")) if text else ENTRIES
        for key in wanted:
            if key not in ENTRIES:
                raise unknown_metric(key)
        return caching.answer(request, [_described(ENTRIES[key]) for key in wanted])

    @extend_schema(
        operation_id="get_metric",
        summary="What a figure is",
        parameters=[caching.PARAMETER],
        responses={200: MetricSerializer, 304: caching.NOT_MODIFIED},
    )
    def retrieve(self, request: Request, metric: str) -> Response:
        entry = ENTRIES.get(metric)
        if entry is None:
            raise NotFound(_("The dictionary has no metric “%(key)s”.") % {"key": metric})
        return caching.answer(request, _described(entry))


def _described(entry: Metric) -> dict[str, Any]:
    found = dict(MetricSerializer(entry).data)
    return found | {"percentile": found["percentile"] or None}
