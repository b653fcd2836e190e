"""The entry of the work navigation, and the public way to check a report."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.permissions import is_staff_member
from reports.periodic import rights
from ui.navigation import WORK, NavItem, register


def _may_see_any(request: HttpRequest) -> bool:
    return is_staff_member(request.user) and bool(rights.visible(request.user))


def register_navigation() -> None:
    register(
        NavItem(
            label=_("Reports"),
            url_name="reports:periodic",
            section=WORK,
            order=57,
            icon="document",
            shown=_may_see_any,
            also=("/reports/",),
        )
    )
