"""The entries of the catalogue, and where the log's connectors are to be seen."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.permissions import has_right
from accounts.rights import Action
from audit.subjects import Keys, SubjectPage, subject_pages
from catalogue import selectors
from common.connectors import connectors
from ui.navigation import PUBLIC, WORK, NavItem, register


def _may_manage(request: HttpRequest) -> bool:
    return has_right(request.user, Action.MANAGE_API)


def _failing(request: HttpRequest) -> int | None:
    return selectors.failing() or None


def _names(keys: Keys) -> dict[str, str]:
    return {key: str(connectors.get(key).name) if key in connectors else key for key in keys}


def _address(key: str) -> str:
    return reverse("catalogue:connection", args=[key]) if key in connectors else ""


def register_navigation() -> None:
    register(
        NavItem(
            label=_("Connections"), url_name="catalogue:connections", section=WORK, order=87, icon="refresh",
            shown=_may_manage, count=_failing,
        ),
        NavItem(label=_("Systems"), url_name="catalogue:platforms", section=PUBLIC, order=61),
    )  # fmt: skip
    subject_pages.register("connector")(SubjectPage(_address, (Action.MANAGE_API,), _("Connection"), _names))
