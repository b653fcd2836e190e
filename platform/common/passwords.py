"""Passwords that everybody here would try first: made of our own names and little else."""

from __future__ import annotations

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# The product, the city and its offices, in the letters people type them with.
CONTEXT_WORDS = (
    "halyq", "halyk", "халық", "халык", "turkistan", "turkestan", "түркістан", "туркестан", "akimat", "әкімдік",
    "акимат", "әкімшілік", "kazakhstan", "qazaqstan", "қазақстан", "казахстан", "egov", "inspector", "инспектор",
    "operator", "оператор", "administrator", "әкімші", "администратор", "password", "құпиясөз", "пароль",
    "qwerty", "йцукен",
)  # fmt: skip
# What must remain of a password when the words, figures and signs are taken out of it.
FEWEST_OTHER_LETTERS = 4


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
