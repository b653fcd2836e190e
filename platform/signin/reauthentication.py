"""Proving once more who one is before a sensitive act: allauth's rule with types, and without its hole.

Allauth calls everybody proven who has neither a password nor an app nor a passkey, for it has no way to ask him. Here
are such people: an outside provider lets them in. They prove themselves by signing in anew.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows import reauthentication as allauths
from allauth.account.internal.flows.login import get_authentication_records
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _

from accounts.models import User

P = ParamSpec("P")
R = TypeVar("R", bound=HttpResponseBase)
of_allauth: Callable[[HttpRequest], bool] = allauths.did_recently_reauthenticate


def fresh_proof_required(view: Callable[P, R]) -> Callable[P, R]:
    """Within the last quarter of an hour by password, code or passkey; the page asks for it and then goes on."""
    return cast(Callable[P, R], reauthentication_required(view))


def has_way(user: User) -> bool:
    """Whether there is something by which the open session can ask this person."""
    return bool(allauths.get_reauthentication_flows(user))


def is_fresh(request: HttpRequest) -> bool:
    """Whether a proof was given lately; of who cannot be asked, whether he has just signed in."""
    user = request.user
    if not isinstance(user, User):
        return False
    if has_way(user):
        return of_allauth(request)
    moments = [float(record.get("at", 0)) for record in get_authentication_records(request, user)]
    return bool(moments) and time.time() - max(moments) < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


def sign_in_anew(request: HttpRequest) -> HttpResponse:
    """For who cannot be asked: the session ends, and the sign-in page leads back."""
    logout(request)
    messages.info(request, _("This needs a fresh proof that it is you. Sign in again to go on."))
    return redirect_to_login(request.get_full_path())


def replace_allauths() -> None:
    """All of allauth's checks look the function up in its module; there is no setting for it."""
    allauths.did_recently_reauthenticate = is_fresh
