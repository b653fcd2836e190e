"""The sandbox as a page: its time, which moves forward by a button, the new beginning, and what it would have sent."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from audit.current import nobody_asks
from common.errors import DomainError
from notifications.models import Notification
from openapi import selectors
from openapi.forms import ClockForm
from openapi.sandbox import worlds
from openapi.views.developers import add_error
from ui import dates

MOST_MESSAGES = 30


@never_cache
@require_safe
def sandbox(request: HttpRequest) -> HttpResponse:
    return _page(request, ClockForm())


@never_cache
@require_POST
def move(request: HttpRequest) -> HttpResponse:
    owner, form = cast(User, request.user), ClockForm(request.POST)
    if selectors.open_sandbox_of(owner) is None:
        return redirect("openapi:sandbox")
    if form.is_valid():
        try:
            moved = worlds.move_clock(owner, form.passing())
        except DomainError as error:
            add_error(form, error)
        else:
            now = dates.long_datetime(timezone.now() + moved.ahead)
            messages.success(request, _("Time has passed. In the sandbox it is now %(moment)s.") % {"moment": now})
            return redirect("openapi:sandbox")
    return _page(request, form)


@never_cache
@require_http_methods(["GET", "POST"])
def reset(request: HttpRequest) -> HttpResponse:
    owner = cast(User, request.user)
    if selectors.open_sandbox_of(owner) is None:
        return redirect("openapi:sandbox")
    if request.method == "POST":
        worlds.reset(owner)
        messages.success(request, _("The sandbox has begun anew."))
        return redirect("openapi:sandbox")
    page = {
        "title": _("Begin the sandbox anew?"),
        "text": _(
            "All appeals, events and webhooks in it are deleted, and its clock goes back to the real time. "
            "Applications and keys stay."
        ),
        "action": request.path,
        "confirm": _("Begin anew"),
        "cancel_url": reverse("openapi:sandbox"),
        "danger": True,
    }
    return render(request, "ui/confirm.html", page)


def _page(request: HttpRequest, form: ClockForm) -> HttpResponse:
    """Nothing of the request may be touched inside of the sandbox: its tables are others there."""
    owner = cast(User, request.user)
    application = selectors.open_sandbox_of(owner)
    page: dict[str, object] = {"form": form, "application": application}
    if application is not None:
        row = worlds.ready(owner)
        with nobody_asks(), worlds.entered(application):
            sent = list(Notification.objects.order_by("-pk")[:MOST_MESSAGES])
        page |= {"now": timezone.now() + row.ahead, "ahead": row.ahead, "reset_at": row.reset_at, "sent": sent}
    return render(request, "openapi/sandbox.html", page, status=422 if form.errors else 200)
