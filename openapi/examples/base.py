"""What an example is: one call of an operation as a partner makes it, with the answer it gets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

JSON = "application/json"


@dataclass(frozen=True)
class Example:
    """The test sends it and holds the answer against the one written here."""

    title: str
    answer: Any = None
    body: Any = None
    status: int = 200
    path: Mapping[str, Any] = field(default_factory=dict)
    query: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    media: str = JSON  # of an answer that is a file and stands in no example


def add_to(operation: dict[str, Any], example: Example) -> None:
    """Write it into an operation of the OpenAPI document: its values, its body, its answer."""
    given = {**example.path, **example.query, **example.headers}
    for parameter in operation.get("parameters", []):
        if parameter["name"] in given:
            parameter["example"] = given[parameter["name"]]
    if example.body is not None:
        for content in operation["requestBody"]["content"].values():
            content["examples"] = _named(example.title, example.body)
    if example.answer is not None:
        answer = operation["responses"].get(str(example.status), {})
        assert "content" in answer, f"{operation['operationId']} is not described to answer {example.status}"
        for content in answer["content"].values():
            content["examples"] = _named(example.title, example.answer)


def _named(title: str, value: Any) -> dict[str, Any]:
    return {"example": {"summary": title, "value": value}}
