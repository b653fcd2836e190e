"""The officer's pages of requests about personal data: the list, one request, a request made on paper."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from audit import trail
from audit.actions import Action
from common.errors import Conflict, DomainError
from privacy import answers, requests, restrictions
from privacy.access import me
from privacy.forms import AnswerForm, DecisionForm, RegisterForm
from privacy.models import DataRequest, Decision
from privacy.registries import Subject, subject_finders
from privacy.views.shared import page_of, put_error, see_other, story, tabs

STATE = DataRequest.State


@never_cache
@require_safe
def requests_list(request: HttpRequest) -> HttpResponse:
    waiting = DataRequest.objects.filter(state__in=(STATE.NEW, STATE.DECIDED)).select_related("user", "export")
    finished = DataRequest.objects.exclude(state__in=(STATE.NEW, STATE.DECIDED)).select_related("user", "export")
    context = {
        "tabs": tabs(request, "staff"),
        "waiting": waiting.order_by("due_at", "pk")[:200],
        "page": page_of(finished, request),
    }
    return render(request, "privacy/staff/requests.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def request_page(request: HttpRequest, request_id: int) -> HttpResponseBase:
    row = DataRequest.objects.select_related("user", "decided_by", "export").filter(pk=request_id).first()
    if row is None:
        raise Http404
    if request.method == "POST" and request.POST.get("action") == "retry":
        return _retry(request, row)
    form = _form(request, row)
    status = 200
    if request.method == "POST" and form is not None:
        status = 422
        if form.is_valid():
            if _is_to_be_asked(request, form):
                return _ask(request, row, form)
            try:
                _act(request, row, form)
            except DomainError as error:
                put_error(form, error)
                status = error.status
            else:
                messages.success(request, _("The decision is recorded. The person will be answered."))
                return see_other(reverse("privacy:staff-request", args=[row.pk]))
    return render(request, "privacy/staff/request.html", _context(request, row, form), status=status)


def _retry(request: HttpRequest, row: DataRequest) -> HttpResponse:
    try:
        requests.retry_copy(row.pk, actor=me(request))
    except Conflict as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The copy is begun again."))
    return see_other(reverse("privacy:staff-request", args=[row.pk]))


def _form(request: HttpRequest, row: DataRequest) -> AnswerForm | None:
    if row.state != STATE.NEW:
        return None
    data = request.POST if request.method == "POST" else None
    if row.kind in requests.ERASING:
        return DecisionForm(data, held=requests.look(row))
    return AnswerForm(data)


def _is_to_be_asked(request: HttpRequest, form: AnswerForm) -> bool:
    """What is deleted or made anonymous cannot be brought back: the officer sees once more what it is."""
    erases = isinstance(form, DecisionForm) and any(
        line.action != Decision.Action.KEEP for line in form.lines().values()
    )
    return erases and request.POST.get("action") == "decide" and "sure" not in request.POST


def _ask(request: HttpRequest, row: DataRequest, form: AnswerForm) -> HttpResponse:
    assert isinstance(form, DecisionForm)
    labels = dict(Decision.Action.choices)
    context = {
        "title": _("Carry out this decision?"),
        "text": _("What is deleted or made anonymous cannot be brought back. The person is answered at once."),
        "rows": [(item["kind"].title, labels[form.cleaned_data[item["action"].name]]) for item in form.rows()],
        "action": reverse("privacy:staff-request", args=[row.pk]),
        "hidden": [(name, request.POST[name]) for name in form.fields] + [("action", "decide"), ("sure", "1")],
        "confirm": _("Carry out"),
        "cancel_url": reverse("privacy:staff-request", args=[row.pk]),
        "danger": True,
    }
    return render(request, "ui/confirm.html", context)


def _act(request: HttpRequest, row: DataRequest, form: AnswerForm) -> None:
    actor, answer = me(request), form.cleaned_data["answer"]
    if request.POST.get("action") == "refuse":
        requests.refuse(row.pk, actor=actor, answer=answer)
    elif isinstance(form, DecisionForm):
        requests.decide(row.pk, form.lines(), actor=actor, answer=answer)
    else:
        requests.grant(row.pk, actor=actor, answer=answer)


def _context(request: HttpRequest, row: DataRequest, form: AnswerForm | None) -> dict[str, Any]:
    if row.wish:
        trail.record(
            action=Action.VIEWED_IDENTITY, actor=me(request), subject_ref=row.ref, fields=["wish"], request=request
        )
    words_of = answers.plan_of if row.state == DataRequest.State.DECIDED else answers.line_of
    return {
        "row": row,
        "form": form,
        "lines": [words_of(line) for line in row.decisions.select_related("ground")],
        "items": story(row.ref, named=True),
        "export": getattr(row, "export", None),
        "is_restricted": restrictions.is_restricted(row.user_id),
        "tabs": tabs(request, "staff"),
    }


@never_cache
@require_http_methods(["GET", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """Somebody came or wrote: the request is about the author of an appeal, or about his account where he has one."""
    form = RegisterForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        subject = _subject(data["number"])
        if subject is None:
            form.add_error("number", _("There is no appeal with this number."))
        elif data["kind"] in (DataRequest.Kind.KNOW, DataRequest.Kind.RESTRICT) and subject.user is None:
            form.add_error("kind", _("This needs an account: whoever has none is answered in person."))
        else:
            opened = requests.open_request(
                subject, data["kind"], language=data["language"], wish=data["wish"], actor=me(request)
            )
            return see_other(reverse("privacy:staff-request", args=[opened.pk]))
    context = {"form": form, "tabs": tabs(request, "staff")}
    return render(request, "privacy/staff/register.html", context, status=422 if form.errors else 200)


def _subject(number: str) -> Subject | None:
    return next((found for _slug, find in subject_finders if (found := find(number)) is not None), None)


@require_POST
def lift(request: HttpRequest, request_id: int) -> HttpResponse:
    row = DataRequest.objects.select_related("user").filter(pk=request_id).first()
    if row is None or row.user is None:
        raise Http404
    if restrictions.lift(row.user, actor=me(request)):
        messages.success(request, _("The restriction is lifted."))
    return see_other(reverse("privacy:staff-request", args=[request_id]))
