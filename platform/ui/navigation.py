"""The navigation of the site: apps register their entries in AppConfig.ready(), pages only show them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise

PUBLIC = "public"
WORK = "work"


def everybody(request: HttpRequest) -> bool:
    return True


@dataclass(frozen=True)
class NavItem:
    """One entry; `shown` decides by the request, `count` gives the number beside the words (None shows nothing)."""

    label: str | Promise
    url_name: str
    section: str = PUBLIC
    order: int = 100
    icon: str = ""
    key: str = ""
    shown: Callable[[HttpRequest], bool] = everybody
    count: Callable[[HttpRequest], int | None] | None = None
    # Addresses that belong to the entry beside its own; each ends with a slash or is complete.
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class NavLink:
    """An entry as a page shows it."""

    label: str | Promise
    url: str
    icon: str
    key: str
    current: bool
    count: int | None


_items: dict[tuple[str, str], NavItem] = {}


def register(*items: NavItem) -> None:
    """Add entries; a second registration of the same address in the same section replaces the first."""
    for item in items:
        _items[item.section, item.url_name] = item


def links(request: HttpRequest, section: str) -> list[NavLink]:
    """The entries of a section that this visitor may see; the longest fitting address is the current one."""
    shown = sorted((item for item in _items.values() if item.section == section), key=lambda item: item.order)
    found = [(item, reverse(item.url_name)) for item in shown if item.shown(request)]
    fits = {url: max(map(len, _fitting(request.path, item, url)), default=0) for item, url in found}
    best = max(fits.values(), default=0)
    return [
        NavLink(
            label=item.label,
            url=url,
            icon=item.icon,
            key=item.key,
            current=0 < best == fits[url],
            count=item.count(request) if item.count else None,
        )
        for item, url in found
    ]


def _fitting(path: str, item: NavItem, url: str) -> list[str]:
    """A page below an entry belongs to it, but everything is below the front page, so that one must be met exactly."""
    return [
        start
        for start in (url, *item.also)
        if path == start or (start != "/" and path.startswith(start.rstrip("/") + "/"))
    ]
