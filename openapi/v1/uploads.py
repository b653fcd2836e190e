"""Upload files for an appeal that is filed next."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from common.files import read_uploads
from openapi import uploads
from openapi.scopes import Scope
from openapi.v1.base import Resource


class UploadSerializer(serializers.Serializer[Any]):
    file = serializers.FileField(help_text=_("A photo or a document, at most 10 MB."))


class UploadedSerializer(serializers.Serializer[Any]):
    """A kept file: `id` goes into `uploads` of the filing within a day."""

    id = serializers.CharField()
    name = serializers.CharField()
    size = serializers.IntegerField()
    content_type = serializers.CharField()


class Uploads(Resource):
    tag = "appeals"
    scopes = {"create": Scope.APPEALS_FILE}
    parser_classes = [MultiPartParser]

    @extend_schema(
        operation_id="upload_file",
        summary="Upload a file",
        request={"multipart/form-data": UploadSerializer},
        responses={201: UploadedSerializer},
    )
    def create(self, request: Request) -> Response:
        """Checked by its content and for viruses; photos are encoded anew without their metadata."""
        sent = UploadSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        file = read_uploads([sent.validated_data["file"]], field="file")[0]
        upload_id, kept = uploads.keep(file, application_id=self.caller.application.pk)
        body = {"id": upload_id, "name": kept.name, "size": kept.size, "content_type": kept.content_type}
        return Response(body, status=201)
