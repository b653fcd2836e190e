"""The pages of opening an account: what is asked, and the code that confirms the contact."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url
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

from common.errors import DomainError
from signin import contacts, registration, second_factor
from signin.contacts import Contact
from signin.forms import CodeForm, RegistrationForm
from signin.models import PendingRegistration
from signin.stages import handled_state

KEPT = "signin_registration"  # in the session


@sensitive_post_parameters("password1", "password2")
@never_cache
@require_http_methods(["GET", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return HttpResponseRedirect(reverse(settings.RESIDENT_HOME))
    form = RegistrationForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            row = registration.begin(request, _applied(request, form.cleaned_data))
        except DomainError as error:
            form.add_error("contact", str(error))
        else:
            request.session[KEPT] = row.reference
            return HttpResponseRedirect(reverse("signin:registration_code"))
    return render(request, "account/signup.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
def enter_code(request: HttpRequest) -> HttpResponse:
    row = _pending(request)
    if row is None:
        return _over(request)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            user = registration.finish(request, row, form.cleaned_data["code"])
        except DomainError as error:
            form.add_error("code", str(error))
        else:
            request.session.pop(KEPT, None)
            messages.success(request, _("Your account is open. Your contact is confirmed."))
            record_authentication(request, user, method="password")
            record_authentication(request, user, method=second_factor.CODE, medium=row.medium)
            login = Login(user=user, signup=True, state=handled_state(), redirect_url=row.next_url or None)
            response: HttpResponse = perform_login(request, login)
            return response
    return render(request, "signin/registration_code.html", _context(row, form), status=422 if form.errors else 200)


@require_POST
def send_code(request: HttpRequest) -> HttpResponse:
    row = _pending(request)
    if row is None:
        return _over(request)
    try:
        registration.send_again(row)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("A new code is on its way."))
    return HttpResponseRedirect(reverse("signin:registration_code"))


def _applied(request: HttpRequest, data: dict[str, Any]) -> registration.Applied:
    medium, contact = data["contact"]
    return registration.Applied(
        medium=medium,
        contact=contact,
        last_name=data["last_name"],
        first_name=data["first_name"],
        language=data["language"],
        password=data["password1"],
        next_url=get_next_redirect_url(request) or "",
    )


def _pending(request: HttpRequest) -> PendingRegistration | None:
    reference = request.session.get(KEPT)
    return registration.pending(reference) if isinstance(reference, str) else None


def _over(request: HttpRequest) -> HttpResponse:
    messages.error(request, _("This registration is too old. Please begin again."))
    return HttpResponseRedirect(reverse("account_signup"))


def _context(row: PendingRegistration, form: CodeForm) -> dict[str, Any]:
    state = registration.state_of(row)
    return {
        "form": form,
        "state": state,
        "sent_to": contacts.mask(row.medium, row.contact),
        "wait": state.resend_wait(timezone.now()) if state else "",
        "ways": [Contact(row.medium, row.contact, False)],
        "shows_demo": settings.DEMO_ALLOWED,
    }
