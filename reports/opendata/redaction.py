"""Take out of a text what leads to its author: contacts, numbers, links, names and addresses that the hub knows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

GAP = "[…]"
SHORTEST_NAME = 3
_HOUSE = r"(?:үй|пәтер|дом|квартир|house|flat|apartment)\w*"
_NUMBER = r"\d+(?:\s?[/-]\s?\d+)?\s?[а-яa-z]?(?!\w)"
_STREET = r"(?:улиц\w*|ул\.|проспект\w*|пр\.|переулок\w*|пер\.|микрорайон\w*|мкр\w*\.?|street)"
_STREET_AFTER = r"(?:көше\w*|даңғыл\w*|шағын\s?аудан\w*|ықшам\s?аудан\w*|street|avenue)"
_NAME = r"[^\W\d][\w.-]{0,40}"
_CAPITAL = "[A-ZА-ЯЁӘІҢҒҮҰҚӨҺ]"
# E-mail addresses, links and names in messengers; streets and houses with their numbers, in the order of words of each
# language; what stands beside «house» or «flat»; names with initials, plates of cars; numbers of four digits and more.
PATTERNS = (
    re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    re.compile(r"(?:https?://|www\.|t\.me/)\S+", re.IGNORECASE),
    re.compile(r"(?<!\w)@\w{3,}"),
    re.compile(rf"(?<!\w){_STREET}\s*(?:{_NAME}\s+){{0,2}}{_NAME},?\s*№?\s*{_NUMBER}", re.IGNORECASE),
    re.compile(rf"(?<!\w)(?:{_NAME}\s+){{1,2}}{_STREET_AFTER},?\s*№?\s*{_NUMBER}", re.IGNORECASE),
    re.compile(rf"(?<!\w)(?:{_HOUSE}|д\.|кв\.?|apt\.?)\s*№?\s*{_NUMBER}", re.IGNORECASE),
    re.compile(r"(?<!\w)\d+\s?[/-]?\s?(?:\d+|ші|шы|[а-яa-z](?!\w))?\s?-?\s?(?:үй|пәтер)\w*", re.IGNORECASE),
    re.compile(rf"(?<!\w){_CAPITAL}[\w-]+\s+{_CAPITAL}\.(?:\s?{_CAPITAL}\.)?"),
    re.compile(rf"(?<!\w){_CAPITAL}\.\s?(?:{_CAPITAL}\.\s?)?{_CAPITAL}[\w-]+"),
    re.compile(rf"(?<!\w)\d{{3}}\s?{_CAPITAL}{{2,3}}\s?\d{{2}}(?!\w)"),
    re.compile(r"\+?\d(?:[\s().–-]*\d){3,}"),
)
WORD = re.compile(rf"[^\W\d_]{{{SHORTEST_NAME},}}")
# Two letters are a name only with a capital: Ли and not the particle ли. Houses have numbers, with a letter or without.
SHORT_NAME = re.compile(rf"(?<!\w){_CAPITAL}[^\W\d_](?!\w)")
HOUSE_NUMBER = re.compile(r"(?<!\w)\d+[а-яa-z]?(?!\w)", re.IGNORECASE)


def redact(text: str, private: Iterable[str]) -> str:
    """The words of each private value go too, with the endings that Kazakh and Russian put on names."""
    for pattern in (*_of(private), *PATTERNS):
        text = pattern.sub(GAP, text)
    return re.sub(rf"(?:{re.escape(GAP)}[\s,.]*){{2,}}", f"{GAP} ", text).strip()


def _of(private: Iterable[str]) -> Iterator[re.Pattern[str]]:
    for value in private:
        for word in set(WORD.findall(value)):
            stem = word if len(word) <= 4 else word[:-1]
            yield re.compile(rf"(?<!\w){re.escape(stem)}\w*", re.IGNORECASE)
        for exact in {*SHORT_NAME.findall(value), *HOUSE_NUMBER.findall(value)}:
            yield re.compile(rf"(?<!\w){re.escape(exact)}(?!\w)")
