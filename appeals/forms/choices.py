"""Choice fields over the small tables that are kept in memory: checking a value costs one look-up and no query."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from appeals import terms
from appeals.models import Topic
from common.names import TrilingualName
from common.rows import CachedRows
from organizations.models import Department, Sector

Choice = tuple[Any, Any]
Named = TypeVar("Named", bound=TrilingualName)

sectors = CachedRows(lambda: list(Sector.objects.order_by("position", "slug")))


class RowChoiceField(forms.ChoiceField):
    """Gives the id of a row of a kept table, or None; the choices are built only when the field is shown."""

    def __init__(
        self,
        *,
        rows: Callable[[], Mapping[int, Any]],
        choices: Callable[[], Iterable[Choice]],
        empty: str | Promise,
        **kwargs: Any,
    ) -> None:
        self.rows = rows
        super().__init__(choices=lambda: [("", empty), *choices()], **kwargs)

    def clean(self, value: Any) -> Any:
        text = str(value or "").strip()
        if not text:
            return super().clean("") or None
        row = self.rows().get(int(text)) if text.isdecimal() and len(text) < 10 else None
        if row is None or not row.is_active:
            raise ValidationError(_("Choose one of the list."), code="invalid_choice")
        return row.pk


def by_name(rows: Iterable[Named]) -> list[Named]:
    return sorted(rows, key=lambda row: row.name.lower())


def topic_choices() -> list[Choice]:
    """Topics under the name of their sector, in the visitor's language; what fits nowhere comes last."""
    groups: dict[int, list[Topic]] = {}
    for topic in terms.topics().values():
        if topic.is_active and topic.slug != "other":
            groups.setdefault(topic.sector_id, []).append(topic)
    choices: list[Choice] = [
        (sector.name, [(topic.pk, topic.name) for topic in by_name(groups[sector.pk])])
        for sector in sectors()
        if sector.pk in groups
    ]
    return choices + [
        (topic.pk, topic.name) for topic in terms.topics().values() if topic.is_active and topic.slug == "other"
    ]


def area_choices() -> list[Choice]:
    return [(area.pk, area.name) for area in sorted(terms.areas().values(), key=lambda area: (area.position, area.pk))]


def unit_choices() -> list[Choice]:
    """Units of the hub under the name of their organization."""
    groups: dict[str, list[Department]] = {}
    for unit in by_name(unit for unit in terms.departments().values() if unit.is_active and not unit.is_external):
        groups.setdefault(unit.organization.name, []).append(unit)
    return [(name, [(unit.pk, unit.name) for unit in units]) for name, units in sorted(groups.items())]


def topic_field(**kwargs: Any) -> RowChoiceField:
    return RowChoiceField(rows=terms.topics, choices=topic_choices, **kwargs)


def area_field(**kwargs: Any) -> RowChoiceField:
    return RowChoiceField(rows=terms.areas, choices=area_choices, **kwargs)


def unit_field(**kwargs: Any) -> RowChoiceField:
    return RowChoiceField(rows=terms.departments, choices=unit_choices, **kwargs)


def answer_language() -> str:
    """Answers are written in Kazakh or Russian; the language of the page decides which is offered first."""
    return "ru" if get_language() == "ru" else "kk"


topic_words = terms.topic_words
