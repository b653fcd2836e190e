"""QR Score: what visitors said of institutions and their service points, as everybody may see it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from appeals.selectors import names
from common.errors import NotFound
from openapi.scopes import Scope
from openapi.v1.base import Resource
from openapi.v1.fields import KeyField, ValueField
from organizations.models import Organization
from reports.intervals import Interval
from reports.models import ServicePoint
from reports.qr import results
from reports.qr.reasons import THEMES
from reports.qr.results import Summary


class IntervalSerializer(serializers.Serializer[Interval]):
    """Where the value lies in 95 of 100 cases."""

    low = serializers.CharField(help_text=_("The lower end."))
    high = serializers.CharField(help_text=_("The upper end."))


class RatingSummarySerializer(serializers.Serializer[Any]):
    """Below the minimum of ratings neither an average nor a distribution is shown."""

    count = serializers.IntegerField(help_text=_("How many ratings count."))
    minimum = serializers.IntegerField(help_text=_("How many are needed for an average."))
    average = serializers.CharField(allow_null=True, help_text=_("From 1 to 5, two digits; null below the minimum."))
    interval = IntervalSerializer(allow_null=True, help_text=_("How sure the average is; null below the minimum."))
    good_share = serializers.CharField(
        allow_null=True, help_text=_("How many per cent gave 4 or 5, one digit; null below the minimum.")
    )
    scores = serializers.DictField(
        child=serializers.IntegerField(), allow_null=True, help_text=_("How many gave which score; null below it.")
    )
    set_aside = serializers.IntegerField(help_text=_("How many wait for a person to look at them."))
    refused = serializers.IntegerField(help_text=_("How many were left out after a look."))


class InstitutionRatingSerializer(serializers.Serializer[Any]):
    organization = KeyField(names.organizations, source="body_id", help_text=_("The body, by its key."))
    name = serializers.CharField(help_text=_("In the language of the request."))
    points = serializers.IntegerField(help_text=_("How many service points it has."))
    is_demo = serializers.BooleanField(help_text=_("Whether it is invented, for a demonstration."))
    ratings = RatingSummarySerializer(help_text=_("What visitors said of all of them together."))


class PointRatingSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField(help_text=_("The number of the service point."))
    name = serializers.CharField(help_text=_("In the language of the request."))
    department = KeyField(names.departments, source="department_id", allow_null=True, help_text=_("The unit."))
    place = serializers.CharField(allow_blank=True, help_text=_("Where it is."))
    is_active = serializers.BooleanField(help_text=_("Whether it takes ratings."))
    is_demo = serializers.BooleanField(help_text=_("Whether it is invented, for a demonstration."))
    ratings = RatingSummarySerializer(help_text=_("What visitors said of it."))


class RatingMonthSerializer(serializers.Serializer[Any]):
    start = serializers.DateField(help_text=_("The first day of the month."))
    count = serializers.IntegerField(help_text=_("How many ratings count."))
    average = serializers.CharField(allow_null=True, help_text=_("From 1 to 5, two digits; null below the minimum."))


class RatingThemeSerializer(serializers.Serializer[Any]):
    theme = ValueField([(key, theme.name) for key, theme in THEMES.items()], help_text=_("What it was about."))
    name = serializers.CharField(help_text=_("In the language of the request."))
    good = serializers.IntegerField(help_text=_("How often it was named with a good score."))
    bad = serializers.IntegerField(help_text=_("How often it was named with a bad score."))


class RatingCommentSerializer(serializers.Serializer[Any]):
    text = serializers.CharField(help_text=_("What the visitor wrote; somebody has read it before."))
    month = serializers.DateField(help_text=_("The first day of the month in which it was given."))
    score = serializers.IntegerField(help_text=_("From 1 to 5."))


class RatingDetailsSerializer(serializers.Serializer[Any]):
    """The last twelve months, what the ratings were about, and the newest comments."""

    ratings = RatingSummarySerializer(help_text=_("All of them together."))
    months = RatingMonthSerializer(many=True, help_text=_("The last twelve months, the oldest first."))
    themes = RatingThemeSerializer(
        many=True, help_text=_("What they were about, the most named first; empty below the minimum.")
    )
    comments = RatingCommentSerializer(many=True, help_text=_("The newest that were approved, twenty at most."))


class InstitutionSerializer(RatingDetailsSerializer):
    organization = KeyField(names.organizations, source="body_id", help_text=_("The body, by its key."))
    name = serializers.CharField(help_text=_("In the language of the request."))
    points = PointRatingSerializer(many=True, help_text=_("Its service points."))


class PointDetailsSerializer(RatingDetailsSerializer):
    organization = KeyField(names.organizations, source="body_id", help_text=_("The body, by its key."))
    point = PointRatingSerializer(help_text=_("The service point."))


class Ratings(Resource):
    tag = "statistics"
    scopes = dict.fromkeys(("list", "institution", "point"), Scope.STATISTICS_READ)
    open_to_all = frozenset(scopes)
    serializer_class = InstitutionRatingSerializer
    pagination_class = None

    @extend_schema(
        operation_id="list_institution_ratings",
        summary="Ratings of institutions",
        responses=InstitutionRatingSerializer(many=True),
    )
    def list(self, request: Request) -> Response:
        """By visitors who scanned the QR code of a window, a hall or a room."""
        invented = set(ServicePoint.objects.filter(is_demo=True).values_list("organization", flat=True))
        rows = [
            {
                "body_id": body.pk, "name": body.name, "points": count, "is_demo": body.pk in invented,
                "ratings": summary(found),
            }
            for body, count, found in results.institutions()
        ]  # fmt: skip
        return Response(InstitutionRatingSerializer(rows, many=True).data)

    @extend_schema(
        operation_id="read_institution_ratings", summary="Ratings of an institution", responses=InstitutionSerializer
    )
    def institution(self, request: Request, body: str) -> Response:
        organization = Organization.objects.filter(slug=body).first()
        points = [*results.points_of(organization)] if organization else []
        if organization is None or not points:
            raise NotFound
        found = results.by_point(points)
        answer = {
            "body_id": organization.pk,
            "name": organization.name,
            "points": [_point(point, found[point.pk]) for point in points],
            **_details(points, results.together(found.values())),
        }
        return Response(InstitutionSerializer(answer).data)

    @extend_schema(
        operation_id="read_point_ratings", summary="Ratings of a service point", responses=PointDetailsSerializer
    )
    def point(self, request: Request, body: str, point_id: int) -> Response:
        rows = ServicePoint.objects.select_related("organization", "department")
        row = rows.filter(pk=point_id, organization__slug=body).first()
        if row is None:
            raise NotFound
        found = results.by_point([row])[row.pk]
        answer = {"body_id": row.organization_id, "point": _point(row, found), **_details([row], found)}
        return Response(PointDetailsSerializer(answer).data)


def summary(found: Summary) -> dict[str, Any]:
    interval = found.interval
    return {
        "count": found.count,
        "minimum": results.MINIMUM,
        "average": _rounded(found.average, 2),
        "interval": interval and {"low": _rounded(interval.low, 2), "high": _rounded(interval.high, 2)},
        "good_share": None if found.good_share is None else f"{found.good_share * 100:.1f}",
        "scores": {str(score): count for score, count in found.by_score} if found.is_enough else None,
        "set_aside": found.set_aside,
        "refused": found.refused,
    }


def _rounded(value: float | None, digits: int) -> str | None:
    return None if value is None else f"{value:.{digits}f}"


def _point(row: ServicePoint, found: Summary) -> dict[str, Any]:
    kept = {name: getattr(row, name) for name in ("department_id", "place", "is_active", "is_demo")}
    return {"id": row.pk, "name": row.name, **kept, "ratings": summary(found)}


def _details(points: list[ServicePoint], found: Summary) -> dict[str, Any]:
    months = [(month.start, month.summary) for month in results.months(points)]
    return {
        "ratings": summary(found),
        "months": [{"start": start, "count": one.count, "average": _rounded(one.average, 2)} for start, one in months],
        "themes": [
            {"theme": row.theme, "name": str(THEMES[row.theme].name), "good": row.good, "bad": row.bad}
            for row in (results.themes(points) if found.is_enough else ())
        ],
        "comments": [
            {"text": row.text, "month": row.rating.given_on.replace(day=1), "score": row.rating.score}
            for row in results.comments(points)
        ],
    }
