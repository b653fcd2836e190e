"""Which topics the words of a text point to: a plain look-up of key words, no model and no learning."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

NOT_WORDS = re.compile(r"[\W_]+")
LONGEST_LOOKED_AT = 4000


@dataclass(frozen=True)
class TopicWords:
    """The key words of a topic, each with the space before it that makes it the beginning of a word."""

    topic_id: int
    words: tuple[str, ...]
    is_emergency: bool = False


def words_of(topic_id: int, keywords: str, *, is_emergency: bool = False) -> TopicWords:
    """Key words are separated by commas and semicolons; endings are free, so «мусор» also finds «мусора»."""
    parts = (_plain(part) for part in re.split(r"[,;\n]", keywords))
    return TopicWords(topic_id, tuple(part for part in parts if len(part) > 2), is_emergency)


def suggest_topics(text: str, topics: Iterable[TopicWords], *, most: int = 3) -> list[int]:
    """Topic ids: danger before everything, then the likeliest; a long phrase weighs more than a short word."""
    plain = _plain(text[:LONGEST_LOOKED_AT])
    scores = [
        (topic.is_emergency, sum(len(word) for word in topic.words if word in plain), -topic.topic_id)
        for topic in topics
    ]
    found = sorted((row for row in scores if row[1]), reverse=True)
    return [-negative for *_, negative in found][:most]


def emergency_lines(topic_ids: Sequence[int], lines: Mapping[int, str]) -> str:
    """The telephone numbers to call at once, when one of the topics has any."""
    return next((lines[topic_id] for topic_id in topic_ids if lines.get(topic_id)), "")


def _plain(text: str) -> str:
    words = NOT_WORDS.sub(" ", text.lower().replace("ё", "е")).strip()
    return f" {words}" if words else ""
