"""Service points for those who look after them, and ratings that wait for a person's decision."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from appeals.selectors import names
from common.errors import NotFound
from openapi import idempotency
from openapi.scopes import Scope
from openapi.v1.base import Resource
from openapi.v1.fields import FlagField, KeyField, NumberField, TextField
from openapi.v1.statistics.ratings import RatingSummarySerializer, summary
from reports.models import PointCode, ServicePoint
from reports.qr import points, results, review
from reports.qr.points import Description, Owner

NAMED = ("name_kk", "name_ru", "name_en", "place", "is_active")


class PointDescriptionSerializer(serializers.Serializer[Any]):
    """What visitors read on the sheet."""

    name_kk = TextField(max_length=250, help_text=_("The name in Kazakh."))
    name_ru = TextField(max_length=250, help_text=_("The name in Russian."))
    name_en = TextField(
        max_length=250, required=False, allow_blank=True, default="", help_text=_("The name in English.")
    )
    place = TextField(max_length=200, required=False, allow_blank=True, default="", help_text=_("Where it is."))
    is_active = FlagField(default=True, help_text=_("Whether it takes ratings."))


class NewPointSerializer(PointDescriptionSerializer):
    """Whose it is cannot be changed later: the ratings are given to this body."""

    organization = KeyField(names.organizations, help_text=_("The body, by its key."))
    department = KeyField(names.departments, required=False, allow_null=True, help_text=_("The unit, by its key."))


class ServicePointSerializer(PointDescriptionSerializer):
    """A window, a hall or a room that visitors rate."""

    id = serializers.IntegerField(help_text=_("The number of the service point."))
    organization = KeyField(names.organizations, source="organization_id", help_text=_("The body, by its key."))
    department = KeyField(
        names.departments, source="department_id", allow_null=True, help_text=_("The unit, by its key.")
    )
    sheet_code = serializers.CharField(help_text=_("The code that hangs there now."))
    sheet_url = serializers.CharField(help_text=_("The address in the QR code of the sheet."))
    ratings = RatingSummarySerializer(help_text=_("What visitors said of it."))


class SeenCodeSerializer(serializers.Serializer[Any]):
    seen = TextField(max_length=12, help_text=_("The code to be replaced; another one is left as it is."))


class ServicePoints(Resource):
    tag = "points"
    scopes = dict.fromkeys(("list", "create", "change", "reissue"), Scope.POINTS_MANAGE)
    serializer_class = ServicePointSerializer
    pagination_class = None

    @extend_schema(
        operation_id="list_service_points", summary="Service points", responses=ServicePointSerializer(many=True)
    )
    def list(self, request: Request) -> Response:
        """Those that the caller looks after, with the code and the address of their sheets."""
        rows = ServicePoint.objects.filter(points.managed_by(self.person))
        return Response(_described([*rows]))

    @extend_schema(
        operation_id="add_service_point",
        summary="Add a service point",
        request=NewPointSerializer,
        responses={201: ServicePointSerializer},
    )
    @idempotency.once
    def create(self, request: Request) -> Response:
        """It gets its first code at once."""
        body = self.sent(NewPointSerializer)
        owner = Owner(body["organization"], body.get("department"))
        row = points.add_point(owner, _description(body), actor=self.person)
        return Response(_described([row])[0], status=201)

    @extend_schema(
        operation_id="change_service_point",
        summary="Change a service point",
        request=PointDescriptionSerializer,
        responses=ServicePointSerializer,
    )
    def change(self, request: Request, point_id: int) -> Response:
        """Its names, its place, whether it takes ratings."""
        self._found(point_id)
        body = self.sent(PointDescriptionSerializer)
        return Response(_described([points.change_point(point_id, _description(body), actor=self.person)])[0])

    @extend_schema(
        operation_id="reissue_point_code",
        summary="Give it another code",
        request=SeenCodeSerializer,
        responses=ServicePointSerializer,
    )
    @idempotency.once
    def reissue(self, request: Request, point_id: int) -> Response:
        """The sheets that hang there say from now on that they were replaced. The ratings stay."""
        row = self._found(point_id)
        points.reissue(point_id, actor=self.person, seen=self.sent(SeenCodeSerializer)["seen"])
        return Response(_described([row])[0])

    def _found(self, point_id: int) -> ServicePoint:
        row = ServicePoint.objects.filter(points.managed_by(self.person), pk=point_id).first()
        if row is None:
            raise NotFound
        return row


def _description(body: dict[str, Any]) -> Description:
    return Description(**{name: body[name] for name in NAMED})


def _described(rows: list[ServicePoint]) -> list[dict[str, Any]]:
    """From three statements, however many there are."""
    found = results.by_point(rows)
    codes = dict(PointCode.objects.filter(point__in=rows, replaced_at=None).values_list("point", "code"))
    answer = []
    for row in rows:
        kept: dict[str, Any] = {name: getattr(row, name) for name in NAMED}
        kept |= {"id": row.pk, "organization_id": row.organization_id, "department_id": row.department_id}
        code = codes.get(row.pk, "")
        address = f"{settings.PUBLIC_URL.rstrip('/')}{reverse('reports:qr-rate', args=[code])}" if code else ""
        shown = kept | {"sheet_code": code, "sheet_url": address, "ratings": summary(found[row.pk])}
        answer.append(dict(ServicePointSerializer(shown).data))
    return answer


class HeapSerializer(serializers.Serializer[Any]):
    """Ratings of one point, day and network that were set aside together."""

    point_id = serializers.IntegerField(source="point.pk", help_text=_("The number of the service point."))
    name = serializers.CharField(source="point.name", help_text=_("In the language of the request."))
    day = serializers.DateField(help_text=_("The day on which they were given."))
    network = serializers.CharField(help_text=_("A word for the network; it says nothing of whose it is."))
    count = serializers.IntegerField(help_text=_("How many they are."))
    scores = serializers.ListField(child=serializers.IntegerField(), help_text=_("How many gave 1, 2, 3, 4 and 5."))
    first_at = serializers.DateTimeField(help_text=_("When the first of them was given."))
    last_at = serializers.DateTimeField(help_text=_("When the last of them was given."))


class WaitingCommentSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField(source="pk", help_text=_("The number of the comment."))
    point_id = serializers.IntegerField(source="rating.point_id", help_text=_("The number of the service point."))
    score = serializers.IntegerField(source="rating.score", help_text=_("From 1 to 5."))
    text = serializers.CharField(help_text=_("What the visitor wrote."))


class ReviewSerializer(serializers.Serializer[Any]):
    """What waits for a person, the oldest first: a hundred heaps and fifty comments at most."""

    heaps = HeapSerializer(many=True, help_text=_("Ratings that were set aside."))
    comments = WaitingCommentSerializer(many=True, help_text=_("Comments that nobody has read yet."))


class HeapDecisionSerializer(serializers.Serializer[Any]):
    point_id = NumberField(min_value=1, max_value=2**31 - 1, help_text=_("The number of the service point."))
    day = serializers.DateField(help_text=_("The day on which they were given."))
    network = TextField(max_length=32, help_text=_("The word for the network."))
    seen = NumberField(
        min_value=1, max_value=2**31 - 1, help_text=_("How many were looked at: if more have come, nothing is done.")
    )
    counts = FlagField(help_text=_("Whether they count."))


class CommentDecisionSerializer(serializers.Serializer[Any]):
    shown = FlagField(help_text=_("Whether everybody may read it."))


class RatingsReview(Resource):
    tag = "points"
    scopes = dict.fromkeys(("waiting", "heap", "comment"), Scope.RATINGS_REVIEW)
    pagination_class = None
    DONE = OpenApiResponse(description="Decided; the decision is recorded.")

    @extend_schema(
        operation_id="list_ratings_to_review", summary="Ratings that wait for a person", responses=ReviewSerializer
    )
    def waiting(self, request: Request) -> Response:
        found = {"heaps": review.heaps(), "comments": review.waiting_comments()[:50]}
        return Response(ReviewSerializer(found).data)

    @extend_schema(
        operation_id="decide_ratings", summary="Count them or not", request=HeapDecisionSerializer,
        responses={204: DONE},
    )  # fmt: skip
    @idempotency.once
    def heap(self, request: Request) -> Response:
        """All that one network gave to one point on one day."""
        data = self.sent(HeapDecisionSerializer)
        which = (data["point_id"], data["day"], data["network"])
        review.decide_heap(*which, counts=data["counts"], actor=self.person, seen=data["seen"])
        return Response(status=204)

    @extend_schema(
        operation_id="decide_rating_comment", summary="Show a comment or not", request=CommentDecisionSerializer,
        responses={204: DONE},
    )  # fmt: skip
    @idempotency.once
    def comment(self, request: Request, comment_id: int) -> Response:
        review.decide_comment(comment_id, shown=self.sent(CommentDecisionSerializer)["shown"], actor=self.person)
        return Response(status=204)
