"""File many appeals in one request, with a report for each: each row stands for itself."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response

from common.errors import DomainError
from openapi import errors, filing
from openapi.parsers import LargeJson
from openapi.scopes import Scope
from openapi.v1.base import Resource
from openapi.v1.fields import TextField
from openapi.v1.filing import EXTERNAL_ID, FilingSerializer

MOST = 200


class BulkItemSerializer(FilingSerializer):
    """As in a single filing; your own number is required, so that a repeated request files nothing twice."""

    external_id = TextField(max_length=100, validators=[EXTERNAL_ID])


class BulkSerializer(serializers.Serializer[Any]):
    appeals = serializers.ListField(child=serializers.DictField(), min_length=1, max_length=MOST)


class BulkRequestSerializer(serializers.Serializer[Any]):
    """For the document: what the rows look like."""

    appeals = serializers.ListField(child=BulkItemSerializer(), min_length=1, max_length=MOST)


class RowSerializer(serializers.Serializer[Any]):
    """What became of one row: `created`, `known` (filed before under this number), or `refused` with the problem."""

    external_id = serializers.CharField()
    result = serializers.ChoiceField(choices=["created", "known", "refused"])
    number = serializers.CharField(allow_null=True)
    tracking_code = serializers.CharField(allow_null=True)
    problem = serializers.DictField(allow_null=True)


class ReportSerializer(serializers.Serializer[Any]):
    created = serializers.IntegerField()
    known = serializers.IntegerField()
    refused = serializers.IntegerField()
    rows = RowSerializer(many=True)


class Bulk(Resource):
    tag = "appeals"
    scopes = {"create": Scope.APPEALS_FILE}
    parser_classes = [LargeJson]

    @extend_schema(
        operation_id="file_appeals",
        summary="File many appeals",
        request=BulkRequestSerializer,
        responses={200: ReportSerializer},
    )
    def create(self, request: Request) -> Response:
        """Up to 200 rows, each in a transaction of its own. Repeat the request when the answer is lost: rows that were
        filed are reported as `known`."""
        sent = BulkSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        rows = [self._file(row) for row in sent.validated_data["appeals"]]
        counts = {kind: sum(row["result"] == kind for row in rows) for kind in ("created", "known", "refused")}
        return Response(counts | {"rows": rows})

    def _file(self, row: dict[str, Any]) -> dict[str, Any]:
        """One row; whatever is wrong with it stops no other."""
        item = BulkItemSerializer(data=row)
        external_id = str(row.get("external_id", ""))[:100]
        try:
            item.is_valid(raise_exception=True)
            submitted = filing.file_appeal(item.filing(self.caller, external_id), self.caller)
        except (DomainError, APIException) as error:
            return _row(external_id, "refused", problem=errors.as_problem(error))
        appeal = submitted.appeal
        return _row(
            external_id,
            "created" if submitted.created else "known",
            number=appeal.number,
            tracking_code=appeal.tracking_code,
        )


def _row(external_id: str, result: str, **values: Any) -> dict[str, Any]:
    empty = {"number": None, "tracking_code": None, "problem": None}
    return {"external_id": external_id, "result": result, **empty, **values}
