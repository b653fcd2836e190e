"""What every template may use: the visitor's look, the languages, the navigation; computed only when shown."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from common import cookies
from ui import navigation
from ui.preferences import COOKIE, read_look

LANGUAGE_NAMES = {"kk": ("Қаз", "Қазақша"), "ru": ("Рус", "Русский"), "en": ("Eng", "English")}


def site(request: HttpRequest) -> dict[str, Any]:
    return {
        "look": read_look(cookies.read(request, COOKIE)),
        "ui_languages": [(code, *LANGUAGE_NAMES[code]) for code, _ in settings.LANGUAGES],
        "nav_public": SimpleLazyObject(lambda: _links(request, navigation.PUBLIC)),
        "nav_work": SimpleLazyObject(lambda: _links(request, navigation.WORK)),
    }


def _links(request: HttpRequest, section: str) -> list[navigation.NavLink]:
    """None on the page of a request that was refused before anybody asked who it is."""
    return navigation.links(request, section) if hasattr(request, "user") else []
