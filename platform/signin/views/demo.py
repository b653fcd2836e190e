"""In the demo city no message leaves the machine: a page shows the last ones, so that a newcomer finds his code."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from notifications.transports import console


@never_cache
@require_safe
def messages(request: HttpRequest) -> HttpResponse:
    """On a developer's machine alone, and only to who sits at it."""
    if not settings.DEMO_ALLOWED or not _is_here(request):
        raise Http404
    return render(request, "signin/demo_messages.html", {"sent": console.last_messages()})


def _is_here(request: HttpRequest) -> bool:
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
