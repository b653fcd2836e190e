"""The webhooks of an application: make, look at, change, switch, take a new secret, delete."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from audit.current import nobody_asks
from common.errors import Conflict, DomainError
from openapi.models import Application, Subscription
from openapi.models.applications import State
from openapi.sandbox import worlds
from openapi.scopes import Scope
from openapi.views.developers import add_error, own
from openapi.webhooks import selectors, subscriptions
from openapi.webhooks.forms import WebhookForm


@dataclass(frozen=True)
class World:
    """Where the webhooks of an application live: its sandbox, or the hub itself."""

    application: Application
    person: User

    def find(self, webhook_id: int) -> Subscription:
        row = selectors.find(self.application, webhook_id)
        if row is None:
            raise Http404
        return row


@contextmanager
def world_of(application: Application) -> Iterator[World]:
    """Nothing of the request (session, messages, page) may be touched inside: in the sandbox its tables are others."""
    if not application.is_sandbox:
        yield World(application, application.owner)
        return
    with nobody_asks(), worlds.entered(application) as inside:
        yield World(inside.application, inside.person)


def may_have(application: Application) -> bool:
    return application.state == State.APPROVED and Scope.WEBHOOKS_MANAGE.value in application.scopes


def writable(request: HttpRequest, application_id: int) -> Application:
    """What the API asks of a key is asked of the pages as well."""
    row = own(request, application_id)
    if not may_have(row):
        raise Conflict(
            _("The application is not approved, or lacks the scope %(scope)s.") % {"scope": "webhooks:manage"}
        )
    return row


@never_cache
@require_safe
def listing(request: HttpRequest, application_id: int) -> HttpResponse:
    row = own(request, application_id)
    found = []
    if row.state == State.APPROVED:
        with world_of(row) as world:
            found = selectors.of_application(world.application)
    page = {"application": row, "webhooks": found, "may_have": may_have(row), "most": subscriptions.MOST}
    return render(request, "openapi/webhooks.html", page)


@never_cache
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, application_id: int) -> HttpResponse:
    row = writable(request, application_id)
    with world_of(row) as world:
        form = WebhookForm(request.POST or None)
        made = _tried(form, lambda: subscriptions.create(world.application, form.cleaned_data, by=world.person))
    if made is not None:
        return _secret(request, row, made)
    page: dict[str, object] = {"title": _("A webhook"), "button": _("Make a webhook"), "back_url": _list_url(row)}
    lead = _("The secret that signs its messages is shown once, on the next page.")
    return _form(request, row, form, page | {"lead": lead})


@never_cache
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, application_id: int, webhook_id: int) -> HttpResponse:
    row = writable(request, application_id)
    with world_of(row) as world:
        webhook = world.find(webhook_id)
        form = WebhookForm(request.POST or None, webhook=webhook)
        changed = _tried(form, lambda: subscriptions.change(webhook, form.cleaned_data, by=world.person))
    if changed is not None:
        messages.success(request, _("Changes saved"))
        return redirect(url_of(row, webhook_id))
    page: dict[str, object] = {
        "title": _("Change the webhook"),
        "button": _("Save"),
        "back_url": url_of(row, webhook_id),
    }
    return _form(request, row, form, page | {"lead": _("Messages that wait go to the new address.")})


@never_cache
@require_POST
def switch(request: HttpRequest, application_id: int, webhook_id: int, state: str) -> HttpResponse:
    row = writable(request, application_id)
    with world_of(row) as world:
        subscriptions.change(world.find(webhook_id), {"state": state}, by=world.person)
    is_on = state == Subscription.State.ON
    messages.success(request, _("The webhook is on again.") if is_on else _("The webhook is paused."))
    return redirect(url_of(row, webhook_id))


@never_cache
@require_http_methods(["GET", "POST"])
def rotate(request: HttpRequest, application_id: int, webhook_id: int) -> HttpResponse:
    row = writable(request, application_id)
    with world_of(row) as world:
        webhook = world.find(webhook_id)
        if request.method == "POST":
            webhook = subscriptions.rotate(webhook, by=world.person)
    if request.method == "POST":
        return _secret(request, row, webhook)
    page: dict[str, object] = {
        "title": _("Take a new secret?"),
        "text": _(
            "For a day messages carry two signatures, one with each secret: time enough to change it everywhere."
        ),
        "confirm": _("Take a new secret"),
    }
    return _confirm(request, row, webhook, page)


@never_cache
@require_http_methods(["GET", "POST"])
def delete(request: HttpRequest, application_id: int, webhook_id: int) -> HttpResponse:
    row = own(request, application_id)
    with world_of(row) as world:
        webhook = world.find(webhook_id)
        if request.method == "POST":
            subscriptions.delete(webhook, by=world.person)
    if request.method == "POST":
        messages.success(request, _("The webhook is deleted."))
        return redirect(_list_url(row))
    page = {
        "title": _("Delete the webhook?"),
        "text": _("Everything that was sent there is forgotten with it. The feed of changes still has the events."),
        "confirm": _("Delete"),
        "danger": True,
    }
    return _confirm(request, row, webhook, page)


def url_of(row: Application, webhook_id: int) -> str:
    return reverse("openapi:webhook", args=[row.pk, webhook_id])


def _list_url(row: Application) -> str:
    return reverse("openapi:webhooks", args=[row.pk])


def _tried(form: WebhookForm, step: Callable[[], Subscription]) -> Subscription | None:
    """What the step made; a refusal stands at the field it is about."""
    if not (form.is_bound and form.is_valid()):
        return None
    try:
        return step()
    except DomainError as error:
        add_error(form, error)
        return None


def _form(request: HttpRequest, row: Application, form: WebhookForm, page: dict[str, object]) -> HttpResponse:
    more = {"form": form, "application": row}
    return render(request, "openapi/webhook_form.html", page | more, status=422 if form.errors else 200)


def _confirm(request: HttpRequest, row: Application, webhook: Subscription, page: dict[str, object]) -> HttpResponse:
    more = {
        "rows": [(_("Address"), webhook.url)],
        "action": request.path,
        "cancel_url": url_of(row, webhook.pk),
    }
    return render(request, "ui/confirm.html", page | more)


def _secret(request: HttpRequest, row: Application, webhook: Subscription) -> HttpResponse:
    page = {"application": row, "webhook": webhook, "back_url": url_of(row, webhook.pk)}
    return render(request, "openapi/webhook_secret.html", page)
