"""What the pages of the reports share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from django.http import FileResponse, Http404, HttpRequest

from accounts.models import User
from reports.documents.model import FILE_TYPES
from reports.models import PublishedReport
from reports.periodic import mailing, rights
from reports.periodic.form import Form

TONES = {"waiting": "info", "making": "info", "ready": "good", "same": "calm", "failed": "bad"}


def user_of(request: HttpRequest) -> User:
    """A member of the staff: the table of accesses has let nobody else in."""
    return cast(User, request.user)


def form_or_404(slug: str) -> Form:
    form = rights.form_named(slug)
    if form is None:
        raise Http404
    return form


def file_response(report: PublishedReport, kind: str) -> FileResponse:
    """Always saved, never shown in place."""
    if kind not in FILE_TYPES or not report.has_contents:
        raise Http404
    response = FileResponse(
        getattr(report, kind).open("rb"),
        as_attachment=True,
        filename=mailing.file_name(report, kind),
        content_type=FILE_TYPES[kind],
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def line(report: PublishedReport) -> dict[str, Any]:
    """A report as lists show it."""
    form = rights.form_named(report.form)
    return {
        "report": report,
        "title": form.title if form else report.form,
        "period": mailing.period_words(report),
        "tone": TONES[report.state],
    }


def lines(reports: Sequence[PublishedReport]) -> list[dict[str, Any]]:
    return [line(report) for report in reports]
