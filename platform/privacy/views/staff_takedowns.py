"""The officer's pages of take-downs: hide at once, decide with a ground, show again."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from audit import trail
from audit.actions import Action
from common.errors import DomainError
from privacy import takedowns
from privacy.access import me
from privacy.forms import ReasonForm, TakedownDecisionForm
from privacy.models import TakedownRequest
from privacy.registries import public_kinds
from privacy.views.shared import page_of, put_error, see_other, story, tabs

STATE = TakedownRequest.State
OPEN = (STATE.NEW, STATE.HIDDEN)


@never_cache
@require_safe
def takedowns_list(request: HttpRequest) -> HttpResponse:
    context = {
        "tabs": tabs(request, "staff-takedowns"),
        "waiting": TakedownRequest.objects.filter(state__in=OPEN).order_by("due_at", "pk")[:200],
        "page": page_of(TakedownRequest.objects.exclude(state__in=OPEN), request),
    }
    return render(request, "privacy/staff/takedowns.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def takedown_page(request: HttpRequest, takedown_id: int) -> HttpResponse:
    row = TakedownRequest.objects.select_related("decided_by", "ground").filter(pk=takedown_id).first()
    if row is None:
        raise Http404
    data = request.POST if request.method == "POST" else None
    form: TakedownDecisionForm | ReasonForm | None = None
    if row.is_open:
        form = TakedownDecisionForm(data)
    elif row.state == STATE.UPHELD:
        form = ReasonForm(data)
    status = 200
    if request.method == "POST":
        status = _act(request, row, form)
        if status == 303:
            return see_other(reverse("privacy:staff-takedown", args=[row.pk]))
    if row.reason or row.contact:
        seen = [name for name in ("reason", "contact") if getattr(row, name)]
        trail.record(
            action=Action.VIEWED_IDENTITY, actor=me(request), subject_ref=row.ref, fields=seen, request=request
        )
    context = {
        "row": row,
        "form": form,
        "url": public_kinds.get(row.kind).url(row.item) if row.kind in public_kinds else "",
        "items": story(row.ref, named=True),
        "tabs": tabs(request, "staff-takedowns"),
    }
    return render(request, "privacy/staff/takedown.html", context, status=status)


def _act(request: HttpRequest, row: TakedownRequest, form: TakedownDecisionForm | ReasonForm | None) -> int:
    """The status of the answer: 303 when it was done."""
    actor, action = me(request), request.POST.get("action", "")
    try:
        if action == "hide":
            takedowns.hide(row.pk, actor=actor)
        elif form is None or not form.is_valid():
            return 422
        elif isinstance(form, ReasonForm):
            takedowns.restore(row.pk, reason=form.cleaned_data["reason"], actor=actor)
        else:
            data = form.cleaned_data
            upheld = data["upheld"] == "yes"
            takedowns.decide(row.pk, upheld=upheld, ground_slug=data["ground"], answer=data["answer"], actor=actor)
    except DomainError as error:
        if form is None or action == "hide":
            messages.error(request, str(error))
            return 303
        put_error(form, error)
        return error.status
    messages.success(request, _("Done."))
    return 303
