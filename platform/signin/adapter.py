"""How sign-in behaves here: its steps and limits, where people land, in which language, and how its mail goes out."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.internal.stagekit import clear_login
from allauth.core import context as allauth_context
from allauth.core.exceptions import ImmediateHttpResponse
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, get_random_string
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import is_staff_member
from common import cookies
from common.limits import client_address, network_of
from notifications import delivery
from notifications.models import Notification
from signin import known_browsers, limits, logins, second_factor, trusted_devices
from signin.limits import Counted, TooManyTries

BEGUN_WITH = "signin_begun_with"  # in the session


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is untyped
    """Everybody signs in with two factors; residents land at their appeals, members of staff at their work."""

    def get_login_stages(self) -> list[str]:
        """Contacts are confirmed by the code of the sign-in or of the registration, so allauth's stages for that go."""
        return ["signin.stages.SecondFactorStage", "signin.stages.AppOrPasskeyStage"]

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Count the try, then compare; a right one is given back. Unknown logins count just so."""
        typed = str(credentials.get("username") or credentials.get("email") or credentials.get("phone") or "")
        counted = _counted(request, typed)
        try:
            limits.take(counted)
        except TooManyTries as error:
            raise forms.ValidationError(str(error), code=error.code) from error
        AuthenticationBackend.unstash_authenticated_user()
        found = authenticate(request, **credentials)
        closed = AuthenticationBackend.unstash_authenticated_user()
        user = found or closed
        if isinstance(user, User):
            limits.give_back(counted)
            return user
        limits.note_pressure()
        self.authentication_failed(request, **credentials)
        return None

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponseBase | None:
        """Note with which password the sign-in begins, for it may be changed before the second factor is shown."""
        request.session[BEGUN_WITH] = user.get_session_auth_hash()
        response: HttpResponseBase | None = super().pre_login(request, user, **kwargs)
        return response

    def login(self, request: HttpRequest, user: User) -> None:
        """All steps are done. What began with a password that is no longer the account's opens nothing."""
        begun_with = request.session.pop(BEGUN_WITH, "")
        if not constant_time_compare(begun_with, user.get_session_auth_hash()):
            clear_login(request)
            messages.error(request, _("The password was changed meanwhile. Sign in with the new one."))
            raise ImmediateHttpResponse(HttpResponseRedirect(reverse(settings.LOGIN_URL)))
        super().login(request, user)

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponseBase:
        """Remember the browser and trust it if wanted; the account's language becomes that of the pages."""
        response: HttpResponseBase = super().post_login(request, user, **kwargs)
        known_browsers.remember(request, response, user)
        is_proven = second_factor.was_shown(request, user)  # else trust would prolong itself without a code
        if request.POST.get("trust") and is_proven and not second_factor.needs_second_factor_always(user):
            trusted_devices.trust(request, response, user)
        if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            cookies.write(response, settings.LANGUAGE_COOKIE_NAME, user.language, max_age=settings.LANGUAGE_COOKIE_AGE)
        return response

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return _home_of(request)

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        return _home_of(request)

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """By the hub's own deliveries: no request waits for a mail server, so no clock tells whose address exists.

        The texts may hold a link that opens an account, so they are forgotten when they have gone.
        """
        request = allauth_context.request
        values = {"request": request, "email": email} | context
        user = context.get("user")
        delivery.queue(
            delivery.Draft(
                dedupe_key=f"{template_prefix}:{get_random_string(32)}"[-120:],
                transport=Notification.Transport.EMAIL,
                address=email,
                template=template_prefix.rpartition("/")[2],
                subject=" ".join(render_to_string(f"{template_prefix}_subject.txt", values).split()),
                body=render_to_string(f"{template_prefix}_message.txt", values, request).strip(),
                language=request.LANGUAGE_CODE,
                subject_ref=f"user:{user.pk}" if isinstance(user, User) else "",
                user=user if isinstance(user, User) else None,
                is_secret=True,
                good_until=timezone.now() + limits.DAY,
            )
        )

    def get_phone(self, user: User) -> tuple[str, bool] | None:
        return (user.phone, user.phone_confirmed_at is not None) if user.phone else None

    def set_phone(self, user: User, phone: str, verified: bool) -> None:
        user.phone = phone
        user.phone_confirmed_at = timezone.now() if verified else None
        user.save(update_fields=["phone", "phone_confirmed_at"])

    def set_phone_verified(self, user: User, phone: str) -> None:
        self.set_phone(user, phone, True)

    def get_user_by_phone(self, phone: str) -> User | None:
        return logins.account_with_contact("sms", phone)


def _counted(request: HttpRequest, typed: str) -> list[Counted]:
    """Which counts a try adds to: that of this browser if it knows the account, else those of strangers."""
    browser = known_browsers.name_for_login(request, typed)
    if browser is not None:
        return [(limits.DEVICE, browser), (limits.DEVICE_DAILY, browser)]
    login, network = limits.as_login(typed), network_of(request)
    return [(limits.LOGIN, login), (limits.LOGIN_DAILY, login), (limits.NETWORK, network)]


def _home_of(request: HttpRequest) -> str:
    name = settings.STAFF_HOME if is_staff_member(request.user) else settings.RESIDENT_HOME
    return reverse(name)
