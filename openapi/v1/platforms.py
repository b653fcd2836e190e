"""The catalogue of systems as reference data: what stands around the hub and what flows between."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from catalogue import data, selectors
from catalogue.models import Certainty, DataFlow, Platform, PlatformFact, Source, State
from common.errors import NotFound, ValidationFailed
from openapi.scopes import Scope
from openapi.v1.base import Resource
from openapi.v1.reference import NamesSerializer


class SourcedSerializer(serializers.Serializer[Any]):
    """How surely something is known, and from where."""

    certainty = serializers.ChoiceField(choices=Certainty.choices)
    source_kind = serializers.ChoiceField(choices=Source.choices)
    source_title = serializers.CharField(allow_null=True)
    checked_on = serializers.DateField(allow_null=True)


class PlatformFactSerializer(SourcedSerializer):
    """One thing that is known of a system, in the language of the request."""

    aspect = serializers.ChoiceField(choices=PlatformFact.Aspect.choices)
    text = serializers.CharField()


class DataFlowSerializer(SourcedSerializer):
    """What one system hands over to another."""

    origin = serializers.CharField(help_text="Key of a system.")
    target = serializers.CharField(help_text="Key of a system.")
    content = serializers.CharField(help_text="Which data, in the language of the request.")
    personal_data = serializers.ChoiceField(choices=DataFlow.Personal.choices)
    direction = serializers.ChoiceField(choices=DataFlow.Direction.choices)
    protocol = serializers.CharField(allow_null=True)
    encryption = serializers.ChoiceField(choices=DataFlow.Encryption.choices)
    state = serializers.ChoiceField(choices=State.choices)


class PlatformSerializer(serializers.Serializer[Any]):
    """A system around the hub."""

    key = serializers.CharField()
    name = serializers.CharField(help_text="In the language of the request.")
    names = NamesSerializer()
    kind = serializers.ChoiceField(choices=Platform.Kind.choices)
    state = serializers.ChoiceField(choices=State.choices)
    website = serializers.URLField(allow_null=True)
    health = serializers.ChoiceField(
        choices=selectors.PublicHealth.choices, allow_null=True, help_text="Null: this hub has no connection with it."
    )
    updated_at = serializers.DateTimeField()
    facts = PlatformFactSerializer(many=True)
    flows = DataFlowSerializer(many=True)


class Platforms(Resource):
    """The systems of the catalogue."""

    tag = "reference"
    scopes = {"list": Scope.REFERENCE_READ, "retrieve": Scope.REFERENCE_READ}
    serializer_class = PlatformSerializer
    pagination_class = None

    @extend_schema(
        operation_id="list_platforms",
        summary="Systems around the hub",
        parameters=[OpenApiParameter("state", enum=State.values, description="Only systems of this state.")],
        responses=PlatformSerializer(many=True),
    )
    def list(self, request: Request) -> Response:
        """Every public system with what is known of it, how surely, its data flows and the health of its connection.

        The same without a key: `/platforms/platforms.json`.
        """
        state = request.query_params.get("state", "")
        if state and state not in State.values:
            raise ValidationFailed(_("There is no such state."), field="state")
        views = [view for view in selectors.platforms() if state in ("", view.row.state)]
        return Response([data.of_platform(view) for view in views])

    @extend_schema(operation_id="read_platform", summary="A system around the hub", responses=PlatformSerializer)
    def retrieve(self, request: Request, platform_key: str) -> Response:
        """One public system."""
        view = selectors.platform(platform_key)
        if view is None:
            raise NotFound
        return Response(data.of_platform(view))
