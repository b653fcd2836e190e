"""A notice of the inbox kept in every language: its reader sees it in the one he reads the hub in."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.utils.translation import get_language, override

from notifications.models import Notification

WORDS = "words"


def in_every_language(words: Callable[[], tuple[str, str]]) -> dict[str, list[str]]:
    """Subject and text in each language of the hub; `words` gives both in the active one."""
    found: dict[str, list[str]] = {}
    for code, _name in settings.LANGUAGES:
        with override(code):
            found[code] = [str(part) for part in words()]
    return found


def words_of(row: Notification) -> tuple[str, str]:
    """Subject and text in the reader's language, or as they were stored."""
    kept = row.headers.get(WORDS, {}).get((get_language() or "")[:2])
    return (kept[0], kept[1]) if kept else (row.subject, row.body)
