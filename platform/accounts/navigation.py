"""The team's pages in the work navigation."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.permissions import has_right
from accounts.rights import Action
from ui.navigation import WORK, NavItem, register


def _may(request: HttpRequest) -> bool:
    return has_right(request.user, Action.SEE_SHIFTS)


def register_team() -> None:
    register(
        NavItem(
            label=_("Team"),
            url_name="accounts:shifts",
            section=WORK,
            order=45,
            icon="users",
            shown=_may,
            also=("/staff/substitutions/", "/staff/rights/"),
        )
    )
