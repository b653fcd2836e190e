"""The filtered log as a file: CSV for people, lines of JSON in the words of ECS for programs; itself recorded."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from audit import selectors, trail
from audit.actions import Action
from audit.filters import parse, with_beginning
from audit.models import AuditRecord
from audit.siem.ecs import as_json
from audit.siem.shipping import documents
from audit.views.base import officer_of, officers_only
from common import csv_lines

MOST_ROWS = 100_000
CHUNK = 500
KINDS = {"csv": "text/csv; charset=utf-8", "jsonl": "application/x-ndjson"}


@never_cache
@require_safe
@officers_only
def export(request: HttpRequest) -> StreamingHttpResponse:
    """At most `MOST_ROWS` of the newest records, read in pieces, so it needs no memory."""
    filters = with_beginning(parse(request.GET)[0], timezone.localdate())
    kind = request.GET.get("format", "")
    kind = kind if kind in KINDS else "csv"
    trail.record(
        action=Action.EXPORTED,
        actor=officer_of(request),
        subject_ref="audit",
        details={"format": kind, "filters": filters.active},
        request=request,
    )
    rows = selectors.everything(filters, MOST_ROWS)
    response = StreamingHttpResponse(_csv(rows) if kind == "csv" else _lines(rows), content_type=KINDS[kind])
    response["Content-Disposition"] = f'attachment; filename="audit-{timezone.localdate():%Y-%m-%d}.{kind}"'
    return response


def _csv(rows: Iterable[AuditRecord]) -> Iterator[str]:
    return csv_lines.lines(_titles(), map(_values, rows))


def _titles() -> list[str]:
    return [
        _("Number in the chain"), _("Time"), _("User name"), _("Category"), _("Action"), _("Outcome"), _("Object"),
        _("Fields"), _("Reason"), _("Details"), _("Network address"), _("Browser"), _("Request"), "SHA-256",
    ]  # fmt: skip


def _values(row: AuditRecord) -> list[Any]:
    return [
        row.seq or "", timezone.localtime(row.at).isoformat(timespec="milliseconds"),
        row.actor.get_username() if row.actor else "", row.get_category_display(), row.get_action_display(),
        row.get_outcome_display(), row.subject_ref, ", ".join(map(str, row.fields)), row.reason,
        json.dumps(row.details, ensure_ascii=False) if row.details else "", row.address or "", row.user_agent,
        row.request_id, row.hash,
    ]  # fmt: skip


def _lines(rows: Iterable[AuditRecord]) -> Iterator[str]:
    stream = iter(rows)
    while found := list(islice(stream, CHUNK)):
        yield "".join(f"{as_json(document)}\n" for document in documents(found))
