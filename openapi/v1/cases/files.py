"""Files of a case: list, add, hand out, keep one back from the answer; the same checks as on the page."""

from __future__ import annotations

from typing import Any

from django.http.response import HttpResponseBase
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.rights import Action
from appeals import dialogue
from appeals.models import Attachment
from audit import trail
from audit.actions import Action as Recorded
from common.errors import NotFound
from common.files import read_uploads
from openapi import idempotency
from openapi.scopes import Scope
from openapi.v1.cases.base import CaseResource
from openapi.v1.files import DOWNLOAD, CaseFileSerializer, hand_out

OWN_PURPOSES = [
    (purpose.value, purpose.label) for purpose in (Attachment.Purpose.EVIDENCE, Attachment.Purpose.INTERNAL)
]


class AddFileSerializer(serializers.Serializer[Any]):
    """`evidence` goes to the applicant with the answer, `internal` stays with the staff."""

    file = serializers.FileField()
    purpose = serializers.ChoiceField(choices=OWN_PURPOSES, default=Attachment.Purpose.EVIDENCE.value)


class CaseFiles(CaseResource):
    scopes = dict.fromkeys(("list", "retrieve"), Scope.CASES_READ) | dict.fromkeys(
        ("create", "destroy"), Scope.CASES_WORK
    )
    parser_classes = [MultiPartParser]

    @extend_schema(operation_id="list_case_files", summary="Files", responses=CaseFileSerializer(many=True))
    def list(self, request: Request, number: str) -> Response:
        """All files of the case, of the applicant and of the staff."""
        rows = Attachment.objects.filter(appeal=self.open(number))
        return Response([CaseFileSerializer(row).data for row in rows])

    @extend_schema(operation_id="download_case_file", summary="Download a file", responses=DOWNLOAD)
    def retrieve(self, request: Request, number: str, file: int) -> HttpResponseBase:
        """Downloads of the applicant's own files are recorded with the person."""
        appeal = self.open(number)
        row = Attachment.objects.filter(appeal=appeal, pk=file).first()
        answer = hand_out(row)
        if row is not None and row.purpose == Attachment.Purpose.APPEAL:
            trail.record(
                actor=self.person,
                action=Recorded.DOWNLOADED,
                subject_ref=f"appeal:{appeal.number}",
                fields=[f"file:{row.pk}"],
                details={"application": self.caller.application.pk},
                request=request._request,
            )
        return answer

    @extend_schema(
        operation_id="add_case_file",
        summary="Add a file",
        request={"multipart/form-data": AddFileSerializer},
        responses={201: CaseFileSerializer},
    )
    @idempotency.once
    def create(self, request: Request, number: str) -> Response:
        """Checked by its content and for viruses; evidence joins the answer that is being written."""
        appeal, body = self.open(number, Action.WORK), self.checked(AddFileSerializer)
        files = read_uploads([body["file"]], field="file")
        purpose = Attachment.Purpose(body["purpose"])
        row = dialogue.add_files(appeal.pk, actor=self.person, files=files, purpose=purpose)[0]
        return Response(CaseFileSerializer(row).data, status=201)

    @extend_schema(
        operation_id="keep_back_file",
        summary="Do not send a file",
        request=None,
        responses={204: OpenApiResponse(description="It stays with the case as an internal one.")},
    )
    def destroy(self, request: Request, number: str, file: int) -> Response:
        """Takes evidence out of an answer that has not been sent; nothing is deleted."""
        appeal = self.open(number, Action.WORK)
        row = Attachment.objects.filter(appeal=appeal, pk=file).first()
        if row is None:
            raise NotFound
        if row.purpose != Attachment.Purpose.INTERNAL:
            dialogue.remove_evidence(row.pk, actor=self.person)
        return Response(status=204)
