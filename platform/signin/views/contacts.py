"""The page of an account's contacts: add one, change one, take one away. Each needs the password once more."""

from __future__ import annotations

from typing import Any

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from common.errors import DomainError
from signin import contacts, second_way
from signin.forms import CodeForm, ContactForm


def _me(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


@never_cache
@require_safe
@login_required
def show(request: HttpRequest) -> HttpResponse:
    return _page(request)


@require_safe
@login_required
def to_contacts(request: HttpRequest) -> HttpResponse:
    """From the address of allauth's page: here an account has one address, confirmed by a code."""
    return HttpResponseRedirect(reverse("signin:contacts"))


@require_http_methods(["GET", "POST"])
@login_required
@reauthentication_required(allow_get=True)  # type: ignore[untyped-decorator]  # allauth is untyped
def change(request: HttpRequest) -> HttpResponse:
    """Send a code to the new contact; nothing is changed before it was entered."""
    if request.method == "GET":
        return HttpResponseRedirect(reverse("signin:contacts"))
    form = ContactForm(request.POST)
    if form.is_valid():
        medium, address = form.cleaned_data["contact"]
        try:
            contacts.send_account_code(_me(request), medium=medium, address=address)
        except DomainError as error:
            form.add_error("contact", str(error))
        else:
            messages.success(request, _("The code is on its way."))
            return HttpResponseRedirect(reverse("signin:contacts") + "#code")
    return _page(request, contact_form=form, status=422)


@require_POST
@login_required
def confirm(request: HttpRequest) -> HttpResponse:
    """A right code makes the contact the account's own."""
    form, user = CodeForm(request.POST), _me(request)
    if form.is_valid():
        try:
            found = contacts.confirm_account_contact(user, contacts.try_account_code(user, form.cleaned_data["code"]))
        except DomainError as error:
            form.add_error("code", str(error))
        else:
            messages.success(request, _confirmed_words(found))
            return HttpResponseRedirect(reverse("signin:contacts"))
    return _page(request, code_form=form, status=422)


@require_http_methods(["GET", "POST"])
@login_required
@reauthentication_required(allow_get=True)  # type: ignore[untyped-decorator]  # allauth is untyped
def remove(request: HttpRequest, medium: str) -> HttpResponse:
    """Asked once more: whoever loses his only other way has to come to the reception desk."""
    if request.method == "POST":
        try:
            contacts.remove(_me(request), medium)
        except DomainError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("Changes saved"))
        return HttpResponseRedirect(reverse("signin:contacts"))
    context = {
        "title": _("Take this contact away?"),
        "text": _("You can no longer sign in with it, and no code goes there any more."),
        "action": reverse("signin:remove_contact", args=[medium]),
        "confirm": _("Remove"),
        "cancel_url": reverse("signin:contacts"),
        "danger": True,
    }
    return render(request, "ui/confirm.html", context)


@require_POST
@login_required
def not_now(request: HttpRequest) -> HttpResponse:
    """No second way to sign in for now."""
    response = HttpResponseRedirect(reverse(settings.RESIDENT_HOME))
    second_way.put_off(response)
    return response


def _confirmed_words(found: int) -> str:
    text = _("Thank you, your contact is confirmed.")
    if not found:
        return text
    added = ngettext("%(count)s appeal filed with it was added.", "%(count)s appeals filed with it were added.", found)
    return f"{text} {added % {'count': found}}"


def _page(
    request: HttpRequest,
    *,
    contact_form: ContactForm | None = None,
    code_form: CodeForm | None = None,
    status: int = 200,
) -> HttpResponse:
    user = _me(request)
    state, mine = contacts.account_state(user), contacts.contacts_of(user)
    context: dict[str, Any] = {
        "contacts": mine,
        "can_remove": len([contact for contact in mine if contact.is_confirmed]) > 1,
        "contact_form": contact_form or ContactForm(),
        "code_form": code_form or CodeForm(),
        "state": state,
        "sent_to": contacts.mask(state.medium, state.address) if state else "",
        "wait": state.resend_wait(timezone.now()) if state else "",
        "shows_demo": settings.DEMO_ALLOWED,
    }
    return render(request, "signin/contacts.html", context, status=status)
