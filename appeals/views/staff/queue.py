"""The queue page: a tab, filters, words to search for, an order, and a page by key."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.permissions import lenders_of
from accounts.rights import Action
from appeals import policies
from appeals.filters import QueueFilters, parse
from appeals.forms.staff_queue import Control, in_words, panel, toolbar
from appeals.models import SavedFilter
from appeals.selectors import queue as rows_of
from appeals.selectors.queue import Cursor, QueuePage
from appeals.views.staff.base import queue_times, staff_of, staff_required
from appeals.views.staff.queue_rows import row_views
from appeals.views.staff.tabs import LABELS, first_tab, tabs_of

DONE, DELETED = "queue_done", "queue_deleted_filter"  # in the session, shown once


@require_safe
@staff_required(Action.SEE)
def queue(request: HttpRequest) -> HttpResponse:
    """The list. A bare address opens the person's own first filter, else the first tab of his role."""
    user = staff_of(request)
    if not request.GET:
        return HttpResponseRedirect(f"{reverse('appeals:queue')}?{_opened_first(user)}")
    parsed = parse(request.GET)
    times = queue_times()
    page = rows_of.page(
        user,
        parsed.filters,
        times,
        after=Cursor.parse(request.GET.get("after", "")),
        before=Cursor.parse(request.GET.get("before", "")),
    )
    context = _context(user, parsed.filters, page) | {
        "rows": row_views(page.rows, times.now, page.parts, lenders_of(user)),
        "ignored": parsed.ignored,
        "done": request.session.pop(DONE, None) if DONE in request.session else None,
        "deleted": request.session.get(DELETED),
    }
    return render(request, "appeals/staff/queue.html", context)


@require_safe
@staff_required(Action.SEE)
def count(request: HttpRequest) -> HttpResponse:
    """How many rows the view has now; a piece of the page, and a page of its own without scripts."""
    filters = parse(request.GET).filters
    number = rows_of.count(staff_of(request), filters, queue_times())
    context = count_context(filters, number)
    template = "appeals/staff/queue_count.html" if request.headers.get("HX-Request") else "appeals/staff/count.html"
    response = render(request, template, context)
    response["Cache-Control"] = "no-store"
    return response


def count_context(filters: QueueFilters, number: int | None) -> dict[str, Any]:
    return {
        "number": None if number is None else min(number, rows_of.MOST_COUNTED),
        "is_more": number is not None and number > rows_of.MOST_COUNTED,
        "query": filters.query(),
    }


def queue_url(filters: QueueFilters, **changed: str) -> str:
    return f"{reverse('appeals:queue')}?{filters.query(**changed)}"


def _opened_first(user: User) -> str:
    own = SavedFilter.objects.filter(user=user, is_default=True).values_list("query", flat=True).first()
    return own or f"tab={first_tab(user)}"


def _context(user: User, filters: QueueFilters, page: QueuePage) -> dict[str, Any]:
    controls = panel(filters, user)
    active = filters.active
    whole = page.next is None and page.previous is None
    return {
        "filters": filters,
        "tabs": [
            {"label": LABELS[tab], "url": queue_url(QueueFilters(tab=tab)), "current": tab == filters.tab}
            for tab in tabs_of(user)
        ],
        "title": LABELS[filters.tab],  # type: ignore[index]  # a checked value
        "panel": controls,
        "keep": {name: value for name, value in (("tab", filters.tab), ("q", filters.q)) if value},
        "hidden": {name: value for name, value in filters.as_dict().items() if value and name != "q"},
        "chips": _chips(controls, filters),
        "count": len([name for name in active if name != "q"]),
        "reset_url": queue_url(QueueFilters(tab=filters.tab)),
        "next_url": queue_url(filters) + f"&after={page.next}" if page.next else "",
        "previous_url": queue_url(filters) + f"&before={page.previous}" if page.previous else "",
        "toolbar": toolbar(user),
        "may_claim": policies.may(user, Action.CLAIM),
        "may_export": policies.may(user, Action.EXPORT),
        "saved": list(SavedFilter.objects.filter(user=user)),
        "query": filters.query(),
    } | count_context(filters, len(page.rows) if whole else None)


def _chips(controls: list[Control], filters: QueueFilters) -> list[dict[str, Any]]:
    """Each active filter with a link that takes it away."""
    chips = []
    for name, value in filters.active.items():
        label = _("Search: %(words)s") % {"words": value} if name == "q" else in_words(controls, name, value)
        chips.append({"label": label, "url": queue_url(filters, **{name: ""}), "remove": True})
    return chips
