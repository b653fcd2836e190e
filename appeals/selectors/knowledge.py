"""Ready consultations that fit the words of a caller."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import get_language

from appeals.models import KnowledgeArticle
from common.rows import CachedRows
from common.text import search_terms

TITLE_WEIGHT, TOPIC_WEIGHT = 3, 2


@dataclass(frozen=True)
class Consultation:
    """An article with the words by which it is found."""

    id: int
    slug: str
    topic_id: int | None
    titles: Mapping[str, str]
    bodies: Mapping[str, str]
    title_stems: frozenset[str]
    body_stems: frozenset[str]

    @property
    def title(self) -> str:
        return _in_language(self.titles, get_language() or "kk")

    @property
    def body(self) -> str:
        return self.body_in(get_language() or "kk")

    def body_in(self, language: str) -> str:
        return _in_language(self.bodies, language)


def _in_language(texts: Mapping[str, str], language: str) -> str:
    return texts.get(language[:2]) or texts["kk"]


def _load() -> dict[int, Consultation]:
    return {row.pk: _consultation(row) for row in KnowledgeArticle.objects.filter(is_active=True)}


def _consultation(row: KnowledgeArticle) -> Consultation:
    titles = {"kk": row.title_kk, "ru": row.title_ru, "en": row.title_en}
    bodies = {"kk": row.body_kk, "ru": row.body_ru, "en": row.body_en}
    return Consultation(
        id=row.pk,
        slug=row.slug,
        topic_id=row.topic_id,
        titles=titles,
        bodies=bodies,
        title_stems=frozenset(search_terms(" ".join(titles.values()))),
        body_stems=frozenset(search_terms(" ".join(bodies.values()))),
    )


consultations = CachedRows(_load)


def find_consultations(text: str, *, topic_id: int | None = None, limit: int = 4) -> list[Consultation]:
    """Articles that share most words with the text; a word of the title and the chosen topic weigh more."""
    stems = set(search_terms(text))
    scored = [(_score(item, stems, topic_id), -item.id, item) for item in consultations().values()]
    best = sorted((row for row in scored if row[0] > 1), reverse=True, key=lambda row: row[:2])
    return [item for _score_of, _pk, item in best[:limit]]


def _score(item: Consultation, stems: set[str], topic_id: int | None) -> int:
    same_topic = TOPIC_WEIGHT if topic_id and item.topic_id == topic_id else 0
    return TITLE_WEIGHT * len(stems & item.title_stems) + len(stems & item.body_stems) + same_topic
