"""The work navigation on top of the staff's pages."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import has_right, is_staff_member
from accounts.rights import Action
from appeals import policies
from audit.subjects import SubjectPage, subject_pages
from notifications.selectors import unread_count
from ui.navigation import WORK, NavItem, register


def _may(action: Action) -> Callable[[HttpRequest], bool]:
    return lambda request: policies.may(request.user, action)


def _unread(request: HttpRequest) -> int | None:
    """The number beside «My work»; nothing where nothing is unread."""
    return (unread_count(request.user) or None) if isinstance(request.user, User) else None


def register_staff_navigation() -> None:
    register(
        NavItem(
            label=_("My work"),
            url_name="appeals:staff-home",
            section=WORK,
            order=10,
            icon="home",
            shown=lambda request: is_staff_member(request.user),
            count=_unread,
        ),
        NavItem(
            label=_("Queue"),
            url_name="appeals:queue",
            section=WORK,
            order=20,
            icon="list",
            key="q",
            shown=_may(Action.SEE),
        ),
        NavItem(
            label=_("Register an appeal"),
            url_name="appeals:desk",
            section=WORK,
            order=30,
            icon="phone",
            key="n",
            shown=_may(Action.REGISTER),
        ),
        NavItem(
            label=_("Oversight"),
            url_name="appeals:oversight",
            section=WORK,
            order=40,
            icon="chart",
            shown=_may(Action.OVERSEE),
        ),
    )
    register(
        NavItem(
            label=_("Reference data and logs"),
            url_name="admin:index",
            section=WORK,
            order=50,
            icon="settings",
            shown=lambda request: has_right(request.user, Action.CONFIGURE),
        ),
    )
    subject_pages.register("appeal")(SubjectPage(_case, (Action.SEE,), _("Appeal")))


def _case(number: str) -> str:
    return reverse("appeals:case", args=[number])
