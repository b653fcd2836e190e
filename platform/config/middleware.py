"""Middleware of the whole site: language, security headers, what a browser may keep."""

from collections.abc import Callable
from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, HttpResponseNotAllowed
from django.urls import Resolver404, resolve
from django.utils import translation

from common.limits import waits

# Filing needs the place and a photo; nothing else of the device is any of our business.
PERMISSIONS_POLICY = (
    "camera=(self), geolocation=(self), publickey-credentials-get=(self), publickey-credentials-create=(self), "
    "microphone=(), payment=(), usb=(), serial=(), bluetooth=(), midi=(), display-capture=(), browsing-topics=()"
)
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")

HOOKS = "/hooks/"
METRICS = "/metrics"
# Asked by programs, which would follow a redirect and never learn that they sent a secret in the clear.
PROGRAMS = (HOOKS, "/identity/o/api/", "/api/", "/open311/")

GetResponse = Callable[[HttpRequest], HttpResponse]


class HeadersMiddleware:
    """Add the headers that neither Django nor django-csp knows."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if response.status_code == 429:
            response.headers.setdefault("Retry-After", str(waits.get() or 60))
        waits.set(0)
        response.headers.setdefault("Reporting-Endpoints", f'csp="{settings.CSP_REPORTS}"')
        return response


class MethodsMiddleware:
    """Refuse what nothing here answers (TRACE and its kin) before anything looks at it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request) if request.method in METHODS else HttpResponseNotAllowed(METHODS)


class PersonalPagesMiddleware:
    """What a signed-in person sees is kept by no cache; when he signs out, the browser forgets what it has kept."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # Only if something asked who it is: a page that did not cannot be personal, and asking costs a query.
        user = getattr(request, "_cached_user", None)
        if (user is not None and user.is_authenticated) or self._is_posted(request):
            response.headers.setdefault("Cache-Control", "no-store, private")
        if self._signs_out(request, response):
            response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response

    @staticmethod
    def _is_posted(request: HttpRequest) -> bool:
        """The answer to a form may repeat what was typed."""
        return request.method == "POST"

    @staticmethod
    def _signs_out(request: HttpRequest, response: HttpResponse) -> bool:
        match = request.resolver_match
        return bool(match and match.url_name == "account_logout" and response.status_code == 302)


class ProgramsMiddleware:
    """Only people who typed an address are led from HTTP to HTTPS; programs are refused."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        in_the_clear = settings.SECURE_SSL_REDIRECT and not request.is_secure()
        if in_the_clear and request.path_info.startswith(PROGRAMS):
            return HttpResponseForbidden("Use HTTPS.", content_type="text/plain; charset=utf-8")
        return self.get_response(request)


class HooksMiddleware:
    """What channels push goes straight to its view: it has a signature of its own and neither session nor language.
    So does what Prometheus asks, which calls each process by an address that is no name of the site.

    The rest of the chain would cost more than storing the payload does.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(HOOKS) and request.path_info != METRICS:
            return self.get_response(request)
        try:
            request.resolver_match = match = resolve(request.path_info)
        except Resolver404:
            return self.get_response(request)
        response = cast(HttpResponse, match.func(request, *match.args, **match.kwargs))
        response.headers.setdefault("Content-Length", str(len(response.content)))
        return response


class LanguageMiddleware:
    """Kazakh first: only the visitor's own switch (a cookie) changes the language, not what the browser sends."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.known = {code for code, _ in settings.LANGUAGES}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in self.known else settings.LANGUAGE_CODE
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response
