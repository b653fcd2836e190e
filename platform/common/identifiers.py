"""IIN and BIN of Kazakhstan: normalise, check and tell apart the twelve-digit identifiers of persons and firms."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from common.errors import ValidationFailed

LENGTH = 12
FIRST_WEIGHTS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)
SECOND_WEIGHTS = (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)
CENTURY_OF_SEVENTH_DIGIT = {"1": 1800, "2": 1800, "3": 1900, "4": 1900, "5": 2000, "6": 2000}
OLDEST_YEARS = 120
SEPARATORS = re.compile(r"[\s\-–—.,_/]+")


class IdentifierKind(StrEnum):
    IIN = "iin"
    BIN = "bin"


class Doubt(StrEnum):
    """Soft signs of a slip: worth a question, never a reason to refuse, for registers hold odd dates too."""

    IMPOSSIBLE_DATE = "impossible_date"
    UNKNOWN_CENTURY = "unknown_century"
    TOO_OLD = "too_old"
    REGISTERED_IN_FUTURE = "registered_in_future"


@dataclass(frozen=True)
class Identifier:
    """An identifier that passed the hard checks."""

    value: str
    kind: IdentifierKind
    doubts: frozenset[Doubt] = frozenset()

    def __repr__(self) -> str:
        """Never the whole number: a repr ends up in logs."""
        return f"Identifier({self.kind.value}, …{self.value[-4:]})"


def normalise_identifier(text: str) -> str:
    """Digits as typed, without the spaces and dashes people put between them."""
    return SEPARATORS.sub("", unicodedata.normalize("NFKC", text))


def check_digit(body: str) -> int | None:
    """The twelfth digit for eleven given ones, or None for a body that is never issued."""
    digits = [int(digit) for digit in body[: LENGTH - 1]]
    for weights in (FIRST_WEIGHTS, SECOND_WEIGHTS):
        rest = sum(digit * weight for digit, weight in zip(digits, weights, strict=True)) % 11
        if rest < 10:
            return rest
    return None


def check_identifier(text: str, *, today: dt.date, field: str = "identifier") -> Identifier:
    """Accept an IIN or a BIN: twelve digits, a true check digit, and nobody born after today."""
    value = normalise_identifier(text)
    if not re.fullmatch(r"[0-9]+", value):
        raise ValidationFailed(_("Use digits only."), code="not_digits", field=field)
    if len(value) != LENGTH:
        raise ValidationFailed(_("The number must have 12 digits."), code="wrong_length", field=field)
    kind = _kind(value)
    if kind is None or check_digit(value) != int(value[-1]):
        raise ValidationFailed(_("There is no such number. Check every digit."), code="wrong_check_digit", field=field)
    doubts = _iin_doubts(value, today, field) if kind is IdentifierKind.IIN else _bin_doubts(value, today)
    return Identifier(value, kind, doubts)


def check_iin(text: str, *, today: dt.date, field: str = "iin") -> Identifier:
    found = check_identifier(text, today=today, field=field)
    if found.kind is not IdentifierKind.IIN:
        raise ValidationFailed(_("This is the BIN of a firm. Give the IIN of a person."), code="not_iin", field=field)
    return found


def check_bin(text: str, *, today: dt.date, field: str = "bin") -> Identifier:
    found = check_identifier(text, today=today, field=field)
    if found.kind is not IdentifierKind.BIN:
        raise ValidationFailed(_("This is the IIN of a person. Give the BIN of a firm."), code="not_bin", field=field)
    return found


def _kind(value: str) -> IdentifierKind | None:
    """The fifth digit tells: a day of birth begins with 0-3, a legal form is 4-6."""
    if value[4] in "0123":
        return IdentifierKind.IIN
    return IdentifierKind.BIN if value[4] in "456" else None


def _iin_doubts(value: str, today: dt.date, field: str) -> frozenset[Doubt]:
    century = CENTURY_OF_SEVENTH_DIGIT.get(value[6])
    if century is None:
        return frozenset({Doubt.UNKNOWN_CENTURY})
    try:
        born_on = dt.date(century + int(value[:2]), int(value[2:4]), int(value[4:6]))
    except ValueError:
        return frozenset({Doubt.IMPOSSIBLE_DATE})
    if born_on > today:
        raise ValidationFailed(
            _("By this number its owner is not born yet. Check every digit."), code="born_in_future", field=field
        )
    return frozenset({Doubt.TOO_OLD}) if today.year - born_on.year > OLDEST_YEARS else frozenset()


def _bin_doubts(value: str, today: dt.date) -> frozenset[Doubt]:
    year, month = 2000 + int(value[:2]), int(value[2:4])
    if not 1 <= month <= 12:
        return frozenset({Doubt.IMPOSSIBLE_DATE})
    # Firms of the nineties carry 9x, so a year far ahead is the last century.
    if year > today.year + 50:
        year -= 100
    return frozenset({Doubt.REGISTERED_IN_FUTURE}) if (year, month) > (today.year, today.month) else frozenset()
