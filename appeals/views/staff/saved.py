"""A person's own views of the queue: save the present one, open one first, delete, undo."""

from __future__ import annotations

from dataclasses import asdict
from urllib.parse import parse_qsl

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.rights import Action
from appeals import savedfilters
from appeals.filters import QueueFilters, parse
from appeals.forms.staff_queue import SavedFilterForm
from appeals.views.staff.base import staff_of, staff_required
from appeals.views.staff.queue import DELETED, queue_url


def _filters(request: HttpRequest) -> QueueFilters:
    """The view the form was shown in, checked anew: nothing else is ever saved."""
    return parse(dict(parse_qsl(request.POST.get("query", "")))).filters


@require_POST
@staff_required(Action.SEE)
def save(request: HttpRequest) -> HttpResponse:
    filters, form = _filters(request), SavedFilterForm(request.POST)
    if form.is_valid():
        savedfilters.save_filter(user=staff_of(request), query=filters.query(), **form.cleaned_data)
        messages.success(request, _("The filter is saved."))
    else:
        messages.error(request, _("Give the filter a name of at most 80 characters."))
    return HttpResponseRedirect(queue_url(filters))


@require_POST
@staff_required(Action.SEE)
def open_first(request: HttpRequest, filter_id: int) -> HttpResponse:
    wanted = request.POST.get("wanted") == "1"
    kept = savedfilters.open_first(filter_id, user=staff_of(request), wanted=wanted)
    text = _("The queue now opens with «%(name)s».") if wanted else _("The queue opens as usual again.")
    messages.success(request, text % {"name": kept.name} if wanted else text)
    return HttpResponseRedirect(queue_url(_filters(request)))


@require_POST
@staff_required(Action.SEE)
def delete(request: HttpRequest, filter_id: int) -> HttpResponse:
    """The deleted filter stays in the session until the next one is deleted, so that it can be given back."""
    request.session[DELETED] = asdict(savedfilters.delete_filter(filter_id, user=staff_of(request)))
    return HttpResponseRedirect(queue_url(_filters(request)))


@require_POST
@staff_required(Action.SEE)
def undo(request: HttpRequest) -> HttpResponse:
    deleted = request.session.pop(DELETED, None)
    if deleted is None:
        return HttpResponseRedirect(reverse("appeals:queue"))
    savedfilters.save_filter(user=staff_of(request), **deleted)
    messages.success(request, _("The filter is back."))
    return HttpResponseRedirect(f"{reverse('appeals:queue')}?{deleted['query']}")


@require_POST
@staff_required(Action.SEE)
def forget(request: HttpRequest) -> HttpResponse:
    """The offer to undo is no longer wanted."""
    request.session.pop(DELETED, None)
    return HttpResponseRedirect(queue_url(_filters(request)))
