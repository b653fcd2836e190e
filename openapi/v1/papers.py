"""What an applicant has in hand: the receipt, a print of appeal and answers, his files, the code of his contact."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils.translation import get_language
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import contact_codes
from appeals import contacts, intake
from appeals.models import Appeal
from appeals.selectors.tracking import citizen_case, visible_files
from appeals.views.citizen import receipt
from common.limits import network_of, take
from openapi import idempotency
from openapi.scopes import Scope
from openapi.v1.appeals import Appeals
from openapi.v1.fields import TextField
from openapi.v1.files import DOWNLOAD, AttachedSerializer, hand_out
from openapi.v1.shapes import AppealSerializer


class CouponLineSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    value = serializers.CharField()


class CouponSerializer(serializers.Serializer[Any]):
    """The coupon of APPC article 64 in the caller's language, as values and as lines to print."""

    number = serializers.CharField()
    received_at = serializers.DateTimeField()
    registered_at = serializers.DateTimeField(allow_null=True)
    due_at = serializers.DateTimeField()
    lines = CouponLineSerializer(many=True)
    emergency_phones = serializers.ListField(child=serializers.CharField())
    needs_confirmation = serializers.BooleanField()
    media = serializers.ListField(child=serializers.CharField())


class CodeSerializer(serializers.Serializer[Any]):
    code = TextField(max_length=20)


class AgainSerializer(serializers.Serializer[Any]):
    medium = serializers.ChoiceField(choices=[contacts.SMS.value, contacts.EMAIL.value], required=False, default="sms")


class Papers(Appeals):
    """On appeals that `Appeals` opens: one's own, or with the secret code."""

    pagination_class = None  # type: ignore[assignment]  # a few files, no pages
    scopes = dict.fromkeys(("receipt", "paper", "files", "file"), Scope.APPEALS_READ) | dict.fromkeys(
        ("confirm", "send_code"), Scope.APPEALS_RESPOND
    )

    @extend_schema(operation_id="read_receipt", summary="The receipt", responses=CouponSerializer)
    def receipt(self, request: Request, number: str) -> Response:
        """What the applicant is given when he files: number, times, what was filed, by when an answer is due."""
        appeal = self._whole(request, number)
        who = appeal.applicant
        body = {
            "number": appeal.number,
            "received_at": appeal.received_at,
            "registered_at": appeal.registered_at,
            "due_at": appeal.due_at,
            "lines": [{"name": str(label), "value": str(value)} for label, value in receipt.coupon(appeal)],
            "emergency_phones": receipt.lines_to_call(appeal),
            "needs_confirmation": bool(who.phone or who.email) and who.contact_confirmed_at is None,
            "media": contacts.media_of(who),
        }
        return Response(CouponSerializer(body).data)

    @extend_schema(
        operation_id="print_appeal",
        summary="Receipt and answers for the printer",
        responses={(200, "text/html"): OpenApiResponse(str, "A page that stands alone: no scripts, nothing to load.")},
    )
    def paper(self, request: Request, number: str) -> HttpResponse:
        """The receipt, the text and every answer that was sent, in the caller's language."""
        appeal = self._whole(request, number)
        rows = receipt.coupon(appeal)
        page = {"appeal": appeal, "rows": rows, "case": citizen_case(appeal), "language": get_language()}
        answer = HttpResponse(render_to_string("openapi/paper.html", page))
        answer.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
        return answer

    @extend_schema(operation_id="list_files", summary="Files", responses=AttachedSerializer(many=True))
    def files(self, request: Request, number: str) -> Response:
        """The applicant's own, and those that were sent to him."""
        return Response([AttachedSerializer(row).data for row in visible_files(self.find(request, number))])

    @extend_schema(operation_id="download_file", summary="Download a file", responses=DOWNLOAD)
    def file(self, request: Request, number: str, file: int) -> HttpResponseBase:
        """Only what `list_files` names."""
        return hand_out(visible_files(self.find(request, number)).filter(pk=file).first())

    @extend_schema(
        operation_id="confirm_contact",
        summary="Confirm the contact",
        request=CodeSerializer,
        responses=AppealSerializer,
    )
    def confirm(self, request: Request, number: str) -> Response:
        """With the six digits that were sent to the applicant; a statutory appeal is registered by it. Repeating it is
        harmless; a wrong code is counted, so it is in no larger transaction."""
        appeal = self._whole(request, number)
        sent = CodeSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        if appeal.applicant.contact_confirmed_at is None:
            take("contact-code", network_of(request._request))
            accepted = contacts.try_code(appeal.pk, sent.validated_data["code"])
            with transaction.atomic():
                contact_codes.redeem(accepted)
                address = receipt.masked(accepted.medium, accepted.address)
                intake.confirm_contact(appeal.pk, address=address, medium=accepted.medium)
        return self.shown(Appeal.objects.defer("search").get(pk=appeal.pk))

    @extend_schema(
        operation_id="send_contact_code",
        summary="Send the code again",
        request=AgainSerializer,
        responses={204: OpenApiResponse(description="It is on its way.")},
    )
    @idempotency.once
    def send_code(self, request: Request, number: str) -> Response:
        """To the phone or to the e-mail address of the applicant; limited by the hour."""
        appeal = self.find(request, number)
        sent = AgainSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        contacts.send_code_again(appeal.pk, medium=sent.validated_data["medium"])
        return Response(status=204)

    def _whole(self, request: Request, number: str) -> Appeal:
        """With the rows that a receipt names."""
        found = self.find(request, number)
        rows = Appeal.objects.select_related("applicant", "topic", "sector", "area", "department__organization")
        return rows.get(pk=found.pk)
