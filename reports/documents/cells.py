"""Cells from figures: one wording of every figure, on paper, in workbooks and on pages."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

from reports.dictionary import Kind as Made
from reports.dictionary import Metric, Unit
from reports.documents.model import Cell, Column, Kind
from reports.figures import Figure
from ui import dates

NOTHING = "–"
_TENTH = Decimal("0.1")
_UNTOLD = (Unit.DAYS, Unit.POINTS)  # units that a bare number does not tell


def text(words: object) -> Cell:
    return Cell(str(words))


def count(number: int) -> Cell:
    return Cell(dates.number(number), number)


def share(part: int, whole: int) -> Cell:
    """A share of counts that the dictionary has, rounded as its own shares are."""
    if not whole:
        return Cell(NOTHING, None, part, whole)
    per_cent = (Decimal(part * 100) / Decimal(whole)).quantize(_TENTH, ROUND_HALF_UP)
    return _share(per_cent, part, whole)


def of(figure: Figure) -> Cell:
    """The figure as it is published."""
    entry, value = figure.metric, figure.value
    if value is None:
        return Cell(NOTHING, None, figure.numerator, figure.denominator) if entry.kind == Made.SHARE else Cell(NOTHING)
    if entry.kind == Made.SHARE:
        return _share(Decimal(value), figure.numerator, figure.denominator or 0)
    if isinstance(value, Decimal):
        return Cell(dates.number(value, entry.decimals), float(value))
    return Cell(dates.number(value), value)


def _share(per_cent: Decimal, part: int, whole: int) -> Cell:
    return Cell(f"{dates.number(per_cent, 1)}\u00a0%", float(per_cent / 100), part, whole)


def kind(entry: Metric) -> Kind:
    return Kind.SHARE if entry.kind == Made.SHARE else Kind.NUMBER


def name(entry: Metric) -> str:
    """With the unit where the name alone lets a reader take days for answers."""
    return f"{entry.name}, {entry.unit.label}" if entry.unit in _UNTOLD else str(entry.name)


def column(entry: Metric, title: str = "", *, key: str = "") -> Column:
    figure = name(entry)
    shown = figure if not title else _("%(figure)s, %(period)s") % {"figure": figure, "period": title}
    return Column(key or entry.key, shown, kind(entry), entry.key)
