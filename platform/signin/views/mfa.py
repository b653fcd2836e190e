"""allauth's pages of second factors where this hub does more: spent codes, last factors, codes that are shown once."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal import flows
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView, RemoveWebAuthnView
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.models import User
from signin import factors, recovery_codes, totp_codes
from signin.reauthentication import fresh_proof_required
from signin.views.visitor import get_user

SHEET_LANGUAGES = ("kk", "ru", "en")


class ConfirmedFirst:
    """Whoever opened an account with a stranger's address adds no factor to it."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if isinstance(request.user, User) and not factors.has_confirmed_contact(request.user):
            messages.error(request, _("Confirm your e-mail address or phone first."))
            return redirect("signin:security")
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]  # of the view
        return response


@method_decorator([login_required, never_cache], name="dispatch")
class AddApp(ConfirmedFirst, ActivateTOTPView):  # type: ignore[misc]  # allauth is untyped
    """Adds an app; the first code is spent with it."""

    success_url = reverse_lazy("signin:security")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found: dict[str, Any] = super().get_context_data(**kwargs)
        secret: str = found["form"].secret
        found["secret_groups"] = [secret[start : start + 4] for start in range(0, len(secret), 4)]
        return found

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        row = Authenticator.objects.get(user=self.request.user, type=Authenticator.Type.TOTP)
        totp_codes.remember(row, form.step)
        return response

    def get_success_url(self) -> str:
        return str(reverse_lazy("mfa_view_recovery_codes" if self.did_generate_recovery_codes else "signin:security"))


@method_decorator([login_required, never_cache], name="dispatch")
class AddPasskey(ConfirmedFirst, AddWebAuthnView):  # type: ignore[misc]  # allauth is untyped
    """Adds a passkey."""

    def get_success_url(self) -> str:
        return str(reverse_lazy("mfa_view_recovery_codes" if self.did_generate_recovery_codes else "mfa_list_webauthn"))


@method_decorator(login_required, name="dispatch")
class RemovePasskey(RemoveWebAuthnView):  # type: ignore[misc]  # allauth is untyped
    """Removes a passkey, but never the last second step of a member of staff."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        row = get_object_or_404(Authenticator, pk=kwargs["pk"], user=request.user, type=Authenticator.Type.WEBAUTHN)
        if not factors.may_remove(row):
            messages.error(request, _("This is your last second step, and your work needs one. Add another first."))
            return redirect("mfa_list_webauthn")
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response


# Recovery codes


@login_required
@never_cache
@fresh_proof_required
def make_recovery_codes(request: HttpRequest) -> HttpResponse:
    """Ask, then make ten new ones; the old ones are void from that moment."""
    user = get_user(request)
    if not factors.has_confirmed_contact(user):
        messages.error(request, _("Confirm your e-mail address or phone first."))
        return redirect("signin:security")
    if request.method == "POST":
        flows.generate_recovery_codes(request)
        return redirect("mfa_view_recovery_codes")
    return render(request, "mfa/recovery_codes/generate.html", {"left": recovery_codes.count_left(user)})


def _shown(request: HttpRequest) -> list[str] | None:
    row = get_object_or_404(Authenticator, user=get_user(request), type=Authenticator.Type.RECOVERY_CODES)
    return recovery_codes.shown_codes(request.session, row)


@login_required
@never_cache
@fresh_proof_required
@require_GET
def recovery_codes_page(request: HttpRequest) -> HttpResponse:
    """The codes while they may be seen; afterwards how many are left."""
    if recovery_codes.row_of(get_user(request)) is None:
        return redirect("mfa_generate_recovery_codes")
    context = {"codes": _shown(request), "left": recovery_codes.count_left(get_user(request))}
    return render(request, "mfa/recovery_codes/index.html", context)


@login_required
@never_cache
@fresh_proof_required
@require_GET
def recovery_codes_sheet(request: HttpRequest) -> HttpResponse:
    """A sheet to print and put away, in all three languages."""
    codes = _shown(request)
    if codes is None:
        return redirect("mfa_view_recovery_codes")
    context = {"codes": codes, "languages": SHEET_LANGUAGES, "made": timezone.localdate()}
    return render(request, "mfa/recovery_codes/sheet.html", context)


@login_required
@never_cache
@fresh_proof_required
@require_GET
def recovery_codes_file(request: HttpRequest) -> HttpResponse:
    """The same as a small text file."""
    codes = _shown(request)
    if codes is None:
        return redirect("mfa_view_recovery_codes")
    context = {"codes": codes, "languages": SHEET_LANGUAGES, "made": timezone.localdate()}
    response = render(request, "mfa/recovery_codes/download.txt", context, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="halyq-uni-codes.txt"'
    return response


def index(request: HttpRequest) -> HttpResponseRedirect:
    """allauth's overview is a part of the page of sign-in security."""
    return redirect("signin:security")
