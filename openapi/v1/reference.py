"""Reference data: what the keys in appeals mean, in three languages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from appeals.selectors import names
from appeals.selectors.names import Named
from openapi.scopes import Scope
from openapi.v1.base import Resource


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


class Reference(Resource):
    """Topics and their sectors, city sectors, units."""

    tag = "reference"
    scopes = dict.fromkeys(("topics", "areas", "departments", "sectors"), Scope.REFERENCE_READ)
    serializer_class = EntrySerializer
    pagination_class = None

    @extend_schema(operation_id="list_topics", summary="Topics", responses=EntrySerializer(many=True))
    def topics(self, request: Request) -> Response:
        """What appeals are about; `parent_key` is the sector."""
        return _answer(names.topics().values(), names.sectors())

    @extend_schema(operation_id="list_sectors", summary="Sectors", responses=EntrySerializer(many=True))
    def sectors(self, request: Request) -> Response:
        return _answer(names.sectors().values())

    @extend_schema(operation_id="list_areas", summary="City sectors", responses=EntrySerializer(many=True))
    def areas(self, request: Request) -> Response:
        return _answer(names.areas().values())

    @extend_schema(operation_id="list_departments", summary="Units", responses=EntrySerializer(many=True))
    def departments(self, request: Request) -> Response:
        """The units that answer, and the bodies appeals are forwarded to."""
        return _answer(names.departments().values())


def _answer(rows: Iterable[Named], parents: dict[int, Named] | None = None) -> Response:
    body = [
        {
            "key": row.key,
            "names": dict(row.names),
            "parent_key": parents[row.parent_id].key if parents and row.parent_id in parents else None,
            "is_active": row.is_active,
        }
        for row in rows
    ]
    return Response(body)
