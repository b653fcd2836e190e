"""The feed of changes, for systems that keep themselves in step with the hub, by pages and as a stream."""

from __future__ import annotations

import json
from typing import Any

from django.http import StreamingHttpResponse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from common.limits import client_address
from openapi import feed, stream
from openapi.authentication import given_key
from openapi.event_types import PUBLISHED
from openapi.models import FeedEntry
from openapi.scopes import Scope
from openapi.v1.base import Resource


class ChangesQuerySerializer(serializers.Serializer[Any]):
    cursor = serializers.IntegerField(
        min_value=0,
        max_value=2**63 - 1,
        default=0,
        help_text=_("`next_cursor` of the page before. Left out: from the beginning."),
    )
    limit = serializers.IntegerField(min_value=1, max_value=500, default=100)


class ChangeSerializer(serializers.Serializer[FeedEntry]):
    """Something happened to an appeal. Read the appeal to know more."""

    id = serializers.CharField(source="seq", help_text=_("Ever larger; the same event has the same id in webhooks."))
    type = serializers.ChoiceField(choices=PUBLISHED)
    time = serializers.DateTimeField()
    number = serializers.CharField(source="appeal.number")
    status = serializers.CharField(help_text=_("Where the appeal stood when the entry was written."))
    version = serializers.IntegerField(help_text=_("The version of the appeal that this event made."))


class ChangesSerializer(serializers.Serializer[Any]):
    results = ChangeSerializer(many=True)
    next_cursor = serializers.CharField(help_text=_("Where to go on, now or later."))
    has_more = serializers.BooleanField(help_text=_("Whether there was more at this moment."))


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
        sent = ChangesQuerySerializer(data=request.query_params.dict())
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


class StreamQuerySerializer(serializers.Serializer[Any]):
    cursor = serializers.IntegerField(
        min_value=0,
        max_value=2**63 - 1,
        required=False,
        help_text=_("Where to go on, for the first connection. Left out: from now on."),
    )


# One message of the stream, as clients of server-sent events take it apart.
MESSAGE = {
    "type": "object",
    "required": ["id"],
    "properties": {
        "id": {"type": "string", "description": "Where to go on, now or later."},
        "data": {"type": "string", "description": "A change as the feed has it, in JSON."},
    },
}


def _as_json(entry: FeedEntry) -> str:
    return json.dumps(ChangeSerializer(entry).data, ensure_ascii=False)


class EventStreamRenderer(JSONRenderer):
    """Only answers the question which format is offered: the stream is written elsewhere, and errors are JSON."""

    media_type = stream.MEDIA_TYPE
    format = "event-stream"


class ChangesStream(Resource):
    """The same, told as it happens."""

    tag = "events"
    scopes = {"stream": Scope.EVENTS_READ}
    pagination_class = None
    renderer_classes = [EventStreamRenderer, JSONRenderer]

    @extend_schema(
        operation_id="stream_changes",
        summary="Follow the feed as it grows",
        parameters=[
            StreamQuerySerializer,
            OpenApiParameter(
                "Last-Event-ID",
                {"type": "string", "pattern": "^[0-9]{1,18}$"},
                OpenApiParameter.HEADER,
                description="The id of the last event that was seen; goes before `cursor`.",
            ),
        ],
        responses={(200, stream.MEDIA_TYPE): MESSAGE},
    )
    def stream(self, request: Request) -> StreamingHttpResponse:
        """Server-sent events: `id` is the place in the feed, `data` a change as the feed has it.

        A connection ends after a minute; clients of server-sent events return by themselves with `Last-Event-ID` and
        miss nothing. When all places are taken, what there is comes at once and the client returns in five seconds.
        Meant for dashboards: systems that must not miss anything keep a cursor or take webhooks.
        """
        given = request.query_params.dict()
        StreamQuerySerializer(data=given).is_valid(raise_exception=True)
        seen = request.headers.get("Last-Event-ID")
        sent = StreamQuerySerializer(data=given if seen is None else {"cursor": seen})
        sent.is_valid(raise_exception=True)
        cursor = stream.place_of(self.caller, sent.validated_data.get("cursor"))
        key, address = given_key(request) or "", client_address(request._request)
        text = stream.events(key, address, self.caller.application.pk, cursor, _as_json)
        return StreamingHttpResponse(text, content_type=stream.MEDIA_TYPE, headers=dict(stream.HEADERS))
