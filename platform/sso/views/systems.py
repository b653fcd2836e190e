"""The administrator's pages of the connected systems; rights and proof of identity are in config.access."""

from __future__ import annotations

from typing import cast

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from common.errors import DomainError
from sso import clients, selectors
from sso.forms import SystemForm
from sso.models import ConnectedSystem
from sso.provider.adapter import ENDPOINTS, public_url
from sso.scopes import described


@never_cache
@require_safe
def systems(request: HttpRequest) -> HttpResponse:
    page = {"systems": selectors.systems(), "is_provider": settings.SSO_PROVIDER, "issuer": public_url()}
    return render(request, "sso/systems.html", page)


@never_cache
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    form = SystemForm(request.POST or None)
    if form.is_bound and form.is_valid():
        system = clients.register_system(form.description(), actor=cast(User, request.user))
        messages.success(request, _("The system is registered."))
        return redirect("sso:system", system.pk)
    page = {"form": form, "title": _("Connect a system"), "back_url": reverse("sso:systems")}
    return render(request, "sso/system_form.html", page, status=422 if form.errors else 200)


@never_cache
@require_safe
def system(request: HttpRequest, system_id: int) -> HttpResponse:
    row = get_object_or_404(selectors.systems(), pk=system_id)
    endpoints = {"issuer": public_url(), "discovery": public_url("idp:oidc:configuration")}
    endpoints |= {key: public_url(name) for key, name in ENDPOINTS.items()}
    page = {"system": row, "scopes": described(row.scopes), "endpoints": endpoints.items()}
    return render(request, "sso/system.html", page)


@never_cache
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, system_id: int) -> HttpResponse:
    row = get_object_or_404(ConnectedSystem, pk=system_id)
    form = SystemForm(request.POST or None, instance=row)
    back_url = reverse("sso:system", args=[system_id])
    if form.is_bound and form.is_valid():
        try:
            changed = clients.change_system(system_id, form.description(), actor=cast(User, request.user))
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Changes saved") if changed else _("Nothing was changed."))
            return redirect(back_url)
    page = {"form": form, "title": row.name, "back_url": back_url}
    return render(request, "sso/system_form.html", page, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
def secret(request: HttpRequest, system_id: int) -> HttpResponse:
    """The secret stands on the answer to the form and nowhere else."""
    row = get_object_or_404(ConnectedSystem, pk=system_id, kind=ConnectedSystem.Kind.CONFIDENTIAL)
    if request.method == "POST":
        at_once = request.POST.get("when") == "at_once"
        seen = request.POST.get("seen", "")
        try:
            made = clients.make_secret(system_id, actor=cast(User, request.user), at_once=at_once, seen=seen)
        except DomainError as error:
            messages.error(request, str(error))
            return redirect("sso:system", system_id)
        return render(request, "sso/secret.html", {"system": row, "secret": made, "at_once": at_once})
    return render(request, "sso/secret_ask.html", {"system": row})


@never_cache
@require_http_methods(["GET", "POST"])
def switch(request: HttpRequest, system_id: int) -> HttpResponse:
    row = get_object_or_404(ConnectedSystem, pk=system_id)
    back_url = reverse("sso:system", args=[system_id])
    if request.method == "POST":
        step = clients.switch_on if request.POST.get("to") == "on" else clients.switch_off
        step(system_id, actor=cast(User, request.user))
        return redirect(back_url)
    texts = (
        _("Nobody can sign in to it any more, and everybody who is signed in is signed out of it at once."),
        _("People can sign in to it again, with its secret of before."),
    )
    page = {
        "title": (_("Switch “%(name)s” off?") if row.is_on else _("Switch “%(name)s” on?")) % {"name": row.name},
        "text": texts[0] if row.is_on else texts[1],
        "action": request.path,
        "hidden": [("to", "off" if row.is_on else "on")],
        "confirm": _("Switch off") if row.is_on else _("Switch on"),
        "cancel_url": back_url,
        "danger": row.is_on,
    }
    return render(request, "ui/confirm.html", page)
