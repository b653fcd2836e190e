"""Versions as public items: anybody may ask to take one down, which is decided within one working day."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.errors import Conflict
from privacy.registries import PublicKind, public_kinds
from reports.opendata import versions

KIND = "open-data"


def item_of(slug: str, number: int) -> str:
    return f"{slug}-{number}"


def _parsed(item: str) -> tuple[str, int]:
    slug, _dash, number = item.rpartition("-")
    return slug, int(number) if number.isascii() and number.isdigit() and len(number) < 9 else 0


def _find(item: str) -> str | None:
    slug, number = _parsed(item)
    found = versions.find(slug, number)
    return item_of(found.dataset, found.number) if found else None


def _set_hidden(item: str, hidden: bool, actor: User, why: str) -> None:
    """The reason is public, so that of the request stays with it; the state may be the wished one already."""
    change = versions.withhold if hidden else versions.show_again
    try:
        change(*_parsed(item), reason=gettext("Hidden because somebody asked to take it down."), actor=actor)
    except Conflict:
        return


def register() -> None:
    public_kinds.register(KIND)(
        PublicKind(
            title=_("Open data"),
            find=_find,
            url=lambda item: reverse("reports:data-one", args=[_parsed(item)[0]]),
            set_hidden=_set_hidden,
        )
    )
