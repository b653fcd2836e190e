"""The entries of the data dictionary: the fields of the committed document, equal ones together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.utils import translation

from openapi import documents
from openapi.dictionary.explaining import fields_of

LANGUAGES = tuple(code for code, _ in settings.LANGUAGES)
OF_FORMAT = {
    "date-time": "ISO 8601 / RFC 3339",
    "date": "ISO 8601",
    "uri": "RFC 3986",
    "email": "RFC 5322",
}
VALUE_LINE = re.compile(r"^\* `(?P<value>.*?)` - (?P<label>.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Entry:
    """One field. Texts are in English, as in the document; `in_language` translates them."""

    name: str
    kind: str
    standard: str
    meaning: str
    values: tuple[tuple[str, str], ...]
    places: tuple[str, ...] = ()

    def in_language(self, language: str) -> tuple[str, list[tuple[str, str]]]:
        """The meaning, and the allowed values with what they mean."""
        with translation.override(language):
            return _translated(self.meaning), [(value, _translated(label)) for value, label in self.values]


@cache
def entries() -> tuple[Entry, ...]:
    """By name; what means the same in several components is one entry."""
    document = documents.load()
    found: dict[Entry, list[str]] = {}
    for component, name, field in fields_of(document):
        found.setdefault(_entry(document, name, field), []).append(component)
    rows = [Entry(**{**entry.__dict__, "places": tuple(places)}) for entry, places in found.items()]
    return tuple(sorted(rows, key=lambda row: (row.name, row.places)))


def as_data() -> dict[str, Any]:
    """For download, in all languages."""
    return {"version": documents.load()["info"]["version"], "fields": [_as_data(entry) for entry in entries()]}


def as_table() -> Iterator[list[str]]:
    """For download: a heading, and a row for each entry."""
    yield ["name", "type", "standard", *(f"meaning_{code}" for code in LANGUAGES), "values", "components"]
    for entry in entries():
        meanings = [entry.in_language(code)[0] for code in LANGUAGES]
        values = " ".join(value for value, _ in entry.values)
        yield [entry.name, entry.kind, entry.standard, *meanings, values, " ".join(entry.places)]


def _as_data(entry: Entry) -> dict[str, Any]:
    told = {code: entry.in_language(code) for code in LANGUAGES}
    values = [
        {"value": value, "names": {code: told[code][1][index][1] for code in LANGUAGES}}
        for index, (value, _) in enumerate(entry.values)
    ]
    return {
        "name": entry.name,
        "type": entry.kind,
        "standard": entry.standard,
        "meaning": {code: told[code][0] for code in LANGUAGES},
        "values": values,
        "components": list(entry.places),
    }


def _entry(document: dict[str, Any], name: str, field: dict[str, Any]) -> Entry:
    parts = list(_parts(document, field))
    standard = field.get("x-standard") or next(
        (OF_FORMAT[part["format"]] for part in parts if part.get("format") in OF_FORMAT), ""
    )
    meaning = VALUE_LINE.sub("", str(field.get("description", ""))).strip()
    return Entry(name, _kind(document, field), standard, meaning, tuple(_values(parts)))


def _parts(document: dict[str, Any], field: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The schema itself, and those it is made of."""
    yield field
    if "$ref" in field:
        target = document["components"]["schemas"][field["$ref"].rsplit("/", 1)[-1]]
        if "enum" in target:
            yield target
    for inner in [*field.get("allOf", []), *field.get("oneOf", []), *([field["items"]] if "items" in field else [])]:
        yield from _parts(document, inner)


def _values(parts: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    for part in parts:
        if "x-extensible-enum" in part:
            yield from zip(part["x-extensible-enum"], part["x-enum-descriptions"], strict=True)
        elif "enum" in part:
            labels = dict(VALUE_LINE.findall(part.get("description", "")))
            for value in map(str, filter(None, part["enum"])):
                label = labels.get(value, "")
                yield value, "" if label == value else label


def _kind(document: dict[str, Any], field: dict[str, Any]) -> str:
    """The type as one says it: `string`, `array of Message`, `Person or null`."""
    if "$ref" in field:
        name = field["$ref"].rsplit("/", 1)[-1]
        return "string" if "enum" in document["components"]["schemas"][name] else name
    joined = field.get("allOf") or field.get("oneOf")
    if joined:
        return " or ".join(dict.fromkeys(_kind(document, part) for part in joined))
    kinds = field.get("type", "any")
    names = kinds if isinstance(kinds, list) else [kinds]
    if "array" in names:
        return f"array of {_kind(document, field.get('items', {}))}"
    return " or ".join(names)


def _translated(text: str) -> str:
    """The texts are marked where they are written: in serializers, in models and in `meanings`.

    Units have a context of their own there: beside a number the languages say them otherwise than alone.
    """
    if not text:
        return ""
    found = translation.gettext(text)
    return found if found != text else translation.pgettext("unit", text)
