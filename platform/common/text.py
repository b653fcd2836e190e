"""Words of a text as the search index keeps them, and queries for it."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import lru_cache

from common.language import guess_language as guess_language
from common.stemming import fold, word_stems
from common.stopwords import STOP_WORDS

WORD = re.compile(r"[^\W_]+")
LONGEST_WORD = 40
# More distinct words than any honest appeal has; keeps an index row bounded.
MOST_TERMS = 2000


# What PostgreSQL cannot store: NUL, and halves of characters that only broken JSON brings.
NOT_TEXT = re.compile("[\x00\ud800-\udfff]")


def storable(text: str) -> str:
    """The text without what no database keeps; a payload of another system may hold anything."""
    return NOT_TEXT.sub("", text)


def beginning(text: str, limit: int) -> str:
    """How the text begins, in at most `limit` signs; what is left out ends after a whole word and is marked."""
    if len(text) <= limit:
        return text
    head = text[:limit]
    whole = head[: max(head.rfind(" "), head.rfind("\n"))].rstrip(" \n,;:–-") if re.search(r"\s", head) else ""
    return (whole or head[:-1]) + "…"


def sha256_of(text: str) -> str:
    """The digest by which a text can be proved to be the one that was written; any tool of the kind gives the same."""
    return hashlib.sha256(text.encode()).hexdigest()


def words(text: str) -> list[str]:
    """Runs of letters and digits in small letters; й typed as two signs is one letter again, ² is 2."""
    return WORD.findall(unicodedata.normalize("NFKC", text).lower())


@lru_cache(maxsize=65_536)
def _terms_of(word: str) -> tuple[str, ...]:
    """Nothing for stop words and single letters; numbers stay as they are."""
    if len(word) > LONGEST_WORD or (len(word) == 1 and not word.isdigit()) or fold(word) in STOP_WORDS:
        return ()
    return word_stems(word)


def search_terms(text: str) -> list[str]:
    """What a text is found by: the Kazakh and the Russian stem of every word, each once, in order."""
    terms: dict[str, None] = {}
    for word in words(text):
        for term in _terms_of(word):
            terms[term] = None
        if len(terms) >= MOST_TERMS:
            break
    return list(terms)


def search_query(text: str, *, prefix_last: bool = False) -> str:
    """A query for `to_tsquery('simple', ...)`: every word, in any of its forms; empty when nothing is asked.

    With `prefix_last` the last word may still be unfinished, as it is while somebody types.
    """
    found = words(text[:500])[:20]
    parts = []
    for place, word in enumerate(found):
        variants = [f"'{term}'" for term in _terms_of(word)]
        if prefix_last and place == len(found) - 1 and len(word) > 1:
            variants.append(f"'{fold(word)[:LONGEST_WORD]}':*")
        if variants:
            parts.append(variants[0] if len(variants) == 1 else f"({' | '.join(variants)})")
    return " & ".join(dict.fromkeys(parts))
