"""Who stands in for whom: set it for oneself or one's people, end it early, what was."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Case, Q, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import substitutions as step
from accounts.duty_forms import SubstitutionForm
from accounts.models import Substitution, User
from accounts.views.tabs import me, tabs
from common.errors import DomainError, NotAllowed, NotFound
from ui import dates

MOST_PAST = 30


@never_cache
@require_http_methods(["GET", "POST"])
def substitutions(request: HttpRequest) -> HttpResponse:
    actor = me(request)
    form = SubstitutionForm(request.POST if request.method == "POST" else None, actor=actor)
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                row = step.set_substitution(actor=actor, **form.cleaned_data)
            except NotAllowed:
                raise
            except DomainError as error:
                form.add_error(error.field if error.field in form.fields else None, str(error))
                status = error.status
            else:
                words = {"name": row.substitute, "other": row.user}
                messages.success(request, _("%(name)s stands in for %(other)s.") % words)
                return redirect("accounts:substitutions")
    context = {"tabs": tabs("accounts:substitutions"), "form": form, **_lists(actor)}
    return render(request, "accounts/substitutions.html", context, status=status)


def _lists(actor: User) -> dict[str, list[Substitution]]:
    """What holds or will, and what was, of the people the actor answers for and of whom he stands in for himself."""
    whose = Q(user__in=step.managed_by(actor)) | Q(substitute=actor)
    rows = Substitution.objects.filter(whose).select_related("user", "substitute", "ended_by", "created_by")
    mine = Case(When(user__in=step.managed_by(actor), then=Value(True)), default=Value(False))
    ahead = Q(ends_on__gte=timezone.localdate(), ended_at__isnull=True)
    return {
        "present": list(rows.filter(ahead).annotate(may_end=mine).order_by("begins_on", "pk")),
        "past": list(rows.exclude(ahead).order_by("-ends_on", "-pk")[:MOST_PAST]),
    }


@require_http_methods(["GET", "POST"])
def end_substitution(request: HttpRequest, substitution_id: int) -> HttpResponse:
    """A page that asks once more; what it ends cannot be undone, only set anew."""
    actor = me(request)
    row = Substitution.objects.filter(pk=substitution_id).select_related("user", "substitute").first()
    if row is None or not step.managed_by(actor).filter(pk=row.user_id).exists():
        raise NotFound
    if request.method == "POST":
        step.end_substitution(row.pk, actor=actor)
        messages.success(request, _("The substitution has ended."))
        return redirect("accounts:substitutions")
    context = {
        "title": _("End the substitution"),
        "text": _("From this moment the colleague has only his own roles again."),
        "rows": [
            (_("Who is away"), row.user),
            (_("Who stands in"), row.substitute),
            (_("First day"), dates.long_date(row.begins_on)),
            (_("Last day"), dates.long_date(row.ends_on)),
        ],
        "action": request.path,
        "confirm": _("End it now"),
        "cancel_url": reverse("accounts:substitutions"),
        "danger": True,
        "form": None,
    }
    return render(request, "ui/confirm.html", context)
