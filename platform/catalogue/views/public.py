"""The catalogue for everybody: all systems with the picture, one system, and the same as JSON."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from catalogue import data, picture, selectors
from catalogue.models import Certainty, DataFlow, State
from catalogue.selectors import PlatformView


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    state = request.GET.get("state", "")
    found = selectors.platforms()
    counts = {value: sum(view.row.state == value for view in found) for value in State.values}
    everything = _("All")
    chips = [{"label": f"{everything} ({len(found)})", "url": "?", "current": state not in counts}]
    chips += [
        {"label": f"{label} ({counts[value]})", "url": f"?state={value}", "current": value == state}
        for value, label in State.choices
        if counts[value]
    ]
    page = {
        "views": [view for view in found if state not in counts or view.row.state == state],
        "chips": chips,
        "state": state if state in counts else "",
        **_flows(selectors.flows()),
    }
    return render(request, "catalogue/platforms.html", page)


@require_safe
def platform(request: HttpRequest, platform_key: str) -> HttpResponse:
    view = _found(platform_key)
    unverified = sum(fact.certainty == Certainty.UNVERIFIED for fact in view.facts)
    page = {"view": view, "unverified": unverified, **_flows(view.flows)}
    return render(request, "catalogue/platform.html", page)


@require_safe
def as_json(request: HttpRequest) -> JsonResponse:
    """The whole catalogue for whoever has no key of the open API; `?language=` names the language of the texts."""
    wanted = request.GET.get("language", "")
    language = wanted if wanted in dict(settings.LANGUAGES) else get_language()
    with override(language):
        body = {"language": language, "platforms": [data.of_platform(view) for view in selectors.platforms()]}
    response = JsonResponse(body, json_dumps_params={"ensure_ascii": False, "indent": 1})
    patch_vary_headers(response, ("Cookie",))
    return response


def _found(key: str) -> PlatformView:
    view = selectors.platform(key)
    if view is None:
        raise Http404
    return view


def _flows(flows: list[DataFlow]) -> dict[str, Any]:
    return {"flows": list(enumerate(flows, start=1)), "picture": picture.draw(flows) if flows else None}
