"""The entries of the navigation: open data for everybody, its care for the staff."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from reports.opendata import versions
from ui.navigation import PUBLIC, WORK, NavItem, register


def _may_look_after(request: HttpRequest) -> bool:
    return versions.may_withhold(request.user)


def register_navigation() -> None:
    register(
        NavItem(label=_("Open data"), url_name="reports:data", section=PUBLIC, order=58),
        NavItem(
            label=_("Open data"), url_name="reports:data-staff", section=WORK, order=58, icon="download",
            shown=_may_look_after,
        ),
    )  # fmt: skip
