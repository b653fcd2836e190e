"""Hand out the file of a report, and keep in the log who took a list of appeals along."""

from __future__ import annotations

import logging

from django.http import FileResponse, HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit import trail
from audit.models import AuditRecord
from common.errors import NotFound
from reports.documents.model import FILE_TYPES
from reports.models import PublishedReport
from reports.periodic import mailing
from reports.periodic.form import Form

logger = logging.getLogger(__name__)


def file_response(report: PublishedReport, kind: str) -> FileResponse:
    """Always saved, never shown in place."""
    if kind not in FILE_TYPES or not report.has_contents:
        raise NotFound
    try:
        kept = getattr(report, kind).open("rb")
    except FileNotFoundError as error:
        logger.error("report_file_lost", extra={"report": report.pk, "kind": kind})
        raise NotFound(_("The file is lost. Please tell those who look after the hub.")) from error
    response = FileResponse(
        kept,
        as_attachment=True,
        filename=mailing.file_name(report, kind),
        content_type=FILE_TYPES[kind],
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def record(report: PublishedReport, form: Form, *, by: User, request: HttpRequest) -> None:
    """Of reports of figures nothing is kept."""
    if not form.is_public:
        trail.record(
            action=AuditRecord.Action.EXPORTED, actor=by, subject_ref=f"report:{report.pk}", fields=["register"],
            reason=f"{report.starts_on} – {report.ends_on}", request=request,
        )  # fmt: skip
