"""Appeals from the applicant's side: file them, follow them. Staff work on the same appeals as cases."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from appeals.models import Appeal
from common.compiled import Compiled
from common.errors import NotFound
from common.limits import network_of, take
from common.reference_numbers import normalise_tracking_code, parse_number
from openapi import filing, idempotency, preconditions
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
    queryset = Appeal.objects.none()  # each action asks for what the caller may read
    serializer_class = AppealSerializer
    pagination_class = NewestFirst
    lookup_field = "number"
    lookup_value_regex = "[^/]{1,40}"

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
        checked = sent.filing(self.caller, idempotency.number_of(request))
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
        """The appeals that this application filed; of a personal one those of its owner. The last filed first."""
        page = self._page()
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
        own = self._own(str(parsed)) if parsed else None
        if own is not None:
            return own
        code = request.headers.get(CODE_HEADER)
        if code is None:
            raise NotFound
        return appeal_by_code(request, str(parsed or "-"), code)

    def _page(self) -> Sequence[Appeal]:
        if not self.caller.application.files_for_others:
            own = Appeal.objects.filter(applicant__user=self.caller.application.owner_id)
            return self.paginate_queryset(own.defer("search")) or []
        filed = FiledAppeal.objects.filter(application=self.caller.application).select_related("appeal")
        return [self._noted(row) for row in self.paginate_queryset(filed.defer("appeal__search")) or []]

    def _own(self, number: str) -> Appeal | None:
        application = self.caller.application
        if not application.files_for_others:
            return _of_owner.first(number, application.owner_id)
        filed = _filed.first(application.pk, number)
        return self._noted(filed) if filed else None

    def _noted(self, filed: FiledAppeal) -> Appeal:
        self.external_ids[filed.appeal_id] = filed.external_id
        return filed.appeal

    def _context(self, appeals: Sequence[Appeal]) -> dict[str, Any]:
        if unknown := [appeal.pk for appeal in appeals if appeal.pk not in self.external_ids]:
            rows = FiledAppeal.objects.filter(appeal__in=unknown, application=self.caller.application)
            self.external_ids |= dict(rows.values_list("appeal_id", "external_id"))
        return {"request": self.request, "external_ids": self.external_ids}

    @cached_property
    def external_ids(self) -> dict[int, str]:
        """Appeal -> its number in the caller's system, as far as it was read."""
        return {}


def of_owner(number: str, owner_id: int) -> QuerySet[Appeal]:
    """What a personal application may read without a code: the appeals of its owner."""
    return Appeal.objects.defer("search").filter(number=number, applicant__user=owner_id)


def filed_by(application_id: int, number: str) -> QuerySet[FiledAppeal]:
    """What any other application may: what it filed."""
    rows = FiledAppeal.objects.select_related("appeal").defer("appeal__search")
    return rows.filter(application=application_id, appeal__number=number)


_of_owner, _filed = Compiled(of_owner, "number", 0), Compiled(filed_by, 0, "number")  # asked for every reading


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
