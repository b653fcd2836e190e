"""The entry of the administrator in the work navigation."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.permissions import has_right
from accounts.rights import Action
from ui.navigation import WORK, NavItem, register


def register_navigation() -> None:
    register(
        NavItem(
            label=_("Single sign-on"),
            url_name="sso:systems",
            section=WORK,
            order=85,
            icon="link",
            shown=lambda request: has_right(request.user, Action.MANAGE_SSO),
        )
    )
