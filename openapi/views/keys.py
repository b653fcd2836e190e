"""Issue, rotate and revoke keys; the key itself stands on the answer to the form and nowhere else."""

from __future__ import annotations

from typing import cast

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import User
from common.errors import Conflict, DomainError
from openapi import applications, first_calls
from openapi import keys as key_steps
from openapi.forms import KeyForm, RotateForm
from openapi.models import Application
from openapi.views.developers import add_error, own


@never_cache
@require_http_methods(["GET", "POST"])
def issue(request: HttpRequest, application_id: int) -> HttpResponse:
    row = own(request, application_id)
    form = KeyForm(request.POST or None) if request.POST.get("seen") else KeyForm()
    if form.is_bound and form.is_valid():
        try:
            made = applications.issue_key(
                row.pk, by=cast(User, request.user), seen=request.POST["seen"], expires_at=form.expires_at()
            )
        except Conflict as error:
            messages.error(request, str(error))
            return redirect("openapi:application", row.pk)
        except DomainError as error:
            form.add_error("last_day", str(error))
        else:
            return _shown(request, row, made)
    page = {"title": _("Make a key"), "form": form, "button": _("Make a key")}
    return _asked(request, row, page)


@never_cache
@require_http_methods(["GET", "POST"])
def rotate(request: HttpRequest, application_id: int, key_id: int) -> HttpResponse:
    row = own(request, application_id)
    key = get_object_or_404(row.keys, pk=key_id)
    form = RotateForm(request.POST or None)
    if form.is_bound and form.is_valid():
        seen = request.POST.get("seen", "")
        try:
            made = applications.rotate_key(key.pk, by=cast(User, request.user), seen=seen, overlap=form.overlap())
        except Conflict as error:
            messages.error(request, str(error))
            return redirect("openapi:application", row.pk)
        except DomainError as error:
            add_error(form, error)
        else:
            return _shown(request, row, made)
    title = _("A new key in place of %(key)s…") % {"key": key.prefix}
    return _asked(request, row, {"title": title, "form": form, "button": _("Make a new key")})


@never_cache
@require_http_methods(["GET", "POST"])
def revoke(request: HttpRequest, application_id: int, key_id: int) -> HttpResponse:
    row = own(request, application_id)
    key = get_object_or_404(row.keys, pk=key_id)
    back_url = reverse("openapi:application", args=[row.pk])
    if request.method == "POST":
        if key_steps.revoke(key, by=cast(User, request.user)):
            messages.success(request, _("The key is revoked."))
        return redirect(back_url)
    page = {
        "title": _("Revoke the key %(key)s…?") % {"key": key.prefix},
        "text": _("Programs that use it are turned away at once. This cannot be undone."),
        "action": request.path,
        "confirm": _("Revoke"),
        "cancel_url": back_url,
        "danger": True,
    }
    return render(request, "ui/confirm.html", page)


def _asked(request: HttpRequest, row: Application, page: dict[str, object]) -> HttpResponse:
    form = page["form"]
    assert isinstance(form, (KeyForm, RotateForm))
    more = {"application": row, "seen": applications.edition_of(row)}
    return render(request, "openapi/key_form.html", page | more, status=422 if form.errors else 200)


def _shown(request: HttpRequest, row: Application, made: key_steps.NewKey) -> HttpResponse:
    page = {
        "application": row,
        "made": made,
        "base": f"{settings.PUBLIC_URL.rstrip('/')}/api/v1",
        "reading": first_calls.reading(row.scopes),
        "files": row.is_sandbox and first_calls.may_file(row.scopes),  # what is tried must not reach the city
    }
    return render(request, "openapi/key.html", page)
