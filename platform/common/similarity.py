"""How alike two texts are: shingles of three words, and a short signature that can be stored and compared fast."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from zlib import crc32

from common.stemming import fold

SIZE = 3
SIGNATURE_LENGTH = 128
WORD = re.compile(r"[^\W\d_]+|\d+")
MONTH = re.compile(
    r"январ|феврал|март|апрел|ма[йя]$|июн|июл|август|сентябр|октябр|ноябр|декабр"
    r"|кантар|акпан|наурыз|сауир|мамыр|маусым|шилде|тамыз|кыркуйек|казан|караша|желтоксан"
)


def shingles(text: str, size: int = SIZE) -> frozenset[int]:
    """Hashes of neighbouring words. A date counts as any other: a form letter with a new one is the same letter."""
    found = ["0" if word.isdecimal() or MONTH.match(word) else word for word in WORD.findall(fold(text))]
    if not found:
        return frozenset()
    if len(found) < size:
        return frozenset({crc32(" ".join(found).encode())})
    rows = zip(*(found[shift:] for shift in range(size)), strict=False)
    return frozenset(crc32(" ".join(row).encode()) for row in rows)


def signature(text: str, length: int = SIGNATURE_LENGTH) -> tuple[int, ...]:
    """The smallest hashes of the text: exact for short texts, a fair sample of long ones."""
    return tuple(sorted(shingles(text))[:length])


def similarity(one: Collection[int], two: Collection[int]) -> float:
    """Share of common shingles, 0 to 1, of two sets."""
    first, second = frozenset(one), frozenset(two)
    union = len(first | second)
    return len(first & second) / union if union else 0.0


def signature_similarity(one: Sequence[int], two: Sequence[int], length: int = SIGNATURE_LENGTH) -> float:
    """The same from two signatures: of the smallest hashes of both together, the share that both have."""
    first, second = frozenset(one), frozenset(two)
    smallest = sorted(first | second)[:length]
    return sum(value in first and value in second for value in smallest) / len(smallest) if smallest else 0.0


def text_similarity(one: str, two: str) -> float:
    return similarity(shingles(one), shingles(two))
