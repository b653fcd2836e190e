"""Word stems for search: a light Kazakh suffix stripper of our own beside the Russian and English Snowball stemmers."""

from __future__ import annotations

import threading
from functools import lru_cache

import Stemmer


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


KAZAKH_LETTERS = frozenset("әғқңөұүһі")
FOLD = str.maketrans("ёәғқңөұүһі", "еагкноуухи")
VOWELS = "аеиоыэюя"
VOICELESS = "птксшщчхцфбвгд"  # loan words end in б в г д, which sound voiceless there
SONANTS = "рлйуи"
NASALS = "мн"
BUZZING = "зж"
VOICED = SONANTS + NASALS + BUZZING
CONSONANTS = "бвгджзйклмнпрстуфхцчшщ"  # у of су and жөндеу counts as one
BACK, FRONT = "аыяұ", "еэәөүиі"
SHORTEST = 3
# Nouns of two letters that residents write about and that lose their endings all the same.
SHORT_STEMS = frozenset({"су", "уй", "ит", "ел"})
# Words that end like a suffix and are not: without them «near» would be «side» and a map would be snow.
WHOLE = _words(
    """жакын шыгын алтын отын орын келин бурын толкын тыгын тургын кейин дейин сайын ойын мойын дайын тутин ушин жиын
    шахта карта почта даптер нукте балга жылы улы кала бала апта аудан дукен мекен орган стан кран план орман маман
    мектеп тенге аула апа ага жана баска барлык халык акы лифт пост мост тест текст проект объект акт факт контракт
    жонде исте телефон район микрорайон"""
)
# A noun in -н with «its» and a noun in a vowel with the accusative look alike: ауданы, баспананы. Both are kept.
TWO_READINGS = ("аны", "ени", "они", "оны", "ыны", "ини")
# Stems whose last vowel drops before an ending: халық - халқы, орын - орны.
RESTORED = {"халк": "халык", "орн": "орын", "мойн": "мойын", "ерн": "ерин", "карн": "карын"}
STARTS_WITH_N = {"ны", "ни", "нан", "нен", "нын", "нин"}
ANY_HARMONY = {"мен", "бен", "пен", "ники", "дики", "тики"}


def _both(back: str, before: str, shortest: int = SHORTEST) -> list[tuple[str, str, int]]:
    """A suffix in its back and its front form with the letters it may follow."""
    front = back.translate(str.maketrans("аы", "еи"))
    return [(back, before, shortest), (front, before, shortest)]


def _table(*groups: list[tuple[str, str, int]]) -> dict[str, list[tuple[str, str, int]]]:
    """Suffixes by their last letter, longest first."""
    table: dict[str, list[tuple[str, str, int]]] = {}
    for suffix in sorted((item for group in groups for item in group), key=lambda item: -len(item[0])):
        table.setdefault(suffix[0][-1], []).append(suffix)
    return table


ENDINGS = _table(
    # where something is and whose it is: көшедегі, біздікі
    *(_both("дагы", VOWELS + VOICED), _both("тагы", VOICELESS), _both("ындагы", CONSONANTS), _both("сындагы", VOWELS)),
    *([("ники", VOWELS + NASALS, 3), ("дики", VOICED, 3), ("тики", VOICELESS, 3)],),
    # cases after the third person: жолына, жолында, жолынан, жолын
    *(_both("ына", CONSONANTS), _both("ында", CONSONANTS), _both("ынан", CONSONANTS), _both("ын", CONSONANTS)),
    *(_both("сына", VOWELS), _both("сында", VOWELS), _both("сынан", VOWELS), _both("сын", VOWELS)),
    # cases
    *(_both("нын", VOWELS + NASALS), _both("дын", SONANTS + BUZZING), _both("тын", VOICELESS)),
    *(_both("ны", VOWELS), _both("ды", VOICED), _both("ты", VOICELESS), _both("ды", VOWELS, 4)),
    *(_both("га", VOWELS + VOICED), _both("ка", VOICELESS)),
    *(_both("да", VOWELS + VOICED), _both("та", VOICELESS)),
    *(_both("нан", NASALS), _both("дан", VOWELS + SONANTS + BUZZING), _both("тан", VOICELESS)),
    [("мен", VOWELS + SONANTS + NASALS, 3), ("бен", BUZZING, 3), ("пен", VOICELESS, 3)],
    # whose: жолымыз, жолыңыз, жолы, көшесі; «my» only after long words, for бөлім and шешім are nouns themselves
    *(_both("ымыз", CONSONANTS), _both("мыз", VOWELS), _both("ыныз", CONSONANTS), _both("ныз", VOWELS)),
    *(_both("ы", CONSONANTS), _both("сы", VOWELS), _both("ым", CONSONANTS, 5), _both("ыма", CONSONANTS, 5)),
    [("м", VOWELS, 6)],
    # many
    *(_both("лар", VOWELS + SONANTS), _both("дар", "л" + NASALS + BUZZING), _both("тар", VOICELESS)),
    # persons and «without»
    *(_both("мын", VOWELS + SONANTS), _both("бын", NASALS + BUZZING), _both("пын", VOICELESS)),
    *(_both("быз", NASALS + BUZZING), _both("пыз", VOICELESS), _both("сыз", VOWELS + CONSONANTS)),
    # verbs: істемейді, келмеді, жөнделмеген, болатын, тазалау
    *(_both("майды", VOWELS + SONANTS), _both("байды", NASALS + BUZZING), _both("пайды", VOICELESS)),
    *(_both("мады", VOWELS + SONANTS), _both("бады", NASALS + BUZZING), _both("пады", VOICELESS)),
    *(_both("маган", VOWELS + SONANTS), _both("баган", NASALS + BUZZING), _both("паган", VOICELESS)),
    *(_both("йды", VOWELS), _both("ган", VOWELS + VOICED), _both("кан", VOICELESS)),
    *(_both("атын", CONSONANTS), _both("йтын", VOWELS)),
    [("у", VOWELS + CONSONANTS, 4)],
)


def fold(word: str) -> str:
    """Small letters, and Kazakh letters as people type them who do not have them."""
    return word.lower().translate(FOLD)


def _harmony(letters: str, has_kazakh: bool) -> str:
    """«b» after a back vowel, «f» after a front one, nothing where the spelling does not tell."""
    for letter in reversed(letters):
        if letter in BACK or (letter == "о" and has_kazakh):
            return "b"
        if letter in FRONT:
            return "" if letter == "ә" else "f"
        if letter in "оуюё":
            return ""
    return ""


def _strip_once(folded: str, letters: str, has_kazakh: bool) -> str:
    """The word without its longest fitting ending, or without the one that leaves a word known to be whole."""
    longest = ""
    for suffix, before, shortest in ENDINGS.get(folded[-1], ()):
        if not folded.endswith(suffix):
            continue
        stem = folded[: -len(suffix)]
        if (len(stem) < shortest and stem not in SHORT_STEMS) or not stem or stem[-1] not in before:
            continue
        if not _agrees(suffix, stem, letters, has_kazakh):
            continue
        if stem in WHOLE:
            return stem
        longest = longest or stem
    return longest or folded


def _agrees(suffix: str, stem: str, letters: str, has_kazakh: bool) -> bool:
    """Whether the ending can follow this stem: harmony of vowels, no ң taken for н, құрылыс-ы but жүргізуші-сі."""
    if suffix in STARTS_WITH_N and letters[len(stem)] == "ң":
        return False
    if suffix[:2] in {"сы", "си"} and stem[-1] in "ыи" and not stem.endswith(("шы", "ши", "акы")):
        return False
    kind = "" if suffix in ANY_HARMONY else "b" if set(suffix) & set("аы") else "f" if set(suffix) & set("еи") else ""
    return not kind or _harmony(letters[: len(stem)], has_kazakh) in {"", kind}


def kazakh_stem(word: str) -> str:
    """Take endings off until nothing more comes off, so that every form of a word meets at one stem."""
    letters = word.lower()
    folded = fold(letters)
    has_kazakh = not KAZAKH_LETTERS.isdisjoint(letters)
    for _layer in range(6):
        if len(folded) <= 2 or folded in WHOLE:
            break
        shorter = _strip_once(folded, letters, has_kazakh)
        if shorter == folded:
            break
        folded = _voiceless_end(RESTORED.get(shorter, shorter))
        letters = letters[: len(shorter)] + folded[len(shorter) :]
    return _voiceless_end(folded)


def _voiceless_end(stem: str) -> str:
    """жарығы - жарық, мектебі - мектеп."""
    if len(stem) > SHORTEST and stem[-1] in "гб":
        return stem[:-1] + ("к" if stem[-1] == "г" else "п")
    return stem


class _Snowball:
    """One stemmer object is not safe to share between threads, so each thread gets its own."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.local = threading.local()

    def stem(self, word: str) -> str:
        stemmer = getattr(self.local, "stemmer", None)
        if stemmer is None:
            stemmer = self.local.stemmer = Stemmer.Stemmer(self.language)
        return str(stemmer.stemWord(word))


RUSSIAN = _Snowball("russian")
ENGLISH = _Snowball("english")


@lru_cache(maxsize=65_536)
def word_stems(word: str) -> tuple[str, ...]:
    """The stems a word is found by: Kazakh alone if its letters say so, otherwise Kazakh and Russian."""
    if word.isascii():
        return (word,) if not word.isalpha() else (ENGLISH.stem(word.lower()),)
    if any(sign.isdigit() for sign in word):
        return (fold(word),)
    folded = fold(word)
    stems = [kazakh_stem(word)]
    if folded.endswith(TWO_READINGS):
        stems.append(kazakh_stem(word[:-1]))
    if KAZAKH_LETTERS.isdisjoint(word.lower()):
        stems.append(RUSSIAN.stem(folded))
    return tuple(dict.fromkeys(stems))
