"""The years before the hub: the tables of the study, what of them does not add up, and its figures over the years."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from common.errors import NotFound, ValidationFailed
from openapi import caching
from openapi.scopes import Scope
from openapi.v1.base import Resource
from openapi.v1.fields import TextField, ValueField
from openapi.v1.reference import NamesSerializer
from reports.study import checks, downloads, trends
from reports.study.checks.references import Verdict, reasons
from reports.study.contents import Source, Status, Table, tables
from reports.study.shown import MEANINGS, groups, unit_of
from reports.study.trends import Point, Series

STATUSES = [(status.value, MEANINGS.get(status, _("as printed"))) for status in Status]


@extend_schema_field({"type": ["number", "string", "null"]})
class StudyValueField(serializers.Field[Any, Any, Any, Any]):
    """A number; a word where the study has one in its place; null where it has none."""

    def to_representation(self, value: Any) -> Any:
        return value


class StudySourceSerializer(serializers.Serializer[Any]):
    """Where in the study it stands."""

    kind = ValueField([(kind.value, "") for kind in Source], help_text=_("A table, a figure, running text or derived."))
    number = serializers.CharField(allow_blank=True, help_text=_("Its number in the study; empty for text."))


class StudyTableEntrySerializer(serializers.Serializer[Any]):
    """A table of the study, without its values."""

    table = serializers.CharField(help_text=_("The key of the table; it does not change."))
    group = serializers.CharField(help_text=_("The key of the group of tables."))
    group_title = serializers.CharField(help_text=_("What the group is about, in the language of the request."))
    title = serializers.CharField(help_text=_("What the table is about, in the language of the request."))
    period = serializers.CharField(help_text=_("The years it is of."))
    unit_name = serializers.CharField(help_text=_("The unit in words."))
    source = StudySourceSerializer(help_text=_("Where in the study it stands."))  # type: ignore[assignment]  # a field
    values = serializers.IntegerField(help_text=_("How many values it has."))


class StudyLineSerializer(serializers.Serializer[Any]):
    key = serializers.CharField(help_text=_("The key of the row or column."))
    name = NamesSerializer(help_text=_("Its name in three languages."))
    section = NamesSerializer(required=False, help_text=_("The part of the table it belongs to."))
    notes = serializers.ListField(
        child=serializers.CharField(), required=False, help_text=_("Keys of the notes about it.")
    )


class StudyCellSerializer(serializers.Serializer[Any]):
    """One value: as printed, as it is to be used, as it follows from others."""

    row = serializers.CharField(help_text=_("The key of the row."))
    column = serializers.CharField(help_text=_("The key of the column."))
    unit = serializers.CharField(help_text=_("The key of the unit."))
    printed = StudyValueField(help_text=_("What the study prints; null where nothing is printed."))
    corrected = StudyValueField(help_text=_("What is to be used; null where the study leaves no right value."))
    recomputed = StudyValueField(help_text=_("What follows from other printed values; null where nothing does."))
    status = ValueField(STATUSES, help_text=_("Whether it is as printed."))
    notes = serializers.ListField(child=serializers.CharField(), help_text=_("Keys of the notes about it."))


class StudyTableSerializer(serializers.Serializer[Any]):
    """A table of the study, value by value; words in three languages."""

    table = serializers.CharField(help_text=_("The key of the table; it does not change."))
    group = serializers.CharField(help_text=_("The key of the group of tables."))
    source = StudySourceSerializer(help_text=_("Where in the study it stands."))  # type: ignore[assignment]  # a field
    title = NamesSerializer(help_text=_("What the table is about."))
    period = NamesSerializer(help_text=_("The years it is of."))
    taken_as_published = serializers.BooleanField(help_text=_("Whether the values are those that were published."))
    checked_against_original_sources = serializers.BooleanField(
        help_text=_("Whether somebody has compared them with the records they were made from.")
    )
    sha256_of_data_file = serializers.CharField(help_text=_("The SHA-256 of the file they are read from."))
    units = serializers.DictField(child=NamesSerializer(), help_text=_("The units, by key."))
    notes = serializers.DictField(child=NamesSerializer(), help_text=_("The notes, by key."))
    table_notes = serializers.ListField(
        child=serializers.CharField(), help_text=_("Keys of the notes about the whole table.")
    )
    rows = StudyLineSerializer(many=True, help_text=_("The rows, in their order."))
    columns = StudyLineSerializer(many=True, help_text=_("The columns, in their order."))
    values = StudyCellSerializer(many=True, help_text=_("The values."))


class StudyReferenceSerializer(serializers.Serializer[Any]):
    """A sum, share or statistic of the study, computed again from its own figures."""

    table = serializers.CharField(help_text=_("The key of the table; it does not change."))
    quantity = serializers.CharField(help_text=_("What was computed, in the language of the request."))
    printed = serializers.CharField(allow_blank=True, help_text=_("What the study prints; empty for nothing."))
    recomputed = serializers.CharField(allow_blank=True, help_text=_("What comes out; empty where it cannot."))
    method = serializers.CharField(help_text=_("How, in the language of the request."))
    verdict = ValueField(
        [(Verdict.YES.value, _("It holds")), (Verdict.NO.value, _("It does not hold")),
         (Verdict.NOT_PRINTED.value, _("Nothing to compare with"))],
        help_text=_("Whether it holds to the digits that are printed."),
    )  # fmt: skip
    reason = serializers.CharField(allow_blank=True, help_text=_("Why it is not recomputed here; empty where it is."))
    note = serializers.CharField(allow_blank=True, help_text=_("What is known of the difference; empty for nothing."))


class StudyPointSerializer(serializers.Serializer[Any]):
    year = serializers.IntegerField(help_text=_("The year."))
    printed = StudyValueField(help_text=_("What the study prints; null where nothing is printed."))
    value = StudyValueField(help_text=_("What is to be used; null where the study leaves no right value."))
    status = ValueField(STATUSES, help_text=_("Whether it is as printed."))
    part_of_year = serializers.CharField(
        allow_blank=True, help_text=_("Which part of the year it is of; empty for all.")
    )


class StudySeriesSerializer(serializers.Serializer[Any]):
    """A figure over the years, or one part of it."""

    series = serializers.CharField(help_text=_("The key of the figure."))
    by = serializers.CharField(allow_blank=True, help_text=_("What it is told apart by; empty for the whole."))
    part = serializers.CharField(allow_blank=True, help_text=_("The key of the part; empty for the whole."))
    name = serializers.CharField(help_text=_("In the language of the request."))
    unit = serializers.CharField(help_text=_("The key of the unit."))
    table = serializers.CharField(help_text=_("The key of the table it is taken from."))
    key_in_hub = serializers.CharField(allow_blank=True, help_text=_("The key of the hub for the same thing, if any."))
    is_exact = serializers.BooleanField(help_text=_("Whether both mean exactly the same."))
    points = StudyPointSerializer(many=True, help_text=_("The oldest first."))


class TablesQuerySerializer(serializers.Serializer[Any]):
    group = TextField(max_length=80, required=False, help_text=_("Only of this group of tables."))


class ReferencesQuerySerializer(serializers.Serializer[Any]):
    table = TextField(max_length=80, required=False, help_text=_("Only of this table."))


class SeriesOfStudyQuerySerializer(serializers.Serializer[Any]):
    series = TextField(max_length=80, required=False, help_text=_("Only this figure."))
    by = TextField(max_length=80, required=False, allow_blank=True, help_text=_("Only told apart by this."))


def _answers(serializer: Any) -> dict[int, Any]:
    return {200: serializer, 304: caching.NOT_MODIFIED}


class Study(Resource):
    """Read from files that come with the hub, so nothing is asked of the database."""

    tag = "statistics"
    scopes = dict.fromkeys(("list", "retrieve", "references", "series"), Scope.STATISTICS_READ)
    open_to_all = frozenset(scopes)
    serializer_class = StudyTableEntrySerializer
    pagination_class = None

    @extend_schema(
        operation_id="list_study_tables",
        summary="Tables of the study",
        parameters=[TablesQuerySerializer, caching.PARAMETER],
        responses=_answers(StudyTableEntrySerializer(many=True)),
    )
    def list(self, request: Request) -> Response:
        """What was counted before the hub: 109, 1310, e-Otinish, Open Akimat, the akimat, surveys."""
        group = self._given(TablesQuerySerializer).get("group")
        if group is not None and group not in groups():
            raise _unknown("group", group)
        return caching.answer(self.request, [_entry(one) for one in tables().values() if group in (None, one.group)])

    @extend_schema(
        operation_id="get_study_table",
        summary="A table of the study",
        parameters=[caching.PARAMETER],
        responses=_answers(StudyTableSerializer),
    )
    def retrieve(self, request: Request, study_table: str) -> Response:
        """Each value as printed, as it is to be used and as it follows from others, with status and notes."""
        if study_table not in tables():
            raise NotFound
        return caching.answer(request, downloads.as_json(tables()[study_table]))

    @extend_schema(
        operation_id="list_study_checks",
        summary="What of the study holds",
        parameters=[ReferencesQuerySerializer, caching.PARAMETER],
        responses=_answers(StudyReferenceSerializer(many=True)),
    )
    def references(self, request: Request) -> Response:
        """Sums, shares, means and statistics, computed again from the figures of the study itself."""
        table = self._given(ReferencesQuerySerializer).get("table")
        if table is not None and table not in tables():
            raise _unknown("table", table)
        found = [one for one in checks.references() if table in (None, one.table)]
        return caching.answer(request, [_reference(one) for one in found])

    @extend_schema(
        operation_id="list_study_series",
        summary="Figures of the study over the years",
        parameters=[SeriesOfStudyQuerySerializer, caching.PARAMETER],
        responses=_answers(StudySeriesSerializer(many=True)),
    )
    def series(self, request: Request) -> Response:
        """By which the trends of the hub begin before the hub was there."""
        asked = self._given(SeriesOfStudyQuerySerializer)
        places = [
            (key, by)
            for key, by in trends.series_keys()
            if asked.get("series") in (None, key) and asked.get("by") in (None, by)
        ]
        if not places:
            raise _unknown("series", str(asked.get("series") or asked.get("by")))
        return caching.answer(request, [_line(one) for place in places for one in trends.series(*place)])

    def _given(self, form: type[serializers.Serializer[Any]]) -> dict[str, Any]:
        given = form(data=self.request.query_params.dict())
        given.is_valid(raise_exception=True)
        found: dict[str, Any] = given.validated_data
        return found


def _unknown(field: str, given: str) -> ValidationFailed:
    message = _("There is no entry with the key “%(given)s”.") % {"given": given}
    return ValidationFailed(message, code="unknown", field=field)


def _entry(table: Table) -> dict[str, Any]:
    return {
        "table": table.key,
        "group": table.group,
        "group_title": str(groups()[table.group].title),
        "title": str(table.title),
        "period": str(table.period),
        "unit_name": unit_of(table),
        "source": {"kind": table.source.value, "number": table.printed_as},
        "values": len(table.cells),
    }


def _reference(one: checks.Reference) -> dict[str, Any]:
    return {
        "table": one.table,
        "quantity": str(one.quantity),
        "printed": one.printed,
        "recomputed": one.recomputed,
        "method": str(one.method),
        "verdict": one.verdict.value,
        "reason": str(reasons()[one.reason]) if one.reason else "",
        "note": str(one.note or ""),
    }


def _line(line: Series) -> dict[str, Any]:
    return {
        "series": line.key,
        "by": line.by,
        "part": line.part,
        "name": str(line.name),
        "unit": line.unit,
        "table": line.table,
        "key_in_hub": line.hub_key,
        "is_exact": line.is_exact,
        "points": [_point(point) for point in line.points],
    }


def _point(point: Point) -> dict[str, Any]:
    value = point.value
    return {
        "year": point.year,
        "printed": value.word or downloads.plain(value.printed),
        "value": value.word or downloads.plain(value.corrected),
        "status": value.status.value,
        "part_of_year": str(point.partial or ""),
    }
