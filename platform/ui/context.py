"""What every template may use: the visitor's look, the languages, the navigation; computed only when shown."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from ui import navigation
from ui.preferences import COOKIE, read_look

LANGUAGE_NAMES = {"kk": ("Қаз", "Қазақша"), "ru": ("Рус", "Русский"), "en": ("Eng", "English")}


def site(request: HttpRequest) -> dict[str, Any]:
    return {
        "look": read_look(request.COOKIES.get(COOKIE, "")),
        "ui_languages": [(code, *LANGUAGE_NAMES[code]) for code, _ in settings.LANGUAGES],
        "nav_public": SimpleLazyObject(lambda: navigation.links(request, navigation.PUBLIC)),
        "nav_work": SimpleLazyObject(lambda: navigation.links(request, navigation.WORK)),
    }
