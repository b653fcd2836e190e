"""A warning in words: what it is about, and its numbers."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports import sources
from reports.models import EarlyWarning
from ui.dates import number

Kind = EarlyWarning.Kind


def public_title(row: EarlyWarning) -> str:
    """What grew and where; for addresses and wordings just where."""
    return " · ".join(part for part in (what(row), where(row)) if part)


def what(row: EarlyWarning) -> str:
    if row.kind != Kind.GROWTH:
        return str(row.get_kind_display())
    if row.topic_id:
        return sources.name("topic", row.topic_id)
    return sources.name("sector", row.sector_id) if row.sector_id else _("All appeals")


def where(row: EarlyWarning) -> str:
    if row.area_id:
        return sources.name("area", row.area_id)
    return "" if row.kind == Kind.WORDING else _("whole city")


def span(row: EarlyWarning) -> str:
    if row.days == 1:
        return _("in one day")
    return ngettext("within %(count)s day", "within %(count)s days", row.days) % {"count": row.days}


def in_numbers(row: EarlyWarning) -> str:
    """How much there was, and how much was expected."""
    values = {"observed": number(row.observed), "span": span(row), "low": number(row.low), "high": number(row.high)}
    if row.kind == Kind.GROWTH:
        text = ngettext(
            "%(observed)s appeal %(span)s, expected %(low)s to %(high)s.",
            "%(observed)s appeals %(span)s, expected %(low)s to %(high)s.",
            row.observed,
        )
        return text % values
    text = ngettext("%(observed)s person %(span)s.", "%(observed)s different people %(span)s.", row.observed)
    return text % values
