"""The desk's pages for accounts: find one by its exact login, see what it has, help who has lost his phone."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from common.errors import DomainError
from signin import account_help
from signin.account_help import Lost
from signin.forms import FindAccountForm, LostForm

FOUND = "signin_found"  # accounts this helper has found in this session
Step = Callable[[HttpRequest, User, User], None]


def _me(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


@never_cache
@require_http_methods(["GET", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """The login is sent in a form: it is personal and does not belong into addresses and logs."""
    form = FindAccountForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            user = account_help.find(request, _me(request), form.cleaned_data["login"])
        except DomainError as error:
            form.add_error("login", str(error))
        else:
            if user is not None:
                request.session[FOUND] = [*request.session.get(FOUND, [])[-9:], user.pk]
                return HttpResponseRedirect(reverse("signin:account", args=[user.pk]))
            form.add_error("login", _("There is no account with exactly this login."))
    return render(request, "signin/staff/find.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    user = _found(request, pk)
    if user is None:
        return _search_first(request)
    return render(request, "signin/staff/account.html", {"account": user, "has": account_help.overview(user)})


@never_cache
@require_http_methods(["GET", "POST"])
def take_away(request: HttpRequest, pk: int) -> HttpResponse:
    user = _found(request, pk)
    if user is None:
        return _search_first(request)
    form = LostForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        lost = Lost(frozenset(data["factors"]), data["ground"], data["new_contact"])
        try:
            account_help.take_away(request, _me(request), user, lost)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Taken away. The person can sign in anew, and every former contact is told."))
            return HttpResponseRedirect(reverse("signin:account", args=[user.pk]))
    context = {"form": form, "account": user, "has": account_help.overview(user)}
    return render(request, "signin/staff/take_away.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
def close_sessions(request: HttpRequest, pk: int) -> HttpResponse:
    return _confirmed(
        request, pk, account_help.close_sessions,
        title=gettext_lazy("Sign this account out everywhere?"),
        text=gettext_lazy("All its sessions end, and no device is trusted any more."),
        done=gettext_lazy("The account is signed out everywhere."),
    )  # fmt: skip


@never_cache
@require_http_methods(["GET", "POST"])
def send_link(request: HttpRequest, pk: int) -> HttpResponse:
    return _confirmed(
        request, pk, account_help.send_link,
        title=gettext_lazy("Send a link for a new password?"),
        text=gettext_lazy("It goes to the account's e-mail address. Look at the person's identity card first."),
        done=gettext_lazy("The link is on its way."),
    )  # fmt: skip


def _confirmed(
    request: HttpRequest, pk: int, step: Step, *, title: Promise, text: Promise, done: Promise
) -> HttpResponse:
    """A page that asks whether one is sure, and what follows."""
    user = _found(request, pk)
    if user is None:
        return _search_first(request)
    back = reverse("signin:account", args=[user.pk])
    if request.method == "POST":
        try:
            step(request, _me(request), user)
        except DomainError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, str(done))
        return HttpResponseRedirect(back)
    context = {
        "title": title,
        "text": text,
        "rows": [(_("Account"), str(user))],
        "action": request.path,
        "confirm": _("Confirm"),
        "cancel_url": back,
    }
    return render(request, "ui/confirm.html", context)


def _found(request: HttpRequest, pk: int) -> User | None:
    """Only accounts this session has searched for by their login: numbers in addresses cannot be walked through."""
    return User.objects.filter(pk=pk).first() if pk in request.session.get(FOUND, []) else None


def _search_first(request: HttpRequest) -> HttpResponse:
    messages.error(request, _("Search for the account by its login first."))
    return HttpResponseRedirect(reverse("signin:find_account"))
