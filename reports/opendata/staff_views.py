"""Pages of the staff: what was made when, make now, withhold a version, the licence."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from audit import trail
from audit.actions import Action
from common.errors import Conflict, DomainError
from common.events import publish
from reports.models import DatasetRun, DatasetVersion, OpenDataTerms
from reports.opendata import making, versions
from reports.opendata.dataset import find, listed
from reports.opendata.forms import MakeForm, TermsForm, WithholdForm

TONES = {
    DatasetRun.State.WAITING: "info",
    DatasetRun.State.RUNNING: "info",
    DatasetRun.State.MADE: "good",
    DatasetRun.State.UNCHANGED: "calm",
    DatasetRun.State.FAILED: "bad",
}


def _me(request: HttpRequest) -> User:
    return cast(User, request.user)


def _back() -> HttpResponse:
    response = HttpResponseRedirect(reverse("reports:data-staff"))
    response.status_code = 303
    return response


@never_cache
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    newest, runs = versions.newest(), versions.last_runs()
    rows = [
        (dataset, newest.get(dataset.slug), run, TONES.get(DatasetRun.State(run.state), "calm") if run else "")
        for dataset in listed()
        for run in [runs.get(dataset.slug)]
    ]
    context = {
        "rows": rows,
        "withheld": [(row, find(row.dataset)) for row in versions.withheld()],
        "terms": making.terms(),
        "may_make": versions.may_make(request.user),
    }
    return render(request, "reports/opendata/staff.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def make(request: HttpRequest, dataset: str) -> HttpResponse:
    """A page that asks first: what is made is public at once."""
    found = find(dataset)
    if found is None:
        raise Http404
    form = MakeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            _order(found.slug, _me(request), afresh=form.cleaned_data["afresh"])
        except Conflict:
            messages.info(request, _("It is being made already."))
        else:
            messages.success(request, _("Ordered. Open the page anew in a moment to see how it went."))
        return _back()
    context = {
        "title": _("Make “%(title)s” now") % {"title": found.title},
        "text": _("If anything has changed, a new version is made and is public at once."),
        "action": request.path,
        "confirm": _("Make now"),
        "cancel_url": reverse("reports:data-staff"),
        "form": form if found.is_about_people else None,
    }
    return render(request, "ui/confirm.html", context)


@transaction.atomic
def _order(slug: str, actor: User, *, afresh: bool) -> None:
    making.order(slug, actor=actor, afresh=afresh)
    trail.record(action=Action.CONFIGURED, actor=actor, subject_ref=f"dataset:{slug}", fields=["made"])
    publish(making.TASK)


@never_cache
@require_http_methods(["GET", "POST"])
def withhold(request: HttpRequest, dataset: str, version: int) -> HttpResponse:
    row = _version(dataset, version)
    form = WithholdForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                versions.withhold(dataset, version, reason=form.cleaned_data["reason"], actor=_me(request))
            except Conflict as error:
                messages.info(request, str(error))
                return _back()
            except DomainError as error:
                form.add_error("reason", str(error))
            else:
                messages.success(request, _("Withheld: nobody can download this version any more."))
                return _back()
        status = 422
    context = {
        "title": _("Withhold version %(number)d of “%(title)s”") % {"number": row.number, "title": _title(dataset)},
        "text": _(
            "Its files cannot be downloaded from this moment; copies that others have stay with them. If it is the "
            "newest version, none is made by itself until somebody orders one or shows this one again."
        ),
        "action": request.path,
        "confirm": _("Withhold"),
        "cancel_url": reverse("reports:data-staff"),
        "danger": True,
        "form": form,
    }
    return render(request, "ui/confirm.html", context, status=status)


@never_cache
@require_POST
def show(request: HttpRequest, dataset: str, version: int) -> HttpResponse:
    _version(dataset, version)
    try:
        versions.show_again(dataset, version, reason="", actor=_me(request))
    except Conflict as error:
        messages.info(request, str(error))
    else:
        messages.success(request, _("The version is public again."))
    return _back()


def _version(slug: str, number: int) -> DatasetVersion:
    found = versions.find(slug, number)
    if found is None:
        raise Http404
    return found


def _title(slug: str) -> str:
    dataset = find(slug)
    return str(dataset.title) if dataset else slug


@never_cache
@require_http_methods(["GET", "POST"])
def terms(request: HttpRequest) -> HttpResponse:
    if not versions.may_make(request.user):
        raise PermissionDenied
    form = TermsForm(request.POST if request.method == "POST" else None, instance=making.terms())
    if request.method == "POST" and form.is_valid():
        _save(form, _me(request))
        messages.success(request, _("Saved."))
        return _back()
    status = 422 if request.method == "POST" else 200
    return render(request, "reports/opendata/terms.html", {"form": form}, status=status)


@transaction.atomic
def _save(form: TermsForm, actor: User) -> None:
    OpenDataTerms.objects.get_or_create(pk=1)
    form.instance.pk = 1
    form.save()
    trail.record(action=Action.CONFIGURED, actor=actor, subject_ref="open-data-terms", fields=form.changed_data)
