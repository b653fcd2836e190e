"""Numbers people read out over the phone: the appeal number with its check digit, and the secret tracking code."""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.conf import settings

SEQUENCE_DIGITS = 7
# Letters that the Kazakh, Russian and Latin keyboards share in looks, and digits that are no letter:
# whichever keyboard is on, the code can be typed and means the same. 18 signs, ten of them: 41.7 bits.
CODE_ALPHABET = "23456789ACEHKMPTXY"
CODE_LENGTH = 10
CODE_GROUP = 5
# Damm's table: catches every wrong digit and every swap of neighbours.
DAMM = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)
LOOK_ALIKE = str.maketrans("АВСЕНКМОРТХУІ", "ABCEHKMOPTXYI")
SOUND_ALIKE = str.maketrans("АБВГДЕЗИЙКЛМНОПРСТУФХ", "ABVGDEZIIKLMNOPRSTUFH")
LETTERS_FOR_DIGITS = str.maketrans("OОIІL|ЗБ", "00111136")
DASHES = re.compile(r"[\s\-‐-―−_./#]+")
NUMBER_IN_TEXT = re.compile(r"(?<!\w)[^\W\d_]{2,5}[\s\-‐-―−]*\d{2}[\s\-‐-―−]*\d{1,9}[\s\-‐-―−]*\d(?!\w)")


@dataclass(frozen=True)
class AppealNumber:
    """`TRK-26-0001234-9`: prefix of the installation, year, sequence within the year, check digit."""

    sequence: int
    year: int
    prefix: str = field(default_factory=lambda: settings.NUMBER_PREFIXES[0])

    def __str__(self) -> str:
        body = f"{self.year % 100:02d}", f"{self.sequence:0{SEQUENCE_DIGITS}d}"
        return f"{self.prefix}-{body[0]}-{body[1]}-{damm_digit(''.join(body))}"


def damm_digit(digits: str) -> int:
    interim = 0
    for digit in digits:
        interim = DAMM[interim][int(digit)]
    return interim


def parse_number(text: str, *, prefixes: Sequence[str] = ()) -> AppealNumber | None:
    """Read a number as people write it: small letters, Cyrillic keyboard, no dashes, no zeros, no prefix.

    Prefixes this installation had before are read as well; where none is written, the present one is meant.
    """
    prefixes = prefixes or settings.NUMBER_PREFIXES
    prefix = prefixes[0]
    plain = unicodedata.normalize("NFKC", text[:100].replace("№", " ")).upper()
    groups = [group for group in DASHES.split(plain) if group]
    for known in prefixes:
        if groups and (joined := _split_prefix(groups[0], known)) is not None:
            groups[0], prefix = joined, known
            break
    groups = [group.translate(LETTERS_FOR_DIGITS) for group in groups if group]
    if not groups or not all(group.isascii() and group.isdigit() for group in groups):
        return None
    parts = _parts(groups)
    if parts is None:
        return None
    year, sequence, check = parts
    if damm_digit(year + sequence) != int(check) or int(sequence) == 0:
        return None
    return AppealNumber(sequence=int(sequence), year=2000 + int(year), prefix=prefix)


def _split_prefix(group: str, prefix: str) -> str | None:
    """What follows the prefix, whichever alphabet it is typed in; None when there is no prefix."""
    head, tail = group[: len(prefix)], group[len(prefix) :]
    return tail if prefix in {head, head.translate(LOOK_ALIKE), head.translate(SOUND_ALIKE)} else None


def _parts(groups: list[str]) -> tuple[str, str, str] | None:
    """(year, sequence, check digit); with three groups the zeros before the sequence may be missing."""
    if len(groups) == 3 and len(groups[0]) == 2 and len(groups[2]) == 1:
        return groups[0], groups[1].lstrip("0").zfill(SEQUENCE_DIGITS), groups[2]
    digits = "".join(groups)
    return (digits[:2], digits[2:-1], digits[-1]) if len(digits) >= SEQUENCE_DIGITS + 3 else None


def find_numbers(text: str) -> list[str]:
    """Appeal numbers in running text, such as the subject of an e-mail, in their proper form and each once."""
    found = (parse_number(match.group()) for match in NUMBER_IN_TEXT.finditer(text[:20_000]))
    return list(dict.fromkeys(str(number) for number in found if number))


def new_tracking_code() -> str:
    """A fresh secret in two groups: `7KM4P-X29AH`."""
    code = "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))
    return f"{code[:CODE_GROUP]}-{code[CODE_GROUP:]}"


def normalise_tracking_code(text: str) -> str | None:
    """The stored form of a code as typed, or None when it cannot be one."""
    code = DASHES.sub("", unicodedata.normalize("NFKC", text[:100]).upper().translate(LOOK_ALIKE))
    if len(code) != CODE_LENGTH or not set(code) <= set(CODE_ALPHABET):
        return None
    return f"{code[:CODE_GROUP]}-{code[CODE_GROUP:]}"
