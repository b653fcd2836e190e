"""The page on which somebody chooses his notices."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.permissions import is_staff_member
from notifications import preferences
from notifications.forms import PreferencesForm


@never_cache
@require_http_methods(["GET", "POST"])
@login_required
def notice_preferences(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, User)
    user = request.user
    groups, chosen = preferences.groups_for(user), preferences.choices_of(user)
    form = PreferencesForm(request.POST if request.method == "POST" else None, groups=groups, chosen=chosen)
    if form.is_bound and form.is_valid():
        preferences.save_choices(user, form.cleaned_data)
        messages.success(request, _("Changes saved"))
        response = HttpResponseRedirect(reverse("notifications:preferences"))
        response.status_code = 303
        return response
    context = {"form": form, "is_staff_member": is_staff_member(user)}
    return render(request, "notifications/preferences.html", context, status=422 if form.errors else 200)
