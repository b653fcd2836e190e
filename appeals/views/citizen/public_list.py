"""The front page, the public list of requests with its download, and the help pages: no sign-in, no personal data."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from appeals.forms.following import PublicFilterForm
from appeals.models import Regime, TimerCode
from appeals.selectors import public
from appeals.selectors.public import PublicFilter
from appeals.views.citizen.public_rows import ShownRow, shown
from appeals.views.citizen.term_words import term_of, term_rows
from common import csv_lines
from common.limits import network_of, take
from common.reference_numbers import parse_number
from privacy import consents, retention

PERIODS_SHOWN = 80  # by their order: what concerns residents, not the inner workings


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "appeals/citizen/home.html",
        {"rows": list(shown(public.newest())), "figures": _figures(), "terms": term_rows()},
    )


def _figures() -> list[dict[str, Any]]:
    """The last thirty days, with the words that say what is counted; nothing when nothing was received."""
    counted = public.figures()
    if not counted.received:
        return []
    of_received = _("of those received")
    note = _("includes invented demo data") if counted.has_demo else ""
    return [
        {"label": _("Received in 30 days"), "value": counted.received, "note": note},
        {"label": _("Answered"), "value": counted.answered, "note": of_received},
        {
            "label": _("Overdue now"),
            "value": counted.overdue,
            "note": of_received,
            "tone": "bad" if counted.overdue else "",
        },
        {"label": _("Disputed"), "value": counted.disputed, "note": of_received},
    ]


@require_safe
def public_list(request: HttpRequest) -> HttpResponse:
    """Newest first, narrowed by what was chosen; a number typed into the search leads to its card."""
    wanted = request.GET.get("number", "").strip()
    if wanted:
        parsed = parse_number(wanted)
        if parsed is not None and public.public_row(str(parsed)):
            return redirect("appeals:public_card", number=str(parsed))
    form = PublicFilterForm(request.GET)
    chosen = _chosen(form)
    page = public.public_page(chosen, after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    context = {
        "form": PublicFilterForm(initial=form.cleaned_data),
        "page": page,
        "rows": list(shown(page.rows)),
        "count": sum(1 for value in form.cleaned_data.values() if value),
        "number": wanted,
        "not_found": bool(wanted),
        "has_demo": any(row.is_demo for row in page.rows),
        "most": public.MOST_DOWNLOADED,
    }
    return render(request, "appeals/citizen/public_list.html", context)


def _chosen(form: PublicFilterForm) -> PublicFilter:
    """Unknown values in an address are passed over: the list is shown anyway."""
    form.is_valid()
    data = form.cleaned_data
    return PublicFilter(
        topic_id=data.get("topic"),
        area_id=data.get("area"),
        status=data.get("status", ""),
        department_id=data.get("unit"),
        days=int(data["period"]) if data.get("period") else None,
    )


@require_safe
def public_card(request: HttpRequest, number: str) -> HttpResponse:
    parsed = parse_number(number)
    found = public.public_row(str(parsed)) if parsed else None
    if parsed and found is None and public.is_taken_down(str(parsed)):
        return render(request, "appeals/citizen/taken_down.html", {"number": str(parsed)}, status=410)
    if found is None:
        raise Http404
    (row,) = shown([found])
    return render(request, "appeals/citizen/public_card.html", {"row": row, "now": timezone.now()})


@require_safe
def public_csv(request: HttpRequest) -> HttpResponseBase:
    """The same rows as a table for programs; codes beside words, times in UTC, at most 5,000 rows."""
    take("download", network_of(request))
    rows = shown(public.downloaded(_chosen(PublicFilterForm(request.GET))))
    response = StreamingHttpResponse(_lines(rows), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="appeals.csv"'
    return response


HEADER = (
    "number", "regime", "topic", "city_sector", "status", "status_code", "outcome", "unit",
    "received_at", "due_at", "answered_at", "closed_at", "disputed", "invented",
)  # fmt: skip


def _lines(rows: Iterator[ShownRow]) -> Iterator[str]:
    return csv_lines.lines(HEADER, map(_cells, rows))


def _cells(row: ShownRow) -> list[object]:
    times = (row.received_at, row.due_at, row.answered_at, row.closed_at)
    return [
        row.number,
        row.regime,
        row.topic,
        row.area,
        row.status_label,
        row.status,
        row.outcome,
        row.unit,
        *(time.isoformat(timespec="seconds") if time else "" for time in times),
        int(row.is_disputed),
        int(row.is_demo),
    ]


def help_page(template: str) -> Callable[[HttpRequest], HttpResponse]:
    """A page of words; the terms on it are read from the table of terms."""

    @require_safe
    def page(request: HttpRequest) -> HttpResponse:
        context = {
            "consent": consents.text_of(consents.FILING) if consents.is_asked(consents.FILING) else None,
            "periods": [row for row in retention.named_rules() if row.kind.order <= PERIODS_SHOWN],
            "terms": term_rows(),
            "dispute_request": term_of(TimerCode.DISPUTE_WINDOW, Regime.REQUEST),
            "dispute_appeal": term_of(TimerCode.DISPUTE_WINDOW, Regime.APPEAL),
            "extension_cap": term_of(TimerCode.EXTENSION_CAP, Regime.APPEAL),
        }
        return render(request, f"appeals/citizen/{template}.html", context)

    return page
