"""To an outside provider and back."""

from __future__ import annotations

from typing import Any

from allauth.core.exceptions import ReauthenticationRequired
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from requests import RequestException

from accounts.permissions import is_staff_member
from common.errors import NotAllowed
from signin import reauthentication
from sso.outside.adapter import CONNECT, LOGIN
from sso.outside.exchange import OutsideExchange
from sso.provider import handover


@never_cache
@require_POST
def login(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """By a form of ours only, so that no other site starts a sign-in or a link."""
    process = request.POST.get("process", LOGIN)
    provider = _provider(request, provider_id)
    if process not in (LOGIN, CONNECT):
        raise Http404
    if process == CONNECT:
        if not is_staff_member(request.user):
            raise NotAllowed
        if not reauthentication.is_fresh(request):
            raise ReauthenticationRequired
    try:
        response: HttpResponseBase = provider.redirect_from_request(request)
    except (RequestException, OAuth2Error, KeyError, ValueError) as error:
        return _failed(request, provider, error)
    return handover.lead_to(request, response["Location"], name=str(provider)) if "Location" in response else response


@never_cache
@require_GET
def callback(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    provider = _provider(request, provider_id)
    issuer = request.GET.get("iss")
    if issuer is not None and issuer != provider.app.settings["issuer"]:
        return _failed(request, provider, OAuth2Error("the answer is of another provider"))
    exchange = OutsideExchange(request, provider_id)
    try:
        response: HttpResponseBase = OutsideCallback.adapter_view(exchange)(request)
    except (KeyError, ValueError, TypeError) as error:
        # What a provider sends may be anything; allauth expects well-formed answers.
        return _failed(request, provider, error)
    return response


class OutsideCallback(OAuth2CallbackView):  # type: ignore[misc]  # allauth is untyped
    """Hands the nonce of the sign-in that began here to the one who checks the token."""

    def _get_state(self, request: HttpRequest, provider: Any) -> Any:
        state, response = super()._get_state(request, provider)
        self.adapter.expected_nonce = (state or {}).get("nonce", "")
        return state, response


def _provider(request: HttpRequest, provider_id: str) -> Any:
    try:
        return get_adapter(request).get_provider(request, provider_id)
    except SocialApp.DoesNotExist:
        raise Http404 from None


def _failed(request: HttpRequest, provider: Any, error: Exception) -> HttpResponse:
    response: HttpResponse = render_authentication_error(request, provider, exception=error)
    return response
