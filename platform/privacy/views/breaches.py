"""The register of breaches: list, one breach with its clock, the printable notice, the list of persons."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from audit import trail
from audit.actions import Action
from common.errors import DomainError
from privacy import affected, history
from privacy import breaches as steps
from privacy.access import me
from privacy.forms import BreachEditForm, BreachForm, ConclusionForm, CsvForm, PersonsForm, ToldForm
from privacy.models import AffectedPerson, Breach, CaseEvent
from privacy.registries import person_sources
from privacy.views.shared import page_of, put_error, see_other, story, tabs

SHOWN_PERSONS = 20
ORDER = "481/НҚ"


@never_cache
@require_safe
def breaches_list(request: HttpRequest) -> HttpResponse:
    context = {"tabs": tabs(request, "staff-breaches"), "page": page_of(Breach.objects.all(), request)}
    return render(request, "privacy/staff/breaches.html", context)


def _found(breach_id: int) -> Breach:
    row = Breach.objects.select_related("opened_by").filter(pk=breach_id).first()
    if row is None:
        raise Http404
    return row


def _form_page(request: HttpRequest, form: Any, title: str, breach: Breach | None, status: int) -> HttpResponse:
    back = reverse("privacy:staff-breach", args=[breach.pk]) if breach else reverse("privacy:staff-breaches")
    context = {"form": form, "title": title, "back_url": back, "breach": breach}
    return render(request, "privacy/staff/breach_form.html", context, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
def new_breach(request: HttpRequest) -> HttpResponse:
    form = BreachForm(request.POST or None, initial={"discovered_at": timezone.localtime()})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            breach = steps.open_breach(data, discovered_at=data["discovered_at"], actor=me(request))
        except DomainError as error:
            put_error(form, error)
        else:
            return see_other(steps.path_of(breach))
    return _form_page(request, form, _("New breach"), None, 422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
def edit_breach(request: HttpRequest, breach_id: int) -> HttpResponse:
    breach = _found(breach_id)
    form = BreachEditForm(request.POST or None, instance=_found(breach_id))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                steps.change(breach.pk, form.cleaned_data, actor=me(request), seen=_seen(request))
            except DomainError as error:
                put_error(form, error)
                status = error.status
            else:
                return see_other(steps.path_of(breach))
    return _form_page(request, form, _("Change the breach"), breach, status)


def _seen(request: HttpRequest) -> int | None:
    typed = request.POST.get("seen", "")
    return int(typed[:9]) if typed.isdigit() else None


@never_cache
@require_safe
def breach_page(request: HttpRequest, breach_id: int) -> HttpResponse:
    return _page(request, _found(breach_id))


def _page(request: HttpRequest, breach: Breach, status: int = 200, **forms: Any) -> HttpResponse:
    shown_at = timezone.localtime()
    persons = AffectedPerson.objects.filter(breach=breach)
    context = {
        "row": breach,
        "tabs": tabs(request, "staff-breaches"),
        "items": story(breach.ref, named=True),
        "count": persons.count(),
        "queries": breach.queries.order_by("-pk")[:SHOWN_PERSONS],
        "titles": {slug: source.title for slug, source in person_sources},
        "sources": sorted(person_sources, key=lambda pair: pair[1].order),
        "told_form": ToldForm(initial={"notified_at": shown_at}),
        "conclusion_form": ConclusionForm(),
        "csv_form": CsvForm(),
        "missing": steps.missing_in(breach),
    } | forms
    return render(request, "privacy/staff/breach.html", context, status=status)


@never_cache
@require_http_methods(["POST"])
def told(request: HttpRequest, breach_id: int) -> HttpResponse:
    breach, form = _found(breach_id), ToldForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            steps.notified(breach.pk, how=data["how"], at=data["notified_at"], actor=me(request), seen=_seen(request))
        except DomainError as error:
            put_error(form, error)
        else:
            return see_other(steps.path_of(breach))
    return _page(request, breach, 422, told_form=form)


@never_cache
@require_http_methods(["POST"])
def close(request: HttpRequest, breach_id: int) -> HttpResponse:
    breach, form = _found(breach_id), ConclusionForm(request.POST)
    if form.is_valid():
        try:
            conclusion = form.cleaned_data["conclusion"]
            steps.close(breach.pk, conclusion=conclusion, actor=me(request), seen=_seen(request))
        except DomainError as error:
            put_error(form, error)
        else:
            return see_other(steps.path_of(breach))
    return _page(request, breach, 422, conclusion_form=form)


@never_cache
@require_safe
def notice(request: HttpRequest, breach_id: int) -> HttpResponse:
    """The notice to the authorised body, in both languages, to be printed or sent."""
    breach = _found(breach_id)
    count = AffectedPerson.objects.filter(breach=breach).count()
    parts = []
    for language in ("kk", "ru"):
        with override(language):
            parts.append((language, _notice_of(breach, count)))
    return render(request, "privacy/staff/notice.html", {"row": breach, "parts": parts})


def _notice_of(breach: Breach, count: int) -> dict[str, Any]:
    contact = ", ".join(part for part in (breach.contact_name, breach.contact_phone, breach.contact_email) if part)
    return {
        "title": _("Notice of a breach of the security of personal data"),
        "law": _("Under the Law «On personal data and their protection» and Order No. %(order)s of 9 August 2024.")
        % {"order": ORDER},
        "rows": [
            (_("Discovered"), f"{timezone.localtime(breach.received_at):%d.%m.%Y %H:%M}"),
            (_("Kind"), breach.get_kind_display()),
            (_("What happened"), breach.what),
            (_("Which data"), breach.categories),
            (_("Persons affected"), str(count)),
            (_("Measures taken"), breach.measures),
            (_("Responsible person"), contact),
        ],
        "attached": _("Attached: list of the persons (name and/or IIN and/or phone)."),
    }


@never_cache
@require_http_methods(["GET", "POST"])
def add_persons(request: HttpRequest, breach_id: int) -> HttpResponse:
    """Search for persons by one of the ways; a job does it."""
    breach = _found(breach_id)
    slug = (request.POST if request.method == "POST" else request.GET).get("source", "")
    if slug not in person_sources:
        raise Http404
    source = person_sources.get(slug)
    data = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = PersonsForm(*data, source=source)
    if request.method == "POST" and form.is_valid():
        try:
            steps.ask_for_persons(breach.pk, slug, form.params(), actor=me(request))
        except DomainError as error:
            put_error(form, error)
        else:
            messages.success(request, _("The search has begun; the persons appear in a moment."))
            return see_other(steps.path_of(breach))
    context = {"form": form, "row": breach, "source": slug, "title": source.title}
    return render(request, "privacy/staff/persons.html", context, status=422 if form.errors else 200)


@never_cache
@require_GET
def persons_csv(request: HttpRequest, breach_id: int) -> HttpResponseBase:
    """The list for the authorised body, with the columns that were asked for."""
    breach = _found(breach_id)
    columns = [name for name in request.GET.getlist("columns") if name in ("name", "iin", "phone")] or ["name"]
    trail.record(action=Action.EXPORTED, actor=me(request), subject_ref=breach.ref, fields=columns, request=request)
    history.record(breach.ref, CaseEvent.Kind.LISTED, actor=me(request), data={"columns": columns})
    lines = affected.table_of(breach.pk, columns)
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="breach-{breach.pk}.csv"'
    response["Cache-Control"] = "no-store"
    return response
