"""Of when the figures are: what answers carry so that nobody reads again what has not been counted again."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from rest_framework.request import Request
from rest_framework.response import Response

from common import realm
from openapi.authentication import Caller
from openapi.caching import HEADER
from reports import refreshing
from reports.models import RollupState

KEPT_SECONDS = 60  # the rollups are counted each minute


def counted_at() -> dt.datetime | None:
    """Up to when everything is counted. In a sandbox, where no job counts each minute, it is counted now."""
    if realm.current() is not None:
        refreshing.refresh()
    found = RollupState.objects.filter(pk=1).values_list("refreshed_at", "rebuilt_at").first()
    return max((moment for moment in found or () if moment), default=None)


def said(moment: dt.datetime | None) -> str | None:
    """ISO 8601 with the offset of the city."""
    return None if moment is None else moment.astimezone(timezone.get_default_timezone()).isoformat()


def answer(request: Request, counted: dt.datetime | None, body: Callable[[], Any]) -> Response:
    """The body with an ETag of the count, the day and the question; nothing is read for those who have it already."""
    tag = _tag(request, counted)
    headers = {"ETag": tag, "Cache-Control": _kept(request)}
    known = {one.strip().removeprefix("W/") for one in request.headers.get(HEADER, "").split(",")}
    if tag in known or "*" in known:
        return Response(status=304, headers=headers)
    return Response(body(), headers=headers)


def _kept(request: Request) -> str:
    if realm.current() is not None:
        return "private, no-cache"
    return f"{'private' if isinstance(request.auth, Caller) else 'public'}, max-age={KEPT_SECONDS}"


def _tag(request: Request, counted: dt.datetime | None) -> str:
    parts = (counted, timezone.localdate(), get_language(), realm.name(), request.get_full_path())
    return f'"{hashlib.sha256(repr(parts).encode()).hexdigest()[:32]}"'
