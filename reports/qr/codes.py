"""The codes in printed addresses: short, readable from paper, and not to be guessed."""

from __future__ import annotations

import secrets

from common.text import storable

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # without i, l, o, 0 and 1, which look alike on paper
LENGTH = 8
FOLDED = str.maketrans({" ": "", "-": "", "_": ""})


def new_code() -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(LENGTH))


def folded(typed: str) -> str:
    """A code as somebody typed it from the sheet: in capitals or with blanks and dashes."""
    return storable(typed).translate(FOLDED).lower()[: LENGTH + 4]
