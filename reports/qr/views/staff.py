"""The pages of those who look after service points: rows, the sheet to print, another code."""

from __future__ import annotations

from typing import cast
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.permissions import has_right
from accounts.rights import Action
from common.errors import DomainError
from reports.models import PointCode, ServicePoint
from reports.qr import points, results
from reports.qr.forms import NewPointForm, PointForm

SIZES = ("a4", "a6")


@never_cache
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    rows = list(ServicePoint.objects.filter(points.managed_by(user)).select_related("organization", "department"))
    found = results.by_point(rows)
    valid = PointCode.objects.filter(point__in=rows, replaced_at=None)
    codes = dict(valid.values_list("point", "code"))
    page = {
        "rows": [(row, codes.get(row.pk, ""), found[row.pk]) for row in rows],
        "may_review": has_right(user, Action.REVIEW_RATINGS),
    }
    return render(request, "reports/qr/staff/points.html", page)


@never_cache
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    form = NewPointForm(request.POST or None, owners=points.owners_for(user))
    if form.is_bound and form.is_valid():
        try:
            point = points.add_point(form.cleaned_data["owner"], form.given(), actor=user)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(request, _("The point is there. Print its sheet and put it up."))
            return redirect("reports:qr-staff-point", point.pk)
    return _form(request, form, _("Add a service point"), None)


@never_cache
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, point_id: int) -> HttpResponse:
    point = _found(request, point_id)
    form = PointForm(request.POST or None, instance=point)
    title = point.name
    if form.is_bound and form.is_valid():
        try:
            points.change_point(point_id, form.given(), actor=cast(User, request.user))
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Changes saved"))
            return redirect("reports:qr-staff")
    return _form(request, form, title, point)


@never_cache
@require_safe
def poster(request: HttpRequest, point_id: int) -> HttpResponse:
    """The sheet: Kazakh first, then Russian and English, whatever language the staff read."""
    point = _found(request, point_id)
    size = request.GET.get("size", "")
    code = point.codes.get(replaced_at=None).code
    address = _address(code)
    parts = urlsplit(address)
    page = {
        "point": point,
        "size": size if size in SIZES else "a4",
        "sizes": SIZES,
        "address": address,
        "plain": f"{parts.netloc}{parts.path}",
        "names": [(language, point.name_in(language), _body(point, language)) for language in ("kk", "ru", "en")],
    }
    return render(request, "reports/qr/staff/poster.html", page)


@never_cache
@require_http_methods(["GET", "POST"])
def reissue(request: HttpRequest, point_id: int) -> HttpResponse:
    point = _found(request, point_id)
    back_url = reverse("reports:qr-staff-point", args=[point_id])
    if request.method == "POST":
        points.reissue(point_id, actor=cast(User, request.user), seen=request.POST.get("seen", ""))
        messages.success(request, _("The point has another code. Print its sheet and take the old one down."))
        return redirect(back_url)
    page = {
        "title": _("Give “%(name)s” another code?") % {"name": point.name},
        "text": _("The sheets that hang there stop working and say that they were replaced. The ratings stay."),
        "action": request.path,
        "hidden": [("seen", point.codes.get(replaced_at=None).code)],
        "confirm": _("Give another code"),
        "cancel_url": back_url,
        "danger": True,
    }
    return render(request, "ui/confirm.html", page)


def _found(request: HttpRequest, point_id: int) -> ServicePoint:
    rows = ServicePoint.objects.filter(points.managed_by(cast(User, request.user)))
    return get_object_or_404(rows.select_related("organization", "department"), pk=point_id)


def _body(point: ServicePoint, language: str) -> str:
    return (point.department or point.organization).name_in(language)


def _address(code: str) -> str:
    return f"{settings.PUBLIC_URL.rstrip('/')}{reverse('reports:qr-rate', args=[code])}"


def _form(request: HttpRequest, form: PointForm, title: str, point: ServicePoint | None) -> HttpResponse:
    page = {"form": form, "title": title, "point": point}
    if point is not None:
        code = point.codes.get(replaced_at=None)
        page |= {"code": code, "address": _address(code.code), "earlier": point.codes.exclude(pk=code.pk).count()}
    return render(request, "reports/qr/staff/point.html", page, status=422 if form.errors else 200)
