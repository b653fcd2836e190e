"""The reviewer's page: heaps of ratings that were set aside, and comments nobody has read yet."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from accounts.permissions import has_right
from accounts.rights import Action
from common.errors import Conflict, NotFound, ValidationFailed
from reports.qr import review
from reports.qr.forms import HeapForm
from reports.qr.reasons import SCORES

ON_A_PAGE = 50


@never_cache
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    page = {
        "heaps": review.heaps(),
        "comments": [(row, SCORES[row.rating.score]) for row in review.waiting_comments()[:ON_A_PAGE]],
        "more_comments": max(0, review.waiting_comments().count() - ON_A_PAGE),
        "may_manage": has_right(request.user, Action.MANAGE_POINTS),
    }
    return render(request, "reports/qr/staff/review.html", page)


@never_cache
@require_POST
def heap(request: HttpRequest) -> HttpResponse:
    form = HeapForm(request.POST)
    if not form.is_valid():
        raise ValidationFailed
    data = form.cleaned_data
    counts, which = data["decision"] == "count", (data["point"], data["day"], data["network"])
    try:
        review.decide_heap(*which, counts=counts, actor=cast(User, request.user), seen=data["seen"])
    except NotFound:
        messages.info(request, _("Somebody has decided it already."))
    except Conflict:
        messages.error(request, _("More ratings have come in meanwhile. Please look again."))
    else:
        messages.success(request, _("The ratings count.") if counts else _("The ratings do not count."))
    return redirect("reports:qr-review")


@never_cache
@require_POST
def comment(request: HttpRequest, comment_id: int) -> HttpResponse:
    shown = request.POST.get("decision") == "show"
    try:
        review.decide_comment(comment_id, shown=shown, actor=cast(User, request.user))
    except (Conflict, NotFound):
        messages.info(request, _("Somebody has decided it already."))
    else:
        messages.success(request, _("The comment is shown.") if shown else _("The comment is not shown."))
    return redirect("reports:qr-review")
