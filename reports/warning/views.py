"""The pages of early warning for analysts and heads: the list, the card of one, its states, the subscription."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from accounts.permissions import has_right
from accounts.rights import Action
from common.errors import Conflict, NotFound, ValidationFailed
from reports.models import EarlyWarning, WarningEvent, WarningSubscription
from reports.warning import access, notices, range_chart, selectors, states, titles
from reports.warning.forms import FilterForm, StateForm, SubscribeForm
from reports.warning.thresholds import thresholds

State, E = EarlyWarning.State, WarningEvent.Kind
TONES = {State.NEW: "warn", State.WATCHED: "info", State.EXPLAINED: "good", State.CLOSED: "calm"}
ICONS = {E.RAISED: "alert", E.GREW: "up", E.STATE: "edit", E.UNDONE: "undo", E.ENDED: "check"}


@never_cache
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    form = FilterForm(request.GET or None)
    wanted = form.wanted() if request.GET else selectors.Wanted()
    found = selectors.page(user, wanted, after=request.GET.get("after", ""))
    subscription = WarningSubscription.objects.filter(user=user).first()
    kept = request.GET.copy()
    kept.pop("after", None)
    kept["after"] = found.after
    context = {
        "page": found,
        "tones": TONES,
        "form": form if request.GET else FilterForm(),
        "count": sum(bool(kept.get(name)) for name in ("kind", "area", "sector")),
        "next_url": f"?{kept.urlencode()}" if found.after else "",
        "subscription": subscription,
        "subscribe_form": SubscribeForm(area_id=subscription.area_id if subscription else 0),
        "quiet_days": thresholds().quiet_days,
        "may_configure": has_right(user, Action.CONFIGURE),
    }
    return render(request, "reports/warning/list.html", context)


@never_cache
@require_safe
def card(request: HttpRequest, warning_id: int) -> HttpResponse:
    row = _found(request, warning_id)
    return _card(request, row, StateForm(row=row))


@never_cache
@require_http_methods(["POST"])
def change_state(request: HttpRequest, warning_id: int) -> HttpResponse:
    row = _found(request, warning_id)
    form = StateForm(request.POST, row=row)
    if not form.is_valid():
        return _card(request, row, form, status=422)
    said = form.cleaned_data
    try:
        states.change_state(
            warning_id, to=said["to"], reason=said["reason"], version=said["version"], actor=cast(User, request.user)
        )
    except ValidationFailed as error:
        form.add_error(error.field, str(error))
        return _card(request, row, form, status=422)
    except Conflict as error:
        # With the state as it is now, so that what was typed can be sent once more.
        row = _found(request, warning_id)
        form = StateForm(_with_version(request.POST, row.version), row=row)
        form.add_error(None, str(error))
        return _card(request, row, form, status=409)
    messages.success(request, _("Done. You can take it back on this page while nothing else has happened."))
    return redirect("reports:warning", warning_id)


@never_cache
@require_POST
def undo(request: HttpRequest, warning_id: int) -> HttpResponse:
    _found(request, warning_id)
    version = request.POST.get("version", "")
    try:
        states.undo(warning_id, version=int(version) if version.isdecimal() else -1, actor=cast(User, request.user))
    except Conflict as error:
        messages.error(request, str(error))
    except NotFound:
        raise Http404 from None
    else:
        messages.success(request, _("Taken back."))
    return redirect("reports:warning", warning_id)


@never_cache
@require_POST
def subscribe(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    if request.POST.get("action") == "stop":
        notices.unsubscribe(user)
        messages.success(request, _("You are not told of new warnings any more."))
    else:
        notices.subscribe(user, area_id=SubscribeForm(request.POST).area_id())
        messages.success(request, _("You are told of new warnings in the inbox, and by e-mail if you chose so."))
    return redirect("reports:warnings")


def _found(request: HttpRequest, warning_id: int) -> EarlyWarning:
    row = access.visible(cast(User, request.user)).filter(pk=warning_id).first()
    if row is None:
        raise Http404
    return row


def _with_version(data: QueryDict, version: int) -> QueryDict:
    copy = data.copy()
    copy["version"] = str(version)
    return copy


def _card(request: HttpRequest, row: EarlyWarning, form: StateForm, status: int = 200) -> HttpResponse:
    user, today = cast(User, request.user), timezone.localdate()
    days = selectors.chart(row, today)
    context: dict[str, Any] = {
        "row": row,
        "title": selectors.titles_for([row], user)[row.pk],
        "where": titles.where(row),
        "numbers": titles.in_numbers(row),
        "tone": TONES[State(row.state)],
        "form": form,
        "chart": range_chart.drawn(days, row),
        "areas": selectors.areas_grown(row, today),
        "examples": selectors.examples(row, user),
        "items": [_item(event) for event in row.events.select_related("actor")],
        "undoable": states.undoable(row, user),
    }
    return render(request, "reports/warning/card.html", context, status=status)


def _item(event: WarningEvent) -> dict[str, Any]:
    title = str(event.get_kind_display())
    if event.kind in (E.STATE, E.UNDONE):
        title = f"{event.get_before_display()} → {event.get_after_display()}"
    return {
        "title": title,
        "at": event.at,
        "actor": str(event.actor) if event.actor else "",
        "text": event.reason or (_("Observed: %(count)s") % {"count": event.observed} if event.observed else ""),
        "icon": ICONS[E(event.kind)],
    }
