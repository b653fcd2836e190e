"""Pages of the report builder. The address holds the whole question; what is kept is such an address under a name."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from audit import trail
from audit.models import AuditRecord
from common import csv_lines
from common.errors import DomainError
from reports.builder import answering, saving
from reports.builder.answering import Answer
from reports.builder.inputs import NameForm
from reports.builder.question import LONGEST_QUERY, Question, QuestionForm, active_filters, first_question
from reports.documents import xlsx
from reports.documents.model import FILE_TYPES, Kind, Table
from reports.models import SavedQuestion


def _user(request: HttpRequest) -> User:
    return cast(User, request.user)


@never_cache
@require_safe
def builder(request: HttpRequest) -> HttpResponse:
    """The question, its answer, and the questions that are kept."""
    form, question, answer = _read(request)
    user = _user(request)
    page: dict[str, Any] = {
        "form": form,
        "question": question,
        "answer": answer,
        "own": saving.own(user),
        "shared": saving.shared_with(user)[:50],
        "name_form": NameForm(),
        "opened": _opened(request),
        "tabs": tabs(),
        "chips": [{"label": f"{label}: {value}"} for label, value in active_filters(question)] if question else [],
    }
    return render(request, "reports/builder/builder.html", page, status=422 if form.is_bound and not answer else 200)


def tabs() -> list[dict[str, Any]]:
    return [
        {"label": _("Reports"), "url": reverse("reports:periodic"), "current": False},
        {"label": _("Schedules"), "url": reverse("reports:schedules"), "current": False},
        {"label": _("Report builder"), "url": reverse("reports:builder"), "current": True},
    ]


def _read(request: HttpRequest) -> tuple[QuestionForm, Question | None, Answer | None]:
    """A bare address opens with a first question to begin from."""
    if not request.GET.get("rows"):
        return QuestionForm(initial=first_question()), None, None
    form = QuestionForm(request.GET)
    if not form.is_valid():
        return form, None, None
    question = form.question()
    try:
        return form, question, answering.answer(question)
    except DomainError as error:
        form.add_error(None, str(error))
        return form, question, None


def _opened(request: HttpRequest) -> SavedQuestion | None:
    """The question that is kept, where the address was opened from it."""
    number = request.GET.get("saved", "")
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        return None
    try:
        return saving.visible(_user(request), int(number))
    except DomainError:
        return None


@require_safe
def download(request: HttpRequest, file_kind: str) -> HttpResponseBase:
    """The table of the same address as CSV or workbook."""
    if file_kind not in ("csv", "xlsx"):
        raise Http404
    _form, question, answer = _read(request)
    if question is None or answer is None:
        return redirect(f"{reverse('reports:builder')}?{request.GET.urlencode()}")
    trail.record(
        action=AuditRecord.Action.EXPORTED, actor=_user(request), subject_ref="report_builder",
        fields=list(question.measures), reason=question.query[:500], request=request,
    )  # fmt: skip
    name = f"{timezone.localdate():%Y-%m-%d}-{question.rows}"
    response = _csv(answer.table) if file_kind == "csv" else _workbook(question, answer.table)
    response["Content-Disposition"] = f'attachment; filename="report-{name}.{file_kind}"'
    response["Cache-Control"] = "no-store"
    return response


def _csv(table: Table) -> HttpResponseBase:
    """Figures as they are published; a share with the counts behind it."""
    header: list[str] = []
    for column in table.columns:
        header.append(column.title)
        if column.kind == Kind.SHARE:
            header += [
                _("%(column)s: counted") % {"column": column.title},
                _("%(column)s: of") % {"column": column.title},
            ]
    rows = [list(_values(table, place)) for place in range(len(table.rows))]
    return StreamingHttpResponse(csv_lines.lines(header, rows), content_type="text/csv; charset=utf-8")


def _values(table: Table, place: int) -> Any:
    for column, cell in zip(table.columns, table.rows[place].cells, strict=True):
        if column.kind == Kind.TEXT:
            yield cell.text
        elif column.kind == Kind.NUMBER:
            yield "" if cell.value is None else cell.value
        else:
            yield "" if cell.value is None else round(cell.value * 100, 1)
            yield from (cell.part, cell.whole)


def _workbook(question: Question, table: Table) -> HttpResponseBase:
    return HttpResponse(xlsx.render(answering.document(question, table)), content_type=FILE_TYPES["xlsx"])


# What is kept


@require_POST
def save(request: HttpRequest) -> HttpResponse:
    query = request.POST.get("query", "")[: LONGEST_QUERY + 1]
    form = QuestionForm(QueryDict(query))
    if len(query) > LONGEST_QUERY or not form.is_valid():
        messages.error(request, _("This question cannot be kept: mend it first."))
        return redirect(f"{reverse('reports:builder')}?{query}" if len(query) <= LONGEST_QUERY else "reports:builder")
    question = form.question()
    try:
        row = saving.save(_user(request), request.POST.get("name", ""), question.query)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect(f"{reverse('reports:builder')}?{question.query}")
    messages.success(request, _("The question is kept as “%(name)s”.") % {"name": row.name})
    return redirect(_address(row))


def _address(row: SavedQuestion) -> str:
    return f"{reverse('reports:builder')}?{row.query}&saved={row.pk}"


@require_safe
def saved(request: HttpRequest, kept_id: int) -> HttpResponse:
    return redirect(_address(saving.visible(_user(request), kept_id)))


@require_safe
def from_link(request: HttpRequest, question_token: str) -> HttpResponse:
    """Whoever has the link and may use the builder opens the question, shared or not."""
    return redirect(f"{reverse('reports:builder')}?{saving.by_token(question_token).query}")


@require_http_methods(["GET", "HEAD", "POST"])
def rename(request: HttpRequest, kept_id: int) -> HttpResponse:
    row = saving.owned(_user(request), kept_id)
    form = NameForm(request.POST if request.method == "POST" else None, initial={"name": row.name})
    if request.method == "POST" and form.is_valid():
        try:
            row = saving.rename(_user(request), kept_id, form.cleaned_data["name"])
        except DomainError as error:
            form.add_error("name" if error.field else None, str(error))
        else:
            messages.success(request, _("Renamed."))
            return redirect(_address(row))
    page = {
        "title": _("Rename the question"),
        "action": reverse("reports:builder-rename", args=[kept_id]),
        "confirm": _("Save"),
        "cancel_url": _address(row),
        "form": form,
    }
    return render(request, "ui/confirm.html", page, status=422 if form.is_bound else 200)


@require_POST
def share(request: HttpRequest, kept_id: int) -> HttpResponse:
    shared = request.POST.get("shared") == "1"
    row = saving.share(_user(request), kept_id, shared=shared)
    messages.success(request, _("Colleagues see the question now.") if shared else _("Only you see the question now."))
    return redirect(_address(row))


@require_POST
def copy(request: HttpRequest, kept_id: int) -> HttpResponse:
    saving.visible(_user(request), kept_id)
    try:
        row = saving.copy(_user(request), kept_id)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("reports:builder")
    messages.success(request, _("Copied as “%(name)s”.") % {"name": row.name})
    return redirect(_address(row))


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, kept_id: int) -> HttpResponse:
    user = _user(request)
    row = saving.owned(user, kept_id)
    if request.method == "POST":
        saving.delete(user, kept_id)
        messages.success(request, _("The question was deleted."))
        return redirect("reports:builder")
    page = {
        "title": _("Delete the question?"),
        "text": _("“%(name)s” will be gone, for those too who have its link.") % {"name": row.name},
        "action": reverse("reports:builder-delete", args=[kept_id]),
        "confirm": _("Delete"),
        "cancel_url": _address(row),
        "danger": True,
    }
    return render(request, "ui/confirm.html", page)
