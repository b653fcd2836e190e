"""«My consents»: what a person agreed to, and taking it back."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from audit import trail
from audit.actions import Action
from common.errors import NotFound
from privacy import consents, requests
from privacy.access import me
from privacy.models import ConsentPurpose, DataRequest
from privacy.views.mine import subject_of
from privacy.views.shared import see_other

CHANNEL = "web"


@never_cache
@require_safe
def my_consents(request: HttpRequest) -> HttpResponse:
    user = me(request)
    purposes = {row.slug: row for row in ConsentPurpose.objects.all()}
    held = consents.held_by(user)
    extra = [
        {"purpose": purpose, "text": consents.text_of(slug), "given": consents.agrees_to(user, slug)}
        for slug, purpose in purposes.items()
        if not purpose.in_filing and consents.is_asked(slug) and consents.text_of(slug)
    ]
    rows = [{"held": row, "purpose": purposes.get(row.purpose)} for row in held]
    return render(request, "privacy/my_consents.html", {"rows": rows, "extra": extra})


@require_POST
def give(request: HttpRequest) -> HttpResponse:
    try:
        with transaction.atomic():
            given = consents.give(me(request), request.POST.get("purpose", ""), channel=CHANNEL)
            if given is not None:
                _note(request, given.purpose.slug, "given")
    except NotFound:
        raise Http404 from None
    messages.success(request, _("Thank you, your consent is recorded."))
    return see_other(reverse("privacy:my-consents"))


@never_cache
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest) -> HttpResponse:
    """First what follows from it, then the withdrawal itself."""
    chosen = request.POST if request.method == "POST" else request.GET
    slug, ref = chosen.get("purpose", ""), chosen.get("about", "")
    user = me(request)
    held = next((row for row in consents.held_by(user) if (row.purpose, row.ref) == (slug, ref)), None)
    if held is None or held.withdrawn_at:
        raise Http404
    if request.method == "POST":
        return _withdraw(request, user, slug, ref)
    purpose = ConsentPurpose.objects.filter(slug=slug).first()
    context = {
        "title": _("Withdraw the consent?"),
        "text": _follows(slug),
        "action": reverse("privacy:consent-withdraw"),
        "confirm": _("Withdraw"),
        "danger": True,
        "cancel_url": reverse("privacy:my-consents"),
        "hidden": [("purpose", slug), ("about", ref)],
        "form": None,
        "rows": [(_("Purpose"), purpose.name if purpose else slug), (_("Version"), held.version)]
        + ([(_("Appeal"), held.about)] if held.about else []),
    }
    return render(request, "ui/confirm.html", context)


def _follows(slug: str) -> str:
    if slug == consents.FILING:
        return _(
            "An appeal that is being considered is considered to its end, for the law obliges us to. Then an officer "
            "decides which data about you are deleted and which the law keeps, and answers you."
        )
    return _("From now on your data are no longer used for this. Your appeals are considered as before.")


def _withdraw(request: HttpRequest, user: User, slug: str, ref: str) -> HttpResponse:
    opened = None
    with transaction.atomic():  # a withdrawal that nobody has to decide about would be lost: it cannot be repeated
        consents.withdraw(user, slug, ref=ref, channel=CHANNEL)
        _note(request, slug, "withdrawn")
        if slug == consents.FILING:
            language = (get_language() or "kk")[:2]
            opened = requests.open_request(subject_of(user), DataRequest.Kind.WITHDRAW, language=language)
    if opened is not None:
        messages.success(request, _("Your consent is withdrawn. An officer decides what follows from it."))
        return see_other(reverse("privacy:request", args=[opened.pk]))
    messages.success(request, _("Your consent is withdrawn."))
    return see_other(reverse("privacy:my-consents"))


def _note(request: HttpRequest, slug: str, what: str) -> None:
    user = me(request)
    trail.record(
        action=Action.CONSENT_CHANGED, actor=user, subject_ref=f"user:{user.pk}", fields=[what, slug], request=request
    )
