"""Every address of the hub, with something in the place of its variable parts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.regex_helper import normalize

SAMPLES = {"UUIDConverter": "00000000-0000-4000-8000-000000000000"}


def every_url() -> list[str]:
    return sorted(set(_walk(get_resolver().url_patterns, "/")))


def _walk(patterns: list[Any], before: str) -> Iterator[str]:
    for entry in patterns:
        path = before + _filled(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _walk(entry.url_patterns, path)
        elif isinstance(entry, URLPattern):
            yield path


def _filled(pattern: Any) -> str:
    text, names = normalize(pattern.regex.pattern.replace(r"\Z", ""))[0]
    converters = getattr(pattern, "converters", {})
    return str(text) % {name: SAMPLES.get(type(converters.get(name)).__name__, "1") for name in names}
