"""What one reads before and while one writes a program: errors, recipes, the operations, and a page to try them."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from csp.constants import NONCE
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from openapi import cookbook, documents, error_codes

SWAGGER, REDOC = "Swagger UI", "Redoc"  # names, the same in every language
# Two of the style sheets Redoc writes carry no word: one that is empty, and the one of its icons.
REDOC_STYLES = (
    "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='",
    "'sha256-QMIg+bpjm3JdElJ388KYke01izlUW0UoNOeKjpMxdgc='",
)
METHODS = ("get", "post", "put", "patch", "delete")


@require_safe
def errors(request: HttpRequest) -> HttpResponse:
    groups = [(title, [(row, cookbook.words(str(row.meaning))) for row in rows]) for title, rows in error_codes.GROUPS]
    return render(request, "openapi/errors.html", {"groups": groups})


@require_safe
def swagger(request: HttpRequest) -> HttpResponse:
    """Swagger UI from the hub itself; its style sheet holds its few icons as data, which this page alone allows."""
    response = render(request, "openapi/swagger.html", {"swagger_name": SWAGGER})
    response._csp_update = {"img-src": ["data:"]}  # type: ignore[attr-defined]  # read by django-csp
    return response


@require_safe
def redoc(request: HttpRequest) -> HttpResponse:
    """Redoc from the hub itself; the style sheets that it writes into the page carry a word of this answer."""
    response = render(request, "openapi/redoc.html", {"redoc_name": REDOC, "nonce": request.csp_nonce})  # type: ignore[attr-defined]  # set by django-csp
    response._csp_update = {"style-src": [NONCE, *REDOC_STYLES], "img-src": ["data:"]}  # type: ignore[attr-defined]  # read by django-csp
    return response


@require_safe
def reference(request: HttpRequest) -> HttpResponse:
    """Drawn by the server, for whoever has no JavaScript."""
    return render(request, "openapi/reference.html", {"tags": _operations()})


@require_safe
def cookbook_page(request: HttpRequest) -> HttpResponse:
    return render(request, "openapi/cookbook.html", {"parts": cookbook.parts()})


@cache
def _operations() -> list[tuple[str, str, list[dict[str, Any]]]]:
    """The tags of the committed document, what each is about, and its operations."""
    document = documents.load()
    found: dict[str, list[dict[str, Any]]] = {}
    for path, item in document["paths"].items():
        for method in METHODS:
            if operation := item.get(method):
                found.setdefault(operation["tags"][0], []).append(_row(path, method, operation))
    return [(tag["name"], tag["description"], found[tag["name"]]) for tag in document["tags"]]


def _row(path: str, method: str, operation: dict[str, Any]) -> dict[str, Any]:
    described = operation.get("description", "").split("\n\nScope:")[0]
    return {
        "id": operation["operationId"],
        "method": method.upper(),
        "path": path,
        "summary": operation.get("summary", ""),
        "text": cookbook.words(described),
        "scope": operation.get("x-scope"),
        "parameters": [_parameter(row) for row in operation.get("parameters", [])],
        "body": _schema(operation.get("requestBody", {})),
        "example": _example(operation.get("requestBody", {})),
        "answers": [
            (status, cookbook.words(answer.get("description", "")), _schema(answer))
            for status, answer in operation["responses"].items()
        ],
    }


def _parameter(row: dict[str, Any]) -> dict[str, str]:
    """In the language of the document, which is English."""
    kind = row.get("schema", {}).get("type", "")
    kinds = kind if isinstance(kind, list) else [kind]
    words = [row["in"], " | ".join(kinds), "required" if row.get("required") else ""]
    described = row.get("description", "")
    text = ", ".join(word for word in words if word)
    return {"name": row["name"], "text": f"{text}. {described}" if described else text}


def _schema(holder: dict[str, Any]) -> str:
    """The name of the shape of a body, or nothing."""
    for content in holder.get("content", {}).values():
        schema = content.get("schema", {})
        name = schema.get("$ref", "") or schema.get("items", {}).get("$ref", "")
        return str(name.rsplit("/", 1)[-1])
    return ""


def _example(holder: dict[str, Any]) -> str:
    """What one sends, as it was sent by a test; nothing where a file is sent."""
    for content in holder.get("content", {}).values():
        for example in content.get("examples", {}).values():
            return json.dumps(example["value"], ensure_ascii=False, indent=2)
    return ""
