"""Which language a text is written in: Kazakh (from any keyboard), Russian or English."""

from __future__ import annotations

import re

from common.stemming import KAZAKH_LETTERS, fold
from common.stopwords import ENGLISH, KAZAKH, KAZAKH_LATIN, RUSSIAN, RUSSIAN_LATIN

LANGUAGES = ("kk", "ru", "en")
WORD = re.compile(r"[^\W_]+")
LATIN = re.compile(r"[a-z]")
LONGEST_SAMPLE = 4000
# Pairs of letters (a blank marks the edge of a word) that are much more frequent in one of the two languages.
KAZAKH_PAIRS = """
_а _б _е _ж _к _ш аг ай ак ал ар ау ба га ге ги гы да ди ды жа жо жу з_ зг зм иг из ик им ин ип иш йд йи йл йы к_ ке
кп кт ку кш кы ла лг лд лм лы мд ме мл мш н_ нб нг нд нш п_ пт рг рд рл ры са се си сы тт ту ты уй ум ур уы ха ша ши
шы ы_ ыг ыз ык ыл ым ын ыр ыс ял
"""
RUSSIAN_PAIRS = """
_в _г _и _л _н _п _р _ч ав ае аж бр бщ в_ ва ве ви вл вн во вы го гр д_ дв дн до ев ещ жд жн зо ив ие ии ий ит ич й_
кл ло ль ля мо нн но о_ об ов ог од ое ож ой ом оо ос от оч по пр ре ро св со ст ся т_ тв тн то тр тс ть уб ую х_ хо
че чи ща ще ые ый ых ь_ ьн эт ю_ я_
"""
PAIR_WEIGHT = dict.fromkeys(KAZAKH_PAIRS.split(), 0.25) | dict.fromkeys(RUSSIAN_PAIRS.split(), -0.25)


def guess_language(text: str, default: str = "kk") -> str:
    """kk, ru or en; the default where nothing tells."""
    found = WORD.findall(text[:LONGEST_SAMPLE].lower())
    cyrillic = [word for word in found if not word.isascii()]
    latin = [word for word in found if LATIN.search(word)]
    if len(latin) > len(cyrillic):
        return _guess_latin(latin, default)
    weight = sum(map(_weight, cyrillic))
    if not cyrillic or weight == 0:
        return default
    return "kk" if weight > 0 else "ru"


def _weight(word: str) -> float:
    """Above zero for Kazakh, below for Russian. Kazakh letters weigh most, but one name does not turn a text."""
    folded = fold(word)
    weight = 2.0 if not KAZAKH_LETTERS.isdisjoint(word) else 0.0
    if folded in RUSSIAN:
        weight -= 1.5
    elif folded in KAZAKH:
        weight += 1.5
    edged = f"_{folded}_"
    pairs = sum(PAIR_WEIGHT.get(edged[place : place + 2], 0) for place in range(len(edged) - 1))
    return weight + max(-1.5, min(1.5, pairs))


def _guess_latin(latin: list[str], default: str) -> str:
    """English, or Kazakh or Russian written in Latin letters."""
    scores = {
        "en": sum(word in ENGLISH for word in latin),
        "kk": sum(word in KAZAKH_LATIN for word in latin),
        "ru": sum(word in RUSSIAN_LATIN for word in latin),
    }
    best = max(scores, key=lambda language: scores[language])
    if not scores[best]:
        return "en" if len(latin) > 3 else default
    return best
