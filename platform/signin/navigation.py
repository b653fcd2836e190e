"""The entry of the help with accounts in the navigation of whoever may give it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.permissions import has_right
from accounts.rights import Action
from ui.navigation import WORK, NavItem, register


def register_navigation() -> None:
    register(
        NavItem(
            label=_("Help with an account"),
            url_name="signin:find_account",
            section=WORK,
            order=80,
            icon="user",
            shown=lambda request: has_right(request.user, Action.SECURE_ACCOUNTS),
        )
    )
