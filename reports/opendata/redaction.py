"""Take out of a text what leads to its author: contacts, numbers, links, names and addresses that the hub knows."""

from __future__ import annotations

import re
from collections.abc import Iterable

GAP = "[…]"
SHORTEST_NAME = 3
# E-mail addresses, links and names in messengers; numbers of four digits and more; what follows «house» or «flat».
PATTERNS = (
    re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    re.compile(r"(?:https?://|www\.|t\.me/)\S+", re.IGNORECASE),
    re.compile(r"(?<!\w)@\w{3,}"),
    re.compile(r"\+?\d(?:[\s().–-]*\d){3,}"),
    re.compile(
        r"(?<!\w)(?:үй|пәтер|дом|д\.|кв\.?|квартира|house|flat|apt\.?)\s*№?\s*\d+\s*[а-яa-z]?(?!\w)", re.IGNORECASE
    ),
)
WORD = re.compile(rf"[^\W\d_]{{{SHORTEST_NAME},}}")


def redact(text: str, private: Iterable[str]) -> str:
    """The words of each private value go too, with the endings that Kazakh and Russian put on names."""
    for value in private:
        for word in set(WORD.findall(value)):
            stem = word if len(word) <= 4 else word[:-1]
            text = re.sub(rf"(?<!\w){re.escape(stem)}\w*", GAP, text, flags=re.IGNORECASE)
    for pattern in PATTERNS:
        text = pattern.sub(GAP, text)
    return re.sub(rf"(?:{re.escape(GAP)}[\s,.]*){{2,}}", f"{GAP} ", text).strip()
