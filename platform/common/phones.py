"""Telephone numbers: one written form for storing and comparing, a masked one for showing."""

from __future__ import annotations

import phonenumbers
from django.utils.translation import gettext_lazy as _

from common.errors import ValidationFailed
from common.masking import HIDDEN

REGION = "KZ"
# Numbers of the contact centres and the emergency services: channels, not a person's phone.
SERVICE_NUMBERS = {"101", "102", "103", "104", "109", "112", "1310", "1414"}


def normalise_phone(text: str, *, field: str = "phone") -> str:
    """E.164 (`+77011234567`) of a number typed in any usual way: 8 (701) 123-45-67, 7701..., +7 701 ..."""
    found = _parse(text)
    if found is None:
        raise ValidationFailed(_("Give a telephone number such as +7 701 123 45 67."), code="wrong_phone", field=field)
    return phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164)


def phone_or_none(text: str) -> str | None:
    """For payloads of other systems, where a bad number is no reason to refuse the appeal."""
    found = _parse(text)
    return phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164) if found else None


def _parse(text: str) -> phonenumbers.PhoneNumber | None:
    digits = "".join(sign for sign in text if sign.isdecimal())
    if not 7 <= len(digits) <= 15 or digits in SERVICE_NUMBERS:
        return None
    candidates = [text]
    if len(digits) == 11 and digits.startswith("7"):
        candidates.insert(0, f"+{digits}")
    for candidate in candidates:
        try:
            found = phonenumbers.parse(candidate, REGION)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(found):
            return phonenumbers.PhoneNumber(country_code=found.country_code, national_number=found.national_number)
    return None


def format_phone(number: str) -> str:
    """A stored number in groups: `+7 701 123 45 67`; what is no number comes back as it is."""
    if len(number) == 12 and number.startswith("+7"):
        return f"+7 {number[2:5]} {number[5:8]} {number[8:10]} {number[10:]}"
    return number


def mask_phone(number: str) -> str:
    """The operator code and the last two digits: `+7 701 ••• •• 67`."""
    if len(number) == 12 and number.startswith("+7"):
        return f"+7 {number[2:5]} {HIDDEN * 3} {HIDDEN * 2} {number[10:]}"
    return HIDDEN * max(len(number) - 2, 3) + number[-2:] if len(number) > 4 else HIDDEN * 3
