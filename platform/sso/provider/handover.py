"""Lead the browser to another site, also after a form of ours was sent.

Chromium applies `form-action 'self'` to every redirect that follows a form, so a plain redirect to another site after
signing in or agreeing would be blocked. The policy stays as it is: such answers are a page that leads on by itself.
"""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit, urlunsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from sso.provider.adapter import public_url
from sso.provider.gate import SentBack


def with_parameters(url: str, **parameters: str) -> str:
    """The address with more parameters; those it is registered with stay as they are."""
    parts = urlsplit(url)
    more = urlencode({name: value for name, value in parameters.items() if value})
    return urlunsplit(parts._replace(query="&".join(part for part in (parts.query, more) if part)))


def follows_a_form(request: HttpRequest) -> bool:
    """A redirect chain that began with a form of the hub stays same-origin; one that a system began does not."""
    return request.method == "POST" or request.headers.get("Sec-Fetch-Site") == "same-origin"


def lead_to(request: HttpRequest, url: str, *, name: str = "") -> HttpResponse:
    """To `url`, which must be registered or configured; `name` is what the person reads if he has to press the link."""
    if follows_a_form(request):
        response = render(request, "sso/handover.html", {"url": url, "name": name})
        response.headers["Refresh"] = f"0; url={url}"
    else:
        # Django's own redirect refuses the schemes of apps.
        response = HttpResponse(status=302, headers={"Location": url})
    response.headers["Cache-Control"] = "no-store"
    return response


def tell_system(request: HttpRequest, problem: SentBack, *, name: str = "") -> HttpResponse:
    url = with_parameters(
        problem.redirect_uri,
        error=problem.error,
        error_description=problem.description,
        state=problem.state,
        iss=public_url(),
    )
    return lead_to(request, url, name=name)
