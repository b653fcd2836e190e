"""No session acts for an account before it has seen two factors of it, by whatever path it was opened."""

from __future__ import annotations

from collections.abc import Callable

from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

from accounts.models import User
from signin import reauthentication, second_factor

# A system that asks silently whether somebody is signed in must get an answer and no page: the view looks itself.
LET_THROUGH = ("/identity/o/authorize", "/accounts/logout/", "/i18n/", "/livez", "/readyz", "/static/")


class SecondFactorMiddleware:
    """Leads a session that has one factor through the second one: an old session, a role given to a resident, ..."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME in request.COOKIES and not request.path_info.startswith(LET_THROUGH):
            user = request.user
            if isinstance(user, User) and not second_factor.passed(request, user):
                return self._lead_through(request, user)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A fresh proof is wanted of who cannot be asked for one; allauth would lead him round in a circle."""
        if not isinstance(exception, ReauthenticationRequired) or not isinstance(request.user, User):
            return None
        return None if reauthentication.has_way(request.user) else reauthentication.sign_in_anew(request)

    @staticmethod
    def _lead_through(request: HttpRequest, user: User) -> HttpResponse:
        """The session ends; a pending sign-in of the same person takes its place and brings him back."""
        back = request.get_full_path() if request.method == "GET" else None
        logout(request)
        response: HttpResponse = perform_login(request, Login(user=user, redirect_url=back))
        return response
