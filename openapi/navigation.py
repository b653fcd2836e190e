"""The entries of the open API, and where the log's subjects of this app are to be seen."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.permissions import has_right
from accounts.rights import Action
from audit.subjects import SubjectPage, page_by_number, subject_pages
from openapi import selectors
from ui.navigation import PUBLIC, WORK, NavItem, register


def _may_manage(request: HttpRequest) -> bool:
    return has_right(request.user, Action.MANAGE_API)


def _waiting(request: HttpRequest) -> int | None:
    return selectors.waiting() or None


def register_navigation() -> None:
    register(
        NavItem(
            label=_("Applications"),
            url_name="openapi:staff_applications",
            section=WORK,
            order=86,
            icon="link",
            shown=_may_manage,
            count=_waiting,
        ),
        NavItem(label=_("For developers"), url_name="openapi:developers", section=PUBLIC, order=60),
    )
    subject_pages.register("application")(
        SubjectPage(
            page_by_number("openapi:staff_application"), (Action.MANAGE_API,), pgettext_lazy("program", "Application")
        )
    )
