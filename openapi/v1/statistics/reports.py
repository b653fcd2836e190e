"""The reports of the catalogue: what each chart of the dashboards shows, as a table."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from common.errors import NotFound, ValidationFailed
from openapi import caching
from openapi.scopes import Scope
from openapi.v1.base import Resource
from openapi.v1.fields import TextField, ValueField
from openapi.v1.statistics import freshness
from openapi.v1.statistics.answers import ReportFigureSerializer, StatisticsPeriodSerializer
from openapi.v1.statistics.asking import NarrowingSerializer, filters_of, period_of
from reports import catalog, dashboards, tables_written
from reports.dictionary import Unit
from reports.questions import USUAL, Question, preset_period
from reports.tables import Report, Table


class ReportOptionValueSerializer(serializers.Serializer[Any]):
    key = serializers.CharField(help_text=_("The word by which it is asked for; it does not change."))
    name = serializers.CharField(help_text=_("In the language of the request."))


class ReportOptionSerializer(serializers.Serializer[Any]):
    """What may be chosen beside period and filters; the first value is the usual one."""

    option = serializers.CharField(help_text=_("The word by which it is asked for; it does not change."))
    title = serializers.CharField(help_text=_("In the language of the request."))
    values = ReportOptionValueSerializer(many=True, help_text=_("What may be chosen; the first is the usual."))


class CatalogReportSerializer(serializers.Serializer[Any]):
    """A report of the catalogue: one chart with its table."""

    report = serializers.CharField(help_text=_("The word by which it is asked for; it does not change."))
    title = serializers.CharField(help_text=_("In the language of the request."))
    lead = serializers.CharField(allow_blank=True, help_text=_("What it tells, in a sentence."))
    metrics = serializers.ListField(child=serializers.CharField(), help_text=_("The figures it shows, by their keys."))
    filters = serializers.ListField(child=serializers.CharField(), help_text=_("By what it may be narrowed."))
    dimensions = serializers.ListField(child=serializers.CharField(), help_text=_("By what it may be told apart."))
    options = ReportOptionSerializer(many=True, help_text=_("What else may be chosen."))
    dashboards = serializers.ListField(child=serializers.CharField(), help_text=_("On which dashboards it stands."))


class ReportColumnSerializer(serializers.Serializer[Any]):
    key = serializers.CharField(help_text=_("By which the figures of the rows are named."))
    metric = serializers.CharField(help_text=_("Its key in the dictionary."))
    title = serializers.CharField(help_text=_("In the language of the request."))
    unit = ValueField(Unit.choices, help_text=_("What it is counted in."))
    note = serializers.CharField(allow_blank=True, help_text=_("What must be known about it; empty for nothing."))


class ReportRowSerializer(serializers.Serializer[Any]):
    key = serializers.CharField(help_text=_("What the row is about: a key of the reference data, or a first day."))
    label = serializers.CharField(help_text=_("In the language of the request."))  # type: ignore[assignment]  # a field
    figures = serializers.DictField(
        child=ReportFigureSerializer(), help_text=_("Its figures, by the keys of the columns.")
    )


class ReportTableSerializer(serializers.Serializer[Any]):
    """What the page of the report shows."""

    report = serializers.CharField(help_text=_("The word by which it is asked for; it does not change."))
    counted_at = serializers.DateTimeField(
        allow_null=True, help_text=_("The moment up to which everything is counted; null before the first count.")
    )
    title = serializers.CharField(help_text=_("In the language of the request."))
    asked = StatisticsPeriodSerializer(help_text=_("The days that were asked for."))
    counted = StatisticsPeriodSerializer(help_text=_("The days that the answer is about, widened where it must be."))
    filters = serializers.DictField(child=serializers.CharField(), help_text=_("The filters that were set."))
    filters_left_out = serializers.ListField(
        child=serializers.CharField(), help_text=_("Filters that the report does not know.")
    )
    options = serializers.DictField(
        child=serializers.CharField(), help_text=_("What was chosen of the options of the report and is not the usual.")
    )
    by = serializers.CharField(allow_null=True, help_text=_("By what the rows are told apart; null for nothing."))
    grain = serializers.CharField(allow_null=True, help_text=_("How long each row is; null where rows are no time."))
    head = serializers.CharField(help_text=_("What the rows are."))
    columns = ReportColumnSerializer(many=True, help_text=_("The columns, in their order."))
    rows = ReportRowSerializer(many=True, help_text=_("The rows, in their order."))
    total = ReportRowSerializer(allow_null=True, help_text=_("All of them together; null where that says nothing."))
    told = serializers.ListField(
        child=serializers.CharField(),
        help_text=_("What the table says, in sentences; empty where it says it by figures."),
    )
    notes = serializers.ListField(child=serializers.CharField(), help_text=_("What must be known about the table."))


class ReportQuerySerializer(NarrowingSerializer):
    by = TextField(max_length=20, required=False, help_text=_("One of the dimensions of the report."))
    options = serializers.RegexField(
        r"^[a-z0-9_-]+:[a-z0-9_-]+(,[a-z0-9_-]+:[a-z0-9_-]+)*$", max_length=200, required=False,
        help_text=_("Choices of the report, as `kind:organizations`, with commas between them."),
    )  # fmt: skip


class ReportsQuerySerializer(serializers.Serializer[Any]):
    dashboard = serializers.ChoiceField(
        choices=[(slug, each.title) for slug, each in dashboards.DASHBOARDS.items()],
        required=False,
        help_text=_("Only those of this dashboard."),
    )


class Reports(Resource):
    tag = "statistics"
    scopes = dict.fromkeys(("list", "retrieve"), Scope.STATISTICS_READ)
    open_to_all = frozenset(scopes)
    serializer_class = CatalogReportSerializer
    pagination_class = None

    @extend_schema(
        operation_id="list_statistics",
        summary="Reports of the catalogue",
        parameters=[ReportsQuerySerializer, caching.PARAMETER],
        responses={200: CatalogReportSerializer(many=True), 304: caching.NOT_MODIFIED},
    )
    def list(self, request: Request) -> Response:
        """Everything that stands on a dashboard."""
        given = ReportsQuerySerializer(data=request.query_params.dict())
        given.is_valid(raise_exception=True)
        found = [_described(entry) for _slug, entry in catalog.reports]
        wanted = given.validated_data.get("dashboard")
        return caching.answer(request, [row for row in found if wanted in (None, *row["dashboards"])])

    @extend_schema(
        operation_id="get_statistics",
        summary="A report of the catalogue",
        parameters=[ReportQuerySerializer, caching.PARAMETER],
        responses={200: ReportTableSerializer, 304: caching.NOT_MODIFIED},
    )
    def retrieve(self, request: Request, chart: str) -> Response:
        """The table behind the chart. Filters that it does not know are named and left out."""
        if chart not in catalog.reports:
            raise NotFound
        entry = catalog.reports.get(chart)
        given = ReportQuerySerializer(data=request.query_params.dict())
        given.is_valid(raise_exception=True)
        asked = _question(entry, given.validated_data)
        counted_at = freshness.counted_at()
        return freshness.answer(
            request, counted_at, lambda: _answer(entry, entry(asked)) | {"counted_at": freshness.said(counted_at)}
        )


def _question(entry: Report, data: dict[str, Any]) -> Question:
    """The period that its page opens with, where none is asked for."""
    by, filters = data.get("by", ""), filters_of(data)
    if by and by not in entry.dimensions:
        message = _("There is no dimension “%(given)s”. There are: %(known)s.")
        known = {"given": by, "known": ", ".join(entry.dimensions)}
        raise ValidationFailed(message % known, code="unknown", field="by")
    options = _options(entry, data.get("options", ""))
    if data.keys() & {"period", "since", "until"}:
        return Question(period_of(data), filters, by, options=options)
    preset = entry.preset or USUAL
    return Question(preset_period(preset), filters, by, preset, options)


def _options(entry: Report, text: str) -> dict[str, str]:
    """What is chosen and is not the usual."""
    known, chosen = {option.slug: option for option in entry.options}, {}
    for pair in filter(None, text.split(",")):
        slug, _colon, value = pair.partition(":")
        if slug not in known or value not in known[slug].values:
            message = _("There is no entry with the key “%(given)s”.") % {"given": pair}
            raise ValidationFailed(message, code="unknown", field="options")
        if value != known[slug].usual:
            chosen[slug] = value
    return chosen


def _described(entry: Report) -> dict[str, Any]:
    return {
        "report": entry.slug,
        "title": str(entry.title),
        "lead": str(entry.lead),
        "metrics": [*entry.metrics],
        "filters": [*entry.filters],
        "dimensions": [*entry.dimensions],
        "options": [
            {
                "option": each.slug,
                "title": str(each.title),
                "values": [{"key": key, "name": str(name)} for key, name in each.values.items()],
            }
            for each in entry.options
        ],
        "dashboards": [each.slug for each in dashboards.containing(entry.slug)],
    }


def _answer(entry: Report, table: Table) -> dict[str, Any]:
    """As the download of the page, in the words of this interface."""
    found = tables_written.as_json(table)
    asked, counted = found.pop("period"), found.pop("counted")
    return {
        "report": entry.slug,
        "asked": {"since": asked["start"], "until": asked["end"]},
        "counted": {"since": counted["start"], "until": counted["end"]},
        **found,
    }
