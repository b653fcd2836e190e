"""The entries of the statistics in the menus, and the pages of the statistics among themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.permissions import has_right
from accounts.rights import Action
from reports.dashboards import DASHBOARDS, START
from ui.navigation import PUBLIC, NavItem, register


@dataclass(frozen=True)
class Entry:
    label: str | Promise
    url: str
    current: bool
    begins: bool = False  # a new group of entries


# Pages of the statistics that are no dashboards: (words, name of the address).
BESIDE: list[tuple[str | Promise, str]] = [
    (_("QR Score"), "reports:qr-results"),
    (_("Social tension"), "reports:tension"),
    (_("Open data"), "reports:data"),
    (_("All charts"), "reports:all-reports"),
    (_("Dictionary of figures"), "reports:metrics"),
    (_("The years before the hub"), "reports:study"),
]


def local(request: HttpRequest, current: str, kept: str) -> Sequence[Entry]:
    """The dashboards, with what was chosen carried along, and the other pages."""
    entries = []
    for each in DASHBOARDS.values():
        url = reverse("reports:start") if each.slug == START else reverse("reports:dashboard", args=[each.slug])
        entries.append(Entry(each.short, url + kept, each.slug == current))
    staff = [(_("Load by name"), "reports:officials")] if has_right(request.user, Action.OVERSEE) else []
    for place, (words, name) in enumerate([*staff, *BESIDE]):
        entries.append(Entry(words, reverse(name), request.path == reverse(name), begins=not place))
    return entries


def register_navigation() -> None:
    register(
        NavItem(label=_("Statistics"), url_name="reports:start", section=PUBLIC, order=40),
    )  # fmt: skip
