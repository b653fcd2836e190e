"""The page that asks for the second factor of a pending sign-in, and the ways out when the phone is lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account.internal.decorators import login_stage_required
from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.stagekit import stash_login
from allauth.mfa.base.internal.flows import post_authentication
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from common.errors import DomainError
from signin import contacts, second_factor
from signin.forms import CodeForm, RecoveryCodeForm
from signin.stages import SecondFactorStage

View = Callable[[HttpRequest], HttpResponse]
pending: Callable[[View], View] = login_stage_required(stage=SecondFactorStage.key, redirect_urlname="account_login")


def _stage_of(request: HttpRequest) -> tuple[SecondFactorStage, User]:
    stage: SecondFactorStage = request._login_stage  # type: ignore[attr-defined]  # set by the decorator
    user = stage.login.user
    assert isinstance(user, User)
    return stage, user


@require_http_methods(["GET", "POST"])
@pending
def enter_code(request: HttpRequest) -> HttpResponse:
    stage, user = _stage_of(request)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            accepted = second_factor.try_code(request, user, stage.nonce, form.cleaned_data["code"])
        except DomainError as error:
            form.add_error("code", str(error))
        else:
            record_authentication(request, user, method=second_factor.CODE, medium=accepted.medium)
            return _finish(stage)
    return _page(request, stage, user, form, status=422 if form.errors else 200)


@require_POST
@pending
def send_code(request: HttpRequest) -> HttpResponse:
    """Another code, by the same way or by another one."""
    stage, user = _stage_of(request)
    stage.state.pop("hindrance", None)
    try:
        second_factor.send_code(request, user, stage.nonce, medium=request.POST.get("medium", ""))
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("A new code is on its way."))
    stash_login(request, stage.login)
    return HttpResponseRedirect(reverse("signin:second_factor"))


@require_http_methods(["GET", "POST"])
@pending
def recovery_code(request: HttpRequest) -> HttpResponse:
    stage, user = _stage_of(request)
    form = RecoveryCodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            row = second_factor.try_recovery_code(request, user, form.cleaned_data["code"])
        except DomainError as error:
            form.add_error("code", str(error))
        else:
            row.user = user
            post_authentication(request, row)
            return _finish(stage)
    return render(request, "signin/recovery_code.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
@pending
def lost_phone(request: HttpRequest) -> HttpResponse:
    """What somebody can do who does not get the code: other ways of this account, and the reception desk."""
    _stage, user = _stage_of(request)
    context = {
        "ways": second_factor.ways_of(user),
        "has_recovery_codes": second_factor.has_recovery_codes(user),
    }
    return render(request, "signin/lost_phone.html", context)


@require_POST
@pending
def cancel(request: HttpRequest) -> HttpResponse:
    """Back to the page that asks for the password, as somebody else perhaps."""
    stage, _user = _stage_of(request)
    response: HttpResponse = stage.abort()
    return response


def _finish(stage: SecondFactorStage) -> HttpResponse:
    response: HttpResponse = stage.exit()
    return response


def _page(request: HttpRequest, stage: SecondFactorStage, user: User, form: CodeForm, *, status: int) -> HttpResponse:
    now = timezone.now()
    state = second_factor.state_of(user, stage.nonce)
    if second_factor.needs_second_factor_always(user):
        form.fields.pop("trust")
    context: dict[str, Any] = {
        "form": form,
        "state": state,
        "sent_to": contacts.mask(state.medium, state.address) if state else "",
        "wait": state.resend_wait(now) if state else "",
        "hindrance": "" if state else stage.state.get("hindrance", ""),
        "ways": second_factor.ways_of(user),
        "has_recovery_codes": second_factor.has_recovery_codes(user),
        "shows_demo": settings.DEMO_ALLOWED,
    }
    return render(request, "signin/second_factor.html", context, status=status)
