"""The visitor's pages: three taps without an account and without scripts."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from common import cookies
from common.errors import ValidationFailed
from common.limits import network_of
from reports.models import PointCode, PointRating
from reports.qr import limits, results
from reports.qr.forms import RatingForm
from reports.qr.rating import Visitor, find_code, of_today
from reports.qr.rating import rate as take_rating
from reports.qr.reasons import SCORES

COOKIE = "qr_device"
LONGEST_COOKIE = 40


@never_cache
@require_http_methods(["GET", "POST"])
def rate(request: HttpRequest, qr_code: str) -> HttpResponseBase:
    """The first tap is a link with the score; the second page sends it."""
    code = find_code(qr_code)
    score = _score(request)
    if score is None:
        return _with_device(request, _first_page(request, code))
    form = RatingForm(request.POST or None, score=score)
    if request.method == "POST" and form.is_valid():
        visitor = _visitor(request)
        try:
            take_rating(qr_code, form.said(get_language() or "kk"), visitor)
        except ValidationFailed as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            return _keep(redirect("reports:qr-thanks", code.code), visitor.device)
    page = {"code": code, "point": code.point, "form": form, "score": score, "word": SCORES[score]}
    return _with_device(request, render(request, "reports/qr/why.html", page, status=422 if form.errors else 200))


@never_cache
@require_safe
def thanks(request: HttpRequest, qr_code: str) -> HttpResponse:
    code = find_code(qr_code)
    given = of_today(code.point_id, _visitor(request, new=False))
    points = list(results.points_of(code.point.organization))
    found = results.by_point(points)
    page = {
        "code": code,
        "point": code.point,
        "given": given,
        "word": SCORES[given.score] if given else "",
        "is_set_aside": given is not None and given.outcome == PointRating.Outcome.SET_ASIDE,
        "summary": results.together(found.values()),
        "of_point": found[code.point_id],
        "minimum": results.MINIMUM,
    }
    return render(request, "reports/qr/thanks.html", page)


def _first_page(request: HttpRequest, code: PointCode) -> HttpResponse:
    given = of_today(code.point_id, _visitor(request, new=False))
    page = {"code": code, "point": code.point, "scores": SCORES.items(), "given": given}
    return render(request, "reports/qr/rate.html", page | {"word": SCORES[given.score] if given else ""})


def _score(request: HttpRequest) -> int | None:
    text = request.POST.get("score", "") if request.method == "POST" else request.GET.get("score", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) == 1 and int(text) in SCORES else None


def _visitor(request: HttpRequest, *, new: bool = True) -> Visitor:
    device = cookies.read(request, COOKIE)[:LONGEST_COOKIE]
    return Visitor(device or (limits.new_device() if new else ""), network_of(request))


def _with_device(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    if not cookies.read(request, COOKIE):
        _keep(response, limits.new_device())
    return response


def _keep(response: HttpResponse, device: str) -> HttpResponse:
    """Until midnight: the rule is about a day, so nothing longer is needed."""
    now = timezone.localtime()
    midnight = dt.datetime.combine(now.date() + dt.timedelta(days=1), dt.time(), tzinfo=now.tzinfo)
    cookies.write(response, COOKIE, device, max_age=max(60, int((midnight - now).total_seconds())))
    return response
