"""What the pages of the staff share: who may come in, and the instants by which terms are judged."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone

from accounts.models import User
from accounts.permissions import is_staff_member
from accounts.rights import Action
from appeals import policies, terms
from appeals.selectors.conditions import QueueTimes
from common.errors import NotAllowed
from common.workcalendar import WorkCalendar

SOON_DAYS = 3  # working days

View = Callable[..., HttpResponseBase]


def staff_required(*actions: Action) -> Callable[[View], View]:
    """Members of the staff only; with actions named, those who may do at least one of them.

    A page part asked for by htmx says that the session is over instead of redirecting.
    """

    def guard(view: View) -> View:
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                if request.headers.get("HX-Request"):
                    return HttpResponse(status=401)
                return redirect_to_login(request.get_full_path())
            if not is_staff_member(request.user):
                raise NotAllowed
            if actions and not any(policies.may(request.user, action) for action in actions):
                raise NotAllowed
            return view(request, *args, **kwargs)

        return checked

    return guard


def staff_of(request: HttpRequest) -> User:
    """The signed-in member of the staff, behind `staff_required`."""
    return cast(User, request.user)


def queue_times(now: dt.datetime | None = None) -> QueueTimes:
    """Now, the end of today, and the end of the third working day from today."""
    now = now or timezone.now()
    calendar = terms.calendar()
    today = calendar.local_date(now)
    return QueueTimes(now, calendar.end_of_day(today), calendar.end_of_day(_soon(calendar, today)))


def _soon(calendar: WorkCalendar, today: dt.date) -> dt.date:
    """A list must not fail because nobody has entered the office hours yet."""
    if not calendar.office_hours:
        return today + dt.timedelta(days=SOON_DAYS)
    return calendar.add_working_days(today, SOON_DAYS)
