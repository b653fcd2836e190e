"""The officer's page of retention: what would go tonight, what went, and what is held."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from common.errors import DomainError
from privacy import holds, retention
from privacy.access import may_change_rules, me
from privacy.forms import HoldForm
from privacy.models import LegalHold, RetentionRule, RetentionRun
from privacy.registries import subject_finders
from privacy.views.shared import page_of, put_error, see_other, tabs


def _page(request: HttpRequest, form: HoldForm, status: int = 200) -> HttpResponse:
    previews = sorted(retention.preview(), key=lambda row: row.kind.order)
    context = {
        "tabs": tabs(request, "staff-retention"),
        "previews": previews,
        "off": RetentionRule.objects.filter(is_enabled=False),
        "page": page_of(RetentionRun.objects.select_related("rule"), request),
        "titles": {row.rule.record_type: row.kind.title for row in previews},
        "holds": LegalHold.objects.filter(lifted_at=None).select_related("ground", "placed_by")[:200],
        "form": form,
        "may_change_rules": may_change_rules(me(request)),
    }
    return render(request, "privacy/staff/retention.html", context, status=status)


@never_cache
@require_safe
def retention_page(request: HttpRequest) -> HttpResponse:
    return _page(request, HoldForm())


@require_POST
def place_hold(request: HttpRequest) -> HttpResponse:
    form = HoldForm(request.POST)
    if form.is_valid():
        ref = _ref(form.cleaned_data["about"].strip())
        if not ref:
            form.add_error("about", _("Neither an appeal nor a person is known by this."))
        else:
            try:
                data = form.cleaned_data
                holds.place(ref, ground_slug=data["ground"], note=data["note"], actor=me(request))
            except DomainError as error:
                put_error(form, error)
            else:
                messages.success(request, _("The hold is placed: nothing of it is deleted."))
                return see_other(reverse("privacy:staff-retention"))
    return _page(request, form, status=422)


def _ref(about: str) -> str:
    """An appeal is held for itself, a person by the name of his account."""
    user = User.objects.filter(username=about).first()
    if user is not None:
        return f"user:{user.pk}"
    found = next((subject for _slug, find in subject_finders if (subject := find(about)) is not None), None)
    return found.item_ref if found else ""


@require_POST
def lift_hold(request: HttpRequest, hold_id: int) -> HttpResponse:
    holds.lift(hold_id, actor=me(request))
    messages.success(request, _("The hold is lifted."))
    return see_other(reverse("privacy:staff-retention"))
