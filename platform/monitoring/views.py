"""What Prometheus asks a web process."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from monitoring.exposition import CONTENT_TYPE, text
from monitoring.guard import may_read


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The figures in Prometheus's own form, for the networks and the token of the settings."""
    if not may_read(request.META):
        return HttpResponseForbidden("Not from here.", content_type="text/plain; charset=utf-8")
    return HttpResponse(text(), content_type=CONTENT_TYPE)
