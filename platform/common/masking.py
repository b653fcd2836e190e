"""Show as much of a person's data as is needed to recognise it and no more."""

from __future__ import annotations

import re

HIDDEN = "•"
# E-mail addresses; ten digits and more in a row, however they are set apart: telephones and IINs.
CONTACT = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+|(?<![\w/])\+?\d(?:[ ().–-]*\d){9,}(?!\w)")


def mask_contacts(text: str) -> str:
    """A free text without telephones, identifiers and e-mail addresses; names in it cannot be told from words."""
    return CONTACT.sub(HIDDEN * 3, text)


def mask_identifier(value: str) -> str:
    """Only the last four digits: the first six are the date of birth."""
    return HIDDEN * max(len(value) - 4, 0) + value[-4:] if len(value) > 4 else HIDDEN * len(value)


def mask_email(address: str) -> str:
    """The first letter and the domain: `a•••@mail.kz`."""
    name, at, domain = address.strip().rpartition("@")
    if not at or not name:
        return HIDDEN * 3
    return f"{name[0]}{HIDDEN * 3}@{domain}"


def mask_name(given_name: str, surname: str = "") -> str:
    """The given name and the first letter of the surname: `Айгүл С.`."""
    given, family = _as_name(given_name), surname.strip()
    return f"{given} {family[0].upper()}." if given and family else given or (f"{family[0].upper()}." if family else "")


def mask_full_name(name: str) -> str:
    """The same for a name written as in documents, surname first: `Серікова Айгүл Маратқызы`."""
    parts = name.split()
    return mask_name(parts[1], parts[0]) if len(parts) > 1 else mask_name("", name)


def _as_name(text: str) -> str:
    """Given names typed in capitals become ordinary ones; others stay as their owner writes them."""
    text = " ".join(text.split())
    return text.title() if text.isupper() and len(text) > 1 else text
