"""The way in on one page, and the applications of whoever has signed in."""

from __future__ import annotations

from typing import cast

from django.conf import settings
from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Role, User
from common.errors import DomainError
from openapi import applications, scopes, selectors
from openapi.forms import ApplicationForm
from openapi.models import Application
from openapi.models.applications import Environment
from openapi.views.reading import REDOC, SWAGGER


@never_cache
@require_safe
def developers(request: HttpRequest) -> HttpResponse:
    """Open to everybody: one can read first and register then."""
    user = request.user
    own_rows = selectors.applications_of(user) if isinstance(user, User) else None
    page = {
        "applications": own_rows,
        "has_sandbox": any(row.is_sandbox for row in own_rows or ()),
        "scopes": [(scope.value, scopes.LABELS[scope]) for scope in scopes.Scope],
        "base": f"{settings.PUBLIC_URL.rstrip('/')}/api/v1",
        "open311_name": "Open311",
        "swagger_name": SWAGGER,
        "redoc_name": REDOC,
    }
    return render(request, "openapi/developers.html", page)


@never_cache
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, environment: str) -> HttpResponse:
    if environment not in Environment.values:
        raise Http404
    owner = cast(User, request.user)
    form = ApplicationForm(request.POST or None, environment=environment, owner=owner)
    if form.is_bound and form.is_valid():
        try:
            application = applications.register(form.description(), environment, owner=owner)
        except DomainError as error:
            add_error(form, error)
        else:
            return redirect("openapi:application", application.pk)
    is_sandbox = environment == Environment.SANDBOX
    page = {
        "form": form,
        "title": _("A sandbox application") if is_sandbox else _("A live application"),
        "lead": _("Its key is there at once. It works in an akimat of your own with invented people.")
        if is_sandbox
        else _("It works with real appeals. Somebody of the hub looks at it before you get a key."),
        "back_url": reverse("openapi:developers"),
        "button": _("Register"),
    }
    return render(request, "openapi/application_form.html", page, status=422 if form.errors else 200)


@never_cache
@require_safe
def application(request: HttpRequest, application_id: int) -> HttpResponse:
    row = own(request, application_id)
    page = {
        "application": row,
        "keys": selectors.keys_of(row),
        **about(row),
    }
    return render(request, "openapi/application.html", page)


@never_cache
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, application_id: int) -> HttpResponse:
    row = own(request, application_id)
    owner = cast(User, request.user)
    form = ApplicationForm(request.POST or None, environment=row.environment, owner=owner, application=row)
    back_url = reverse("openapi:application", args=[row.pk])
    if form.is_bound and form.is_valid():
        try:
            changed = applications.change(row.pk, form.description(), by=owner)
        except DomainError as error:
            add_error(form, error)
        else:
            messages.success(request, _("Changes saved") if changed else _("Nothing was changed."))
            return redirect(back_url)
    lead = ""
    if applications.is_settled(row):
        lead = _("It is approved: scopes can be taken away, networks and the e-mail address changed.")
    page = {"form": form, "title": row.name, "lead": lead, "back_url": back_url, "button": _("Save")}
    return render(request, "openapi/application_form.html", page, status=422 if form.errors else 200)


def own(request: HttpRequest, application_id: int) -> Application:
    """The application in the address, if it is the visitor's."""
    return get_object_or_404(selectors.applications_of(cast(User, request.user)), pk=application_id)


def about(row: Application) -> dict[str, object]:
    """What `openapi/about.html` shows beside the row."""
    return {
        "scopes": [(scope.value, scopes.LABELS[scope]) for scope in scopes.Scope if scope.value in row.scopes],
        "acts_as": dict(Role.choices).get(row.acts_as, _("A resident")),
    }


def add_error(form: Form, error: DomainError) -> None:
    """Where it belongs, so that what was typed stays beside what is wrong with it."""
    form.add_error(error.field if error.field in form.fields else None, str(error))
