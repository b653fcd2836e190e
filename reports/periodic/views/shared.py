"""What the pages of the reports share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from django.http import Http404, HttpRequest

from accounts.models import User
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
