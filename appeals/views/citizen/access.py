"""Which cases this browser may open: those filed or opened with the code here, and those of the signed-in account."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse

from accounts.models import User
from appeals.models import Appeal
from common import cookies
from common.reference_numbers import parse_number

COOKIE = "halyq_cases"
SALT = "appeals.citizen.cases"
MAX_AGE = 24 * 3600  # of the signature; the cookie itself goes when the browser is closed
MOST_CASES = 20

View = Callable[..., HttpResponseBase]


def opened_ids(request: HttpRequest) -> list[int]:
    """The cases of the signed cookie; a forged or old one opens nothing."""
    raw = cookies.read(request, COOKIE)
    if not raw:
        return []
    try:
        ids = signing.loads(raw, salt=SALT, max_age=MAX_AGE)
    except signing.BadSignature:
        return []
    return [int(pk) for pk in ids][-MOST_CASES:]


def open_case(request: HttpRequest, response: HttpResponseBase, appeal_id: int) -> None:
    """Let this browser see the case from now on. No secret stands in any address."""
    ids = [pk for pk in opened_ids(request) if pk != appeal_id] + [appeal_id]
    _write(response, ids[-MOST_CASES:])


def forget_cases(response: HttpResponseBase) -> None:
    """For a computer that others use too."""
    cookies.delete(response, COOKIE)


def signed_in(request: HttpRequest) -> User | None:
    """The account, without touching the session of a visitor who has none."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return None
    user = request.user
    return user if isinstance(user, User) and user.is_authenticated else None


def find_case(request: HttpRequest, number: str) -> Appeal | None:
    """The case, when this visitor may see it."""
    parsed = parse_number(number)
    if parsed is None:
        return None
    appeal = (
        Appeal.objects.select_related("applicant", "topic", "sector", "area", "department__organization")
        .filter(number=str(parsed))
        .first()
    )
    if appeal is None:
        return None
    user = signed_in(request)
    owns = user is not None and appeal.applicant.user_id == user.pk
    return appeal if owns or appeal.pk in opened_ids(request) else None


def of_case(view: View) -> View:
    """Give the view its appeal; whoever has no right is asked for the code, whether or not the number exists."""

    @wraps(view)
    def opened(request: HttpRequest, number: str, **kwargs: Any) -> HttpResponseBase:
        appeal = find_case(request, number)
        if appeal is None:
            parsed = parse_number(number)
            query = f"?number={parsed}" if parsed else ""
            return HttpResponseRedirect(reverse("appeals:track") + query)
        response = view(request, appeal, **kwargs)
        response.headers["Cache-Control"] = "no-store, private"
        return response

    return opened


def _write(response: HttpResponseBase, ids: list[int]) -> None:
    cookies.write(response, COOKIE, signing.dumps(ids, salt=SALT))


def redirect_after_post(url: str) -> HttpResponse:
    """303: the browser fetches the next page, and going back never sends the form again."""
    response = HttpResponseRedirect(url)
    response.status_code = 303
    return response
