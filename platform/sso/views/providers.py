"""The administrator's pages of the outside providers and of the accounts linked with them."""

from __future__ import annotations

from typing import Any, cast

from allauth.socialaccount.models import SocialAccount
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from common.errors import DomainError
from sso import selectors
from sso.forms import LinkForm, ProviderForm
from sso.models import OutsideProvider
from sso.outside import configured, links
from sso.outside import providers as steps
from sso.provider.adapter import public_url


@never_cache
@require_safe
def providers(request: HttpRequest) -> HttpResponse:
    return render(request, "sso/providers.html", {"providers": OutsideProvider.objects.all()})


@never_cache
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    form = ProviderForm(request.POST or None)
    if form.is_bound and form.is_valid():
        row = steps.add_provider(form.cleaned_data, actor=cast(User, request.user))
        messages.success(request, _("The provider is added."))
        return redirect("sso:outside", row.slug)
    page = {"form": form, "title": _("Add an outside provider"), "back_url": reverse("sso:outsides")}
    return render(request, "sso/system_form.html", page, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
def provider(request: HttpRequest, provider_slug: str) -> HttpResponse:
    """The provider, whom it opens the hub for, and a form to link one more."""
    row = get_object_or_404(OutsideProvider, slug=provider_slug)
    form = LinkForm(request.POST or None)
    if form.is_bound and form.is_valid() and _link(row, form, cast(User, request.user)):
        messages.success(request, _("The account is linked."))
        return redirect("sso:outside", row.slug)
    callback = public_url() + reverse("outside_callback", args=[row.slug])
    page = {
        "provider": row,
        "form": form,
        "links": selectors.links_with(row),
        "callback": callback,
        "is_configured": configured.is_configured(row),
    }
    return render(request, "sso/provider.html", page, status=422 if form.errors else 200)


def _link(row: OutsideProvider, form: LinkForm, actor: User) -> bool:
    try:
        links.link_identifier(row, form.cleaned_data["username"], form.cleaned_data["identifier"], actor=actor)
    except DomainError as error:
        form.add_error("identifier" if error.field == "identifier" else "username", str(error))
        return False
    return True


@never_cache
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, provider_slug: str) -> HttpResponse:
    row = get_object_or_404(OutsideProvider, slug=provider_slug)
    back_url = reverse("sso:outside", args=[provider_slug])
    if configured.is_configured(row):
        messages.error(request, _("This provider is set up in the settings of the installation and changed there."))
        return redirect(back_url)
    form = ProviderForm(request.POST or None, instance=row)
    if form.is_bound and form.is_valid():
        steps.change_provider(row.pk, form.cleaned_data, actor=cast(User, request.user))
        messages.success(request, _("Changes saved"))
        return redirect(back_url)
    page = {"form": form, "title": row.name, "back_url": back_url}
    return render(request, "sso/system_form.html", page, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
def switch(request: HttpRequest, provider_slug: str) -> HttpResponse:
    row = get_object_or_404(OutsideProvider, slug=provider_slug)
    back_url = reverse("sso:outside", args=[provider_slug])
    if request.method == "POST":
        steps.switch_provider(row.pk, on=request.POST.get("to") == "on", actor=cast(User, request.user))
        return redirect(back_url)
    text = _("Members of the staff then sign in with their passwords.") if row.is_on else ""
    return render(request, "ui/confirm.html", _switch_page(request, row, back_url, text))


@never_cache
@require_http_methods(["GET", "POST"])
def unlink(request: HttpRequest, provider_slug: str, outside_id: int) -> HttpResponse:
    row = get_object_or_404(SocialAccount.objects.select_related("user"), pk=outside_id, provider=provider_slug)
    back_url = reverse("sso:outside", args=[provider_slug])
    if request.method == "POST":
        links.unlink(row, actor=cast(User, request.user))
        messages.success(request, _("The account is unlinked."))
        return redirect(back_url)
    page = {
        "title": _("Unlink the account of %(name)s?") % {"name": row.user},
        "text": _("The person then signs in with his password and second factor."),
        "action": request.path,
        "confirm": _("Unlink"),
        "cancel_url": back_url,
        "danger": True,
    }
    return render(request, "ui/confirm.html", page)


def _switch_page(request: HttpRequest, row: OutsideProvider, back_url: str, text: str) -> dict[str, Any]:
    title = _("Switch “%(name)s” off?") if row.is_on else _("Switch “%(name)s” on?")
    return {
        "title": title % {"name": row.name},
        "text": text,
        "action": request.path,
        "hidden": [("to", "off" if row.is_on else "on")],
        "confirm": _("Switch off") if row.is_on else _("Switch on"),
        "cancel_url": back_url,
        "danger": row.is_on,
    }
