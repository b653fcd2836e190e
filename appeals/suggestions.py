"""Which topics the words of a text point to: key words in any of their forms, no model and no learning.

What is broken weighs more than where it is broken: «the street lamp does not burn, children come home from school in
fear» is about the lamp. So a key word beside a word of fault counts more, one in the place of a place counts less, and
what is said first counts more than what follows.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from common.stemming import word_stems


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


LONGEST_LOOKED_AT = 4000
WORD = re.compile(r"[^\W_]+")
CLAUSE = re.compile(r"[.,;:!?…\n]+|\s[-–—]\s")
SHORTEST_BEGINNING = 4  # letters of a key word that may stand for a longer word: «мусор» finds «мусоровоз»
SHORTEST_LONE = 5  # letters of one word of a phrase that may speak for the phrase
LEAST_LETTERS = 5  # «яма» and «құдық» say as much as a longer word
GAP = 2  # words that may stand between the words of a phrase
NEAR = 3  # words between a key word and the fault it has

PHRASE, FAULT, PLACE, LONE = 1.3, 1.5, 0.3, 0.6
LATER, LEAST = 0.06, 0.5  # what each further clause takes from the weight, and what it leaves

# Forms of other words that key words begin: «работа» is not «не работает», «связь» not «в связи с».
IDLE = _set("работает работают работал работала работали работать связи")
SMALL = _set("в во на с со к у о от до из за по не нет жоқ")
FAULT_WORD = re.compile(
    r"(?:не|нет|нету|без|жоқ|емес|қараңғы|темно|опасно|қауіпті|ашық|апатты"
    r"|\w+[мбп][ае]й(?:ды|ді|тын|тін)?|\w+[мбп][ае](?:ды|ді|ған|ген)"
    r"|(?:сөн|бұзыл|сын|жарыл|тесіл|құла|үзіл|тасы|бітел|шашыл|толып|іркіл|сасы|шір|опырыл)\w*"
    r"|(?:сломан|слома|разбит|разбил|прорв|лопн|теч|отключ|погас|перегор|упал|провал|забит|засор|воня|гряз|разруш"
    r"|отсутств|обрыв|оборв|сгни|треснул|затоп|искрит)\w*)"
)
# «the school» is a place here: a Russian preposition before it, a Kazakh ending of it, a Kazakh word of place after it.
BEFORE_PLACE = _set(
    "в во на у из от до к ко по за под над с со около возле вблизи рядом напротив перед мимо через между вдоль"
)
AFTER_PLACE = re.compile(r"(?:жаны|қасы|маңы|алды|арты|қарсы|іргесі|төңірегі|бойы|ауласы|дейін|қарай|жақта)\w*")
PLACE_ENDING = re.compile(r"\w{2,}(?:[дт][ае](?:ғы|гі)?|[дтн][ае]н|[ғгқк][ае]|ына|іне|ынан|інен)")
KAZAKH = re.compile(r"[әғқңөұүһі]")


@dataclass(frozen=True)
class TopicWords:
    """The key words of a topic: phrases of one word or several."""

    topic_id: int
    phrases: tuple[tuple[str, ...], ...]
    is_emergency: bool = False


def words_of(topic_id: int, keywords: str, *, is_emergency: bool = False) -> TopicWords:
    """Key words are separated by commas and semicolons; endings are free, so «мусор» also finds «мусора»."""
    parts = dict.fromkeys(tuple(_words(part)) for part in re.split(r"[,;\n]", keywords))  # «автобус» in both languages
    return TopicWords(topic_id, tuple(part for part in parts if len("".join(part)) > 1), is_emergency)


@dataclass(frozen=True, eq=False)
class _Phrase:
    topic: TopicWords
    words: tuple[str, ...]


@dataclass(frozen=True)
class Lexicon:
    """The key words of all topics, found by their forms; made once and kept."""

    topics: tuple[TopicWords, ...]
    places: Mapping[str, Sequence[tuple[_Phrase, int]]] = field(init=False)
    shared: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        places: dict[str, list[tuple[_Phrase, int]]] = defaultdict(list)
        owners: dict[str, set[int]] = defaultdict(set)
        for topic in self.topics:
            for words in topic.phrases:
                phrase = _Phrase(topic, words)
                for place, word in enumerate(words):
                    owners[_stem(word)].add(topic.topic_id)
                    for form in _forms(word):
                        places[form].append((phrase, place))
        object.__setattr__(self, "places", dict(places))
        object.__setattr__(self, "shared", frozenset(word for word, topics in owners.items() if len(topics) > 1))


def suggest_topics(text: str, topics: Lexicon | Iterable[TopicWords], *, most: int = 3) -> list[int]:
    """Topic ids: danger before everything, then the likeliest."""
    known = topics if isinstance(topics, Lexicon) else Lexicon(tuple(topics))
    seen = _Text(text[:LONGEST_LOOKED_AT])
    scores: dict[tuple[bool, int], float] = defaultdict(float)
    for phrase, found in _found(seen, known).items():
        scores[phrase.topic.is_emergency, phrase.topic.topic_id] += _weight(seen, phrase, found, known.shared)
    rows = [(is_emergency, score, -topic_id) for (is_emergency, topic_id), score in scores.items() if score]
    return [-negative for *_, negative in sorted(rows, reverse=True)][:most]


def emergency_lines(topic_ids: Sequence[int], lines: Mapping[int, str]) -> str:
    """The telephone numbers to call at once, when one of the topics has any."""
    return next((lines[topic_id] for topic_id in topic_ids if lines.get(topic_id)), "")


class _Text:
    """A text as words with the clause each stands in; what is stands beside it says what it is."""

    def __init__(self, text: str) -> None:
        self.words: list[str] = []
        self.clauses: list[int] = []
        for number, clause in enumerate(CLAUSE.split(text)):
            found = _words(clause)
            self.words += found
            self.clauses += [number] * len(found)
        self.is_kazakh = KAZAKH.search(text) is not None

    def order(self, at: int) -> float:
        """What is said first is what it is about."""
        return max(LEAST, 1 - LATER * self.clauses[at])

    def has_fault(self, at: int) -> bool:
        """Whether something near in the same clause says that it is broken, missing or dangerous."""
        near = range(max(0, at - NEAR), min(len(self.words), at + NEAR + 1))
        return any(self.clauses[i] == self.clauses[at] and i != at and _is_fault(self.words[i]) for i in near)

    def is_place(self, at: int) -> bool:
        """Whether the word only says where."""
        before = [word for i, word in self._around(at, -2) if self.clauses[i] == self.clauses[at]]
        after = [word for i, word in self._around(at, 1) if self.clauses[i] == self.clauses[at]]
        return (
            any(word in BEFORE_PLACE for word in before)
            or any(AFTER_PLACE.fullmatch(word) for word in after)
            or (self.is_kazakh and PLACE_ENDING.fullmatch(self.words[at]) is not None)
        )

    def _around(self, at: int, shift: int) -> list[tuple[int, str]]:
        first, last = (max(0, at + shift), at) if shift < 0 else (at + 1, at + 1 + shift)
        return list(enumerate(self.words))[first:last]


Found = dict[int, list[int]]  # of a phrase: where each of its words stands in the text


def _found(text: _Text, known: Lexicon) -> dict[_Phrase, Found]:
    found: dict[_Phrase, Found] = {}
    for at, word in enumerate(text.words):
        if len(word) < 2:
            continue
        # A word has several forms and is found by some of them: each place once.
        for phrase, place in {one for form in _keys(word) for one in known.places.get(form, ())}:
            found.setdefault(phrase, {}).setdefault(place, []).append(at)
    return found


def _weight(text: _Text, phrase: _Phrase, found: Found, shared: frozenset[str]) -> float:
    """A long phrase weighs more than a short word; the letters of what was found, by where and how it was said."""
    words, topic = phrase.words, phrase.topic
    if len(words) == 1:
        usable = [at for at in found[0] if text.words[at] not in IDLE]
        return max((_single(text, at, len(words[0]), sure=topic.is_emergency) for at in usable), default=0.0)
    together = _together(text, phrase, found)
    if together is not None:
        return sum(map(len, words)) * PHRASE * text.order(together)
    if topic.is_emergency:
        return 0.0
    lone = [
        (text.order(at) * (FAULT if text.has_fault(at) else 1)) * len(words[place])
        for place, ats in found.items()
        if len(words[place]) >= SHORTEST_LONE and _stem(words[place]) not in shared
        for at in ats
        if text.words[at] not in IDLE and not text.is_place(at)
    ]
    return LONE * max(lone, default=0.0)


def _single(text: _Text, at: int, letters: int, *, sure: bool) -> float:
    weight = max(letters, LEAST_LETTERS) * text.order(at)
    if text.has_fault(at):
        weight *= FAULT
    return weight * PLACE if not sure and text.is_place(at) else weight


def _together(text: _Text, phrase: _Phrase, found: Found) -> int | None:
    """Where all words of a phrase stand side by side, in any order; danger leaves no room between them."""
    if len(found) < len(phrase.words):
        return None
    gap = 0 if phrase.topic.is_emergency else GAP
    is_loose = not SMALL.intersection(phrase.words) or not phrase.topic.is_emergency
    for start in found[0]:
        chosen = [min(found[place], key=lambda at: abs(at - start)) for place in range(len(phrase.words))]
        width = max(chosen) - min(chosen) + 1
        apart = len(set(chosen)) == len(chosen) and len({text.clauses[at] for at in chosen}) == 1
        if apart and width <= len(chosen) + gap and (is_loose or chosen == sorted(chosen)):
            return min(chosen)
    return None


def _words(text: str) -> list[str]:
    return WORD.findall(text.lower().replace("ё", "е").replace("_", " "))


@lru_cache(maxsize=8192)
def _stem(word: str) -> str:
    return word_stems(word)[-1] if word_stems(word) else word


@lru_cache(maxsize=8192)
def _forms(word: str) -> tuple[str, ...]:
    """What a key word is looked up by: itself as the beginning of longer words, and its stems unless too short."""
    shortest = max(min(4, len(word) - 1), len(word) - 4)
    stems = [f"={stem}" for stem in word_stems(word) if len(stem) >= shortest]
    own = [word] if len(word) >= SHORTEST_BEGINNING else [f"={word}"]
    return tuple(dict.fromkeys([*own, *stems]))


@lru_cache(maxsize=8192)
def _keys(word: str) -> tuple[str, ...]:
    """What a word of a text is found by: its beginnings, itself and its stems."""
    beginnings = [word[:length] for length in range(SHORTEST_BEGINNING, min(len(word), 24) + 1)]
    return tuple(dict.fromkeys([*beginnings, f"={word}", *(f"={stem}" for stem in word_stems(word))]))


@lru_cache(maxsize=16_384)
def _is_fault(word: str) -> bool:
    return FAULT_WORD.fullmatch(word) is not None
