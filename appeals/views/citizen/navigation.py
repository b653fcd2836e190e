"""The resident's entries of the main menu."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from appeals.views.citizen import access
from ui.navigation import PUBLIC, NavItem, register


def has_account(request: HttpRequest) -> bool:
    return access.signed_in(request) is not None


def has_no_account(request: HttpRequest) -> bool:
    """With an account the menu leads to «my appeals»; tracking by number is linked there."""
    return not has_account(request)


def register_navigation() -> None:
    register(
        NavItem(label=_("Submit an appeal"), url_name="appeals:file", section=PUBLIC, order=10),
        NavItem(label=_("Track the appeal"), url_name="appeals:track", section=PUBLIC, order=20, shown=has_no_account),
        NavItem(label=_("All requests"), url_name="appeals:public_list", section=PUBLIC, order=30),
        NavItem(
            label=_("My appeals"),
            url_name="appeals:my_appeals",
            section=PUBLIC,
            order=20,
            shown=has_account,
            also=("/track/",),
        ),
        NavItem(label=_("How it works"), url_name="appeals:help", section=PUBLIC, order=50),
    )
