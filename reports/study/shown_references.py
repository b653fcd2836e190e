"""Recomputed quantities as the page of contradictions shows them."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reports.study.checks.references import Reference
from reports.study.contents import Words, table
from reports.study.shown import source_of
from ui import dates

SPOKEN: dict[str, str | Promise] = {
    "yes": _("yes"),
    "no": _("no"),
    "not significant": _("not significant"),
    "expert interview / survey": _("expert interview / survey"),
    "2, conservative": _("2, conservative"),
}


class ShownReference:
    """One quantity in the words and digits of the reader."""

    def __init__(self, of: Reference) -> None:
        self.of = of

    @property
    def quantity(self) -> Words:
        return self.of.quantity

    @property
    def method(self) -> Words:
        return self.of.method

    @property
    def note(self) -> Words | None:
        return self.of.note

    @property
    def source_text(self) -> str | Promise:
        return source_of(table(self.of.table))

    @property
    def printed_text(self) -> str | Promise:
        """With the digits of print; a trailing zero is none of them."""
        return self._text(self.of.printed, _digits(self.of.printed))

    @property
    def recomputed_text(self) -> str | Promise:
        """With enough digits to see the difference."""
        return self._text(self.of.recomputed, _digits(self.of.printed) + 2)

    def _text(self, value: str, places: int) -> str | Promise:
        if not value:
            return "–"
        try:
            number = Decimal(value)
        except InvalidOperation:
            return SPOKEN.get(value, value.replace(" of ", " / "))
        shown = 0 if number == number.to_integral_value() else min(places, _digits(value))
        return dates.number(number.quantize(Decimal(1).scaleb(-shown), ROUND_HALF_UP), shown)


def _digits(value: str) -> int:
    digits = value.partition(".")[2].rstrip("0")
    return len(digits)
