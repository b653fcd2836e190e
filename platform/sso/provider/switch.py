"""Whether the hub is a provider at all, and which system a client identifier stands for."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase

from sso.models import ConnectedSystem

View = Callable[..., HttpResponseBase]


def provided(view: View) -> Any:
    """The address does not exist in an installation that signs nobody in for other systems."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not settings.SSO_PROVIDER:
            raise Http404
        return view(request, *args, **kwargs)

    return checked


def system_of(client_id: str) -> ConnectedSystem | None:
    """The system behind a client identifier, while it is switched on."""
    return ConnectedSystem.objects.filter(client_id=client_id, switched_off_at=None).first()
