"""Everybody's own page: which systems have what of me, and through whom I may come in."""

from __future__ import annotations

from typing import cast

from allauth.socialaccount.models import SocialAccount
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.permissions import is_staff_member
from sso import connections, selectors
from sso.models import Connection
from sso.outside import links
from sso.scopes import described


@never_cache
@require_safe
@login_required
def connected(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    linked = selectors.links_of(user)
    taken = {row.provider for row, _name in linked}
    providers = [row for row in selectors.providers() if row.slug not in taken] if is_staff_member(user) else []
    rows = [(row, described(row.scopes)) for row in selectors.connections_of(user)]
    return render(request, "sso/connected.html", {"rows": rows, "links": linked, "providers": providers})


@never_cache
@require_http_methods(["GET", "POST"])
@login_required
def withdraw(request: HttpRequest, connection_id: int) -> HttpResponse:
    user = cast(User, request.user)
    row = get_object_or_404(Connection.objects.select_related("system"), pk=connection_id, user=user, withdrawn_at=None)
    if request.method == "POST":
        connections.withdraw(row.pk, user=user)
        messages.success(request, _("“%(name)s” gets nothing of you any more.") % {"name": row.system.name})
        return redirect("sso:connected")
    page = {
        "title": _("Take it back from “%(name)s”?") % {"name": row.system.name},
        "text": _(
            "The system is signed out and gets no more data from the hub. What it has already stored it must delete on"
            " your demand to its owner. When you sign in to it again, you are asked anew."
        ),
        "action": request.path,
        "confirm": _("Take it back"),
        "cancel_url": reverse("sso:connected"),
        "danger": True,
    }
    return render(request, "ui/confirm.html", page)


@never_cache
@require_http_methods(["GET", "POST"])
@login_required
def unlink(request: HttpRequest, outside_id: int) -> HttpResponse:
    user = cast(User, request.user)
    row = get_object_or_404(SocialAccount, pk=outside_id, user=user)
    if request.method == "POST":
        links.unlink(row, actor=user)
        messages.success(request, _("The account is unlinked."))
        return redirect("sso:connected")
    page = {
        "title": _("Unlink the outside account?"),
        "text": _("Your account can then be opened with your password and second factor only."),
        "action": request.path,
        "confirm": _("Unlink"),
        "cancel_url": reverse("sso:connected"),
        "danger": True,
    }
    return render(request, "ui/confirm.html", page)
