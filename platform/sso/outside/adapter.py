"""Who may come in through an outside provider: nobody whose account was not linked before."""

from __future__ import annotations

from typing import Any

import requests
from allauth.account.internal.flows.login import record_authentication
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin
from django.http import HttpRequest
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import is_staff_member
from signin import reauthentication, second_factor
from sso import records
from sso.models import OutsideProvider
from sso.outside import calls
from sso.outside.exchange import STRONG

LOGIN, CONNECT = "login", "connect"
SCOPES = ["openid", "email"]


class OutsideAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth is untyped
    """No account is opened from outside, and none is found by an e-mail address."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """From our own rows, whose secrets are encrypted; allauth's table stays empty."""
        rows = OutsideProvider.objects.filter(switched_off_at=None)
        if provider and provider != "outside":
            rows = rows.filter(slug=provider)
        return [app_of(row) for row in rows if client_id in (None, row.client_id)]

    def get_requests_session(self) -> requests.Session:
        return calls.session()

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """The token is proved; now whether it opens anything here."""
        slug, known = sociallogin.account.provider, sociallogin.user if sociallogin.is_existing else None
        if sociallogin.state.get("process") == CONNECT:
            if not (is_staff_member(request.user) and reauthentication.is_fresh(request)):
                raise refused(request, slug, "not_confirmed", _("Confirm that it is you, and link the account again."))
            return
        if known is None:
            text = _("This account is not linked with yours here. Sign in with your password and link it first.")
            raise refused(request, slug, "not_linked", text)
        if not is_staff_member(known):
            raise refused(request, slug, "no_staff", _("This way in is for members of the staff."), user=known)

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        records.outside_refused(provider.app.provider_id, str(exception or error)[:200])

    def serialize_instance(self, instance: Any) -> dict[str, Any]:
        """While the second factor is asked for, the session keeps which account it is, and nothing of its data."""
        if isinstance(instance, User):
            return {"pk": instance.pk}
        found: dict[str, Any] = super().serialize_instance(instance)
        return found

    def deserialize_instance(self, model: Any, data: dict[str, Any]) -> Any:
        if model is User:
            return User.objects.get(pk=data["pk"])
        return super().deserialize_instance(model, data)

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: SocialAccount) -> str:
        return reverse("sso:connected")


def refused(
    request: HttpRequest, slug: str, reason: str, text: Promise, *, user: User | None = None
) -> ImmediateHttpResponse:
    records.outside_refused(slug, reason, user=user)
    return ImmediateHttpResponse(render(request, "sso/outside_refused.html", {"reason": text}, status=403))


def app_of(row: OutsideProvider) -> SocialApp:
    """Allauth's row for ours, never saved."""
    return SocialApp(
        provider="outside",
        provider_id=row.slug,
        name=row.name,
        client_id=row.client_id,
        secret=row.secret,
        settings={
            "server_url": row.issuer.rstrip("/"),
            "issuer": row.issuer,
            "scope": SCOPES if row.email_domains else SCOPES[:1],
            "oauth_pkce_enabled": True,
            "identifier_claim": row.identifier_claim,
            "email_domains": [domain.lower() for domain in row.email_domains],
            "strong_methods": row.strong_methods,
            "strong_levels": row.strong_levels,
        },
    )


def note_strength(sender: type[User], request: HttpRequest, user: User, method: str, **details: Any) -> None:
    """Right after the sign-in from outside is noted, note the second factor that the provider vouches for."""
    if method == "socialaccount" and getattr(request, STRONG, False):
        record_authentication(request, user, method=second_factor.PROVIDER, provider=details.get("provider"))
