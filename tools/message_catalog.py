"""Read, merge, write and compile the project's three message catalogues without GNU gettext."""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import generate_po, read_po

from tools.message_sources import ROOT, Key, Source

LANGUAGES = ("kk", "ru", "en")
TRANSLATED = ("kk", "ru")
LOCALE_FOLDER = ROOT / "platform" / "ui" / "locale"
# The Kazakh rule is spelled as Django spells it, so that Django merges both catalogues into one.
PLURAL_RULES = {
    "kk": "nplurals=2; plural=(n!=1);",
    "ru": ("nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2);"),
    "en": "nplurals=2; plural=(n != 1);",
}
FORMS = {"kk": 2, "ru": 3, "en": 2}
HEADER = """msgid ""
msgstr ""
"Project-Id-Version: Halyq Uni\\n"
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plural}\\n"

"""
PLACEHOLDER = re.compile(r"%\(\w+\)[#0\- +]*\d*(?:\.\d+)?[a-zA-Z]|%[sdrifx]|\{\w*\}")


def po_path(language: str, folder: Path = LOCALE_FOLDER) -> Path:
    return folder / language / "LC_MESSAGES" / "django.po"


def load(language: str, folder: Path = LOCALE_FOLDER) -> Catalog:
    """The stored catalogue, or an empty one with the right plural rule."""
    path = po_path(language, folder)
    if not path.exists():
        return _empty(language)
    with path.open("rb") as file:
        return read_po(file, locale=language, ignore_obsolete=True)


def _empty(language: str) -> Catalog:
    header = HEADER.format(language=language, plural=PLURAL_RULES[language])
    return read_po(header.encode().splitlines(keepends=True), locale=language)


def save(language: str, catalog: Catalog, folder: Path = LOCALE_FOLDER) -> None:
    """Write sorted by message and whole or not at all; nothing in the file depends on the time of writing."""
    body = "".join(generate_po(catalog, omit_header=True, include_lineno=False, sort_by="message", width=0))
    text = HEADER.format(language=language, plural=PLURAL_RULES[language]) + body.strip() + "\n"
    _write_whole(po_path(language, folder), text.encode())


def _write_whole(path: Path, content: bytes) -> None:
    if path.exists() and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.write_bytes(content)
    fresh.replace(path)


@contextmanager
def locked(folder: Path = LOCALE_FOLDER) -> Iterator[None]:
    """Let one writer at a time read, merge and write the catalogues."""
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def entries(catalog: Catalog) -> dict[Key, Any]:
    """The catalogue's messages by key, header left out."""
    found = {}
    for message in catalog:
        if message.id:
            singular = message.id[0] if isinstance(message.id, (tuple, list)) else message.id
            found[Key(singular, message.context or "")] = message
    return found


def forms_of(message: Any) -> tuple[str, ...]:
    """The translation as a tuple of its plural forms; one form for a message without number."""
    return tuple(message.string) if isinstance(message.string, (tuple, list)) else (message.string or "",)


def is_filled(message: Any, *, plural: str, language: str) -> bool:
    forms = forms_of(message)
    wanted = FORMS[language] if plural else 1
    return not message.fuzzy and len(forms) == wanted and all(form.strip() for form in forms)


def rebuild(
    language: str,
    sources: Mapping[Key, Source],
    added: Mapping[Key, tuple[str, ...]],
    *,
    drop_unused: bool,
    folder: Path = LOCALE_FOLDER,
) -> None:
    """Merge new translations into a catalogue; call under `locked()`."""
    old = entries(load(language, folder))
    merged = _empty(language)
    kept = set(sources) if drop_unused else set(sources) | set(old)
    for key in sorted(kept):
        source = sources.get(key)
        plural = source.plural if source else _plural_of(old[key])
        forms = added.get(key) or _kept_forms(old.get(key), key, plural, language)
        if not forms and not drop_unused:
            continue
        count = FORMS[language] if plural else 1
        text = forms or ("",) * count
        merged.add(
            (key.id, plural) if plural else key.id,
            text if plural else text[0],
            locations=[(name, 0) for name in sorted(source.files)] if source else old[key].locations,
            context=key.context or None,
        )
    save(language, merged, folder)


def _plural_of(message: Any) -> str:
    return str(message.id[1]) if isinstance(message.id, (tuple, list)) else ""


def _kept_forms(message: Any, key: Key, plural: str, language: str) -> tuple[str, ...]:
    if language == "en":
        return (key.id, plural) if plural else (key.id,)
    if message is None or not is_filled(message, plural=plural, language=language):
        return ()
    return forms_of(message)


def placeholders(text: str) -> list[str]:
    return sorted(set(PLACEHOLDER.findall(text.replace("%%", ""))))


def compile_catalogs(folder: Path = LOCALE_FOLDER) -> list[str]:
    """Make the .mo files that are older than their .po; returns the languages that were made."""
    made = []
    for language in LANGUAGES:
        source = po_path(language, folder)
        target = source.with_suffix(".mo")
        if not source.exists() or (target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns):
            continue
        fresh = target.with_name(f".{target.name}.{os.getpid()}")
        with fresh.open("wb") as file:
            write_mo(file, load(language, folder))
        fresh.replace(target)
        made.append(language)
    return made
