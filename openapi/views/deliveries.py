"""What was sent to a webhook: the list, one message with its tries, test, send again, replay."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.errors import DomainError
from openapi.models import Delivery
from openapi.views.developers import add_error, own
from openapi.views.webhooks import may_have, url_of, world_of, writable
from openapi.webhooks import selectors, subscriptions
from openapi.webhooks.forms import ReplayForm


@never_cache
@require_safe
def webhook(request: HttpRequest, application_id: int, webhook_id: int) -> HttpResponse:
    row = own(request, application_id)
    status = request.GET.get("status", "")
    status = status if status in Delivery.Status.values else ""
    before = request.GET.get("before", "")
    with world_of(row) as world:
        found = world.find(webhook_id)
        page = selectors.messages_of(found, status=status, before=int(before) if before.isdecimal() else None)
        filters = selectors.filters_of(found)
    shown = {
        "application": row,
        "webhook": found,
        "filters": filters,
        "found": page.messages,
        "tabs": _tabs(status, is_sandbox=row.is_sandbox),
        "next_before": page.next_before,
        "may_have": may_have(row),
    }
    return render(request, "openapi/webhook.html", shown)


def _tabs(status: str, *, is_sandbox: bool) -> list[dict[str, object]]:
    """A sandbox sends what is asked for and nothing else, so that its messages have nearly all one status."""
    if is_sandbox:
        return []
    offered = [choice for choice in Delivery.Status.choices if choice[0] != Delivery.Status.RECORDED]
    tabs: list[dict[str, object]] = [{"label": _("All"), "url": "?", "current": not status}]
    return tabs + [{"label": label, "url": f"?status={slug}", "current": status == slug} for slug, label in offered]


@never_cache
@require_safe
def delivery(request: HttpRequest, application_id: int, webhook_id: int, delivery_id: int) -> HttpResponse:
    row = own(request, application_id)
    with world_of(row) as world:
        found = world.find(webhook_id)
        message = selectors.message(found, delivery_id)
    if message is None:
        raise Http404
    page = {"application": row, "webhook": found, "message": message, "may_have": may_have(row)}
    return render(request, "openapi/delivery.html", page)


@never_cache
@require_POST
def again(request: HttpRequest, application_id: int, webhook_id: int, delivery_id: int) -> HttpResponse:
    row = writable(request, application_id)
    with world_of(row) as world:
        found = world.find(webhook_id)
        message = selectors.message(found, delivery_id)
        if message is None:
            raise Http404
        subscriptions.send_again(found, message.row.message_id)
    messages.success(request, _("It is on its way."))
    return redirect(reverse("openapi:webhook_delivery", args=[row.pk, webhook_id, delivery_id]))


@never_cache
@require_POST
def test(request: HttpRequest, application_id: int, webhook_id: int) -> HttpResponse:
    row = writable(request, application_id)
    with world_of(row) as world:
        made = subscriptions.test(world.find(webhook_id))
    messages.success(request, _("A test is on its way."))
    return redirect(reverse("openapi:webhook_delivery", args=[row.pk, webhook_id, made.pk]))


@never_cache
@require_http_methods(["GET", "POST"])
def replay(request: HttpRequest, application_id: int, webhook_id: int) -> HttpResponse:
    row = writable(request, application_id)
    form, count = ReplayForm(request.POST or None), None
    with world_of(row) as world:
        found = world.find(webhook_id)
        if form.is_bound and form.is_valid():
            try:
                count = subscriptions.replay(found, form.begin())
            except DomainError as error:
                add_error(form, error)
    back_url = url_of(row, webhook_id)
    if count is not None:
        text = ngettext("%(count)d message is sent again.", "%(count)d messages are sent again.", count)
        messages.success(request, text % {"count": count})
        return redirect(back_url)
    page = {
        "form": form,
        "title": _("Send again from a date"),
        "lead": _("Everything since that day that passes the filters, also what was missed while the webhook was off."),
        "back_url": back_url,
        "button": _("Send again"),
    }
    return render(request, "openapi/application_form.html", page, status=422 if form.errors else 200)
