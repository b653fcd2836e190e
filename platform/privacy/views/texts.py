"""Texts of consent for those who write them: drafts, a preview, publishing for good."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from audit import trail
from audit.actions import Action
from common.errors import DomainError
from privacy import consents
from privacy.access import me
from privacy.forms import DraftForm, NewDraftForm
from privacy.models import ConsentText
from privacy.views.shared import put_error, see_other, tabs


@never_cache
@require_http_methods(["GET", "POST"])
def texts_list(request: HttpRequest) -> HttpResponse:
    form = NewDraftForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            data = form.cleaned_data
            draft = consents.new_draft(data["purpose"].pk, version=data["version"], actor=me(request))
        except DomainError as error:
            put_error(form, error)
        else:
            return see_other(reverse("privacy:staff-text", args=[draft.pk]))
    rows = ConsentText.objects.select_related("purpose", "published_by").order_by("purpose_id", "-id")[:200]
    context = {"rows": rows, "form": form, "tabs": tabs(request, "staff-texts")}
    return render(request, "privacy/staff/texts.html", context, status=422 if form.errors else 200)


def _found(text_id: int) -> ConsentText:
    row = ConsentText.objects.select_related("purpose", "published_by").filter(pk=text_id).first()
    if row is None:
        raise Http404
    return row


@never_cache
@require_http_methods(["GET", "POST"])
def text_page(request: HttpRequest, text_id: int) -> HttpResponse:
    """The draft with its preview as readers will see it; what is published is only shown."""
    row = _found(text_id)
    form = None if row.published_at else DraftForm(request.POST or None, instance=row)
    if form is not None and request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Changes saved"))
        return see_other(reverse("privacy:staff-text", args=[row.pk]))
    shown = _found(text_id)
    preview = [(language, shown) for language in ("kk", "ru", "en")]
    context = {"row": shown, "form": form, "preview": preview, "tabs": tabs(request, "staff-texts")}
    return render(request, "privacy/staff/text.html", context, status=422 if form and form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
def publish(request: HttpRequest, text_id: int) -> HttpResponse:
    row = _found(text_id)
    page = reverse("privacy:staff-text", args=[row.pk])
    if request.method == "POST":
        try:
            consents.publish(row.pk, actor=me(request))
        except DomainError as error:
            messages.error(request, str(error))
        else:
            trail.record(
                action=Action.CONSENT_CHANGED, actor=me(request), subject_ref=f"consent:{row.pk}",
                fields=["published", row.version], request=request,
            )  # fmt: skip
            messages.success(request, _("The version is published."))
        return see_other(page)
    context = {
        "title": _("Publish version %(version)s?") % {"version": row.version},
        "text": _("Published words are never changed. From the day they are in force everybody agrees to these."),
        "action": reverse("privacy:staff-text-publish", args=[row.pk]),
        "confirm": _("Publish"),
        "form": None,
        "cancel_url": page,
    }
    return render(request, "ui/confirm.html", context)
