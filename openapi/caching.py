"""Answers that seldom change: an ETag of the content, 304 for whoever has it already, some minutes without asking."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder

KEPT_SECONDS = 300
HEADER = "If-None-Match"
PARAMETER = OpenApiParameter(HEADER, str, OpenApiParameter.HEADER, description="The ETag of what you have already.")
NOT_MODIFIED = OpenApiResponse(description="What you have is still right.")


def answer(request: Request, body: Any) -> Response:
    """The body with its ETag, or nothing when the caller has it."""
    tag = f'"{hashlib.sha256(json.dumps(body, cls=JSONEncoder, sort_keys=True).encode()).hexdigest()[:32]}"'
    whose = "private" if request.auth else "public"
    headers = {"ETag": tag, "Cache-Control": f"{whose}, max-age={KEPT_SECONDS}"}
    known = {one.strip().removeprefix("W/") for one in request.headers.get(HEADER, "").split(",")}
    if tag in known or "*" in known:
        return Response(status=304, headers=headers)
    return Response(body, headers=headers)
