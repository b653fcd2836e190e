"""What is chosen for the ticked rows of the queue: a step on each, a print-out, a table file."""

from __future__ import annotations

from urllib.parse import parse_qsl

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.rights import Action
from appeals import bulk as steps
from appeals.filters import parse
from appeals.views.staff import export
from appeals.views.staff.base import staff_of, staff_required
from appeals.views.staff.queue import DONE, queue_url
from common.errors import DomainError


@require_POST
@staff_required(Action.SEE)
def bulk(request: HttpRequest) -> HttpResponseBase:
    """Do the chosen step on the ticked rows and go back to the list, which shows what came of it."""
    user = staff_of(request)
    filters = parse(dict(parse_qsl(request.POST.get("query", "")))).filters
    numbers = list(dict.fromkeys(request.POST.getlist("rows")))[: steps.MOST_ROWS]
    action = request.POST.get("action", "")
    if not numbers:
        messages.warning(request, _("Tick at least one appeal in the list."))
        return HttpResponseRedirect(queue_url(filters))
    if action == "print":
        return export.print_rows(request, numbers)
    if action == "export":
        return export.csv_of_rows(request, numbers)
    try:
        step = steps.step_for(action, request.POST.get(action, ""), user=user)
    except DomainError as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(queue_url(filters))
    done, refused = steps.run(step, numbers, user=user)
    request.session[DONE] = {"done": done, "refused": [[one.number, one.why] for one in refused]}
    return HttpResponseRedirect(queue_url(filters))
