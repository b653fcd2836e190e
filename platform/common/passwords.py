"""Passwords that everybody here would try first: made of our own names and little else."""

from __future__ import annotations

import itertools
import re
import unicodedata
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from common.phones import phone_or_none

# The product, the city and its offices, in the letters people type them with.
CONTEXT_WORDS = (
    "halyq", "halyk", "халық", "халык", "turkistan", "turkestan", "түркістан", "туркестан", "akimat", "әкімдік",
    "акимат", "әкімшілік", "kazakhstan", "qazaqstan", "қазақстан", "казахстан", "egov", "inspector", "инспектор",
    "operator", "оператор", "administrator", "әкімші", "администратор", "password", "құпиясөз", "пароль",
    "qwerty", "йцукен",
)  # fmt: skip
# What must remain of a password when the words, figures and signs are taken out of it.
FEWEST_OTHER_LETTERS = 4
# How dates are written without signs, and how long that is.
DATES = (("%Y%m%d", 8), ("%d%m%Y", 8), ("%y%m%d", 6), ("%d%m%y", 6))


class ContextWordsValidator:
    """A password of one of the words with a year and a sign behind it is no password."""

    def validate(self, password: str, user: object | None = None) -> None:
        text = unicodedata.normalize("NFKC", password).casefold()
        rest = text
        for word in CONTEXT_WORDS:
            rest = rest.replace(word, "")
        if rest != text and len(re.sub(r"[\W\d_]", "", rest)) < FEWEST_OTHER_LETTERS:
            raise ValidationError(self.get_help_text(), code="context_word")

    def get_help_text(self) -> str:
        return _("Your password can’t be a name of the city, of this service or of an office with figures beside it.")


class KnownNumberValidator:
    """Any number may be a password but one that others know of a person: a phone, an IIN, a date, a run of figures."""

    def validate(self, password: str, user: object | None = None) -> None:
        digits = re.sub(r"[\s.+()-]", "", password)
        if digits.isdecimal() and (
            phone_or_none(digits) or _begins_with_a_date(digits) or _is_a_run(digits) or len(set(digits)) < 5
        ):
            raise ValidationError(self.get_help_text(), code="known_number")

    def get_help_text(self) -> str:
        return _("Your password can’t be a phone number, an IIN, a date or a run of figures.")


def _begins_with_a_date(digits: str) -> bool:
    """A birthday in any usual order; an IIN begins with one as well."""
    return any(_is_date(digits[:size], order) for order, size in DATES)


def _is_date(text: str, order: str) -> bool:
    try:
        return 1900 <= datetime.strptime(text, order).year <= 2100
    except ValueError:
        return False


def _is_a_run(digits: str) -> bool:
    """1234567890, 9876543210 and the like."""
    steps = {(int(right) - int(left)) % 10 for left, right in itertools.pairwise(digits)}
    return len(steps) == 1
