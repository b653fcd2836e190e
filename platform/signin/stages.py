"""The steps of a sign-in after the password: a code by SMS or e-mail, or what allauth asks for itself."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.stages import LoginStage
from allauth.mfa.stages import AuthenticateStage
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from accounts.models import User
from common.errors import DomainError
from signin import second_factor, trusted_devices

Answer = tuple[HttpResponse | None, bool]


class SecondFactorStage(LoginStage):  # type: ignore[misc]  # allauth is untyped
    """A one-time code for everybody who has neither an app nor a passkey and does not come from a trusted device."""

    key = "second_factor"
    urlname = "signin:second_factor"

    @property
    def nonce(self) -> str:
        kept: str = self.state.setdefault("nonce", second_factor.new_nonce())
        return kept

    def handle(self) -> Answer:
        user = self.login.user
        if not isinstance(user, User):
            return None, False
        if second_factor.passed(self.request, user) or is_trusted(self.request, user):
            return None, True
        if second_factor.has_authenticator(user):
            return None, True  # the next stage asks
        self._send_first(user)
        return HttpResponseRedirect(reverse(self.urlname)), True

    def _send_first(self, user: User) -> None:
        """What hinders the sending is told by the page, which has the other ways too."""
        try:
            second_factor.send_code(self.request, user, self.nonce)
        except DomainError as error:
            self.state["hindrance"] = str(error)


class AppOrPasskeyStage(AuthenticateStage):  # type: ignore[misc]  # allauth is untyped
    """Allauth's stage for the code of an app, a passkey or a recovery code; our trusted devices pass it too."""

    def _should_handle(self, request: HttpRequest) -> bool:
        user = self.login.user
        if not isinstance(user, User) or not second_factor.has_authenticator(user):
            return False
        return not (second_factor.passed(request, user) or is_trusted(request, user))


def is_trusted(request: HttpRequest, user: User) -> bool:
    """Let a trusted device of a resident pass, and note in the session that it was one."""
    if second_factor.needs_second_factor_always(user):
        return False
    device = trusted_devices.device_of(request, user)
    if device is None:
        return False
    trusted_devices.use(request, device)
    record_authentication(request, user, method=second_factor.TRUSTED, device=device.pk)
    return True


def handled_state() -> dict[str, Any]:
    """The state of a sign-in whose code was entered before it began: a registration."""
    return {"stages": {SecondFactorStage.key: {"handled": True}}}
