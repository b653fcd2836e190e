"""For everybody: whether a report is genuine, what it said, and what is different today."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from common import limits
from common.errors import DomainError
from reports.models import PublishedReport
from reports.periodic import checking, handing_out, making
from reports.periodic.checking import Verdict
from reports.periodic.inputs import CheckForm, CodeForm
from reports.periodic.views.shared import form_or_404, line

STATE = PublishedReport.State


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """By the code in the foot of the report, or by the file alone."""
    code = CodeForm(request.GET if "code" in request.GET else None)
    if code.is_bound and code.is_valid():
        return redirect("reports:check", code.cleaned_data["code"])
    form, verdict = _checked(request, None)
    page = {"form": form, "code_form": code, "verdict": verdict, "found": _found(verdict)}
    return render(request, "reports/periodic/check_start.html", page, status=_status(form, code))


def _status(*forms: Any) -> int:
    return 422 if any(form.is_bound and not form.is_valid() for form in forms) else 200


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, code: str) -> HttpResponse:
    report = PublishedReport.objects.filter(code=code.upper(), state=STATE.READY).first()
    if report is None:
        form = CodeForm({"code": code})
        page = {"form": CheckForm(), "code_form": form, "unknown_code": code[:40]}
        limits.count("report-code", limits.network_of(request), limit=60, seconds=600)
        return render(request, "reports/periodic/check_start.html", page, status=404)
    filled, verdict = _checked(request, report)
    page = {**line(report), "form": filled, "verdict": verdict, "found": _found(verdict), **_contents(report)}
    return render(request, "reports/periodic/check.html", page, status=_status(filled))


def _checked(request: HttpRequest, report: PublishedReport | None) -> tuple[CheckForm, Verdict | None]:
    """The digest is computed on the server; the file goes with the request."""
    form = CheckForm(request.POST, request.FILES) if request.method == "POST" else CheckForm()
    if request.method != "POST" or not form.is_valid():
        return form, None
    checking.count_try(limits.network_of(request))
    upload = form.cleaned_data.get("file")
    try:
        digest = checking.digest_of(upload) if upload else form.cleaned_data["digest"]
    except DomainError as error:
        form.add_error("file", str(error))
        return form, None
    return form, checking.verdict(digest, report, is_of_file=bool(upload))


def _found(verdict: Verdict | None) -> dict[str, Any] | None:
    return line(verdict.report) if verdict and verdict.report else None


def _contents(report: PublishedReport) -> dict[str, Any]:
    """What the page shows of a report beside the verdict: of lists of appeals nothing."""
    form = form_or_404(report.form)
    versions = list(making.versions(report).defer("data", "changes"))
    page: dict[str, Any] = {
        "versions": versions,
        "newer": checking.newer(report, versions),
        "is_public": form.is_public,
    }
    if form.is_public:
        changes = checking.changes_since(report, versions[0])
        page |= {
            "document": checking.frozen(report),
            "changes": changes[: checking.MOST_SHOWN],
            "changed": len(changes),
            "left_out": max(0, len(changes) - checking.MOST_SHOWN),
        }
    return page


@require_safe
def file(request: HttpRequest, code: str, file_kind: str) -> FileResponse:
    """The genuine file, for whoever doubts the one he has."""
    report = PublishedReport.objects.filter(code=code.upper(), state=STATE.READY).first()
    if report is None or not form_or_404(report.form).is_public:
        raise Http404
    return handing_out.file_response(report, file_kind)
