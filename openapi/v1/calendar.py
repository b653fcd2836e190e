"""By which days terms are counted, and the terms themselves with their basis in law."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from appeals import terms
from appeals.models import SlaPolicy, TimerCode
from appeals.models.choices import TermUnit
from appeals.selectors import names
from common.errors import NotFound
from common.models import CalendarDay, OfficeHours
from openapi import caching
from openapi.scopes import Scope
from openapi.v1.base import Resource
from openapi.v1.fields import ClockTimeField, KeyField
from openapi.v1.reference import NamesSerializer

FIRST_YEAR, LAST_YEAR = 2000, 2100
TO_CONFIRM = "default to be confirmed"


class CalendarDaySerializer(serializers.Serializer[CalendarDay]):
    """A day that differs from the ordinary week."""

    date = serializers.DateField()
    kind = serializers.ChoiceField(choices=CalendarDay.Kind.choices)
    is_working = serializers.SerializerMethodField()
    names = serializers.SerializerMethodField()
    source = serializers.CharField()  # type: ignore[assignment]  # the name of the field

    def get_is_working(self, row: CalendarDay) -> bool:
        return row.kind == CalendarDay.Kind.MOVED_WORK

    @extend_schema_field(NamesSerializer)
    def get_names(self, row: CalendarDay) -> dict[str, str]:
        return {code: getattr(row, f"name_{code}") for code in names.LANGUAGES}


class HoursSerializer(serializers.Serializer[OfficeHours]):
    weekday = serializers.SerializerMethodField()
    opens_at = ClockTimeField()
    closes_at = ClockTimeField()
    break_from = ClockTimeField(allow_null=True)
    break_until = ClockTimeField(allow_null=True)

    def get_weekday(self, row: OfficeHours) -> int:
        return row.weekday + 1


class CalendarSerializer(serializers.Serializer[Any]):
    """A year. A weekday without opening hours is a day off."""

    year = serializers.IntegerField()
    timezone = serializers.CharField()
    working_days = serializers.IntegerField()
    office_hours = HoursSerializer(many=True)
    days = CalendarDaySerializer(many=True)


class TermSerializer(serializers.Serializer[SlaPolicy]):
    """A term. Of several that fit an appeal the most specific one holds; `extension_cap` bounds every extension."""

    code = serializers.CharField()
    timer = serializers.ChoiceField(choices=TimerCode.choices, source="timer_code")
    regime = serializers.CharField()
    kind = serializers.CharField()
    topic = KeyField(names.topics, source="topic_id", allow_null=True)
    priority = serializers.CharField()
    organization = KeyField(names.organizations, source="organization_id", allow_null=True)
    amount = serializers.IntegerField()
    unit = serializers.ChoiceField(choices=TermUnit.choices)
    day_count = serializers.ChoiceField(choices=SlaPolicy.DayCount.choices)
    working_time_registration = serializers.BooleanField()
    stops_while_asked = serializers.BooleanField(source="pauses")
    basis = serializers.SerializerMethodField()
    certainty = serializers.SerializerMethodField()

    @extend_schema_field(NamesSerializer)
    def get_basis(self, row: SlaPolicy) -> dict[str, str]:
        return {code: getattr(row, f"basis_{code}") for code in names.LANGUAGES}

    def get_certainty(self, row: SlaPolicy) -> str:
        return "default" if not row.basis_en or TO_CONFIRM in row.basis_en else "law"


class Calendar(Resource):
    tag = "reference"
    scopes = dict.fromkeys(("retrieve", "terms"), Scope.REFERENCE_READ)
    serializer_class = CalendarSerializer
    pagination_class = None

    @extend_schema(
        operation_id="read_calendar",
        summary="The working calendar of a year",
        parameters=[caching.PARAMETER],
        responses={200: CalendarSerializer, 304: caching.NOT_MODIFIED},
    )
    def retrieve(self, request: Request, year: int) -> Response:
        """Holidays, moved days and opening hours; terms in working days are counted by it."""
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise NotFound
        calendar = terms.calendar()
        first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
        body = {
            "year": year,
            "timezone": settings.TIME_ZONE,
            "working_days": calendar.working_days_between(first - dt.timedelta(days=1), last),
            "office_hours": OfficeHours.objects.order_by("weekday"),
            "days": CalendarDay.objects.filter(date__range=(first, last)).order_by("date"),
        }
        return caching.answer(request, CalendarSerializer(body).data)

    @extend_schema(
        operation_id="list_terms",
        summary="Terms and their basis",
        parameters=[caching.PARAMETER],
        responses={200: TermSerializer(many=True), 304: caching.NOT_MODIFIED},
    )
    def terms(self, request: Request) -> Response:
        """Those in force: how long, in which days, by which article, and whether it has still to be confirmed."""
        rows = SlaPolicy.objects.filter(is_active=True).order_by("timer_code", "code")
        return caching.answer(request, [TermSerializer(row).data for row in rows])
