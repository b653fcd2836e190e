"""The queue on paper and as a table file: without personal data, bounded, and recorded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.rights import Action
from appeals import policies
from appeals.filters import QueueFilters, Sort, parse
from appeals.models import Appeal
from appeals.policies import visible_to
from appeals.selectors import queue as rows_of
from appeals.selectors.queue import Cursor, QueueRow
from appeals.views.staff.base import queue_times, staff_of, staff_required
from appeals.views.staff.queue_rows import RowView, row_views
from audit import trail
from audit.models import AuditRecord
from common import csv_lines
from ui import dates

MOST_ROWS = 5000
CHUNK = 500


@require_safe
@staff_required(Action.EXPORT)
def export(request: HttpRequest) -> StreamingHttpResponse:
    """The whole view as CSV, at most `MOST_ROWS` lines; read page by page, so it needs no memory."""
    filters = parse(request.GET).filters
    _record(request, filters.query(q="*" if filters.q else ""))  # what was searched for may be a name or a phone
    return _csv(all_rows(staff_of(request), filters))


def csv_of_rows(request: HttpRequest, numbers: list[str]) -> StreamingHttpResponse:
    """The ticked rows as CSV."""
    policies.require(staff_of(request), Action.EXPORT)
    _record(request, f"rows={len(numbers)}")
    return _csv(iter([row_views(_ticked(request, numbers, Action.EXPORT), timezone.now())]))


def print_rows(request: HttpRequest, numbers: list[str]) -> HttpResponse:
    """The ticked rows with their full texts, one after the other, ready for the printer."""
    rows = row_views(_ticked(request, numbers, Action.SEE), timezone.now())
    _record(request, f"print, rows={len(rows)}")
    texts = dict(Appeal.objects.filter(pk__in=[view.row.id for view in rows]).values_list("pk", "text"))
    items = [(view, texts.get(view.row.id, "")) for view in rows]
    return render(request, "appeals/staff/print.html", {"items": items, "printed_at": timezone.now()})


def _ticked(request: HttpRequest, numbers: list[str], action: Action) -> list[QueueRow]:
    return rows_of.by_number(visible_to(staff_of(request), action), numbers)


def _exportable(user: User, rows: Sequence[QueueRow]) -> list[QueueRow]:
    """Of what one sees, what one may take along: a head of one unit may see all as an operator, and export his own."""
    mine = visible_to(user, Action.EXPORT).filter(pk__in=[row.id for row in rows])
    allowed = set(mine.values_list("pk", flat=True))
    return [row for row in rows if row.id in allowed]


def all_rows(user: User, filters: QueueFilters) -> Iterator[list[RowView]]:
    """What of the view the person may take along, page by page."""
    times = queue_times()
    filters = replace(filters, sort=filters.sort or Sort(filters.order))
    cursor: Cursor | None = None
    for _page in range(MOST_ROWS // CHUNK):
        page = rows_of.page(user, filters, times, after=cursor, size=CHUNK)
        yield row_views(_exportable(user, page.rows), times.now)
        cursor = page.next
        if cursor is None:
            return


def _csv(pages: Iterable[list[RowView]]) -> StreamingHttpResponse:
    response = StreamingHttpResponse(lines(pages), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="appeals-{timezone.localdate():%Y-%m-%d}.csv"'
    response["Cache-Control"] = "no-store"
    return response


def lines(pages: Iterable[list[RowView]]) -> Iterator[str]:
    """The rows as lines of a CSV file."""
    return csv_lines.lines(_titles(), (_values(view) for page in pages for view in page))


def _titles() -> list[str]:
    return [
        _("Registration number"), _("Received"), _("Channel"), _("Legal regime"), _("Topic"), _("Subject"),
        _("City sector"), _("Status"), _("Outcome"), _("Unit"), _("Executor"), _("Due"), _("Term"), _("Answered"),
        _("Closed"), _("Disputed"),
    ]  # fmt: skip


def _values(view: RowView) -> list[Any]:
    row = view.row
    return [
        row.number, _moment(row.received_at), view.channel_label, row.regime, view.topic, row.subject, view.area,
        view.status_label, view.outcome_label, view.unit, view.executor, _moment(row.due_at), view.term.words,
        _moment(row.answered_at), _moment(row.closed_at), _("yes") if row.is_disputed else "",
    ]  # fmt: skip


def _moment(value: Any) -> str:
    return f"{dates.local(value):%Y-%m-%d %H:%M}" if value else ""


def _record(request: HttpRequest, what: str) -> None:
    trail.record(
        actor=staff_of(request),
        action=AuditRecord.Action.EXPORTED,
        subject_ref="queue",
        fields=["queue"],
        reason=what[:500],
        request=request,
    )
