"""Requests of programs go straight to their view: no session, no form tokens, no pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation.trans_real import parse_accept_lang_header

from openapi.errors import problem_response
from openapi.open311.errors import no_such_address

PATH, OPEN311 = "/api/", "/open311/"
CORRELATION = "X-Correlation-ID"
REQUEST = "X-Request-ID"


class ApiMiddleware:
    """Everything below /api/ and /open311/ answers programs, whatever happens, and names the request it answers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith((PATH, OPEN311)):
            return self.get_response(request)
        with translation.override(language_of(request)):
            response = self._answer(request)
            response.headers.setdefault("Content-Language", translation.get_language() or "kk")
        response.headers.setdefault("Cache-Control", "no-store, private")
        response.headers["Vary"] = "Accept, Accept-Language, Authorization, X-API-Key"
        if request.headers.get(CORRELATION):  # what the log knows the request by: the caller's own word, if it is one
            response.headers[CORRELATION] = str(structlog.contextvars.get_contextvars().get("correlation_id", ""))
        return response

    def _answer(self, request: HttpRequest) -> HttpResponse:
        try:
            match = resolve(request.path_info)
        except Resolver404:
            if request.path_info.startswith(OPEN311):
                return no_such_address(request)
            return problem_response(request, 404, "no_such_address", _("There is nothing at this address."))
        request.resolver_match = match
        response = cast(HttpResponse, match.func(request, *match.args, **match.kwargs))
        if hasattr(response, "render"):
            response.render()
        return response


def language_of(request: HttpRequest) -> str:
    """The best of the languages the caller names in `Accept-Language`; Kazakh when it names none of them."""
    known = {code for code, _name in settings.LANGUAGES}
    for tag, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", "").lower()[:500]):
        if (code := tag.split("-")[0]) in known:
            return code
    return settings.LANGUAGE_CODE
