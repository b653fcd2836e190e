"""Reference data: what the keys in appeals mean, in three languages."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from appeals.selectors import names
from appeals.selectors.names import Named
from openapi import caching
from openapi.scopes import Scope
from openapi.v1.base import Resource
from organizations.models import Area


class NamesSerializer(serializers.Serializer[Any]):
    kk = serializers.CharField()
    ru = serializers.CharField()
    en = serializers.CharField()


class EntrySerializer(serializers.Serializer[Any]):
    """An entry of a reference table."""

    key = serializers.CharField()
    names = NamesSerializer()
    parent_key = serializers.CharField(allow_null=True)
    is_active = serializers.BooleanField()


class FeatureSerializer(serializers.Serializer[Any]):
    """A part of the city. `properties` has its key, its names, how many live there and the KATO code of the city."""

    type = serializers.CharField()
    id = serializers.CharField()
    geometry = serializers.DictField(allow_null=True)
    properties = serializers.DictField()


class FeatureCollectionSerializer(serializers.Serializer[Any]):
    """GeoJSON (RFC 7946)."""

    type = serializers.CharField()
    features = FeatureSerializer(many=True)


def listed(operation_id: str, summary: str) -> Callable[[Any], Any]:
    """How the lists of entries are described."""
    responses = {200: EntrySerializer(many=True), 304: caching.NOT_MODIFIED}
    return extend_schema(
        operation_id=operation_id, summary=summary, parameters=[caching.PARAMETER], responses=responses
    )


class Reference(Resource):
    """Topics and their sectors, parts of the city, units and the bodies they belong to."""

    tag = "reference"
    scopes = dict.fromkeys(
        ("topics", "areas", "outlines", "departments", "organizations", "sectors"), Scope.REFERENCE_READ
    )
    serializer_class = EntrySerializer
    pagination_class = None

    @listed("list_topics", "Topics")
    def topics(self, request: Request) -> Response:
        """What appeals are about; `parent_key` is the sector."""
        return _answer(request, names.topics().values(), names.sectors())

    @listed("list_sectors", "Sectors")
    def sectors(self, request: Request) -> Response:
        return _answer(request, names.sectors().values())

    @listed("list_areas", "City sectors")
    def areas(self, request: Request) -> Response:
        return _answer(request, names.areas().values())

    @listed("list_departments", "Units")
    def departments(self, request: Request) -> Response:
        """The units that answer, and the bodies appeals are forwarded to; `parent_key` is the organization."""
        return _answer(request, names.departments().values(), names.organizations())

    @listed("list_organizations", "Organizations")
    def organizations(self, request: Request) -> Response:
        """The bodies that are connected to the hub, and those outside to which appeals are forwarded."""
        return _answer(request, names.organizations().values())

    @extend_schema(
        operation_id="list_area_outlines",
        summary="City sectors as GeoJSON",
        parameters=[caching.PARAMETER],
        responses={200: FeatureCollectionSerializer, 304: caching.NOT_MODIFIED},
    )
    def outlines(self, request: Request) -> Response:
        """`geometry` is null where nobody has drawn the boundary yet."""
        features = [_feature(row) for row in Area.objects.filter(is_active=True)]
        return caching.answer(request, {"type": "FeatureCollection", "features": features})


def _feature(row: Area) -> dict[str, Any]:
    named = {code: getattr(row, f"name_{code}") for code in names.LANGUAGES}
    return {
        "type": "Feature",
        "id": row.slug,
        "geometry": row.outline,
        "properties": {
            "key": row.slug,
            "names": named,
            "population": row.population,
            "kato": settings.CITY_KATO or None,
        },
    }


def _answer(request: Request, rows: Iterable[Named], parents: dict[int, Named] | None = None) -> Response:
    body = [
        {
            "key": row.key,
            "names": dict(row.names),
            "parent_key": parents[row.parent_id].key if parents and row.parent_id in parents else None,
            "is_active": row.is_active,
        }
        for row in rows
    ]
    return caching.answer(request, body)
