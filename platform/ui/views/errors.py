"""Pages for what went wrong; each says what to do next and works when the rest of the site does not."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.shortcuts import render
from django.template import loader
from django.utils.translation import get_language

TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)
# Never shown again on a page, not even to the one who typed it.
SECRET_WORDS = ("password", "passwd", "secret", "csrfmiddlewaretoken")
RESEND_LIMIT = 100_000


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, TOO_MUCH):
        return render(request, "413.html", status=413)
    return render(request, "400.html", status=400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", status=403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Without session, database and context processors: one of them may be what failed."""
    page = loader.get_template("500.html").render({"LANGUAGE_CODE": get_language() or "kk"})
    return HttpResponse(page, status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that expired is offered once more with everything typed; one sent by another site is refused."""
    if not _sent_by_this_site(request):
        return HttpResponseForbidden(loader.render_to_string("403_csrf.html", {}, request))
    typed = _typed(request)
    context = {
        "action": request.get_full_path(),
        "typed": typed,
        "texts": [(name, value) for name, value in typed if len(value) > 40],
        "has_files": bool(request.FILES),
        "has_secrets": any(_is_secret(name) for name in request.POST if name != "csrfmiddlewaretoken"),
    }
    return render(request, "403_csrf.html", context, status=403)


def _sent_by_this_site(request: HttpRequest) -> bool:
    """Browsers name the sender of a POST; without a name nothing is offered again."""
    origin = request.headers.get("Origin") or request.headers.get("Referer", "")
    return bool(origin) and urlsplit(origin).netloc == request.get_host()


def _is_secret(name: str) -> bool:
    return any(word in name.lower() for word in SECRET_WORDS)


def _typed(request: HttpRequest) -> list[tuple[str, str]]:
    typed = [(name, value) for name, values in request.POST.lists() if not _is_secret(name) for value in values]
    return typed if sum(len(value) for _, value in typed) <= RESEND_LIMIT else []
