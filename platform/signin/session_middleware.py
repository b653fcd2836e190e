"""Each request of somebody who has signed in: is the session over, is it noted as used, is a new password due."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from signin import known_devices, passwords, sessions

GetResponse = Callable[[HttpRequest], HttpResponse]
ALLOWED_WHILE_DUE = ("account_change_password", "account_logout", "account_reset_password", "account_reauthenticate")


class SessionMiddleware:
    """Stands below messages and above the views; who has no session cookie costs nothing."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or SESSION_KEY not in request.session:
            response = self.get_response(request)
        else:
            response = self._checked(request) or self._followed(request)
        known_devices.set_cookie(request, response)
        return response

    def _followed(self, request: HttpRequest) -> HttpResponse:
        """Whatever gave the session a new id, its row follows."""
        before = request.session.session_key, sessions.row_of(request.session)
        response = self.get_response(request)
        after = request.session.session_key, sessions.row_of(request.session)
        if before[0] != after[0] and before[1] and before[1] == after[1]:
            sessions.follow_key(request.session)
        return response

    def _checked(self, request: HttpRequest) -> HttpResponse | None:
        if not request.user.is_authenticated:  # the password or the account has changed in the meantime
            return None
        if sessions.is_current_over(request.session):
            logout(request)
            messages.info(
                request, _("Your session has ended. Sign in again; what you had typed is kept in this browser.")
            )
            return None
        if not _is_polled(request) and not sessions.touch(request):
            logout(request)
            return None
        if request.session.get(passwords.DUE) and not _may_wait(request):
            messages.warning(request, _("Choose a new password before you go on."))
            return HttpResponseRedirect(reverse("account_change_password"))
        return None


def _is_polled(request: HttpRequest) -> bool:
    """What a page asks for by itself every half minute does not mean that somebody sits before it."""
    return request.path in {reverse(name) for name in settings.POLLED_PAGES}


def _may_wait(request: HttpRequest) -> bool:
    allowed = {reverse(name) for name in ALLOWED_WHILE_DUE}
    return request.path in allowed or request.path.startswith(("/i18n/", "/help/", "/preferences/", "/accounts/2fa/"))
