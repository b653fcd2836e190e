"""Figures as people read them, in their language. Nothing is rounded here: figures come rounded."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import pgettext

from reports.dictionary import Kind, Metric, Unit
from reports.figures import Figure
from reports.periods import Period
from ui import dates

NOTHING = "–"
NARROW = "\u00a0"


def value(figure: Figure | None) -> str:
    """50,0 % or 1 234 or 2 days; a dash where there is nothing to divide by; a word where few are protected."""
    if figure is not None and figure.is_hidden:
        return pgettext("a figure about very few appeals", "hidden")
    if figure is None or figure.value is None:
        return NOTHING
    if figure.metric.unit == Unit.PERCENTAGE_POINTS:
        return signed(figure.value)
    words = dates.number(figure.value, figure.metric.decimals or None)
    if figure.metric.unit == Unit.PERCENT:
        return f"{words}{NARROW}%"
    if figure.metric.unit == Unit.DAYS:
        return dates.count_of("day", int(figure.value))
    return words


def signed(points: Decimal | int) -> str:
    """A difference in percentage points; no minus before a nought."""
    return ("+" if points > 0 else "−" if points < 0 else "") + dates.number(abs(Decimal(points)), 1)


def counts(figure: Figure | None) -> str:
    """What a share is made of: 2 of 4. Counts and percentiles say nothing beside themselves."""
    if figure is None or figure.denominator is None:
        return ""
    parts = {"part": dates.number(figure.numerator), "whole": dates.number(figure.denominator)}
    if figure.metric.kind == Kind.MEAN:
        return pgettext("a mean and how many values it is of", "of %(whole)s") % parts
    return pgettext("a share in counts", "%(part)s of %(whole)s") % parts


def full(figure: Figure | None) -> str:
    """50,0 % · 2 of 4"""
    return " · ".join(filter(None, (value(figure), counts(figure))))


def days(period: Period) -> str:
    if period.start == period.end:
        return dates.long_date(period.start)
    return f"{dates.short_date(period.start)} – {dates.short_date(period.end)}"


def title(metric: Metric) -> str:
    """The name and, unless it is clear from the figures, the unit."""
    return f"{metric.name}, %" if metric.unit == Unit.PERCENT else str(metric.name)
