"""Who may look at the log, and that looking leaves a record itself."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib.auth.views import redirect_to_login
from django.core.cache import cache
from django.http import HttpRequest, HttpResponseBase
from redis.exceptions import RedisError

from accounts.models import User
from accounts.permissions import has_right
from accounts.rights import Action as Right
from audit import trail
from audit.actions import Action
from common.errors import NotAllowed

View = Callable[..., HttpResponseBase]
AN_HOUR = 3600


def may_audit(request: HttpRequest) -> bool:
    return has_right(request.user, Right.AUDIT)


def officers_only(view: View) -> View:
    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not may_audit(request):
            raise NotAllowed
        return view(request, *args, **kwargs)

    return checked


def officer_of(request: HttpRequest) -> User:
    """Whoever looks, behind `officers_only`."""
    return cast(User, request.user)


def record_look(request: HttpRequest, subject_ref: str, filters: dict[str, str] | None = None) -> None:
    """One record for one person, one view and one hour, and not for each click."""
    user = officer_of(request)
    seen = hashlib.sha256(f"{subject_ref}?{sorted((filters or {}).items())}".encode()).hexdigest()[:32]
    try:
        is_new = cache.add(f"audit-look:{user.pk}:{seen}", 1, timeout=AN_HOUR)
    except (OSError, RedisError):
        is_new = True
    if is_new:
        details = {"filters": filters} if filters else {}
        trail.record(action=Action.VIEWED_LOG, actor=user, subject_ref=subject_ref, details=details, request=request)
