"""How long a public page may be kept: until the figures are counted anew."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import quote_etag

from common.rows import CachedRows
from reports import sources
from reports.models import RollupState


def counted_at(request: HttpRequest) -> RollupState | None:
    """When the figures were counted last; read once for a request."""
    if not hasattr(request, "rollup_state"):
        request.rollup_state = RollupState.objects.first()  # type: ignore[attr-defined]
    return request.rollup_state  # type: ignore[attr-defined, no-any-return]


# Asked for on every page; an installation for trying out does not change from one minute to the next.
holds_invented = CachedRows(sources.holds_invented, seconds=60)


def moment_counted(request: HttpRequest) -> dt.datetime | None:
    state = counted_at(request)
    return max(filter(None, (state.refreshed_at, state.rebuilt_at)), default=None) if state else None


def until_counted_anew(
    view: Callable[..., HttpResponseBase],
) -> Callable[..., HttpResponseBase]:
    """A browser asks whether its copy still holds; as long as nothing was counted, no figure is read again.

    The cookies are part of the mark: language and look stand in them. Whoever is signed in gets no mark.
    """

    @wraps(view)
    def kept(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            return view(request, *args, **kwargs)
        mark = _mark(request)
        asks = request.headers.get("If-None-Match") != "*"  # which any answer would match, also one that there is not
        response = (get_conditional_response(request, mark) if asks else None) or view(request, *args, **kwargs)
        if response.status_code in (200, 304):  # what leads elsewhere or was not understood is asked for again
            response.headers["ETag"] = mark
        response.headers["Cache-Control"] = "private, no-cache"
        patch_vary_headers(response, ["Cookie"])
        return response

    return kept


def _mark(request: HttpRequest) -> str:
    state = counted_at(request)
    parts = (
        request.get_full_path(),
        request.headers.get("Cookie", ""),
        str(state.refreshed_at if state else ""),
        str(state.rebuilt_at if state else ""),
        str(timezone.localdate()),
    )
    return quote_etag(hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32])
