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

    certainty = serializers.ChoiceField(choices=Certainty.choices, help_text=_("How surely it is known."))
    source_kind = serializers.ChoiceField(choices=Source.choices, help_text=_("What kind of source it is known from."))
    source_title = serializers.CharField(allow_null=True, help_text=_("Title, number or address of the source."))
    checked_on = serializers.DateField(allow_null=True, help_text=_("The day on which the source was read."))


class PlatformFactSerializer(SourcedSerializer):
    """One thing that is known of a system, in the language of the request."""

    aspect = serializers.ChoiceField(choices=PlatformFact.Aspect.choices, help_text=_("What the fact is about."))
    text = serializers.CharField(help_text=_("The fact, in the language of the request."))


class DataFlowSerializer(SourcedSerializer):
    """What one system hands over to another."""

    origin = serializers.CharField(help_text=_("Key of a system."))
    target = serializers.CharField(help_text=_("Key of a system."))
    content = serializers.CharField(help_text=_("Which data, in the language of the request."))
    personal_data = serializers.ChoiceField(
        choices=DataFlow.Personal.choices, help_text=_("Whether personal data are among it.")
    )
    direction = serializers.ChoiceField(
        choices=DataFlow.Direction.choices, help_text=_("Whether data flow one way or both.")
    )
    protocol = serializers.CharField(allow_null=True, help_text=_("How it is sent; null where that is not known."))
    encryption = serializers.ChoiceField(
        choices=DataFlow.Encryption.choices, help_text=_("How it is protected on the way.")
    )
    state = serializers.ChoiceField(
        choices=State.choices, help_text=_("How far the integration with the hub has come.")
    )


class PlatformSerializer(serializers.Serializer[Any]):
    """A system around the hub."""

    key = serializers.CharField(help_text=_("The key of the system; it does not change."))
    name = serializers.CharField(help_text=_("In the language of the request."))
    names = NamesSerializer(help_text=_("The name in three languages."))
    kind = serializers.ChoiceField(choices=Platform.Kind.choices, help_text=_("What kind of system it is."))
    state = serializers.ChoiceField(
        choices=State.choices, help_text=_("How far the integration with the hub has come.")
    )
    website = serializers.URLField(allow_null=True, help_text=_("Its public site."))
    health = serializers.ChoiceField(
        choices=selectors.PublicHealth.choices,
        allow_null=True,
        help_text=_("Null: this hub has no connection with it."),
    )
    updated_at = serializers.DateTimeField(help_text=_("When the row of the system was last changed."))
    facts = PlatformFactSerializer(many=True, help_text=_("What is known of it."))
    flows = DataFlowSerializer(many=True, help_text=_("What flows between it and other systems."))


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
        state = request.query_params.get("state")
        if state is not None and state not in State.values:
            raise ValidationFailed(_("There is no such state."), field="state")
        views = [view for view in selectors.platforms() if state in (None, view.row.state)]
        return Response([data.of_platform(view) for view in views])

    @extend_schema(operation_id="read_platform", summary="A system around the hub", responses=PlatformSerializer)
    def retrieve(self, request: Request, platform_key: str) -> Response:
        """One public system."""
        view = selectors.platform(platform_key)
        if view is None:
            raise NotFound
        return Response(data.of_platform(view))
