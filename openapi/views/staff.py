"""The administrator's pages: which applications wait, what they ask for, and the decisions."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from common.errors import Conflict, DomainError
from openapi import applications, scopes, selectors
from openapi.forms import ApprovalForm, ReasonForm
from openapi.models import Application
from openapi.models.applications import State
from openapi.views.developers import about, add_error

Words = str | Promise
# For each step: the question, what it brings about, the button.
WORDS: dict[str, tuple[Words, Words, Words]] = {
    "approve": (
        gettext_lazy("Approve “%(name)s”?"),
        gettext_lazy("Its owner is told and can make keys for real data."),
        gettext_lazy("Approve"),
    ),
    "refuse": (
        gettext_lazy("Refuse “%(name)s”?"),
        gettext_lazy("Its owner is told why, can change it and ask again."),
        gettext_lazy("Refuse"),
    ),
    "suspend": (
        gettext_lazy("Suspend “%(name)s”?"),
        gettext_lazy("All its keys stop at once. They work again when it is resumed."),
        gettext_lazy("Suspend"),
    ),
    "resume": (
        gettext_lazy("Let “%(name)s” go on?"),
        gettext_lazy("Its keys work again."),
        gettext_lazy("Resume"),
    ),
}


@never_cache
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    state = request.GET.get("state", "")
    state = state if state in State.values else ""
    tabs = [{"label": _("All"), "url": "?", "current": not state}]
    tabs += [{"label": label, "url": f"?state={value}", "current": state == value} for value, label in State.choices]
    page = {"applications": selectors.for_staff(state), "tabs": tabs}
    return render(request, "openapi/staff_applications.html", page)


@never_cache
@require_safe
def application(request: HttpRequest, program_id: int) -> HttpResponse:
    row = get_object_or_404(Application.objects.select_related("owner", "decided_by"), pk=program_id)
    page = {"application": row, "keys": selectors.keys_of(row), **about(row)}
    return render(request, "openapi/staff_application.html", page)


@never_cache
@require_http_methods(["GET", "POST"])
def decide(request: HttpRequest, program_id: int, step: str) -> HttpResponse:
    """One page for each decision, with the form it needs."""
    row = get_object_or_404(Application, pk=program_id)
    back_url = reverse("openapi:staff_application", args=[row.pk])
    form = _form(step, request)
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            _steps(form, request.POST.get("seen", ""))[step](row.pk, cast(User, request.user))
        except Conflict as error:
            messages.error(request, str(error))
            return redirect(back_url)
        except DomainError as error:
            if form is None:
                raise
            add_error(form, error)
        else:
            return redirect(back_url)
    title, text, confirm = WORDS[step]
    page = {
        "title": title % {"name": row.name},
        "text": text,
        "confirm": confirm,
        "action": request.path,
        "form": form,
        "cancel_url": back_url,
        "danger": step in ("refuse", "suspend"),
        **(_what_is_approved(row) if step == "approve" else {}),
    }
    return render(request, "ui/confirm.html", page, status=422 if form is not None and form.errors else 200)


def _form(step: str, request: HttpRequest) -> Form | None:
    data = request.POST if request.method == "POST" else None
    if step == "approve":
        return ApprovalForm(data)
    return None if step == "resume" else ReasonForm(data)


def _what_is_approved(row: Application) -> dict[str, object]:
    """Shown where it is approved: the owner may have changed it since the page before."""
    asked = [(_("Name of the application"), row.name), (_("What it is for"), row.purpose)]
    asked += [(_("Organization"), row.organization_name)] if row.organization_name else []
    may = "; ".join(str(text) for scope, text in scopes.LABELS.items() if scope.value in row.scopes)
    asked.append((_("What it may do"), may))
    return {"rows": asked, "hidden": [("seen", applications.mark_of(row))]}


def _steps(form: Form | None, seen: str) -> dict[str, Callable[[int, User], object]]:
    def reason() -> str:
        return str(form.cleaned_data["reason"]) if form else ""

    return {
        "approve": lambda pk, by: applications.approve(pk, cast(ApprovalForm, form).allowance(), by=by, seen=seen),
        "refuse": lambda pk, by: applications.refuse(pk, reason(), by=by),
        "suspend": lambda pk, by: applications.suspend(pk, reason(), by=by),
        "resume": lambda pk, by: applications.resume(pk, by=by),
    }
