"""What the pages of the officer share: tabs, pages by key, the story of a case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from common.errors import DomainError
from privacy import history
from privacy.models import CaseEvent
from privacy.tabs import TABS

PAGE = 25
LOOKS = {
    CaseEvent.Kind.OPENED: ("inbox", "info"),
    CaseEvent.Kind.REFUSED: ("close", "bad"),
    CaseEvent.Kind.EXECUTED: ("check-circle", "good"),
    CaseEvent.Kind.FAILED: ("error", "bad"),
    CaseEvent.Kind.RETRIED: ("refresh", "info"),
    CaseEvent.Kind.HIDDEN: ("lock", "warn"),
    CaseEvent.Kind.RESTORED: ("eye", "calm"),
    CaseEvent.Kind.REMINDED: ("bell", "warn"),
    CaseEvent.Kind.NOTIFIED: ("send", "good"),
    CaseEvent.Kind.CLOSED: ("lock", "calm"),
}


def tabs(request: HttpRequest, current: str) -> list[dict[str, Any]]:
    """Those this person may open."""
    return [
        {"label": label, "url": reverse(f"privacy:{name}"), "current": name == current, "count": None}
        for name, label, may in TABS
        if may(request.user)
    ]


@dataclass(frozen=True)
class Page:
    rows: list[Any]
    next_url: str


def page_of(rows: QuerySet[Any], request: HttpRequest) -> Page:
    """Newest first, by key."""
    before = request.GET.get("before", "")
    if before.isdigit():
        rows = rows.filter(pk__lt=int(before[:18]))
    found: list[Model] = list(rows.order_by("-pk")[: PAGE + 1])
    more, found = len(found) > PAGE, found[:PAGE]
    return Page(found, f"?before={found[-1].pk}" if more else "")


def story(case_ref: str, *, named: bool) -> list[dict[str, Any]]:
    """The steps of a case for a timeline, newest first; the person himself reads no names of employees."""
    items = []
    for event in reversed(history.of(case_ref)):
        icon, tone = LOOKS.get(CaseEvent.Kind(event.kind), ("circle", "calm"))
        text = _("%(share)s %% of the term has passed") % event.data if "share" in event.data else event.note
        items.append(
            {
                "title": event.get_kind_display(),
                "at": event.at,
                "actor": str(event.actor) if named and event.actor else "",
                "text": text if named else "",
                "icon": icon,
                "tone": tone,
            }
        )
    return items


def see_other(url: str) -> HttpResponse:
    """303: the browser fetches the next page, and going back never sends the form again."""
    response = HttpResponseRedirect(url)
    response.status_code = 303
    return response


def put_error(form: Any, error: DomainError) -> None:
    form.add_error(error.field if error.field in form.fields else None, str(error))
