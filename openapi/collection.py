"""The operations as a collection of requests (Postman 2.1, which Bruno and Insomnia import), made from the document."""

from __future__ import annotations

import json
import re
from typing import Any

from openapi.contract import METHODS

FORM = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
FILE_NAME = "halyq-uni.postman_collection.json"
JSON = "application/json"


def build(document: dict[str, Any], *, base: str) -> dict[str, Any]:
    """`base` is the address of the hub; the key is left to whoever uses the collection."""
    folders: dict[str, list[dict[str, Any]]] = {}
    for path, item in document["paths"].items():
        for method in METHODS:
            if operation := item.get(method):
                folders.setdefault(operation["tags"][0], []).append(_request(path, method, operation))
    return {
        "info": {
            "name": document["info"]["title"],
            "description": "Set `key` to a key of the sandbox. `language` is kk, ru or en.",
            "version": document["info"]["version"],
            "schema": FORM,
        },
        "auth": {"type": "bearer", "bearer": [{"key": "token", "value": "{{key}}", "type": "string"}]},
        "variable": [
            {"key": "base", "value": base.rstrip("/"), "type": "string"},
            {"key": "key", "value": "", "type": "string"},
            {"key": "language", "value": "kk", "type": "string"},
        ],
        "item": [{"name": tag, "item": requests} for tag, requests in folders.items()],
    }


def _request(path: str, method: str, operation: dict[str, Any]) -> dict[str, Any]:
    request = {
        "method": method.upper(),
        "description": operation.get("description", ""),
        "header": _headers(operation),
        "url": _url(path, operation.get("parameters", [])),
    }
    if body := _body(operation.get("requestBody", {}).get("content", {})):
        request["body"] = body
    return {"name": operation["summary"], "request": request, "response": _answers(operation, request)}


def _url(path: str, parameters: list[dict[str, Any]]) -> dict[str, Any]:
    named = re.sub(r"\{(\w+)\}", r":\1", path)
    query = [
        {"key": row["name"], "value": _text(row.get("example")), "disabled": "example" not in row}
        for row in _in("query", parameters)
    ]
    variables = [{"key": row["name"], "value": _text(row.get("example"))} for row in _in("path", parameters)]
    used = "&".join(f"{row['key']}={row['value']}" for row in query if not row["disabled"])
    return {
        "raw": f"{{{{base}}}}{named}" + (f"?{used}" if used else ""),
        "host": ["{{base}}"],
        "path": named.strip("/").split("/"),
        **({"query": query} if query else {}),
        **({"variable": variables} if variables else {}),
    }


def _headers(operation: dict[str, Any]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = [{"key": "Accept-Language", "value": "{{language}}"}]
    fresh = {"Idempotency-Key": "{{$guid}}", "If-Match": "*"}  # a new one for each call; whatever the version is
    for row in _in("header", operation.get("parameters", [])):
        value = fresh.get(row["name"], _text(row.get("example")))
        rows.append({"key": row["name"], "value": value, "disabled": not value})
    if JSON in operation.get("requestBody", {}).get("content", {}):
        rows.append({"key": "Content-Type", "value": JSON})
    return rows


def _body(content: dict[str, Any]) -> dict[str, Any] | None:
    if JSON in content:
        raw = json.dumps(_example(content[JSON]), ensure_ascii=False, indent=2)
        return {"mode": "raw", "raw": raw, "options": {"raw": {"language": "json"}}}
    for form in content.values():
        return {"mode": "formdata", "formdata": [{"key": name, "type": "file", "src": None} for name in _example(form)]}
    return None


def _answers(operation: dict[str, Any], request: dict[str, Any]) -> list[dict[str, Any]]:
    """The answer of the example, kept with the request."""
    rows = []
    for status, answer in operation["responses"].items():
        content = answer.get("content", {}).get(JSON, {})
        if "examples" in content:
            body = json.dumps(_example(content), ensure_ascii=False, indent=2)
            rows.append(
                {
                    "name": content["examples"]["example"]["summary"],
                    "originalRequest": request,
                    "code": int(status),
                    "header": [{"key": "Content-Type", "value": JSON}],
                    "body": body,
                }
            )
    return rows


def _in(place: str, parameters: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row for row in parameters if row["in"] == place]


def _example(content: dict[str, Any]) -> Any:
    return content.get("examples", {}).get("example", {}).get("value", {})


def _text(value: object) -> str:
    return "" if value is None else str(value)
