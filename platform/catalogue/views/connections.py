"""The administrator's pages of the connections: how each is, its errors, and what can be done."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from catalogue import plugins, running, selectors, tasks
from catalogue.models import ConnectorRun, Job, Platform
from catalogue.selectors import Connection
from common.connectors import Reason
from common.errors import Conflict

ON_A_PAGE = 50


@never_cache
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    platforms = {row.key: row for row in Platform.objects.all()}
    rows = [(found, platforms.get(found.connector.platform)) for found in selectors.connections()]
    return render(request, "catalogue/connections.html", {"rows": rows, "broken": plugins.broken})


@never_cache
@require_safe
def connection(request: HttpRequest, slug: str) -> HttpResponse:
    found = _found(slug)
    errors_only = request.GET.get("errors") == "1"
    before = request.GET.get("before", "")
    runs = selectors.runs(
        slug, errors_only=errors_only, before=int(before) if before.isascii() and before.isdigit() else None,
        limit=ON_A_PAGE,
    )  # fmt: skip
    kept = "errors=1&" if errors_only else ""
    page = {
        "connection": found,
        "platform": Platform.objects.filter(key=found.connector.platform).first(),
        "runs": [(run, Reason(run.reason).label if run.reason else "") for run in runs[:ON_A_PAGE]],
        "next_url": f"?{kept}before={runs[ON_A_PAGE - 1].pk}" if len(runs) > ON_A_PAGE else "",
        "tabs": [
            {"label": _("All"), "url": "?", "current": not errors_only},
            {"label": _("Errors"), "url": "?errors=1", "current": errors_only},
        ],
        "has_run": selectors.has_run(found),
    }
    return render(request, "catalogue/connection.html", page)


@never_cache
@require_POST
def start(request: HttpRequest, slug: str, what: str) -> HttpResponse:
    """The task begins when the step is committed; the page then says that it runs."""
    _found(slug)
    if what not in Job.values:
        raise Http404
    try:
        with transaction.atomic():
            running.start_by_hand(slug, what, by=cast(User, request.user))
            transaction.on_commit(lambda: tasks.begin(slug, what, ConnectorRun.Trigger.HAND))
    except Conflict as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Started. Open the page anew in a moment to see how it went."))
    return redirect("catalogue:connection", slug)


@never_cache
@require_POST
def pause(request: HttpRequest, slug: str) -> HttpResponse:
    return _steer(request, slug, running.pause, _("Paused: nothing is checked or fetched until you resume it."))


@never_cache
@require_POST
def resume(request: HttpRequest, slug: str) -> HttpResponse:
    return _steer(request, slug, running.resume, _("Resumed: it is checked within half a minute."))


def _steer(request: HttpRequest, slug: str, step: running.Step, done: str) -> HttpResponse:
    _found(slug)
    try:
        step(slug, by=cast(User, request.user))
    except Conflict as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return redirect("catalogue:connection", slug)


def _found(slug: str) -> Connection:
    found = selectors.connection(slug)
    if found is None:
        raise Http404
    return found
