"""Take an answer apart into sentences and say of each what it does: greets, confirms receipt, promises, reports."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache

from appeals import quality_lexicon as lexicon
from common.stemming import fold
from common.text import search_terms

SENTENCE = re.compile(r"[^.!?\n;]+(?:[.!?;]+(?!\s|$)[^.!?\n;]*)*[.!?;]*")
WORD = re.compile(r"[^\W\d_]{2,}")
PROMISE_REACH = 45


@dataclass(frozen=True)
class Fragment:
    """A quoted piece of the answer with its place, for showing what a finding is about."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Sentence:
    """One sentence and what was recognised in it."""

    fragment: Fragment
    folded: str

    @cached_property
    def words(self) -> int:
        return len(WORD.findall(self.folded))

    @cached_property
    def is_receipt(self) -> bool:
        return bool(lexicon.RECEIPT.search(self.folded))

    @cached_property
    def is_greeting(self) -> bool:
        return bool(lexicon.GREETING.match(self.folded.strip(' "«-'))) and not self.is_done

    @cached_property
    def is_promise(self) -> bool:
        return bool(lexicon.PROMISE.search(self.folded)) and not self.is_done

    @cached_property
    def is_done(self) -> bool:
        """Something is reported as done; neither denied nor only announced, and not the appeal's own reception."""
        return any(self._is_fact(match) for match in lexicon.DONE.finditer(self.folded))

    def _is_fact(self, match: re.Match[str]) -> bool:
        if any(low <= match.start() < high for low, high in self._administrative):
            return False
        before = self.folded[max(0, match.start() - PROMISE_REACH) : match.start()]
        clause = re.split(r"[,;:]", before)[-1]
        if re.search(r"\b(?:не|буд(?:ет|ут)|планиру\w+|will be)\b[\w\s-]*$", clause):
            return False
        after = self.folded[match.end() : match.end() + 12]
        return not re.match(r"\s*(?:жок|емес)\b", after)

    @cached_property
    def _administrative(self) -> list[tuple[int, int]]:
        return [match.span() for match in lexicon.ADMINISTRATIVE.finditer(self.folded)]

    @cached_property
    def is_generic(self) -> bool:
        """Done, but in words that fit any appeal whatever."""
        return self.is_done and bool(lexicon.GENERIC_DONE.search(self.folded)) and self.words <= 8

    @cached_property
    def is_refusal(self) -> bool:
        return bool(lexicon.REFUSED.search(self.folded))

    @cached_property
    def is_reason(self) -> bool:
        return bool(lexicon.REASON.search(self.folded) or lexicon.LAW.search(self.folded))

    @cached_property
    def says_something(self) -> bool:
        """A report, a refusal, a reason, or simply information that is neither greeting nor reception nor promise."""
        if self.is_receipt or self.is_greeting:
            return False
        if (self.is_done and not self.is_generic) or self.is_refusal or self.is_reason:
            return True
        return self.words >= 12 and not self.is_promise


@dataclass(frozen=True)
class Answer:
    """The whole text of an answer."""

    text: str

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        found = []
        for match in SENTENCE.finditer(self.text):
            piece = match.group()
            start = match.start() + len(piece) - len(piece.lstrip())
            if WORD.search(piece):
                fragment = Fragment(start, start + len(piece.strip()), piece.strip())
                found.append(Sentence(fragment, fold(piece.strip())))
        return tuple(found)

    @cached_property
    def folded(self) -> str:
        return fold(self.text)

    def quotes(self, wanted: str, most: int = 3) -> tuple[Fragment, ...]:
        """The sentences with a given property, as evidence."""
        return tuple(sentence.fragment for sentence in self.sentences if getattr(sentence, wanted))[:most]

    def any(self, wanted: str) -> bool:
        return any(getattr(sentence, wanted) for sentence in self.sentences)


@lru_cache(maxsize=1)
def common_terms() -> frozenset[str]:
    return frozenset(search_terms(lexicon.COMMON))


def subject_terms(text: str) -> frozenset[str]:
    """What a text is about: its stems without numbers and without the words of every letter."""
    return frozenset(term for term in search_terms(text) if not term.isdigit() and len(term) > 1) - common_terms()
