"""The list of open sessions, ending them, and «that was not me»."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from signin import disowned, sessions, trusted_devices
from signin.device_words import ICONS, DeviceWords, describe
from signin.models import OpenSession
from signin.places import place_of
from signin.reauthentication import fresh_proof_required
from signin.views.visitor import get_user

OTHERS, EVERYWHERE = "others", "everywhere"
MOST_SHOWN = 100


@dataclass(frozen=True)
class SessionView:
    """A session as its owner reads it."""

    row: OpenSession
    device: DeviceWords
    place: str
    is_current: bool

    @property
    def icon(self) -> str:
        return ICONS[self.device.kind]


def _view(row: OpenSession, current: int | None) -> SessionView:
    return SessionView(row, describe(row.user_agent), place_of(row.address), row.pk == current)


@login_required
@never_cache
@require_http_methods(["GET"])
def session_list(request: HttpRequest) -> HttpResponse:
    user, current = get_user(request), sessions.row_of(request.session)
    views = [_view(row, current) for row in sessions.open_sessions(user)[:MOST_SHOWN]]
    views.sort(key=lambda view: not view.is_current)
    context = {
        "sessions": views,
        "limits": sessions.limits_for(user),
        "has_others": any(not v.is_current for v in views),
    }
    return render(request, "usersessions/usersession_list.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def end_session(request: HttpRequest, session_id: int) -> HttpResponse:
    """Ask, then sign out one device."""
    user, current = get_user(request), sessions.row_of(request.session)
    if request.method == "POST":
        sessions.end_one(user, session_id, request=request)
        if session_id == current:
            logout(request)
            return redirect("account_login")
        messages.success(request, _("The device has been signed out."))
        return redirect("signin:sessions")
    view = _view(get_object_or_404(OpenSession, pk=session_id, user=user), current)
    context = {
        "title": _("Sign out this device?"),
        "rows": [(_("Device"), f"{view.device} ({view.device.kind_words})"), (_("Place"), view.place)],
        "action": request.path,
        "confirm": _("Sign out the device"),
        "cancel_url": reverse("signin:sessions"),
        "danger": True,
        "form": None,
    }
    return render(request, "ui/confirm.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def end_sessions(request: HttpRequest, scope: str) -> HttpResponse:
    """Ask, then sign out all other devices, or all and this one too."""
    user = get_user(request)
    if request.method == "POST":
        current = sessions.row_of(request.session) if scope == OTHERS else None
        sessions.end_all(user, but=current, request=request)
        if scope == EVERYWHERE:
            trusted_devices.forget_all(user)
            logout(request)
            return redirect("account_login")
        messages.success(request, _("All other devices have been signed out."))
        return redirect("signin:sessions")
    here_too = scope == EVERYWHERE
    context = {
        "title": _("Sign out everywhere?") if here_too else _("Sign out all other devices?"),
        "text": _("You will have to sign in again on each device, on this one too.")
        if here_too
        else _("You stay signed in on this device only."),
        "action": request.path,
        "confirm": _("Sign out"),
        "cancel_url": reverse("signin:sessions"),
        "danger": True,
        "form": None,
    }
    return render(request, "ui/confirm.html", context)


@login_required
@never_cache
@fresh_proof_required
@require_http_methods(["GET", "POST"])
def not_me(request: HttpRequest) -> HttpResponse:
    """From the notice of a sign-in: whoever it was is out, and the password he knew is worth nothing."""
    user = get_user(request)
    if request.method == "POST":
        disowned.close_everything(user, request)
        return redirect("account_change_password")
    context = {
        "title": _("Was it not you?"),
        "text": _(
            "We sign out all other devices and forget every device that you trusted. Then you choose a new password."
        ),
        "action": request.path,
        "confirm": _("Yes, close everything"),
        "cancel_url": reverse("signin:sessions"),
        "danger": True,
        "form": None,
    }
    return render(request, "ui/confirm.html", context)
