"""The resident's account: my appeals, my data and contacts, who looked at my data."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from appeals.forms.following import ProfileForm
from appeals.models import Appeal
from appeals.selectors.tracking import appeals_of
from appeals.views import term_views
from appeals.views.citizen import access
from appeals.views.citizen.asked import asked_of
from audit.models import AuditRecord
from common.masking import mask_identifier
from identity import levels
from signin import contacts, second_way

MOST_RECORDS = 100


def _me(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


@never_cache
@require_safe
@login_required
def my_appeals(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    found = appeals_of(_me(request))
    rows = [(appeal, _term(appeal, now), asked_of(appeal, appeal.timers.all(), now)) for appeal in found]
    context = {
        "rows": rows,
        "has_contact": bool(contacts.confirmed_media(_me(request))),
        "leads_to_second_way": second_way.is_missed(request, _me(request)),
    }
    return render(request, "appeals/citizen/my_appeals.html", context)


def _term(appeal: Appeal, now: Any) -> Any:
    clock = term_views.leading(appeal.timers.all())
    return term_views.view_of(clock, now) if clock else None


@never_cache
@require_http_methods(["GET", "POST"])
@login_required
def profile(request: HttpRequest) -> HttpResponse:
    user = _me(request)
    form = _profile_form(user, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        _save(user, form.cleaned_data)
        messages.success(request, _("Changes saved"))
        return access.redirect_after_post(reverse("appeals:profile"))
    return _profile_page(request, form=form, status=422 if form.errors else 200)


def _present(user: User) -> dict[str, Any]:
    names = ("last_name", "first_name", "patronymic", "language", "postal_address")
    return {name: getattr(user, name) for name in names}


def _profile_form(user: User, data: QueryDict | None = None) -> ProfileForm:
    return ProfileForm(data, initial=_present(user), names_are_fixed=levels.standing_of(user).is_proven)


def _save(user: User, data: dict[str, Any]) -> None:
    """Names that came from a certificate are given back by the form as they are."""
    names = ("last_name", "first_name", "patronymic", "language", "postal_address")
    for name in names:
        setattr(user, name, data[name])
    user.save(update_fields=names)


def _profile_page(request: HttpRequest, *, form: ProfileForm, status: int = 200) -> HttpResponse:
    user = _me(request)
    context = {
        "form": form,
        "contacts": contacts.contacts_of(user),
        "masked_iin": mask_identifier(user.iin) if user.iin else "",
        "is_proven": levels.standing_of(user).is_proven,
    }
    return render(request, "appeals/citizen/profile.html", context, status=status)


@never_cache
@require_safe
@login_required
def who_looked(request: HttpRequest) -> HttpResponse:
    """Law 94-V: a person may know who was given his data. People are named by their office, not by name."""
    refs = {f"appeal:{appeal.number}": appeal.number for appeal in appeals_of(_me(request))}
    found = AuditRecord.objects.filter(subject_ref__in=refs).select_related("actor").order_by("-id")[:MOST_RECORDS]
    rows = [(record, refs[record.subject_ref], record.actor.post if record.actor else "") for record in found]
    return render(request, "appeals/citizen/who_looked.html", {"rows": rows})
