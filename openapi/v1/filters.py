"""The caller's saved filters of the queue: list, keep, open first, delete."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import has_right
from accounts.rights import Action
from appeals import savedfilters
from appeals.filters import parse
from appeals.models import SavedFilter
from common.errors import NotAllowed, ValidationFailed
from openapi import idempotency
from openapi.scopes import Scope
from openapi.v1.base import Resource
from openapi.v1.fields import FlagField, TextField


class SavedFilterSerializer(serializers.Serializer[Any]):
    """`query` is the query string of the queue page; numbers in it are those of rows, as the page writes them."""

    id = serializers.IntegerField(read_only=True)
    name = TextField(max_length=savedfilters.LONGEST_NAME)
    query = TextField(max_length=savedfilters.LONGEST_QUERY, allow_blank=True)
    is_default = FlagField(default=False)


class FirstSerializer(serializers.Serializer[Any]):
    is_default = FlagField()


class SavedFilters(Resource):
    tag = "cases"
    scopes = dict.fromkeys(("list", "create", "partial_update", "destroy"), Scope.OWN)
    serializer_class = SavedFilterSerializer
    pagination_class = None

    @extend_schema(operation_id="list_filters", summary="Saved filters", responses=SavedFilterSerializer(many=True))
    def list(self, request: Request) -> Response:
        """The caller's own, at most 30."""
        rows = SavedFilter.objects.filter(user=self._member())
        return Response([SavedFilterSerializer(row).data for row in rows])

    @extend_schema(
        operation_id="save_filter",
        summary="Save a filter",
        request=SavedFilterSerializer,
        responses={201: SavedFilterSerializer},
    )
    @idempotency.once
    def create(self, request: Request) -> Response:
        """The same name again replaces what was kept under it."""
        person = self._member()
        sent = SavedFilterSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        body = sent.validated_data
        parsed = parse(dict(parse_qsl(body["query"])))
        if parsed.ignored:
            raise ValidationFailed(
                _("These parts of the filter make no sense: %(names)s") % {"names": ", ".join(parsed.ignored)},
                code="invalid",
                field="query",
            )
        kept = savedfilters.save_filter(
            user=person, name=body["name"], query=parsed.filters.query(), is_default=body["is_default"]
        )
        return Response(SavedFilterSerializer(kept).data, status=201)

    @extend_schema(
        operation_id="open_filter_first",
        summary="Open the queue with it",
        request=FirstSerializer,
        responses=SavedFilterSerializer,
    )
    def partial_update(self, request: Request, saved: int) -> Response:
        """At most one of the filters is the first."""
        person = self._member()
        sent = FirstSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        kept = savedfilters.open_first(saved, user=person, wanted=sent.validated_data["is_default"])
        return Response(SavedFilterSerializer(kept).data)

    @extend_schema(
        operation_id="delete_filter",
        summary="Delete a filter",
        request=None,
        responses={204: OpenApiResponse(description="Save it again to have it back.")},
    )
    def destroy(self, request: Request, saved: int) -> Response:
        """Save it again under its name to undo this."""
        savedfilters.delete_filter(saved, user=self._member())
        return Response(status=204)

    def _member(self) -> Any:
        """Filters are those of the queue, which not everybody has."""
        if not has_right(self.person, Action.SEE):
            raise NotAllowed
        return self.person
