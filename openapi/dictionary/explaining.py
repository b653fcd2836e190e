"""Write the meaning of each field, and the standard it follows, into the OpenAPI document."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils import translation
from django.utils.functional import Promise

from openapi.dictionary.meanings import MEANINGS, STANDARDS

Meaning = str | Promise | None


def fields_of(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Component, name and schema of every field."""
    for component, schema in document["components"]["schemas"].items():
        for name, field in schema.get("properties", {}).items():
            yield component, name, field


def _described(said: str, own: Meaning, general: Meaning) -> str:
    """The names of the values, which drf-spectacular puts below, stay below."""
    text, mark, values = said.partition("* `")
    return "\n\n".join(part for part in (str(own or text.strip() or general or ""), mark + values) if part)


def explain_fields(result: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
    """A meaning for one component wins; then what the serializer says; then the meaning of the name."""
    with translation.override("en"):
        for component, name, field in fields_of(result):
            own = MEANINGS.get(f"{component}.{name}")
            field["description"] = _described(field.get("description", ""), own, MEANINGS.get(name))
            if name in STANDARDS:
                field["x-standard"] = STANDARDS[name]
    return result
