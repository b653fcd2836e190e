"""What the statistics take from the appeals besides events: the names of keys. The second door, beside `facts`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from appeals.models import Applicant, Category, Channel, Regime
from appeals.selectors import names
from reports.dimensions import DIMENSIONS

Key = int | str

TITLES = {
    "area": _("City sector"),
    "sector": _("Sector"),
    "topic": _("Topic"),
    "channel": _("Channel"),
    "category": _("Category"),
    "applicant": _("Applicant"),
    "regime": _("Legal regime"),
    "department": _("Unit"),
    "executor": _("Executor"),
}
_WORDS = {"channel": Channel, "category": Category, "applicant": Applicant.Type, "regime": Regime}
_ROWS = {"area": names.areas, "sector": names.sectors, "topic": names.topics, "department": names.departments}


@dataclass(frozen=True)
class Choice:
    """A key of a dimension: as the database has it, as addresses and the API write it, and its name."""

    key: Key
    slug: str
    name: str
    parent: Key | None = None
    is_active: bool = True


def choices(dimension: str) -> Sequence[Choice]:
    """Every key of a dimension in its own order (rows as their tables are ordered, words as their list is)."""
    if dimension in _WORDS:
        return [Choice(value, value, str(label)) for value, label in _WORDS[dimension].choices]
    if dimension == "executor":
        return [Choice(row.id, str(row.id), row.name) for row in names.colleagues().values()]
    return [
        Choice(row.id, row.key, row.name, parent=row.parent_id, is_active=row.is_active)
        for row in _ROWS[dimension]().values()
    ]


def not_given(dimension: str) -> Choice:
    """The entry for appeals that have no such property."""
    return Choice(0 if DIMENSIONS[dimension].is_number else "", "none", gettext("Not given"))


def by_key(dimension: str) -> Mapping[Key, Choice]:
    return {choice.key: choice for choice in [*choices(dimension), not_given(dimension)]}


def by_slug(dimension: str) -> Mapping[str, Choice]:
    """Slugs are unique within a dimension; the one for "not given" is `none`."""
    return {choice.slug: choice for choice in [*choices(dimension), not_given(dimension)]}


def name(dimension: str, key: Key) -> str:
    """The name of a key in the active language; a row that is gone is named by its number."""
    found = by_key(dimension).get(key)
    return found.name if found else f"№ {key}"
