"""What must hold for the catalogues before a change is accepted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from tools.message_catalog import LOCALE_FOLDER, TRANSLATED, entries, forms_of, is_filled, load, placeholders
from tools.message_sources import ROOT, Key, Source, is_template, source_files
from tools.template_literals import SAME_EVERYWHERE, has_words, template_literals

LONE_LOOK_ALIKE = re.compile(r"(?<![\w-])[aceopxyi](?![\w-])")
KAZAKH_LETTERS = re.compile(r"[әғқңөұүһіӘҒҚҢӨҰҮҺІ]")
CYRILLIC = re.compile(r"[Ѐ-ӿ]")
LATIN = re.compile(r"[A-Za-z]")
WORD = re.compile(r"[^\W\d_]+")
MARKUP = re.compile(r"<[^>]*>|&\w+;|https?://\S+|\S+@\S+")
KAZAKH_IN_RUSSIAN = {"Қазақша", "Өтініш"}


def catalog_problems(sources: Mapping[Key, Source], folder: Path = LOCALE_FOLDER) -> Iterator[str]:
    """Every way in which a reader of kk or ru would meet a missing or broken translation."""
    for language in TRANSLATED:
        stored = entries(load(language, folder))
        for key in sorted(sources):
            source = sources[key]
            where = f"{language}: {key.id!r} ({', '.join(sorted(source.files)[:2])})"
            message = stored.get(key)
            if message is None:
                yield f"missing {where}"
            elif not is_filled(message, plural=source.plural, language=language):
                yield f"{'fuzzy' if message.fuzzy else 'empty'} {where}"
            else:
                yield from (f"{text} {where}" for text in message_problems(key, source.plural, message, language))


def message_problems(key: Key, plural: str, message: Any, language: str) -> Iterator[str]:
    """Problems of one filled translation."""
    wanted = placeholders(plural or key.id)
    for form in forms_of(message):
        if placeholders(form) != wanted:
            yield f"placeholders differ ({form!r})"
        yield from text_problems(form, language)
        if has_words(without_placeholders(key.id)) and not CYRILLIC.search(form) and key.id not in SAME_EVERYWHERE:
            yield f"not translated ({form!r})"


def without_placeholders(text: str) -> str:
    for name in placeholders(text):
        text = text.replace(name, " ")
    return MARKUP.sub(" ", text)


def text_problems(text: str, language: str) -> Iterator[str]:
    """Letters of the wrong alphabet, which look right and break search and screen readers."""
    text = without_placeholders(text)
    if CYRILLIC.search(text):
        yield from (f"Latin letter in Cyrillic text ({letter!r})" for letter in LONE_LOOK_ALIKE.findall(text))
    for word in WORD.findall(text):
        if CYRILLIC.search(word) and LATIN.search(word):
            yield f"Latin letter in Cyrillic text ({word!r})"
        if language == "ru" and KAZAKH_LETTERS.search(word) and word not in KAZAKH_IN_RUSSIAN:
            yield f"Kazakh letter in Russian text ({word!r})"


def literal_problems(paths: Iterable[Path] = (), root: Path = ROOT) -> Iterator[str]:
    for path in source_files(paths, root):
        if is_template(path):
            for line, text in template_literals(path):
                name = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name
                yield f"literal text {name}:{line}: {text}"
