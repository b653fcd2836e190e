"""Bodies of requests: forms, with or without files, no larger than an honest one is."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import FormParser, MultiPartParser
from rest_framework.request import Request

LARGEST_FORM = 128 * 1024
LARGEST_WITH_FILES = 32 * 1024 * 1024
MOST_FIELDS = 200


def sent(request: Request) -> QueryDict:
    """The fields and files of a request; none when its body is no form."""
    found: object = request.data
    return found if isinstance(found, QueryDict) else QueryDict()


def word(request: Request, name: str) -> str:
    """A field of the form; a file in its place is none."""
    found = sent(request).get(name)
    return found if isinstance(found, str) else ""


class Form(FormParser):
    """`application/x-www-form-urlencoded`, which is what Open311 sends; always UTF-8."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        body = stream.read(LARGEST_FORM + 1)
        if len(body) > LARGEST_FORM or body.count(b"&") >= MOST_FIELDS:
            raise ParseError(_("The form is too large."))
        return QueryDict(body, encoding="utf-8")


class FormWithFiles(MultiPartParser):
    """`multipart/form-data`, which clients send when a photo comes along."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        length = str(parser_context["request"].META.get("CONTENT_LENGTH") or "")
        if not length.isdecimal() or int(length) > LARGEST_WITH_FILES:
            raise ParseError(_("The form is too large."))
        try:
            return super().parse(stream, media_type, parser_context)
        except SuspiciousOperation:
            raise ParseError(_("The form is too large.")) from None
