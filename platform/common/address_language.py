"""Files whose address says their language: who follows a link in an article has not chosen one here."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation

LANGUAGE = "lang"

View = Callable[..., HttpResponseBase]


def in_language_of_address(view: View) -> View:
    """Without such a part, or with one that is not known, the reader's own language holds."""

    @wraps(view)
    def told(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        asked = request.GET.get(LANGUAGE, "")
        if asked not in dict(settings.LANGUAGES):
            return view(request, *args, **kwargs)
        with translation.override(asked):
            response = view(request, *args, **kwargs)
        response.headers["Content-Language"] = asked
        return response

    return told


def with_language(address: str) -> str:
    """The address of a file as the reader sees it now."""
    joint = "&" if "?" in address else "?"
    return f"{address}{joint}{urlencode({LANGUAGE: translation.get_language() or settings.LANGUAGE_CODE})}"
