"""The entries of the work navigation."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from privacy.access import may_manage, may_take_down
from privacy.models import DataRequest, TakedownRequest
from privacy.tabs import TABS
from ui.navigation import WORK, NavItem, register


def _waiting(request: HttpRequest) -> int | None:
    """What waits for this person; nothing where nothing does."""
    waiting = 0
    if may_manage(request.user):
        waiting += DataRequest.objects.filter(state=DataRequest.State.NEW).count()
    if may_take_down(request.user):
        waiting += TakedownRequest.objects.filter(state__in=("new", "hidden")).count()
    return waiting or None


def _first(url_name: str) -> Callable[[HttpRequest], bool]:
    """The entry leads to the first of the pages that this person may open."""

    def shown(request: HttpRequest) -> bool:
        return next((name for name, _label, may in TABS if may(request.user)), "") == url_name

    return shown


def register_navigation() -> None:
    register(
        *(
            NavItem(
                label=_("Personal data"),
                url_name=f"privacy:{name}",
                section=WORK,
                order=46,
                icon="shield",
                shown=_first(name),
                count=_waiting,
                also=("/staff/privacy/",),
            )
            for name, _label, _may in TABS
        )
    )
