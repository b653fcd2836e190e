"""What programs rely on, as a flat list of facts; two lists tell what a change of the interface would break."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

Fact = Mapping[str, Any]
Facts = dict[str, dict[str, Any]]
METHODS = ("get", "post", "put", "patch", "delete")
LOWER = ("minimum", "minLength", "minItems")  # a larger one refuses what was accepted before
UPPER = ("maximum", "maxLength", "maxItems")
RELEASED = Path(__file__).with_name("released")


@cache
def released(version: str) -> Facts:
    """The facts of a version, as they were when it was published."""
    found: Facts = json.loads((RELEASED / f"{version}.json").read_text(encoding="utf-8"))
    return found


def write(version: str, document: dict[str, Any]) -> Path:
    """Publish: from now on the tests hold the interface to these facts. One line each, for the eye and for `diff`."""
    lines = [f"{json.dumps(key)}: {json.dumps(fact, ensure_ascii=False)}" for key, fact in facts(document).items()]
    path = RELEASED / f"{version}.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    return path


def facts(document: dict[str, Any]) -> Facts:
    """Operations by name, their parameters, bodies and answers; fields of components as `Component.field`."""
    found: Facts = {}
    for path, item in document["paths"].items():
        for method in METHODS:
            if operation := item.get(method):
                found.update(_of_operation(document, operation, f"{method.upper()} {path}"))
    for name, component in document["components"]["schemas"].items():
        found.update(_of_fields(document, component, name))
    return dict(sorted(found.items()))


def breaking(before: Facts, after: Facts) -> list[str]:
    """The facts that programs written for the one cannot rely on in the other."""
    known = {key.split(".")[0] for key in before}
    gone = [key for key in before if key not in after]
    changed = [key for key in before if key in after and _breaks(key, before[key], after[key])]
    demanded = [
        key for key in after if key not in before and key.split(".")[0] in known and _is_demand(key, after[key])
    ]
    return sorted({*gone, *changed, *demanded})


def added(before: Facts, after: Facts) -> list[str]:
    """The operations that are new."""
    return [key for key in after if key not in before and "address" in after[key]]


def _of_fields(document: dict[str, Any], schema: dict[str, Any], owner: str) -> Iterator[tuple[str, Any]]:
    """Fields of fields too, where they are described in place and not by a component."""
    for field, described in schema.get("properties", {}).items():
        key = f"{owner}.{field}"
        yield key, {"required": field in schema.get("required", []), **_of_schema(document, described)}
        yield from _of_fields(document, described.get("items", described), key)


def _of_operation(document: dict[str, Any], operation: dict[str, Any], address: str) -> Iterator[tuple[str, Any]]:
    name = operation["operationId"]
    yield name, {"address": address, "scope": operation.get("x-scope")}
    for row in operation.get("parameters", []):
        schema = _of_schema(document, row.get("schema", {}))
        yield f"{name}.{row['in']}:{row['name']}", {"required": row.get("required", False), **schema}
    for kind, content in operation.get("requestBody", {}).get("content", {}).items():
        yield f"{name}.body:{kind}", _of_schema(document, content["schema"])
    for status, answer in operation["responses"].items():
        if status < "300":
            for kind, content in answer.get("content", {"nothing": {}}).items():
                yield f"{name}.answer:{status}:{kind}", _of_schema(document, content.get("schema", {}))


def _of_schema(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """The type, the allowed values, the limits. Enumerations are read in place: their names are nobody's business."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[-1]
        target = document["components"]["schemas"][name]
        return _of_schema(document, target) if "enum" in target else {"type": name}
    parts = schema.get("allOf") or schema.get("oneOf") or schema.get("anyOf")
    if parts:
        inner = [_of_schema(document, part) for part in parts]
        values = sorted(str(value) for part in inner for value in part.get("values", []))
        kinds = sorted({kind for part in inner for kind in str(part["type"]).split("|")})
        return {"type": "|".join(kinds), **({"values": values} if values else {})}
    return _plain(document, schema)


def _plain(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    kinds = schema.get("type", "string" if "enum" in schema else "any")
    found: dict[str, Any] = {"type": "|".join(sorted(kinds)) if isinstance(kinds, list) else kinds}
    if "items" in schema:
        found["items"] = _of_schema(document, schema["items"])
    if "enum" in schema:
        found["values"] = sorted(str(value) for value in schema["enum"])
    kept = (*LOWER, *UPPER, "pattern", "format", "x-extensible-enum")
    return found | {name: schema[name] for name in kept if name in schema}


def _breaks(key: str, before: Fact, after: Fact) -> bool:
    if any(before.get(name) != after.get(name) for name in ("address", "scope", "type", "format")):
        return True
    if ("items" in before) != ("items" in after):
        return True
    if "items" in before and _breaks(key, before["items"], after["items"]):
        return True
    values, now = set(before.get("values", [])), set(after.get("values", []))
    if _is_sent(key):
        return _is_demand(key, after) > _is_demand(key, before) or not values <= now or _is_tighter(before, after)
    open_before, open_now = set(before.get("x-extensible-enum", [])), set(after.get("x-extensible-enum", []))
    return now != values or not open_before <= open_now or before.get("required", False) > after.get("required", False)


def _is_tighter(before: Fact, after: Fact) -> bool:
    lower = any(after.get(name, 0) > before.get(name, 0) for name in LOWER)
    upper = any(after.get(name, float("inf")) < before.get(name, float("inf")) for name in UPPER)
    return lower or upper or before.get("pattern") != after.get("pattern")


def _is_sent(key: str) -> bool:
    """Whether programs send it: parameters, bodies, and the fields of what drf-spectacular names `…Request`."""
    owner, _, rest = key.partition(".")
    return owner.endswith("Request") or rest.startswith(("body:", "query:", "header:", "path:"))


def _is_demand(key: str, fact: Fact) -> bool:
    return _is_sent(key) and bool(fact.get("required"))
