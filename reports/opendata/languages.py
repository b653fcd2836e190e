"""Columns in three languages from words that know only the active one."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.utils.translation import override

LANGUAGES = ("kk", "ru", "en")


def in_each(column: str, words: Callable[[], object]) -> Mapping[str, str]:
    """`name` becomes name_kk, name_ru and name_en."""
    found = {}
    for language in LANGUAGES:
        with override(language):
            found[f"{column}_{language}"] = str(words())
    return found
