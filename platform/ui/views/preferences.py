"""Language, theme, text size and contrast: one form in the header, one page with all choices; no JavaScript needed."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from common import cookies
from ui import preferences as choices

THEME_NAMES = [("auto", _("As on my device")), ("light", _("Light colours")), ("dark", _("Dark colours"))]
TEXT_NAMES = [("normal", _("Normal")), ("large", _("Large")), ("larger", _("Very large"))]
CONTRAST_NAMES = [("normal", _("Normal")), ("high", _("High"))]


@csrf_exempt  # it changes nothing but how pages look here, and must work when everything else has expired
@require_http_methods(["GET", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    look = choices.read_look(cookies.read(request, choices.COOKIE))
    if request.method != "POST":
        groups = [
            ("theme", _("Colours"), THEME_NAMES, look.theme),
            ("text", _("Font size"), TEXT_NAMES, look.text),
            ("contrast", _("Contrast"), CONTRAST_NAMES, look.contrast),
        ]
        return render(request, "ui/preferences.html", {"groups": groups})
    response = HttpResponseRedirect(_back(request))
    language = request.POST.get("language", "")
    if language in dict(settings.LANGUAGES):
        cookies.write(response, settings.LANGUAGE_COOKIE_NAME, language, max_age=choices.COOKIE_AGE)
    changed = choices.change_look(look, request.POST.dict())
    if changed != look:
        cookies.write(response, choices.COOKIE, choices.write_look(changed), max_age=choices.COOKIE_AGE)
    return response


def _back(request: HttpRequest) -> str:
    """Only to a page of this site: the address comes from the form."""
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe else reverse("ui:preferences")
