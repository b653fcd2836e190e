"""«My data»: what a person may ask of the data kept about him, and the copy of them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from accounts.models import User
from audit import trail
from audit.actions import Action
from common.errors import DomainError
from privacy import answers, exporting, history, requests, restrictions, terms
from privacy.access import me
from privacy.forms import wish_form
from privacy.models import CaseEvent, DataRequest, ExportFile
from privacy.registries import Subject
from privacy.views.shared import see_other, story
from ui import dates

KIND = DataRequest.Kind
# What each right means, in the order of the page.
RIGHTS = (
    (KIND.KNOW, gettext_lazy("A copy of everything that is kept about you, with your files."), "download"),
    (KIND.CORRECT, gettext_lazy("What you cannot change yourself in your profile."), "edit"),
    (
        KIND.RESTRICT,
        gettext_lazy("The data stay but are used for nothing that the law does not ask for, and nothing is public."),
        "lock",
    ),
    (KIND.DELETE, gettext_lazy("What the law does not oblige us to keep is deleted or made anonymous."), "close"),
)


def subject_of(user: User) -> Subject:
    return Subject(ref=f"user:{user.pk}", user=user)


@never_cache
@require_safe
def requests_page(request: HttpRequest) -> HttpResponse:
    user = me(request)
    rows = DataRequest.objects.filter(user=user).select_related("export").order_by("-pk")[:50]
    rights = [
        {
            "title": KIND(kind).label,
            "text": text,
            "icon": icon,
            "url": reverse("privacy:export") if kind == KIND.KNOW else reverse("privacy:request-new", args=[kind]),
            "days": terms.working_days(kind),
        }
        for kind, text, icon in RIGHTS
    ]
    context = {"rows": rows, "rights": rights, "is_restricted": restrictions.is_restricted(user.pk)}
    return render(request, "privacy/my_data.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def new_request(request: HttpRequest, right: str) -> HttpResponse:
    kind = right
    if kind not in (KIND.CORRECT, KIND.RESTRICT, KIND.DELETE):
        raise Http404
    form = wish_form(kind)(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        opened = requests.open_request(
            subject_of(me(request)),
            kind,
            language=(get_language() or "kk")[:2],
            wish=data["wish"],
            closes_account=data.get("closes_account", False),
        )
        messages.success(request, _("Your request is received."))
        return see_other(reverse("privacy:request", args=[opened.pk]))
    context = {"form": form, "kind": kind, "title": KIND(kind).label, "days": terms.working_days(kind)}
    return render(request, "privacy/new_request.html", context, status=422 if form.errors else 200)


def _mine(request: HttpRequest, request_id: int) -> DataRequest:
    rows = DataRequest.objects.filter(user=me(request)).select_related("export")
    found = rows.filter(pk=request_id).first()
    if found is None:
        raise Http404
    return found


@never_cache
@require_safe
def request_page(request: HttpRequest, request_id: int) -> HttpResponse:
    row = _mine(request, request_id)
    export = getattr(row, "export", None)
    context = {
        "row": row,
        "export": export,
        "is_available": export is not None and exporting.is_available(export),
        "is_waiting": export is not None and export.state in (ExportFile.State.WAITING, ExportFile.State.BUILDING),
        "items": story(row.ref, named=False),
        "lines": [answers.line_of(line) for line in row.decisions.select_related("ground")] if not row.is_open else [],
    }
    return render(request, "privacy/request.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, request_id: int) -> HttpResponse:
    """A page that asks once more: the term of a request that is made anew begins anew."""
    row, page = _mine(request, request_id), reverse("privacy:request", args=[request_id])
    if request.method == "GET":
        if row.state != DataRequest.State.NEW:
            return see_other(page)
        return render(request, "ui/confirm.html", _asked_once_more(row, page))
    try:
        requests.cancel(request_id, user=me(request))
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The request was taken back."))
    return see_other(page)


def _asked_once_more(row: DataRequest, page: str) -> dict[str, Any]:
    return {
        "title": _("Take the request back?"),
        "text": _("Nobody decides about it then. You may ask again at any time; the term begins anew."),
        "rows": [(_("What is asked"), row.get_kind_display()), (_("Received"), dates.long_date(row.received_at))],
        "action": reverse("privacy:request-cancel", args=[row.pk]),
        "confirm": _("Take the request back"),
        "cancel_url": page,
        "danger": True,
        "form": None,
    }


# The copy


@never_cache
@require_http_methods(["GET", "POST"])
def export(request: HttpRequest) -> HttpResponse:
    """Ask for a copy; while one is being made or waits to be fetched, that is the one."""
    user = me(request)
    ready = DataRequest.objects.filter(user=user, kind=KIND.KNOW, export__state=ExportFile.State.READY)
    row = ready.order_by("-pk").first()
    if row is None:
        row = DataRequest.objects.filter(user=user, kind=KIND.KNOW, state=DataRequest.State.DECIDED).first()
    if request.method == "POST":
        opened = requests.open_request(subject_of(user), KIND.KNOW, language=(get_language() or "kk")[:2])
        return see_other(reverse("privacy:request", args=[opened.pk]))
    has_failed = _state_of(row) == ExportFile.State.FAILED
    return render(request, "privacy/export.html", {"present": row, "has_failed": has_failed})


def _state_of(row: DataRequest | None) -> str:
    copy: ExportFile | None = getattr(row, "export", None)
    return copy.state if copy is not None else ""


@never_cache
@require_GET
def download(request: HttpRequest, request_id: int) -> HttpResponseBase:
    row = _mine(request, request_id)
    copy = getattr(row, "export", None)
    if copy is None or not exporting.is_available(copy):
        raise Http404
    trail.record(
        action=Action.EXPORTED, actor=me(request), subject_ref=row.subject_ref, fields=["own data"], request=request
    )
    history.record(row.ref, CaseEvent.Kind.DOWNLOADED, actor=me(request))
    response = StreamingHttpResponse(exporting.pieces_of(copy), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="halyq-uni-{row.pk}.zip"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    return response
