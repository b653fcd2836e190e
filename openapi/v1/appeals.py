"""Appeals from the applicant's side: file them, follow them. Staff work on the same appeals as cases."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from appeals.models import Appeal
from common.errors import NotFound
from common.limits import network_of, take
from common.reference_numbers import normalise_tracking_code, parse_number
from openapi import filing, idempotency, preconditions
from openapi.authentication import Caller
from openapi.models import FiledAppeal
from openapi.pagination import NewestFirst
from openapi.scopes import Scope
from openapi.v1.base import Resource
from openapi.v1.filing import FilingSerializer
from openapi.v1.shapes import AppealSerializer, ReceiptSerializer

CODE_HEADER = "Tracking-Code"
NO_CODE = "-" * 11


class Appeals(Resource):
    """File and follow."""

    tag = "appeals"
    scopes = {
        "create": Scope.APPEALS_FILE,
        "list": Scope.APPEALS_READ,
        "retrieve": Scope.APPEALS_READ,
    }
    serializer_class = AppealSerializer
    pagination_class = NewestFirst
    lookup_field = "number"
    lookup_value_regex = "[^/]{1,40}"

    def get_queryset(self) -> QuerySet[Appeal]:
        return own_appeals(self.caller)

    @extend_schema(
        operation_id="file_appeal",
        summary="File an appeal",
        request=FilingSerializer,
        responses={201: ReceiptSerializer, 200: OpenApiResponse(ReceiptSerializer, "It was filed before.")},
    )
    @idempotency.exactly_once
    def create(self, request: Request) -> Response:
        """Store an appeal and start its clocks. The answer comes when it is safe: repeat the same request until then.

        A number of your own (`external_id`) that was used before gives back the appeal that has it.
        """
        sent = FilingSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        checked = sent.filing(self.caller, idempotency.key_of(request) or "")
        submitted = filing.file_appeal(checked, self.caller)
        appeal = submitted.appeal
        context = {"request": request, "external_ids": {appeal.pk: checked.external_id}}
        headers = {
            "Location": request.build_absolute_uri(reverse("openapi:v1:appeals-detail", args=[appeal.number])),
            "ETag": preconditions.etag(appeal.history_seq),
        }
        body = ReceiptSerializer(appeal, context=context).data
        return Response(body, status=201 if submitted.created else 200, headers=headers)

    @extend_schema(operation_id="list_appeals", summary="List own appeals")
    def list(self, request: Request) -> Response:
        """The appeals that this application filed; of a personal application those of its owner. Newest first."""
        page = self.paginate_queryset(self.get_queryset()) or []
        context = self._context(page)
        body = AppealSerializer(page, many=True, context=context).data  # type: ignore[arg-type]  # the stubs know one row only
        return self.get_paginated_response(body)

    @extend_schema(
        operation_id="read_appeal",
        summary="Read an appeal",
        parameters=[
            OpenApiParameter(
                CODE_HEADER, str, OpenApiParameter.HEADER,
                description="The secret code of the receipt: reads an appeal that somebody else filed.",
            )
        ],
    )  # fmt: skip
    def retrieve(self, request: Request, number: str) -> Response:
        """Where the appeal stands. `ETag` is its version, for `If-Match` of later changes."""
        return self.shown(self.find(request, number))

    def shown(self, appeal: Appeal) -> Response:
        """The appeal with its version."""
        body = AppealSerializer(appeal, context=self._context([appeal])).data
        return Response(body, headers={"ETag": preconditions.etag(appeal.history_seq)})

    def find(self, request: Request, number: str) -> Appeal:
        """The appeal, when it is the caller's own or the code fits; every refusal reads alike."""
        parsed = parse_number(number)
        own = self.get_queryset().filter(number=str(parsed)).first() if parsed else None
        if own is not None:
            return own
        code = request.headers.get(CODE_HEADER)
        if code is None:
            raise NotFound
        return appeal_by_code(request, str(parsed or "-"), code)

    def _context(self, appeals: Sequence[Appeal]) -> dict[str, Any]:
        rows = FiledAppeal.objects.filter(appeal__in=appeals, application=self.caller.application)
        return {"request": self.request, "external_ids": dict(rows.values_list("appeal_id", "external_id"))}


def own_appeals(caller: Caller) -> QuerySet[Appeal]:
    """What an application may read without a code."""
    rows = Appeal.objects.defer("search")
    if caller.application.files_for_others:
        return rows.filter(pk__in=FiledAppeal.objects.filter(application=caller.application).values("appeal_id"))
    return rows.filter(applicant__user=caller.application.owner)


def appeal_by_code(request: Request, number: str, code: str) -> Appeal:
    """The appeal with this number and this secret code; refused like an appeal that does not exist."""
    take("track", network_of(request._request))
    take("track-number", number)
    appeal = Appeal.objects.defer("search").filter(number=number).first()
    kept = appeal.tracking_code if appeal else NO_CODE
    given = normalise_tracking_code(code) or ""
    if not hmac.compare_digest(kept.encode(), given.encode()) or appeal is None:
        raise NotFound
    return appeal
