"""JSON bodies, no larger and no deeper than an honest request is, and of characters that a database keeps."""

from __future__ import annotations

import io
import json
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from rest_framework import status
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import BaseParser, JSONParser

MEGABYTE = 1024 * 1024


class TooLarge(APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_code = "too_large"
    default_detail = _("The request is larger than the hub takes.")


class Json(BaseParser):
    """None of the framework's own kind: for that one it reads as much as Django takes of a form, and no operation could
    have a limit of its own."""

    media_type = JSONParser.media_type
    largest: ClassVar[int] = 2 * MEGABYTE

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        body = stream.read(self.largest + 1)
        if len(body) > self.largest:
            raise TooLarge
        try:
            found = JSONParser().parse(io.BytesIO(body), media_type, parser_context)
            if b"\\u" in body:  # half a character comes by no other way, and can neither be kept nor answered
                json.dumps(found, ensure_ascii=False).encode()
        except (RecursionError, UnicodeEncodeError):
            raise ParseError(_("This is no JSON that the hub can read.")) from None
        return found


class LargeJson(Json):
    """For many filings at once, each as long as one may be."""

    largest = 32 * MEGABYTE
