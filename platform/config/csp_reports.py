"""Where browsers report what the content security policy stopped: counted, cut short and written to the log."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

import structlog
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from common import limits
from common.errors import RateLimited

logger = structlog.get_logger(__name__)

LONGEST = 16 * 1024
MOST_OF_ONE_REQUEST = 5
TYPES = {"application/csp-report", "application/reports+json", "application/json"}


@csrf_exempt  # browsers send reports by themselves; they change nothing
@require_POST
def csp_reports(request: HttpRequest) -> HttpResponse:
    """Always the same answer: nobody who sends rubbish learns anything."""
    answer = HttpResponse(status=204)
    length = request.META.get("CONTENT_LENGTH") or "0"
    if request.content_type not in TYPES or not length.isdigit() or int(length) > LONGEST:
        return answer
    try:
        limits.take("csp-report", limits.network_of(request))
        for report in _reports(request.read(LONGEST))[:MOST_OF_ONE_REQUEST]:
            logger.warning("csp_violation", **_facts(report))
    except (RateLimited, ValueError, RecursionError):
        return answer
    return answer


def _reports(raw: bytes) -> list[dict[str, Any]]:
    """Both forms: one object under `csp-report` (report-uri), or a list of reports with a body (report-to)."""
    found = json.loads(raw)
    entries = found if isinstance(found, list) else [found]
    bodies = [entry.get("csp-report") or entry.get("body") for entry in entries if isinstance(entry, dict)]
    return [body for body in bodies if isinstance(body, dict)]


def _facts(report: dict[str, Any]) -> dict[str, str]:
    """What one needs to mend a page. Of addresses only host and path: a query may hold what somebody typed."""

    def first(*names: str) -> str:
        return next((str(report[name]) for name in names if report.get(name)), "")

    return {
        "directive": first("effective-directive", "effectiveDirective", "violated-directive")[:60],
        "page": _address(first("document-uri", "documentURL")),
        "blocked": _address(first("blocked-uri", "blockedURL")),
        "source": _address(first("source-file", "sourceFile")),
    }


def _address(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return "?"
    return f"{parts.netloc.rpartition('@')[2]}{parts.path}"[:120]
