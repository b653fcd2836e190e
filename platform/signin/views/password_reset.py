"""The pages of a new password: where the way to it is sent, the code of the SMS, and the new password."""

from __future__ import annotations

import time
from dataclasses import asdict
from typing import Any

from allauth.account.internal.flows.password_reset import perform_password_reset_login
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from common.errors import DomainError
from signin import contacts, password_reset
from signin.code_messages import EMAIL, SMS
from signin.contacts import Contact
from signin.even_time import even_time
from signin.forms import CodeForm, NewPasswordForm, ResetRequestForm
from signin.password_reset import Asked

ASKED, PROVEN = "signin_reset", "signin_reset_proven"  # in the session
PROVEN_SECONDS = 600


@never_cache
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    form = ResetRequestForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        medium, address = form.cleaned_data["contact"]
        try:
            with even_time():
                return HttpResponseRedirect(_asked_for(request, medium, address))
        except DomainError as error:
            form.add_error("contact", str(error))
    return render(request, "account/password_reset.html", {"form": form}, status=422 if form.errors else 200)


def _asked_for(request: HttpRequest, medium: str, address: str) -> str:
    """Where it goes on; the same whether there is an account or not."""
    if medium == EMAIL:
        password_reset.ask_by_email(request, address)
        return reverse("account_reset_password_done")
    request.session[ASKED] = asdict(password_reset.ask_by_phone(request, address))
    return reverse("signin:reset_code")


@never_cache
@require_http_methods(["GET", "POST"])
def enter_code(request: HttpRequest) -> HttpResponse:
    asked = _asked(request)
    if asked is None:
        return HttpResponseRedirect(reverse("signin:password_reset"))
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            user = password_reset.prove(request, asked, form.cleaned_data["code"])
        except DomainError as error:
            form.add_error("code", str(error))
        else:
            request.session.pop(ASKED, None)
            request.session[PROVEN] = {"user": user.pk, "phone": asked.phone, "at": time.time()}
            return HttpResponseRedirect(reverse("signin:new_password"))
    return render(request, "signin/reset_code.html", _context(asked, form), status=422 if form.errors else 200)


@require_POST
def send_code(request: HttpRequest) -> HttpResponse:
    asked = _asked(request)
    if asked is None:
        return HttpResponseRedirect(reverse("signin:password_reset"))
    try:
        with even_time():
            password_reset.send_code(request, asked)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("A new code is on its way."))
    return HttpResponseRedirect(reverse("signin:reset_code"))


@sensitive_post_parameters("password1", "password2")
@never_cache
@require_http_methods(["GET", "POST"])
def new_password(request: HttpRequest) -> HttpResponse:
    """Only after the code; then on to the second factor, like every sign-in."""
    user = _proven(request)
    if user is None:
        return HttpResponseRedirect(reverse("signin:password_reset"))
    form = NewPasswordForm(request.POST if request.method == "POST" else None, user=user)
    if request.method == "POST" and form.is_valid():
        request.session.pop(PROVEN, None)
        password_reset.set_password(request, user, form.cleaned_data["password1"], medium=SMS)
        messages.success(request, _("The password has been changed"))
        response: HttpResponse = perform_password_reset_login(request, user, phone=user.phone)
        return response
    return render(request, "signin/new_password.html", {"form": form}, status=422 if form.errors else 200)


def _asked(request: HttpRequest) -> Asked | None:
    kept = request.session.get(ASKED)
    return Asked(**kept) if isinstance(kept, dict) else None


def _proven(request: HttpRequest) -> User | None:
    kept = request.session.get(PROVEN)
    if not isinstance(kept, dict) or time.time() - float(kept["at"]) > PROVEN_SECONDS:
        return None
    return password_reset.holder(kept["user"], str(kept.get("phone", "")))


def _context(asked: Asked, form: CodeForm) -> dict[str, Any]:
    state = password_reset.state_of(asked)
    return {
        "form": form,
        "state": state,
        "sent_to": contacts.mask(SMS, asked.phone),
        "wait": state.resend_wait(timezone.now()) if state else "",
        "ways": [Contact(SMS, asked.phone, False)],
        "shows_demo": settings.DEMO_ALLOWED,
    }
