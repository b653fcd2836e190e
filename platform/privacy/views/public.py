"""Pages for everybody: the texts of consent with their history, and asking to take something down."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from common.errors import DomainError, NotFound, RateLimited
from common.limits import network_of, take
from privacy import takedowns
from privacy import terms as duty_terms
from privacy.forms import TakedownForm
from privacy.models import ConsentText, Term
from privacy.registries import public_kinds
from privacy.views.shared import put_error


@require_safe
def consents(request: HttpRequest) -> HttpResponse:
    """Every published text, newest first; the ones in force are open."""
    rows = ConsentText.objects.filter(published_at__isnull=False).select_related("purpose")
    found: dict[int, list[ConsentText]] = {}
    for text in rows.order_by("purpose_id", "-effective_from", "-id"):
        found.setdefault(text.purpose_id, []).append(text)
    groups = [(texts[0].purpose, texts) for texts in found.values()]
    return render(request, "privacy/consents.html", {"groups": groups, "today": timezone.localdate()})


@never_cache
@require_http_methods(["GET", "POST"])
def ask_takedown(request: HttpRequest, kind: str, item: str) -> HttpResponse:
    """No account, a contact only if one wants an answer; bounded for each visitor and each item."""
    try:
        item = takedowns.find(kind, item)
    except NotFound:
        raise Http404 from None
    form = TakedownForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                take("takedown", network_of(request))
                data = form.cleaned_data
                takedowns.ask(kind, item, reason=data["reason"], contact=data["contact"])
            except DomainError as error:
                put_error(form, error)
                status = 429 if isinstance(error, RateLimited) else 422
            else:
                return render(
                    request, "privacy/takedown_done.html", {"item": item, "has_contact": bool(data["contact"])}
                )
    context = {
        "form": form,
        "item": item,
        "url": public_kinds.get(kind).url(item),
        "days": duty_terms.working_days(Term.Slug.TAKE_DOWN),
    }
    return render(request, "privacy/takedown.html", context, status=status)
