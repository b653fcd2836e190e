#!/usr/bin/env python
"""Keep the translations of the interface: list what is missing, add, check and compile, without GNU gettext.

    tools/messages.py missing [paths...] > new.json   fill "kk" and "ru" in the file, then
    tools/messages.py add new.json                    merge it (English is filled in by itself)
    tools/messages.py check                           what the tests check
    tools/messages.py update                          drop messages that the sources no longer use
    tools/messages.py compile                         make the .mo files that Django reads

A plural has two equal-noun forms in Kazakh and three forms in Russian (1 день, 2 дня, 5 дней).
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from babel.messages.catalog import Message

from tools import message_catalog as catalogs
from tools.message_checks import catalog_problems, literal_problems, message_problems
from tools.message_sources import Key, Source, extract_messages


def missing(paths: list[Path], folder: Path = catalogs.LOCALE_FOLDER) -> list[dict[str, Any]]:
    """Messages of the given files without a full Kazakh or Russian translation, ready to be filled."""
    stored = {language: catalogs.entries(catalogs.load(language, folder)) for language in catalogs.TRANSLATED}
    rows = []
    for key, source in sorted(extract_messages(paths).items()):
        row: dict[str, Any] = {"id": key.id, "plural": source.plural, "context": key.context}
        complete = True
        for language in catalogs.TRANSLATED:
            message = stored[language].get(key)
            if message is not None and catalogs.is_filled(message, plural=source.plural, language=language):
                forms = list(catalogs.forms_of(message))
            else:
                complete, forms = False, [""] * (catalogs.FORMS[language] if source.plural else 1)
            row[language] = forms if source.plural else forms[0]
        if not complete:
            rows.append(row)
    return rows


def add(rows: list[dict[str, Any]], sources: Mapping[Key, Source], folder: Path = catalogs.LOCALE_FOLDER) -> list[str]:
    """Merge the good rows and return what is wrong with the others; empty translations are passed over."""
    problems: list[str] = []
    accepted: dict[str, dict[Key, tuple[str, ...]]] = {language: {} for language in catalogs.TRANSLATED}
    for row in rows:
        key = Key(row["id"], row.get("context") or "")
        source = sources.get(key)
        if source is None:
            problems.append(f"not used by the sources: {key.id!r}")
            continue
        for language in catalogs.TRANSLATED:
            forms = _forms(row.get(language))
            if not any(forms):
                continue
            wrong = _row_problems(key, source.plural, forms, language)
            problems += wrong
            if not wrong:
                accepted[language][key] = forms
    with catalogs.locked(folder):
        for language in catalogs.LANGUAGES:
            catalogs.rebuild(language, sources, accepted.get(language, {}), drop_unused=False, folder=folder)
    return problems


def _forms(value: Any) -> tuple[str, ...]:
    return tuple(value) if isinstance(value, list) else (value or "",)


def _row_problems(key: Key, plural: str, forms: tuple[str, ...], language: str) -> list[str]:
    wanted = catalogs.FORMS[language] if plural else 1
    if len(forms) != wanted or not all(forms):
        return [f"{language}: {key.id!r} needs {wanted} filled form(s)"]
    message = Message((key.id, plural) if plural else key.id, forms if plural else forms[0])
    return [f"{language}: {key.id!r}: {text}" for text in message_problems(key, plural, message, language)]


def update(folder: Path = catalogs.LOCALE_FOLDER) -> None:
    """Make the catalogues hold exactly what the sources use."""
    with catalogs.locked(folder):
        sources = extract_messages()
        for language in catalogs.LANGUAGES:
            catalogs.rebuild(language, sources, {}, drop_unused=True, folder=folder)


def check(folder: Path = catalogs.LOCALE_FOLDER) -> list[str]:
    return [*catalog_problems(extract_messages(), folder), *literal_problems()]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=["missing", "add", "update", "check", "compile"])
    parser.add_argument("paths", nargs="*", type=Path)
    options = parser.parse_args(arguments)
    problems: list[str] = []
    if options.command == "missing":
        print(json.dumps(missing(options.paths), ensure_ascii=False, indent=1))
    elif options.command == "add":
        sources = extract_messages()
        for path in options.paths:
            problems += add(json.loads(path.read_text(encoding="utf-8")), sources)
    elif options.command == "update":
        update()
    elif options.command == "check":
        problems = check()
    else:
        print("made:", ", ".join(catalogs.compile_catalogs()) or "nothing, all are up to date")
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
