"""New wordings: words and pairs of words that suddenly many people use, against the texts of the weeks before."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from common.stemming import ENGLISH, RUSSIAN, fold, kazakh_stem
from common.stopwords import STOP_WORDS
from common.text import LONGEST_WORD, words
from reports.warning.chances import chi_square_tail, discoveries

Term = tuple[str, ...]
SHORTEST_WORD = 3
MOST_WORDS = 300  # of one text
MOST_TERMS = 200_000  # that are counted at the same time, whatever the texts bring
ALIKE = 0.5


@dataclass(frozen=True)
class Text:
    """What one person wrote in one appeal; `person` is a pseudonym."""

    appeal: int
    person: str
    language: str
    text: str


Texts = Callable[[], Iterable[Text]]


@dataclass(frozen=True)
class WordingLimits:
    least_people: int = 5
    least_ratio: float = 3.0
    rate: float = 0.01


@dataclass(frozen=True)
class Wording:
    """A word or a pair as it is mostly written, with the others that come in the same texts."""

    term: Term
    written: str
    also: tuple[str, ...]
    people: int
    expected: float
    appeals: tuple[int, ...]
    score: float
    p_value: float


def stem(word: str, language: str) -> str:
    """One stem a word by the language of the text, so that a word is not counted twice."""
    if word.isascii():
        return ENGLISH.stem(word)
    return kazakh_stem(word) if language == "kk" else RUSSIAN.stem(fold(word))


def _kept(text: Text) -> Iterator[tuple[str, str]]:
    """Words that say something, with their stems; numbers belong to addresses and telephones."""
    for word in words(text.text)[:MOST_WORDS]:
        if SHORTEST_WORD <= len(word) <= LONGEST_WORD and word.isalpha() and fold(word) not in STOP_WORDS:
            yield word, stem(word, text.language)


def terms(text: Text) -> dict[Term, str]:
    """The stems of a text and its pairs of neighbours, each once, with how they are written there."""
    found: dict[Term, str] = {}
    before: tuple[str, str] | None = None
    for word, root in _kept(text):
        found.setdefault((root,), word)
        if before and before[1] != root:
            found.setdefault((before[1], root), f"{before[0]} {word}")
        before = (word, root)
    return found


class FrequentTerms:
    """How often each term comes, in bounded memory: a count may be too low by at most what was taken off.

    Misra & Gries (1982), "Finding repeated elements", Science of Computer Programming 2.
    """

    def __init__(self, most: int = MOST_TERMS) -> None:
        self.most, self.counts = most, Counter[Term]()
        self.seen = 0  # distinct or not: an upper bound of the tests made

    def add(self, found: Iterable[Term]) -> None:
        for term in found:
            self.counts[term] += 1
        while len(self.counts) > self.most:
            self.seen += sum(1 for count in self.counts.values() if count == 1)
            self.counts = Counter({term: count - 1 for term, count in self.counts.items() if count > 1})

    @property
    def tests(self) -> int:
        return self.seen + len(self.counts)


def log_likelihood(recent: int, before: int, texts: int, texts_before: int) -> float:
    """How surprising it is that `recent` of `texts` have the term when `before` of `texts_before` had it.

    G² of Dunning (1993), "Accurate methods for the statistics of surprise and coincidence", Computational Linguistics
    19, in the form for two corpora of Rayson & Garside (2000), "Comparing corpora using frequency profiling".
    """
    whole = texts + texts_before
    expected = texts * (recent + before) / whole
    expected_before = texts_before * (recent + before) / whole
    score = recent * math.log(recent / expected) if recent else 0.0
    score += before * math.log(before / expected_before) if before else 0.0
    return 2 * score


@dataclass
class _Use:
    """Who used a candidate, where, and how it was written."""

    people: set[str]
    appeals: list[int]
    written: Counter[str]


def new_wordings(recent: Texts, before: Texts, limits: WordingLimits | None = None) -> list[Wording]:
    """Terms of the recent texts that grew far beyond their share of the texts before.

    The recent texts are read twice (what is frequent; who used it), the earlier ones once, for the candidates alone.
    """
    limits = limits or WordingLimits()
    frequent, texts = FrequentTerms(), 0
    for text in recent():
        texts += 1
        frequent.add(terms(text))
    candidates = {term for term, count in frequent.counts.items() if count >= limits.least_people}
    uses = _uses(recent(), candidates, limits)
    past, texts_before = Counter[Term](), 0
    for text in before():
        texts_before += 1
        past.update(term for term in terms(text) if term in uses)
    if not texts or not texts_before:
        return []
    return _grouped(_surprising(uses, past, texts, texts_before, limits, frequent.tests), uses)


def _uses(texts: Iterable[Text], candidates: set[Term], limits: WordingLimits) -> dict[Term, _Use]:
    uses: dict[Term, _Use] = defaultdict(lambda: _Use(set(), [], Counter()))
    for text in texts:
        for term, written in terms(text).items():
            if term in candidates:
                use = uses[term]
                use.people.add(text.person)
                use.appeals.append(text.appeal)
                use.written[written] += 1
    return {term: use for term, use in uses.items() if len(use.people) >= limits.least_people}


def _surprising(
    uses: dict[Term, _Use], past: Counter[Term], texts: int, texts_before: int, limits: WordingLimits, tests: int
) -> list[Wording]:
    found, p_values = {}, {}
    for term, use in uses.items():
        people, usual = len(use.people), (past[term] + 0.5) * texts / texts_before
        if people < limits.least_ratio * usual:
            continue
        score = log_likelihood(people, past[term], texts, texts_before)
        p_values[term] = chi_square_tail(score)
        written = use.written.most_common(1)[0][0]
        found[term] = Wording(term, written, (), people, usual, tuple(use.appeals), score, p_values[term])
    known = discoveries(p_values, limits.rate, tests=tests)
    return sorted((found[term] for term in known), key=lambda one: (-one.score, one.term))


def _grouped(found: list[Wording], uses: dict[Term, _Use]) -> list[Wording]:
    """Terms that come in mostly the same texts are one wording, named by the strongest."""
    heads: list[Wording] = []
    others: dict[Term, list[str]] = defaultdict(list)
    for one in found:
        own = set(one.appeals)
        for head in heads:
            common = len(own & set(head.appeals))
            if common >= ALIKE * min(len(own), len(head.appeals)):
                others[head.term].append(one.written)
                break
        else:
            heads.append(one)
    return [_with(head, tuple(others[head.term][:6])) for head in heads]


def _with(head: Wording, also: tuple[str, ...]) -> Wording:
    return Wording(head.term, head.written, also, head.people, head.expected, head.appeals, head.score, head.p_value)
