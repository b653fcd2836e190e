"""Send an example as a program would, and hold the answer against what the document says."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

import jsonschema_rs
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http.response import HttpResponseBase

from openapi import documents
from openapi.examples.base import Example
from tests.openapi.api import Program
from tests.openapi.test_operations import operations

# Different in every world: numbers, secrets, counters and moments. Their kind must be the same all the same.
OF_THE_WORLD = re.compile(
    r"(number|id|version|draft_version|tracking_code|tracking_url|request_id|type|rights|\w+_at|at|now|\w*cursor"
    r"|ahead_seconds|size|proof|sha256|actor|scopes|person|\w+_ms|until|sheet_\w+|file_url|latest_url|check_url|network|message|detail|next|secret|\w+_until|body|time)$"
)
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc000000301010018dd8d"
    "b00000000049454e44ae426082"
)


@cache
def document() -> dict[str, Any]:
    return documents.load()


def send(program: Program, operation: str, example: Example, path: dict[str, Any], body: dict[str, Any]) -> Any:
    method, address, described = operations(document())[operation]
    values = {**example.path, **path}
    url = re.sub(r"\{(\w+)\}", lambda found: str(values[found[1]]), address)
    headers = {"Authorization": f"Bearer {program.key}", **example.headers}
    if "If-Match" in headers:
        headers["If-Match"] = "*"
    if method == "get":
        return program.client.get(url, example.query, headers=headers)
    if "multipart/form-data" in described.get("requestBody", {}).get("content", {}):
        files = {name: SimpleUploadedFile(str(value), PIXEL, "image/png") for name, value in example.body.items()}
        return program.client.post(url, files, headers=headers)
    if method == "delete":
        return program.client.delete(url, query_params=dict(example.query), headers=headers)
    sent = {**(example.body or {}), **body}
    return getattr(program.client, method)(url, sent, content_type="application/json", headers=headers)


def fits(schema: dict[str, Any], value: Any) -> None:
    """Raises with the place that does not fit; the references lead into the document."""
    whole = {**schema, "components": document()["components"]}
    jsonschema_rs.validator_for(whole, validate_formats=True).validate(value)


def schema_of_answer(operation: str, answer: HttpResponseBase) -> dict[str, Any]:
    described = operations(document())[operation][2]["responses"][str(answer.status_code)]
    kind = answer["Content-Type"].split(";")[0]
    found: dict[str, Any] = described["content"][kind]["schema"]
    return found


def headers_of_answer(operation: str, answer: HttpResponseBase) -> set[str]:
    """Those that the document promises."""
    return set(operations(document())[operation][2]["responses"][str(answer.status_code)].get("headers", {}))


def same_stream(written: str, real: str) -> None:
    """The same fields of server-sent events in the same order; what stands in `data` is compared as an answer is."""
    blocks = [
        [line.partition(": ") for line in text.split("\n\n")[n].split("\n")] for text in (written, real) for n in (0, 1)
    ]
    names = [[name for name, _colon, _value in block] for block in blocks]
    assert names[:2] == names[2:]
    same(json.loads(blocks[1][-1][2]), json.loads(blocks[3][-1][2]))


def same(written: Any, real: Any, place: str = "") -> None:
    """The written answer is the real one, but for what is different in every world."""
    assert isinstance(written, type(real)) or isinstance(real, type(written)), (
        place,
        str(written)[:300],
        str(real)[:300],
    )
    if isinstance(written, dict):
        assert set(written) == set(real), place
        for name, value in written.items():
            same(value, real[name], f"{place}/{name}")
    elif isinstance(written, list) and not OF_THE_WORLD.search(place):
        assert len(written) == len(real), (place, str(written)[:300], str(real)[:300])
        for index, (one, other) in enumerate(zip(written, real, strict=True)):
            same(one, other, f"{place}/{index}")
    elif not OF_THE_WORLD.search(place):
        assert written == real, (place, str(written)[:300], str(real)[:300])
