"""The security officer accepts a break of the chain with a reason; it stays on record and no longer alarms."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from audit import acceptance, checks
from audit.models import AuditRecord
from audit.verification import breaks_at
from audit.views.base import officer_of, officers_only
from common.errors import Conflict, NotFound, ValidationFailed

SECONDS = 5.0


class AcceptForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("What was found out"),
        widget=forms.Textarea,
        max_length=2000,
        help_text=gettext_lazy("Who changed it, how it came to light and what was done. It stays in the log."),
    )


@never_cache
@require_http_methods(["GET", "POST"])
@officers_only
def page(request: HttpRequest, record_id: int) -> HttpResponse:
    row = AuditRecord.objects.filter(pk=record_id).first()
    if row is None:
        raise NotFound
    form = AcceptForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            acceptance.accept(row, reason=form.cleaned_data["reason"], actor=officer_of(request))
        except ValidationFailed as error:
            form.add_error("reason", str(error))
        except Conflict as error:
            messages.error(request, str(error))
            return HttpResponseRedirect(reverse("audit:log"), status=303)
        else:
            checks.check_new(SECONDS)  # the page shows at once whether anything else is broken
            messages.success(request, _("The break is accepted. New ones alarm as before."))
            return HttpResponseRedirect(reverse("audit:log"), status=303)
    return render(request, "ui/confirm.html", _context(row, form), status=422 if form.errors else 200)


def _context(row: AuditRecord, form: AcceptForm) -> dict[str, object]:
    found = [str(why.label) for _before, why in breaks_at(row)]
    return {
        "title": _("Accept the break of the chain"),
        "text": _("It stays on record for ever. Only this break is accepted: whatever is changed later alarms anew."),
        "rows": [
            (_("Number in the chain"), row.seq or "—"),
            (_("What does not fit"), " ".join(found) or _("Nothing")),
        ],
        "form": form,
        "action": reverse("audit:accept", args=[row.pk]),
        "confirm": _("Accept the break"),
        "danger": True,
        "cancel_url": reverse("audit:log"),
    }
