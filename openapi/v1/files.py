"""Files of an appeal in answers: what is told of each, and how one is handed out."""

from __future__ import annotations

from typing import Any

from django.http.response import HttpResponseBase
from drf_spectacular.utils import OpenApiResponse
from rest_framework import serializers

from appeals.models import Attachment
from common import files, served_files
from common.errors import NotFound

DOWNLOAD = {
    (200, media_type): OpenApiResponse(bytes, "The file, with its own media type and its name.")
    for media_type in ("application/octet-stream", *sorted(files.EXTENSIONS))
}


class AttachedSerializer(serializers.Serializer[Attachment]):
    """A file. `is_available` is false where a virus was found and the content removed."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    content_type = serializers.CharField()
    size = serializers.IntegerField()
    sha256 = serializers.CharField()
    uploaded_at = serializers.DateTimeField()
    is_available = serializers.SerializerMethodField()

    def get_is_available(self, row: Attachment) -> bool:
        return is_available(row)


class CaseFileSerializer(AttachedSerializer):
    """As the staff see it: what it is for, and with which message or answer it goes."""

    purpose = serializers.ChoiceField(choices=Attachment.Purpose.choices)
    message = serializers.IntegerField(source="message_id", allow_null=True)
    reply = serializers.IntegerField(source="reply_id", allow_null=True)
    scan = serializers.CharField()


def is_available(row: Attachment) -> bool:
    return bool(row.file) and row.scan != Attachment.Scan.INFECTED


def hand_out(row: Attachment | None) -> HttpResponseBase:
    """The content with the headers that keep it from acting as a page; what is not there is not found."""
    if row is None or not is_available(row):
        raise NotFound
    return served_files.serve(row)


def upload_request(field: str = "file") -> dict[str, Any]:
    """For the document: a file sent as multipart/form-data."""
    return {
        "multipart/form-data": {
            "type": "object",
            "properties": {field: {"type": "string", "format": "binary"}},
            "required": [field],
        }
    }
