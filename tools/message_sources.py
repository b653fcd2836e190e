"""Find every translatable string of the project's Python files and templates."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from babel.messages.extract import extract
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
SOURCE_FOLDERS = ("appeals", "petitions", "reports", "openapi", "platform", "templates")
SKIPPED_FOLDERS = {"node_modules", "migrations", "locale", "static", "__pycache__", "tests"}
TEMPLATE_SUFFIXES = (".html", ".txt", ".xml", ".svg")
KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}


@dataclass(frozen=True, order=True)
class Key:
    """What gettext looks a message up by."""

    id: str
    context: str = ""


@dataclass
class Source:
    """One message as the sources use it; `plural` is empty for a message without number."""

    plural: str = ""
    files: set[str] = field(default_factory=set)


def source_files(paths: Iterable[Path] = (), root: Path = ROOT) -> Iterator[Path]:
    """Python files and templates below the given paths, or of the whole project."""
    starts = [path.resolve() for path in paths] or [root / name for name in SOURCE_FOLDERS]
    for start in starts:
        found = [start] if start.is_file() else sorted(start.rglob("*"))
        for path in found:
            if not path.is_file() or SKIPPED_FOLDERS.intersection(path.parts[len(root.parts) :]):
                continue
            if path.suffix == ".py" or is_template(path):
                yield path


def is_template(path: Path) -> bool:
    return path.suffix in TEMPLATE_SUFFIXES and "templates" in path.parts


def extract_messages(paths: Iterable[Path] = (), root: Path = ROOT) -> dict[Key, Source]:
    """Messages by key with the files that use them, without line numbers so that catalogues change rarely."""
    messages: dict[Key, Source] = {}
    for path in source_files(paths, root):
        for key, plural in file_messages(path):
            source = messages.setdefault(key, Source())
            source.plural = source.plural or plural
            source.files.add(path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name)
    return messages


def file_messages(path: Path) -> Iterator[tuple[Key, str]]:
    """The (key, plural) pairs of one file."""
    try:
        text = path.read_text(encoding="utf-8")
        if path.suffix != ".py":
            # The brackets keep the tokenizer from reading the template's own indentation as Python's.
            text = f"(\n{templatize(text, origin=str(path))}\n)"
        found = list(extract("python", io.BytesIO(text.encode()), KEYWORDS))
    except (SyntaxError, UnicodeDecodeError, FileNotFoundError) as error:
        raise SystemExit(f"{path}: cannot be read for translation: {error}") from error
    for _line, message, _comments, context in found:
        parts = message if isinstance(message, tuple) else (message,)
        if parts[0]:
            yield Key(parts[0], context or ""), parts[1] if len(parts) > 1 else ""
