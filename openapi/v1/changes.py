"""The feed of changes, for systems that keep themselves in step with the hub."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from openapi import feed
from openapi.event_types import PUBLISHED
from openapi.models import FeedEntry
from openapi.scopes import Scope
from openapi.v1.base import Resource


class ChangesQuerySerializer(serializers.Serializer[Any]):
    cursor = serializers.IntegerField(
        min_value=0,
        max_value=2**63 - 1,
        default=0,
        help_text="`next_cursor` of the page before. Left out: from the beginning.",
    )
    limit = serializers.IntegerField(min_value=1, max_value=500, default=100)


class ChangeSerializer(serializers.Serializer[FeedEntry]):
    """Something happened to an appeal. Read the appeal to know more."""

    id = serializers.CharField(source="seq", help_text="Ever larger; the same event has the same id in webhooks.")
    type = serializers.ChoiceField(choices=PUBLISHED)
    time = serializers.DateTimeField()
    number = serializers.CharField(source="appeal.number")
    status = serializers.CharField(help_text="Where the appeal stood when the entry was written.")
    version = serializers.IntegerField(help_text="The version of the appeal that this event made.")


class ChangesSerializer(serializers.Serializer[Any]):
    results = ChangeSerializer(many=True)
    next_cursor = serializers.CharField(help_text="Where to go on, now or later.")
    has_more = serializers.BooleanField(help_text="Whether there was more at this moment.")


class Changes(Resource):
    """Read on from where one has stopped."""

    tag = "events"
    scopes = {"list": Scope.EVENTS_READ}
    pagination_class = None

    @extend_schema(
        operation_id="list_changes",
        summary="Read the feed of changes",
        parameters=[ChangesQuerySerializer],
        responses=ChangesSerializer,
    )
    def list(self, request: Request) -> Response:
        """What happened to the application's own appeals, the oldest first, each once and in one order for ever.

        Keep `next_cursor` together with what you have done. An entry never appears before a cursor you have been given.
        """
        sent = ChangesQuerySerializer(data=request.query_params)
        sent.is_valid(raise_exception=True)
        cursor, limit = sent.validated_data["cursor"], sent.validated_data["limit"]
        rows = feed.after(self.caller, cursor, limit + 1)
        page = rows[:limit]
        body = {
            "results": page,
            "next_cursor": str(page[-1].seq if page else cursor),
            "has_more": len(rows) > limit,
        }
        return Response(ChangesSerializer(body).data)
